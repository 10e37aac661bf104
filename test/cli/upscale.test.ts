import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { EnlargerError } from '../../core/errors.js';
import { resizeRaster } from '../../core/raster/resample.js';
import { decodeImage } from '../../core/runtime/node/codec.js';
import type { FakeOptions } from '../core/pipeline/fake-stage.js';
import { largestDifference, testPicture } from '../core/pipeline/fake-stage.js';
import { run, savePicture, temporaryFolder } from './run.js';

const folder = temporaryFolder();
const picture = testPicture(30, 20);

const decode = async (name: string) => (await decodeImage(await readFile(folder.file(name)))).raster;

beforeEach(() => savePicture(folder.file('photo.png'), picture));

describe('enlarger upscale', () => {
  it('writes the picture beside the input and prints one line', async () => {
    const { code, out } = await run(['upscale', folder.file('photo.png')]);
    expect(code).toBe(0);
    expect(out).toMatch(/photo@4x\.png {2}120 x 80/);
    expect(await readdir(folder.path)).toEqual(['photo.png', 'photo@4x.png']);
    const made = await decode('photo@4x.png');
    expect([made.width, made.height]).toEqual([120, 80]);
    expect(largestDifference(resizeRaster(made, 30, 20), picture)).toBeLessThan(60);
  });

  it('prints everything about it as JSON', async () => {
    const input = folder.file('photo.png');
    const output = folder.file('big/result.webp');
    const words = ['--long-side', '200', '--detail', '0.25', '--seed', '7', '--backend', 'wasm', '--json'];
    const { code, json } = await run(['upscale', input, '--out', output, ...words]);
    expect(code).toBe(0);
    expect(json).toEqual([
      {
        input,
        output,
        width: 200,
        height: 133,
        backend: 'wasm',
        detail: 0.25,
        seed: 7,
        stages: [
          { factor: 4, width: 120, height: 80, milliseconds: expect.any(Number) },
          { factor: 2, width: 240, height: 160, milliseconds: expect.any(Number) },
        ],
        totalMilliseconds: expect.any(Number),
        peakMemoryBytes: expect.any(Number),
        notices: [],
      },
    ]);
    expect(json[0].peakMemoryBytes).toBeGreaterThan(10e6);
    expect((await decode('big/result.webp')).width).toBe(200);
  });

  it('takes folders, names apart what would collide, and leaves out its own earlier results', async () => {
    await savePicture(folder.file('photo.jpg'), picture, 'jpeg');
    await savePicture(folder.file('other.png'), picture);
    await mkdir(folder.file('inner'));
    await savePicture(folder.file('inner/deep.png'), picture);
    await writeFile(folder.file('notes.txt'), 'no picture');
    const flat = await run(['upscale', folder.path, '--scale', '2', '--json']);
    expect(flat.code).toBe(0);
    const names = ['other@2x.png', 'photo.jpg@2x.png', 'photo.png@2x.png'];
    expect(flat.json.map(({ output }) => output)).toEqual(names.map(folder.file));
    const again = await run(['upscale', folder.path, '--scale', '2', '--json']);
    expect(again.json).toHaveLength(3);
    const out = folder.file('out');
    const deep = await run([
      'upscale',
      folder.file('inner'),
      folder.path,
      '--recursive',
      '--scale',
      '1',
      '--out',
      out,
      '--json',
    ]);
    expect(deep.json.map(({ output }) => output)).toContain(folder.file('out/deep@1x.png'));
  });

  it('follows links, but never writes over what it reads through one', async () => {
    await mkdir(folder.file('linked'));
    await symlink(folder.file('photo.png'), folder.file('linked/a.png'));
    await symlink(folder.file('nowhere.png'), folder.file('linked/b.png'));
    const both = await run(['upscale', folder.file('linked'), '--scale', '2', '--json']);
    expect(both.code).toBe(2);
    expect(both.json.map(({ output, error }) => output ?? error?.code)).toEqual([
      folder.file('linked/a@2x.png'),
      'input-unreadable',
    ]);
    const before = await readFile(folder.file('photo.png'));
    const words = ['--scale', '2', '--out', folder.file('photo.png')];
    expect((await run(['upscale', folder.file('linked/a.png'), ...words])).code).toBe(2);
    expect(await readFile(folder.file('photo.png'))).toEqual(before);
  });

  it('keeps transparency, and refuses to lose it in a JPEG', async () => {
    await savePicture(folder.file('logo.png'), testPicture(24, 24, true));
    const kept = await run(['upscale', folder.file('logo.png'), '--scale', '2']);
    expect(kept.code).toBe(0);
    const made = await decode('logo@2x.png');
    expect(made.data[3]).toBe(0);
    expect(made.data.at(-1)).toBe(255);
    const lost = await run([
      'upscale',
      folder.file('logo.png'),
      '--scale',
      '2',
      '--format',
      'jpeg',
      '--json',
    ]);
    expect(lost.code).toBe(2);
    expect(lost.json).toEqual([
      {
        input: folder.file('logo.png'),
        error: expect.objectContaining({ message: expect.stringMatching(/JPEG cannot|transparency/) }),
      },
    ]);
    expect(await readdir(folder.path)).not.toContain('logo@2x.jpg');
  });

  it('says what it did to unusual pictures', async () => {
    const bytes = await readFile(folder.file('photo.png'));
    const grey = Buffer.from(bytes);
    const sharp = (await import('sharp')).default;
    await writeFile(folder.file('grey.png'), await sharp(grey).toColourspace('b-w').png().toBuffer());
    const { err, json } = await run(['upscale', folder.file('grey.png'), '--scale', '2', '--json']);
    expect(json[0].notices).toEqual(['Grey was converted to RGB.']);
    expect(err).toContain('grey.png: Grey was converted to RGB.');
  });

  it('tells the stages of JPEG damage', async () => {
    const seen: number[] = [];
    const fake: FakeOptions = {
      onRun: ({ damage }) => {
        seen.push(damage);
        return undefined;
      },
    };
    const sharp = (await import('sharp')).default;
    const raw = { raw: { width: 30, height: 20, channels: 4 as const } };
    await sharp(picture.data, raw).removeAlpha().jpeg({ quality: 50 }).toFile(folder.file('bad.jpg'));
    await run(['upscale', folder.file('bad.jpg'), folder.file('photo.png'), '--scale', '2'], fake);
    await run(['upscale', folder.file('bad.jpg'), '--scale', '2', '--damage', '0.9'], fake);
    expect(seen).toEqual([0.55, 0, 0.9]);
  });
});

