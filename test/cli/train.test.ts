import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRaster } from '../../core/raster/raster.js';
import { decodeCheckpoint } from '../../core/train/state.js';
import { numbers } from '../core/graph/harness.js';
import { run, savePicture, temporaryFolder } from './run.js';

jest.setTimeout(120_000);

const folder = temporaryFolder();

const recipe = {
  version: 1,
  name: 'toy',
  task: 'upsampler',
  steps: 60,
  batch: 2,
  hrPx: 32,
  network: { factor: 2, channels: 4, blocks: 1 },
  learningRate: { peak: 0.01, warmup: 2, decay: 0.5 },
};

beforeEach(async () => {
  await mkdir(folder.file('pictures'));
  for (let i = 0; i < 3; i++) {
    const picture = createRaster(160, 160, [0, 0, 0, 255]);
    numbers(160 * 160, i + 1, 0, 255).forEach((value, pixel) => {
      picture.data.fill(value, 4 * pixel, 4 * pixel + 3);
    });
    await savePicture(folder.file(`pictures/${i}.png`), picture);
  }
  await writeFile(folder.file('toy.json'), JSON.stringify(recipe));
});

const train = (runs: string, ...more: string[]) =>
  run([
    'train',
    folder.file('toy.json'),
    '--data',
    folder.file('pictures'),
    '--runs',
    folder.file(runs),
    '--threads',
    '1',
    ...more,
  ]);

const checkpoint = async (runs: string) =>
  decodeCheckpoint(await readFile(folder.file(`${runs}/toy/state.ckpt`)));

describe('enlarger train', () => {
  it('writes checkpoint, log, curve and samples, and resumes bit for bit after an interrupt', async () => {
    const whole = await train('whole');
    expect(whole.code).toBe(0);
    for (const name of ['curve.png', 'samples.png'])
      expect((await readFile(folder.file(`whole/toy/${name}`))).subarray(1, 4).toString()).toBe('PNG');

    const first = train('parts');
    const listeners = process.listenerCount('SIGINT');
    // Once only, as soon as training listens: a second interrupt would end the process.
    const watch = setInterval(() => {
      if (process.listenerCount('SIGINT') === listeners) return;
      clearInterval(watch);
      process.emit('SIGINT');
    }, 1);
    await first;
    const { state } = await checkpoint('parts');
    expect(state.step).toBeLessThan(60);
    const second = await train('parts');
    expect(second.err).toMatch(new RegExp(`from step ${state.step}`));
    expect(await checkpoint('parts')).toEqual(await checkpoint('whole'));
    const steps = (await readFile(folder.file('parts/toy/log.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(60);
  });

  it('says what is missing', async () => {
    const nowhere = await run(['train', folder.file('none.json')]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.err).toMatch(/none\.json cannot be read/);
    await writeFile(
      folder.file('toy.json'),
      JSON.stringify({
        ...recipe,
        task: 'autoencoder',
        upsamplers: ['other'],
        network: {
          latentChannels: 4,
          encoder: { stem: 4, channels: 4, blocks: 1 },
          decoder: { channels: 4, blocks: 1, fine: 4, fineBlocks: 1 },
        },
      }),
    );
    const orphan = await train('orphan');
    expect(orphan.code).toBe(2);
    expect(orphan.err).toMatch(/other\.json cannot be read/);
  });

  it('refuses to go on with a run of another network', async () => {
    await train('other', '--steps', '2');
    const network = { ...recipe.network, channels: 6 };
    await writeFile(folder.file('toy.json'), JSON.stringify({ ...recipe, network }));
    const { code, err } = await train('other', '--steps', '4');
    expect(code).toBe(2);
    expect(err).toMatch(/another network than the recipe's/);
  });
});
