import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { planGenerated } from '../../cli/generated-files.js';
import type { GeneratorOpener } from '../../cli/generator.js';
import { EnlargerError } from '../../core/errors.js';
import { openPackGenerator } from '../../core/generate/pack-generator.js';
import { openRemoteGenerator } from '../../core/generate/remote.js';
import { decodeImage } from '../../core/runtime/node/codec.js';
import { goodAnswer, type ImageServer, startImageServer } from '../core/generate/image-server.js';
import { flowPack, load, type PackDraft } from '../core/generate/tiny-generator.js';
import { testEngine } from '../core/graph/harness.js';
import { type FakeOptions, fakeProvider, largestDifference } from '../core/pipeline/fake-stage.js';
import { run, temporaryFolder } from './run.js';

const folder = temporaryFolder();
const decode = async (name: string) => (await decodeImage(await readFile(folder.file(name)))).raster;

let server: ImageServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

let pack: Promise<PackDraft> | undefined;

/** A flow with random weights (32 pixels, transparent) or a server, before stages without networks. */
function opener(fake: FakeOptions = {}): GeneratorOpener {
  return async ({ remote, remoteKey, remoteModel, remoteSize, remoteTimeout, backend }) => {
    pack ??= flowPack();
    const generator =
      remote === undefined
        ? openPackGenerator(await load(await pack), await testEngine())
        : openRemoteGenerator({
            address: remote,
            key: remoteKey,
            model: remoteModel,
            sizePx: remoteSize,
            timeoutMs: remoteTimeout && remoteTimeout * 1000,
            decode: async (bytes) => (await decodeImage(bytes)).raster,
          });
    const provider = fakeProvider(fake);
    return { generator, provider, backend, description: 'fake', dispose: async () => undefined };
  };
}

/** The same, with Ctrl-C pressed after some evaluations of the generator. */
const interrupted =
  (evaluations: number): GeneratorOpener =>
  async (flags) => {
    const opened = await opener()(flags);
    const { generator } = opened;
    return {
      ...opened,
      generator: {
        ...generator,
        generate: ({ onProgress, ...options }) =>
          generator.generate({
            ...options,
            async onProgress(progress) {
              if (progress.step === evaluations) process.emit('SIGINT');
              await onProgress?.(progress);
            },
          }),
      },
    };
  };

const generate = (words: readonly string[], fake: FakeOptions = {}) =>
  run(['generate', ...words], {}, opener(fake));

describe('enlarger generate', () => {
  it('writes a picture with transparency, and tells its seed', async () => {
    const out = folder.file('f.png');
    const { code, out: printed } = await generate(['red', 'apple', '--out', out, '--size', '256']);
    expect(code).toBe(0);
    expect(printed).toMatch(/f\.png {2}256 x 256 {2}seed \d+ {2}/);
    expect(await readdir(folder.path)).toEqual(['f.png']);
    const made = await decode('f.png');
    expect([made.width, made.height]).toEqual([256, 256]);
    expect(made.data.some((value, i) => i % 4 === 3 && value < 255)).toBe(true);
  });

  it('gives a picture again for its seed, also one of several', async () => {
    const size = ['--size', '128', '--json'];
    const four = await generate([
      'red',
      '--out',
      folder.file('a.png'),
      '--count',
      '3',
      '--seed',
      '9',
      ...size,
    ]);
    expect(four.json.map(({ output, seed, index }) => [path.basename(output), seed, index])).toEqual([
      ['a-1.png', 9, 0],
      ['a-2.png', 10, 1],
      ['a-3.png', 11, 2],
    ]);
    await generate(['red', '--out', folder.file('b.png'), '--seed', '10', ...size]);
    expect(largestDifference(await decode('b.png'), await decode('a-2.png'))).toBe(0);
    expect(largestDifference(await decode('a-1.png'), await decode('a-2.png'))).toBeGreaterThan(3);
  });

  it('prints everything about it as JSON', async () => {
    const output = folder.file('deep/er.webp');
    const words = [
      '--size',
      '200',
      '--seed',
      '4',
      '--guidance',
      '2.5',
      '--steps',
      '2',
      '--detail',
      '0.1',
      '--json',
    ];
    const { code, json } = await generate([' red apple ', '--out', output, ...words]);
    expect(code).toBe(0);
    expect(json).toEqual([
      {
        output,
        prompt: 'red apple',
        seed: 4,
        index: 0,
        guidance: 2.5,
        steps: 2,
        generator: 'Tiny generator',
        candidateWidth: 32,
        candidateHeight: 32,
        width: 200,
        height: 200,
        backend: 'auto',
        detail: 0.1,
        stages: [
          { factor: 4, width: 128, height: 128, milliseconds: expect.any(Number) },
          { factor: 2, width: 256, height: 256, milliseconds: expect.any(Number) },
        ],
        generateMilliseconds: expect.any(Number),
        totalMilliseconds: expect.any(Number),
        peakMemoryBytes: expect.any(Number),
        notices: [],
      },
    ]);
  });

  it('is as large as the cascade makes it unless told otherwise, and named after the prompt in a folder', async () => {
    const { json } = await generate(['Red  Apple!', '--out', `${folder.path}/`, '--json']);
    expect(json[0]).toMatchObject({ width: 512, output: folder.file('red-apple.png') });
  });

  it.each([
    ['Ein Café, 2 Äpfel & mehr', 'ein-café-2-äpfel-mehr.png'],
    ['../../etc/passwd', 'etc-passwd.png'],
    ['???', 'picture.png'],
    ['赤いリンゴ', '赤いリンゴ.png'],
    [`${'long '.repeat(20)}`, 'long-long-long-long-long-long-long-long.png'],
    ['a'.repeat(90), `${'a'.repeat(40)}.png`],
  ])('names the file of %p %p', async (prompt, name) => {
    expect(await planGenerated(prompt, { count: 1 })).toEqual([{ file: name, format: 'png' }]);
  });

  it('saves the stages of every picture, doubling if asked to', async () => {
    const stages = folder.file('stages');
    const words = ['--count', '2', '--size', '256', '--save-stages', stages, '--stages-of', '2', '--json'];
    const { code, json } = await generate(['red', '--out', folder.file('a.png'), ...words]);
    expect(code).toBe(0);
    const sides = ['0-32x32', '1-64x64', '2-128x128', '3-256x256'];
    expect((await readdir(stages)).sort()).toEqual(
      ['a-1', 'a-2'].flatMap((stem) => sides.map((side) => `${stem}-stage-${side}.png`)),
    );
    expect(json[1].stageFiles).toHaveLength(4);
    const last = await decode('stages/a-1-stage-3-256x256.png');
    expect(largestDifference(last, await decode('a-1.png'))).toBeLessThanOrEqual(1);
  });
});

