import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { loadPictures } from '../../../cli/store/picture-store.js';
import { createRng } from '../../../core/train/data/rng.js';

let root: string;
let dir: string;

async function writeNoise(file: string, width: number, height: number, channels: 3 | 4 = 3): Promise<void> {
  const rng = createRng(width, height, channels);
  const data = Uint8Array.from({ length: width * height * channels }, () => rng.int(256));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await sharp(data, { raw: { width, height, channels } }).png().toFile(file);
}

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'pictures-'));
  dir = path.join(root, 'pictures');
  for (let i = 0; i < 12; i++) await writeNoise(path.join(dir, 'walls', `${i}.png`), 140 + i, 150);
  await writeNoise(path.join(dir, 'cut-outs', 'a.png'), 160, 130, 4);
  await writeNoise(path.join(dir, 'cut-outs', 'small.png'), 20, 20);
  fs.writeFileSync(path.join(dir, 'walls', 'broken.png'), 'not a picture');
  fs.writeFileSync(
    path.join(dir, 'sources.json'),
    JSON.stringify({ sources: [{ name: 'walls', kind: 'texture', reduce: [1, 1] }] }),
  );
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe('loadPictures', () => {
  it('reads all pictures below a folder, with the kinds its list gives, and says what it left out', async () => {
    const { train, holdout, skipped, megapixels } = await loadPictures(dir, { cacheDir: null, holdout: 0 });
    expect(holdout).toHaveLength(0);
    expect(train).toHaveLength(13);
    expect(train.filter(({ kind }) => kind === 'texture')).toHaveLength(12);
    expect(skipped.map(({ file }) => path.basename(file)).sort()).toEqual(['broken.png', 'small.png']);
    for (const { rgb, width, height } of train) expect(rgb).toHaveLength(width * height * 3);
    expect(megapixels).toBeCloseTo(train.reduce((sum, p) => sum + (p.width * p.height) / 1e6, 0));
  });

  it('holds out the same pictures every time, and trains on none of them', async () => {
    const options = { cacheDir: null, holdout: 0.4 };
    const one = await loadPictures(dir, options);
    const two = await loadPictures(dir, options);
    const names = one.holdout.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThan(13);
    expect(two.holdout.map(({ name }) => name)).toEqual(names);
    expect(one.train.some(({ name }) => names.includes(name))).toBe(false);
  });

  it('gives from the stored copy what it gave from the files', async () => {
    const fresh = await loadPictures(dir, { cacheDir: root });
    expect(fs.readdirSync(root).filter((file) => file.endsWith('.bin'))).toHaveLength(1);
    const stored = await loadPictures(dir, { cacheDir: root });
    expect(stored).toEqual(fresh);
  });

  it('keeps within the memory bound', async () => {
    const { train, holdout, megapixels } = await loadPictures(dir, { cacheDir: null, maxMegapixels: 0.1 });
    expect(megapixels).toBeLessThanOrEqual(0.1);
    expect(train.length + holdout.length).toBeGreaterThan(1);
  });

  it('says what to do when there is nothing', async () => {
    await expect(loadPictures(path.join(root, 'nowhere'))).rejects.toMatchObject({ code: 'data-missing' });
    const empty = fs.mkdtempSync(path.join(root, 'empty-'));
    await expect(loadPictures(empty)).rejects.toMatchObject({ code: 'data-missing' });
  });
});
