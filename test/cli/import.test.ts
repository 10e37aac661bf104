import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeCheckpoint } from '../../core/train/state.js';
import { run, temporaryFolder } from './run.js';

const folder = temporaryFolder();
const recipes = path.join(__dirname, '../../models/recipes');
const pack = path.join(__dirname, '../../models/enlarger-1');

const importRun = (name: string) =>
  run(['import', path.join(recipes, `${name}.json`), '--pack', pack, '--runs', folder.file('runs')]);

describe('enlarger import', () => {
  it('makes runs of which export makes the same weights again', async () => {
    for (const name of ['upsampler-x2', 'upsampler-x4', 'autoencoder', 'velocity']) {
      const { code, err } = await importRun(name);
      expect([code, err]).toEqual([0, '']);
    }
    const { specs, state } = decodeCheckpoint(await readFile(folder.file('runs/autoencoder/state.ckpt')));
    expect(specs.at(-1)!.offset + specs.at(-1)!.size).toBe(state.ema.length);
    // Export needs the loss curves, which a pack keeps, and only the up-samplers can do without latent statistics.
    await mkdir(folder.file('recipes'));
    for (const name of ['upsampler-x2', 'upsampler-x4']) {
      await copyFile(path.join(recipes, `${name}.json`), folder.file(`recipes/${name}.json`));
      await copyFile(path.join(pack, `curves/${name}.png`), folder.file(`runs/${name}/curve.png`));
    }
    const plan = JSON.parse(await readFile(path.join(recipes, 'enlarger-1.pack.json'), 'utf8'));
    await writeFile(
      folder.file('recipes/plan.json'),
      JSON.stringify({ ...plan, autoencoder: undefined, velocity: undefined }),
    );
    const words = ['--runs', folder.file('runs'), '--out', folder.file('pack')];
    const sources = ['--sources', path.join(recipes, 'data-sources.json')];
    const { code, err } = await run(['export', folder.file('recipes/plan.json'), ...words, ...sources]);
    expect([code, err]).toEqual([0, '']);
    for (const file of ['upsampler-x2.onnx', 'upsampler-x4.onnx'])
      expect(await readFile(folder.file(`pack/${file}`))).toEqual(await readFile(path.join(pack, file)));
  });

  it('never writes over a run, and refuses a recipe that does not fit', async () => {
    await importRun('upsampler-x2');
    expect((await importRun('upsampler-x2')).err).toMatch(/a run in .* already/);
    const recipe = JSON.parse(await readFile(path.join(recipes, 'upsampler-x2.json'), 'utf8'));
    await writeFile(
      folder.file('other.json'),
      JSON.stringify({ ...recipe, name: 'other', network: { ...recipe.network, blocks: 2 } }),
    );
    const other = await run([
      'import',
      folder.file('other.json'),
      '--pack',
      pack,
      '--runs',
      folder.file('runs'),
    ]);
    expect(other.code).toBe(2);
    expect(other.err).toMatch(/holds 235212 parameters/);
  });
});