describe('enlarger generate with bad input', () => {
  it.each<[string, string[], RegExp]>([
    ['an empty prompt', [''], /no prompt/],
    ['a blank prompt', ['   '], /no prompt/],
    ['no prompt', [], /missing required argument/],
    ['a prompt of thousands of letters', ['x'.repeat(3000)], /3000 characters/],
    ['a prompt of too many tokens', ['red '.repeat(20)], /prompt is too long/],
    ['too small a size', ['red', '--size', '127'], /from 128 to 2048/],
    ['too large a size', ['red', '--size', '2049'], /from 128 to 2048/],
    ['a size that is no number', ['red', '--size', 'big'], /from 128 to 2048/],
    ['a size beyond the cascade', ['red', '--size', '1024'], /from 128 to 512, not 1024/],
    ['no pictures', ['red', '--count', '0'], /from 1 to 16/],
    ['too many pictures', ['red', '--count', '17'], /from 1 to 16/],
    ['a seed below 0', ['red', '--seed', '-1'], /whole number from 0/],
    ['too much guidance', ['red', '--guidance', '11'], /from 1 to 10/],
    ['too many steps', ['red', '--steps', '21'], /from 1 to 20/],
    ['detail beyond 1', ['red', '--detail', '1.5'], /from 0 to 1/],
    ['a format that is none', ['red', '--out', 'picture.bmp'], /in which format/],
    ['transparency in a JPEG', ['red', '--out', 'picture.jpg'], /transparency, which a JPEG/],
    ['an empty address', ['red', '--remote', ''], /must not be empty/],
    ['an address that is none', ['red', '--remote', 'somewhere'], /not an http/],
    ['a key without a server', ['red', '--remote-key', 'k'], /--remote-key needs a server/],
    ['stages of three times', ['red', '--stages-of', '3'], /2 or 4/],
    ['an unknown option', ['red', '--colour'], /unknown option/],
  ])('refuses %s and writes nothing', async (_, words, message) => {
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      const { code, err } = await generate(words);
      expect(code).toBe(2);
      expect(err).toMatch(message);
      expect(await readdir(folder.path)).toEqual([]);
    } finally {
      process.chdir(before);
    }
  });

  it('prints the error as JSON', async () => {
    const { json } = await generate(['', '--json']);
    expect(json).toEqual([{ error: expect.objectContaining({ code: 'prompt-invalid' }) }]);
  });

  it('refuses a pack that is none, that has no generator, or that is not there', async () => {
    await mkdir(folder.file('empty'));
    const none = await run(['generate', 'red', '--pack', folder.file('empty')]);
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/not a model pack/)]);
    const upscaler = await run(['generate', 'red', '--pack', 'models/enlarger-1']);
    expect([upscaler.code, upscaler.err]).toEqual([
      2,
      expect.stringMatching(/cannot make pictures from a prompt/),
    ]);
    const missing = await run(['generate', 'red', '--pack', folder.file('nowhere')]);
    expect([missing.code, missing.err]).toEqual([2, expect.stringMatching(/not a model pack/)]);
  });

  it('stops at Ctrl-C with 130 while it generates or enlarges, and leaves nothing half-written', async () => {
    const onRun: FakeOptions['onRun'] = (_, index) => {
      if (index === 1) process.emit('SIGINT');
      return undefined;
    };
    const words = ['red', '--out', folder.file('a.png'), '--count', '3', '--size', '128'];
    const enlarging = await generate(words, { onRun });
    expect(enlarging.code).toBe(130);
    // The first picture was ready before the second one was stopped.
    expect(await readdir(folder.path)).toEqual(['a-1.png']);
    const generating = await run(
      ['generate', 'red', '--out', folder.file('b.png'), '--steps', '20', '--size', '128'],
      {},
      interrupted(3),
    );
    expect(generating.code).toBe(130);
    expect(await readdir(folder.path)).toEqual(['a-1.png']);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('makes the other pictures when one cannot be enlarged', async () => {
    const onRun: FakeOptions['onRun'] = (_, index) => {
      if (index === 0) throw new EnlargerError('internal', 'The engine broke.');
      return undefined;
    };
    const words = ['red', '--out', folder.file('a.png'), '--count', '2', '--size', '128', '--json'];
    const { code, json } = await generate(words, { onRun });
    expect(code).toBe(2);
    expect(json.map((each) => each.error?.message ?? path.basename(each.output))).toEqual([
      'The engine broke.',
      'a-2.png',
    ]);
    expect(await readdir(folder.path)).toEqual(['a-2.png']);
  });
});