describe('enlarger upscale --save-stages', () => {
  it('writes what came in and the picture after every stage', async () => {
    await savePicture(folder.file('logo.png'), testPicture(24, 24, true));
    const stages = folder.file('stages');
    const words = ['upscale', folder.file('logo.png'), '--scale', '6', '--save-stages', stages, '--json'];
    const { code, json } = await run(words);
    expect(code).toBe(0);
    const names = ['logo@6x-stage-0-24x24.png', 'logo@6x-stage-1-96x96.png', 'logo@6x-stage-2-192x192.png'];
    expect((await readdir(stages)).sort()).toEqual(names);
    expect([...json[0].stageFiles].sort()).toEqual(names.map((name) => folder.file(`stages/${name}`)));
    expect(largestDifference(await decode(`stages/${names[0]}`), testPicture(24, 24, true))).toBe(0);
    const last = await decode(`stages/${names[2]}`);
    expect([last.width, last.data[3], last.data.at(-1)]).toEqual([192, 0, 255]);
  });

  it('doubles each time if asked to, and tells pictures of one name apart', async () => {
    await mkdir(folder.file('other'));
    await savePicture(folder.file('other/photo.png'), picture);
    const stages = folder.file('stages');
    const inputs = [folder.file('photo.png'), folder.file('other/photo.png')];
    const { code } = await run(['upscale', ...inputs, '--save-stages', stages, '--stages-of', '2']);
    expect(code).toBe(0);
    expect((await readdir(stages)).sort()).toEqual(
      ['photo@4x', 'photo@4x-2']
        .flatMap((stem) => ['0-30x20', '1-60x40', '2-120x80'].map((stage) => `${stem}-stage-${stage}.png`))
        .sort(),
    );
  });

  it('leaves only whole pictures when it is stopped, and none half-written', async () => {
    const onRun: FakeOptions['onRun'] = (_, index) => {
      if (index === 2) process.emit('SIGINT');
      return undefined;
    };
    const stages = folder.file('stages');
    const words = [
      'upscale',
      folder.file('photo.png'),
      '--scale',
      '16',
      '--tile',
      '64',
      '--save-stages',
      stages,
    ];
    const { code } = await run(words, { onRun });
    expect(code).toBe(130);
    expect(await readdir(stages)).toEqual(['photo@16x-stage-0-30x20.png']);
    expect((await readdir(folder.path)).sort()).toEqual(['photo.png', 'stages']);
  });

  it('refuses a factor that is none, or that the pack has no stages of', async () => {
    const input = folder.file('photo.png');
    const three = await run(['upscale', input, '--stages-of', '3']);
    expect([three.code, three.err]).toEqual([2, expect.stringMatching(/2 or 4/)]);
    const none = await run(['upscale', input, '--stages-of', '2'], { factors: [4] });
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/no stages of 2 times/)]);
    expect(await readdir(folder.path)).toEqual(['photo.png']);
  });
});

