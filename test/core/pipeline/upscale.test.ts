import { EnlargerError } from '../../../core/errors.js';
import type { Target } from '../../../core/pipeline/cascade.js';
import type { Progress } from '../../../core/pipeline/progress.js';
import { planUpscale, upscale } from '../../../core/pipeline/upscale.js';
import { enlargeAlpha } from '../../../core/raster/alpha.js';
import { fromPlanes, toPlanes } from '../../../core/raster/planes.js';
import { createRaster, cropRaster, type Raster } from '../../../core/raster/raster.js';
import { resizePlanes } from '../../../core/raster/resample.js';
import { type FakeOptions, fakeProvider, largestDifference, testPicture } from './fake-stage.js';

const picture = testPicture(75, 53);

const bicubic = (input: Raster, width: number, height: number) =>
  fromPlanes(resizePlanes(toPlanes(input), width, height));

function enlarged(input: Raster, target: Target, fake: FakeOptions = {}, options: object = {}) {
  return upscale(input, target, { provider: fakeProvider(fake), ...options });
}

describe('upscale', () => {
  it('gives what its stages give', async () => {
    const { raster, stages } = await enlarged(picture, { scale: 2 });
    expect(largestDifference(raster, bicubic(picture, 150, 106))).toBeLessThanOrEqual(1);
    expect(stages).toEqual([{ factor: 2, width: 150, height: 106, milliseconds: expect.any(Number) }]);
  });

  it.each<[Target, number, number]>([
    [{ scale: 1 }, 75, 53],
    [{ scale: 1.5 }, 113, 80],
    [{ scale: 3 }, 225, 159],
    [{ scale: 6 }, 450, 318],
    [{ longSide: 700 }, 700, 495],
  ])('%p of 75 x 53 is %p x %p', async (target, width, height) => {
    // On a smooth picture it makes no difference how a size is reached, unless something is shifted.
    const smooth = bicubic(testPicture(12, 9), 75, 53);
    const { raster } = await enlarged(smooth, target);
    expect([raster.width, raster.height]).toEqual([width, height]);
    expect(largestDifference(raster, bicubic(smooth, width, height))).toBeLessThanOrEqual(4);
  });

  it.each([
    [1, 1],
    [1, 40],
    [37, 1013],
    [3, 2],
  ])('takes %p x %p pixels', async (width, height) => {
    const { raster } = await enlarged(testPicture(width, height), { scale: 4 }, { alignPx: 8, haloPx: 3 });
    expect([raster.width, raster.height]).toEqual([width * 4, height * 4]);
  });

  it('returns the picture itself at its own size', async () => {
    const soft = testPicture(20, 10, true);
    expect(largestDifference((await enlarged(soft, { scale: 1 })).raster, soft)).toBe(0);
  });

  it.each([
    [1, 4],
    [10, 8],
    [64, 2],
    [96, 4],
    [128, 8],
    [300, 2],
  ])('is the same picture in tiles of %p pixels, aligned to %p', async (tilePx, alignPx) => {
    const fake = { alignPx, noise: { channels: 5, factor: 4, gain: 0.05 } };
    const odd = testPicture(45, 31);
    const whole = await enlarged(odd, { scale: 7 }, fake, { tilePx: 5000, seed: 3 });
    const tiled = await enlarged(odd, { scale: 7 }, fake, { tilePx, seed: 3 });
    expect(largestDifference(whole.raster, tiled.raster)).toBeLessThanOrEqual(1);
    const other = await enlarged(odd, { scale: 7 }, fake, { tilePx, seed: 4 });
    expect(largestDifference(whole.raster, other.raster)).toBeGreaterThan(5);
  });

  it('gives a part of a picture the noise that the whole has there', async () => {
    const fake = { alignPx: 8, haloPx: 8, noise: { channels: 4, factor: 8, gain: 0.05 } };
    const whole = await enlarged(createRaster(64, 64, [90, 90, 90, 255]), { scale: 4 }, fake, { seed: 3 });
    const part = createRaster(24, 16, [90, 90, 90, 255]);
    const place = { x: 16, y: 40 };
    const { raster } = await enlarged(part, { scale: 4 }, fake, { seed: 3, place });
    const cut = cropRaster(whole.raster, { x: 64, y: 160, width: 96, height: 64 });
    expect(largestDifference(raster, cut)).toBe(0);
  });

  it('repeats the noise where the picture repeats', async () => {
    const fake = { alignPx: 8, haloPx: 8, noise: { channels: 4, factor: 8, gain: 0.05 } };
    const flat = createRaster(64, 32, [90, 90, 90, 255]);
    const place = { x: -8, y: 0, repeats: { width: 32, height: 32 } };
    const { raster } = await enlarged(flat, { scale: 2 }, fake, { seed: 3, place });
    const half = (x: number) => cropRaster(raster, { x, y: 0, width: 64, height: 64 });
    expect(largestDifference(half(0), half(64))).toBe(0);
    expect(largestDifference(half(0), half(16))).toBeGreaterThan(5);
  });

  it('goes on with smaller tiles on an engine that replaced a lost one, also where they cannot be smaller', async () => {
    let losses = 3;
    const onRun: FakeOptions['onRun'] = (_tile, _run, enlarge) => {
      if (losses-- > 0) throw new EnlargerError('engine-lost', 'The engine was replaced.');
      return enlarge();
    };
    for (const size of [100, 12]) {
      losses = 3;
      const small = testPicture(size, size);
      const { raster } = await enlarged(small, { scale: 2 }, { onRun });
      expect(largestDifference(raster, bicubic(small, size * 2, size * 2))).toBeLessThanOrEqual(1);
    }
  });

  it('keeps a flat colour flat', async () => {
    const flat = createRaster(40, 40, [12, 200, 77, 255]);
    const { raster } = await enlarged(flat, { scale: 3.3 }, { alignPx: 8 }, { tilePx: 64 });
    expect(largestDifference(raster, createRaster(132, 132, [12, 200, 77, 255]))).toBe(0);
  });

  it('enlarges transparency on its own and keeps its ends exact', async () => {
    const soft = testPicture(75, 53, true);
    const { raster } = await enlarged(soft, { scale: 4 });
    const alpha = Uint8ClampedArray.from(soft.data.filter((_, i) => i % 4 === 3));
    expect(raster.data.filter((_, i) => i % 4 === 3)).toEqual(enlargeAlpha(alpha, 75, 53, 300, 212));
    expect(raster.data[3]).toBe(0);
    expect(raster.data.at(-1)).toBe(255);
  });

  it('never shows the colour stored under transparent pixels', async () => {
    const logo = createRaster(24, 24, [255, 0, 0, 0]);
    for (let y = 8; y < 16; y++)
      for (let x = 8; x < 16; x++) logo.data.set([0, 0, 255, 255], (y * 24 + x) * 4);
    const { raster } = await enlarged(logo, { scale: 4 });
    for (let i = 0; i < raster.data.length; i += 4) {
      if (raster.data[i + 3] > 0) expect([...raster.data.subarray(i, i + 3)]).toEqual([0, 0, 255]);
    }
  });

  it('tells only the first stage of damage, and asks later ones for half of the detail', async () => {
    const provider = fakeProvider();
    await upscale(testPicture(9, 9), { scale: 16 }, { provider, damage: 0.4, detail: 0.2, steps: 3 });
    expect(provider.tiles.map(({ damage }) => damage)).toEqual([0.4, 0]);
    expect(provider.opened).toEqual([
      { factor: 4, detail: 0.2, steps: 3 },
      { factor: 4, detail: 0.1, steps: 3 },
    ]);
    const byDefault = fakeProvider();
    expect((await upscale(picture, { scale: 2 }, { provider: byDefault })).detail).toBe(0.5);
    expect(byDefault.opened).toEqual([{ factor: 2, detail: 0.5 }]);
  });

  it('reports progress that only rises, ends at 100 and counts all tiles', async () => {
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => {
      seen.push(progress);
    };
    await enlarged(picture, { scale: 6 }, {}, { tilePx: 128, onProgress });
    for (let i = 1; i < seen.length; i++) {
      expect(seen[i].percent).toBeGreaterThanOrEqual(seen[i - 1].percent);
      expect(seen[i].tilesDone).toBeGreaterThanOrEqual(seen[i - 1].tilesDone);
    }
    const last = seen[seen.length - 1];
    expect(last).toMatchObject({ percent: 100, stages: 2, tilesDone: last.tiles, secondsLeft: 0 });
    expect(seen.filter(({ percent }) => percent === 100)).toHaveLength(1);
    expect(seen[0].secondsLeft).toBeNull();
  });

  it('holds no more of the result than its rows of tiles', async () => {
    const provider = fakeProvider();
    const job = planUpscale(testPicture(64, 512), { scale: 4 }, { provider, tilePx: 128 });
    const tilesBefore: number[] = [];
    await job.run((strip) => {
      expect(strip.height).toBeLessThanOrEqual(64);
      tilesBefore.push(provider.tiles.length);
    });
    // Two tiles side by side make 128 rows, which are two strips.
    expect(tilesBefore).toEqual(Array.from({ length: 32 }, (_, i) => 2 * (Math.floor(i / 2) + 1)));
  });

  it.each([
    { detail: 1.1 },
    { detail: Number.NaN },
    { steps: 0 },
    { steps: 1.5 },
    { seed: -1 },
    { tilePx: 0 },
    { tilePx: { 2: 64, 4: 1.5 } },
    { damage: 2 },
  ])('refuses %p', async (options) => {
    await expect(enlarged(picture, { scale: 2 }, {}, options)).rejects.toMatchObject({
      code: 'option-invalid',
    });
  });
});