describe('enlarger generate --remote', () => {
  it('enlarges what a server makes', async () => {
    server = await startImageServer(({ body }) => goodAnswer(body.n, 128));
    const words = [
      '--remote',
      server.address,
      '--remote-model',
      'flux',
      '--remote-size',
      '128',
      '--count',
      '2',
    ];
    const { code, json } = await generate([
      'red apple',
      ...words,
      '--size',
      '512',
      '--out',
      folder.file('r.png'),
      '--remote-key',
      'sk-1',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(json.map(({ width, steps, guidance, generator }) => [width, steps, guidance, generator])).toEqual(
      Array(2).fill([512, null, null, `flux at ${server.address}`]),
    );
    expect(server.requests[0]).toMatchObject({
      authorization: 'Bearer sk-1',
      body: { prompt: 'red apple', n: 2, size: '128x128', model: 'flux' },
    });
    expect((await decode('r-1.png')).data[3]).toBe(0);
  });

  it('writes nothing when the server refuses, and says why', async () => {
    server = await startImageServer(() => ({ status: 401, body: { error: { message: 'No.' } } }));
    const words = [
      '--remote',
      server.address,
      '--remote-key',
      'sk-1',
      '--out',
      folder.file('r.png'),
      '--json',
    ];
    const { code, json, err } = await generate(['red', ...words]);
    expect([code, json[0].error.code]).toEqual([2, 'generator-refused']);
    expect(err).toMatch(/did not accept the key/);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('refuses choices that only the server has', async () => {
    server = await startImageServer(() => goodAnswer(1));
    const { code, err } = await generate(['red', '--remote', server.address, '--guidance', '3']);
    expect([code, err]).toEqual([2, expect.stringMatching(/does not let the guidance be chosen/)]);
    expect(server.requests).toEqual([]);
  });

  it('loses no picture that a server made', async () => {
    server = await startImageServer(({ body }) => goodAnswer(body.n, 128));
    const words = [
      '--remote',
      server.address,
      '--remote-size',
      '128',
      '--out',
      folder.file('r.jpg'),
      '--json',
    ];
    const { code, json } = await generate(['red', ...words, '--size', '256']);
    expect(code).toBe(2);
    expect(json[0]).toMatchObject({
      error: { code: 'option-invalid' },
      rescued: folder.file('r-as-it-came.png'),
    });
    expect(await readdir(folder.path)).toEqual(['r-as-it-came.png']);
    const small = await startImageServer(({ body }) => goodAnswer(body.n, 16));
    const result = await generate([
      'red',
      '--remote',
      small.address,
      '--out',
      folder.file('s.png'),
      '--json',
    ]);
    await small.close();
    expect(result.json[0]).toMatchObject({
      width: 256,
      notices: [expect.stringMatching(/too small for 2048/)],
    });
  });
});

describe('enlarger generate with everything real', () => {
  it('runs a pack from a folder and the stages of the pack that comes along', async () => {
    const { manifest, files } = await (pack ?? flowPack());
    await mkdir(folder.file('pack'));
    await writeFile(folder.file('pack/pack.json'), JSON.stringify(manifest));
    for (const [name, bytes] of files) await writeFile(folder.file(`pack/${name}`), bytes);
    const words = [
      'generate',
      'red',
      '--pack',
      folder.file('pack'),
      '--size',
      '128',
      '--threads',
      '1',
      '--json',
    ];
    const { code, json } = await run([...words, '--out', folder.file('f.png')]);
    expect([code, json[0].backend, json[0].width]).toEqual([0, 'cpu', 128]);
    expect((await decode('f.png')).width).toBe(128);
  });
});