describe('enlarger upscale with bad input', () => {
  it('does the other pictures when one fails, and exits with 2', async () => {
    await writeFile(folder.file('broken.png'), (await readFile(folder.file('photo.png'))).subarray(0, 200));
    const { code, json, err } = await run([
      'upscale',
      folder.file('broken.png'),
      folder.file('missing.png'),
      folder.file('photo.png'),
      '--scale',
      '2',
      '--json',
    ]);
    expect(code).toBe(2);
    expect(json.map((each) => each.error?.code ?? each.output)).toEqual([
      'input-unreadable',
      'input-unreadable',
      folder.file('photo@2x.png'),
    ]);
    expect(err).toMatch(/broken\.png: .*damaged/);
  });

  it.each([
    [['--scale', '17'], /from 1 to 16/],
    [['--scale', '0.5'], /from 1 to 16/],
    [['--scale', 'big'], /from 1 to 16/],
    [['--scale', '2', '--width', '100'], /cannot be used with/],
    [['--scale', '2', '--colour'], /unknown option/],
    [['--scale', '2', '--detail', '2'], /from 0 to 1/],
    [['--scale', '2', '--seed', '1.5'], /whole number/],
    [['--scale', '2', '--tile', '0'], /from 1/],
    [['--scale', '2', '--format', 'bmp'], /png, jpeg, webp/],
    [['--width', '10'], /already larger than 10 pixels/],
  ])('refuses %p', async (words, message) => {
    const { code, err } = await run(['upscale', folder.file('photo.png'), ...words]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(await readdir(folder.path)).toEqual(['photo.png']);
  });

  it('says what is wrong with the options as JSON, too', async () => {
    const { code, json } = await run(['upscale', folder.file('photo.png'), '--scale', '17', '--json']);
    expect([code, json[0].error.code]).toEqual([2, 'option-invalid']);
    expect(json[0].error.message).toMatch(/from 1 to 16/);
  });

  it('does the other pictures when a folder has none', async () => {
    await mkdir(folder.file('empty'));
    const words = ['upscale', folder.file('empty'), folder.file('photo.png'), '--scale', '2', '--json'];
    const { code, json } = await run(words);
    expect(code).toBe(2);
    expect(json[0].error.message).toMatch(/no pictures in the folder/);
    expect(json[1].output).toBe(folder.file('photo@2x.png'));
  });

  it('takes a picture once, and writes pictures of one name from two folders to two files', async () => {
    for (const name of ['a', 'b']) {
      await mkdir(folder.file(name));
      await savePicture(folder.file(`${name}/logo.png`), picture);
    }
    const files = ['a/logo.png', 'b/logo.png', 'a/../a/logo.png'].map(folder.file);
    const out = folder.file('out');
    const { code, json } = await run(['upscale', ...files, '--out', out, '--scale', '2', '--json']);
    expect(code).toBe(0);
    expect(json.map(({ output }) => output)).toEqual(
      ['logo.png@2x.png', 'logo.png-2@2x.png'].map((name) => folder.file(`out/${name}`)),
    );
    expect(await readdir(out)).toHaveLength(2);
  });

  it('does not make a folder of a name that asks for another format', async () => {
    const words = ['upscale', folder.file('photo.png'), '--scale', '2', '--out', folder.file('big.bmp')];
    const { code, err } = await run(words);
    expect([code, err]).toEqual([2, expect.stringMatching(/\.bmp files cannot be written/)]);
    expect(await readdir(folder.path)).toEqual(['photo.png']);
  });

  it('never replaces the input', async () => {
    const input = folder.file('photo.png');
    const { code, err } = await run(['upscale', input, '--scale', '2', '--out', input]);
    expect(code).toBe(2);
    expect(err).toMatch(/would replace/);
    expect(largestDifference(await decode('photo.png'), picture)).toBe(0);
  });

  it('wants a folder for several pictures, and a name that fits the format', async () => {
    const input = folder.file('photo.png');
    const two = await run([
      'upscale',
      input,
      folder.file('b.png'),
      '--scale',
      '2',
      '--out',
      folder.file('a.png'),
    ]);
    expect([two.code, two.err]).toEqual([2, expect.stringMatching(/Give a folder/)]);
    const misfit = await run([
      'upscale',
      input,
      '--scale',
      '2',
      '--out',
      folder.file('a.png'),
      '--format',
      'webp',
    ]);
    expect([misfit.code, misfit.err]).toEqual([2, expect.stringMatching(/does not fit/)]);
  });

  it('refuses sizes that the format cannot hold, before any work', async () => {
    await savePicture(folder.file('wide.png'), testPicture(1100, 1));
    const runs: number[] = [];
    const onRun: FakeOptions['onRun'] = (_, index) => {
      runs.push(index);
      return undefined;
    };
    const words = ['upscale', folder.file('wide.png'), '--scale', '16', '--format', 'webp', '--json'];
    const { code, json } = await run(words, { onRun });
    expect([code, json[0].error.code]).toEqual([2, 'output-too-large']);
    expect(runs).toEqual([]);
  });

  it('leaves nothing half-written when a tile fails', async () => {
    const onRun: FakeOptions['onRun'] = (_, index) => {
      if (index > 1) throw new EnlargerError('internal', 'The engine broke.');
      return undefined;
    };
    const { code } = await run(['upscale', folder.file('photo.png'), '--scale', '4', '--tile', '64'], {
      onRun,
    });
    expect(code).toBe(2);
    expect(await readdir(folder.path)).toEqual(['photo.png']);
  });

  it('stops at Ctrl-C with 130 and leaves nothing half-written', async () => {
    const onRun: FakeOptions['onRun'] = (_, index) => {
      if (index === 1) process.emit('SIGINT');
      return undefined;
    };
    await savePicture(folder.file('zebra.png'), picture);
    const inputs = [folder.file('photo.png'), folder.file('zebra.png')];
    const { code } = await run(['upscale', ...inputs, '--scale', '4', '--tile', '64'], { onRun });
    expect(code).toBe(130);
    expect(await readdir(folder.path)).toEqual(['photo.png', 'zebra.png']);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });
});