describe('upscale when something goes wrong', () => {
  const outOfMemory = () => new EnlargerError('out-of-memory', 'No memory.');

  it('stops between tiles when told to', async () => {
    const abort = new AbortController();
    const provider = fakeProvider({
      onRun: (_, run) => {
        if (run === 3) abort.abort();
        return undefined;
      },
    });
    const job = upscale(picture, { scale: 4 }, { provider, tilePx: 64, signal: abort.signal });
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(provider.tiles).toHaveLength(4);
  });

  it('goes on with smaller tiles at the tile that memory failed', async () => {
    const runs: number[] = [];
    const provider = fakeProvider({
      onRun: ({ lr }) => {
        runs.push(lr.width);
        if (runs.length > 2 && lr.width > 24) throw outOfMemory();
        return undefined;
      },
    });
    const { raster, notices } = await upscale(picture, { scale: 4 }, { provider, tilePx: 128 });
    const calm = await enlarged(picture, { scale: 4 }, {}, { tilePx: 128 });
    expect(largestDifference(raster, calm.raster)).toBeLessThanOrEqual(1);
    expect(notices).toEqual([expect.stringMatching(/smaller pieces/)]);
    // The first two tiles were not made again.
    expect(runs.filter((width) => width > 24)).toHaveLength(3);
  });

  it('says so when no tile is small enough', async () => {
    const throws = () => {
      throw outOfMemory();
    };
    await expect(enlarged(picture, { scale: 4 }, { onRun: throws })).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/smallest pieces/),
    });
  });

  it.each([
    ['not-a-numbers', (value: number, i: number) => (i === 99 ? Number.NaN : value), /not numbers/],
    ['a black tile', () => 0, /colours far|flat/],
    ['a tile of one grey', () => 0.5, /flat/],
    ['noise', (_: number, i: number) => ((i * 7919) % 13) / 2 - 2.5, /noise|colours far/],
  ])('never places %s', async (_, spoil, message) => {
    const onRun: FakeOptions['onRun'] = (_tile, run, enlarge) => {
      const out = enlarge();
      return run >= 2 ? { ...out, data: out.data.map(spoil) } : out;
    };
    await expect(enlarged(picture, { scale: 2 }, { onRun }, { tilePx: 64 })).rejects.toMatchObject({
      code: 'bad-picture',
      message: expect.stringMatching(message),
    });
  });

  it('tries a bad tile once more', async () => {
    const onRun: FakeOptions['onRun'] = (_tile, run, enlarge) => {
      const out = enlarge();
      return run === 1 ? { ...out, data: out.data.fill(Number.NaN) } : out;
    };
    const { raster } = await enlarged(picture, { scale: 2 }, { onRun }, { tilePx: 64 });
    expect(largestDifference(raster, (await enlarged(picture, { scale: 2 })).raster)).toBeLessThanOrEqual(1);
  });

  it('passes other errors on', async () => {
    const throws = () => {
      throw new Error('unexpected');
    };
    await expect(enlarged(picture, { scale: 2 }, { onRun: throws })).rejects.toThrow('unexpected');
  });
});
