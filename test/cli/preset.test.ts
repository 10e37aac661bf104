import { readdir, writeFile } from 'node:fs/promises';
import { writePresetFile } from '../../plugin/presets/file.js';
import { presetToLink } from '../../plugin/presets/link.js';
import type { Preset } from '../../plugin/presets/preset.js';
import { testPicture } from '../core/pipeline/fake-stage.js';
import { samplePreset } from '../plugin/presets/fake-store.js';
import { run, savePicture, temporaryFolder } from './run.js';

const folder = temporaryFolder();

beforeEach(() => savePicture(folder.file('photo.png'), testPicture(30, 20)));

async function upscale(presets: readonly Preset[], words: readonly string[] = []) {
  const file = folder.file('team.json');
  await writeFile(file, writePresetFile(presets));
  return run(['upscale', folder.file('photo.png'), '--preset', file, '--json', ...words]);
}

const soft = samplePreset({
  target: { longSide: 90 },
  detail: 0.7,
  steps: 3,
  seedPolicy: { kind: 'fixed', seed: 11 },
});

describe('enlarger upscale --preset', () => {
  it('takes its settings from the preset and says which', async () => {
    const { code, json, err } = await upscale([soft]);
    expect(code).toBe(0);
    expect(json).toEqual([
      expect.objectContaining({
        output: folder.file('photo@90px.png'),
        preset: { id: 'soft-photos', name: 'Soft photos' },
        width: 90,
        height: 60,
        detail: 0.7,
        seed: 11,
      }),
    ]);
    expect(err).toMatch(/^Preset "Soft photos" by Ana: long side 90 px, detail 70 %, seed 11\n/);
  });

  it('lets flags win, one by one', async () => {
    const { json } = await upscale([soft], ['--scale', '2', '--detail', '0.1']);
    expect(json[0]).toMatchObject({ width: 60, detail: 0.1, seed: 11 });
    expect((await upscale([soft], ['--seed', '5', '--width', '33'])).json[0]).toMatchObject({
      width: 33,
      detail: 0.7,
      seed: 5,
    });
  });

  it('draws a seed where the preset says so, and reports it', async () => {
    const random = { ...soft, seedPolicy: { kind: 'random' } } as const;
    const seeds = [await upscale([random]), await upscale([random])].map(({ json }) => json[0].seed);
    expect(seeds.every(Number.isSafeInteger)).toBe(true);
    expect(new Set(seeds).size).toBe(2);
  });

  it('says when the pack it was made with is not here', async () => {
    const { code, err } = await upscale([{ ...soft, pack: 'portraits-9' }]);
    expect(code).toBe(0);
    expect(err).toContain('made with the model pack "portraits-9", which is not here');
    expect((await upscale([{ ...soft, pack: 'portraits-9' }], ['--pack', 'x'])).err).not.toContain(
      'portraits',
    );
  });

  it('finds one of several by name, and takes links', async () => {
    const two = [soft, samplePreset({ id: 'logos', name: 'Große Logos', target: { scale: 2 } })];
    const named = await upscale(two, ['--preset-name', 'grosse logos']);
    expect([named.code, named.err]).toEqual([2, expect.stringMatching(/no preset "grosse logos"/)]);
    expect((await upscale(two, ['--preset-name', 'GROßE logos'])).json[0]).toMatchObject({ width: 60 });
    const link = presetToLink(two[1], 'https://example.org/');
    const { json } = await run(['upscale', folder.file('photo.png'), '--preset', link, '--json']);
    expect(json[0]).toMatchObject({ width: 60, preset: { name: 'Große Logos' } });
  });

  it.each<[string, readonly Preset[] | string, readonly string[], RegExp]>([
    [
      'several without a name',
      [soft, { ...soft, id: 'b', name: 'Hard' }],
      [],
      /several presets.*"Soft photos", "Hard"/,
    ],
    ['a name that is not there', [soft], ['--preset-name', 'Hard'], /no preset "Hard".*\n.*"Soft photos"/],
    ['a broken file', '{"format":', [], /not valid JSON/],
    ['no presets', '{"format":"1.0","presets":[]}', [], /no preset in it/],
    ['a newer format', [samplePreset({ format: '2.1' })], [], /newer version of Enlarger.*\nUpdate/],
    ['values out of range', [{ ...soft, detail: 4 }], [], /detail must be a number from 0 to 1/],
    ['a size the picture cannot have', [{ ...soft, target: { width: 5 } }], [], /already larger than 5/],
  ])('refuses %s with exit code 2 and writes nothing', async (_, content, words, message) => {
    const file = folder.file('team.json');
    await writeFile(file, typeof content === 'string' ? content : writePresetFile(content));
    const { code, err } = await run(['upscale', folder.file('photo.png'), '--preset', file, ...words]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(await readdir(folder.path)).toEqual(['photo.png', 'team.json']);
  });

  it('refuses files that are not there, folders, and a name without a file', async () => {
    const photo = folder.file('photo.png');
    for (const preset of [folder.file('none.json'), folder.path]) {
      const { code, err } = await run(['upscale', photo, '--preset', preset]);
      expect([code, err]).toEqual([2, expect.stringMatching(/cannot be read/)]);
    }
    const { code, err } = await run(['upscale', photo, '--preset-name', 'x']);
    expect([code, err]).toEqual([2, expect.stringMatching(/needs a file/)]);
  });
});
