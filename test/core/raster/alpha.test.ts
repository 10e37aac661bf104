import { enlargeAlpha, joinAlpha, splitAlpha } from '../../../core/raster/alpha.js';
import { createRaster } from '../../../core/raster/raster.js';

const mask = (w: number, h: number, at: (x: number, y: number) => number): Uint8ClampedArray =>
  Uint8ClampedArray.from({ length: w * h }, (_, i) => at(i % w, Math.floor(i / w)));

describe('splitAlpha', () => {
  it('hands back an opaque picture itself', () => {
    const raster = createRaster(3, 2, [1, 2, 3, 255]);
    const { colour, alpha } = splitAlpha(raster);
    expect(colour).toBe(raster);
    expect(alpha).toBeNull();
    expect(joinAlpha(colour, alpha)).toBe(raster);
  });

  it('spreads visible colour under the whole of a transparent picture and leaves the input alone', () => {
    const raster = createRaster(37, 23, [0, 255, 0, 0]);
    raster.data.set([200, 100, 50, 255], (11 * 37 + 5) * 4);
    const before = raster.data.slice();
    const { colour, alpha } = splitAlpha(raster);
    expect(raster.data).toEqual(before);
    for (let i = 0; i < 37 * 23; i++)
      expect(Array.from(colour.data.slice(i * 4, i * 4 + 4))).toEqual([200, 100, 50, 255]);
    expect(alpha!.filter((a) => a === 255).length).toBe(1);
  });

  it('keeps the colour of everything visible and takes hidden colour from the nearest', () => {
    const raster = createRaster(20, 1, [9, 9, 9, 0]);
    raster.data.set([255, 0, 0, 1], 0);
    raster.data.set([0, 0, 255, 200], 19 * 4);
    const { colour } = splitAlpha(raster);
    for (let x = 0; x < 10; x++) expect(Array.from(colour.data.slice(x * 4, x * 4 + 3))).toEqual([255, 0, 0]);
    for (let x = 10; x < 20; x++)
      expect(Array.from(colour.data.slice(x * 4, x * 4 + 3))).toEqual([0, 0, 255]);
  });

  it('survives a picture with nothing visible', () => {
    const { colour, alpha } = splitAlpha(createRaster(5, 4, [10, 20, 30, 0]));
    expect(Array.from(colour.data.slice(0, 4))).toEqual([10, 20, 30, 255]);
    expect(alpha!.every((a) => a === 0)).toBe(true);
  });

  it('joins what it split', () => {
    const raster = createRaster(4, 4, [7, 8, 9, 100]);
    const { colour, alpha } = splitAlpha(raster);
    expect(joinAlpha(colour, alpha)).toEqual(raster);
    expect(() => joinAlpha(colour, new Uint8ClampedArray(3))).toThrow(/sizes/);
  });
});

describe('enlargeAlpha', () => {
  it('is the identity at scale 1', () => {
    const alpha = mask(9, 7, (x, y) => (x * 53 + y * 29) & 255);
    expect(enlargeAlpha(alpha, 9, 7, 9, 7)).toEqual(alpha);
  });

  it('never leaves the range of its surroundings', () => {
    const panel = mask(12, 12, (x) => (x < 6 ? 0 : 128));
    const out = enlargeAlpha(panel, 12, 12, 48, 48);
    expect(Math.max(...out)).toBe(128);
    expect(Math.min(...out)).toBe(0);
  });

  it('keeps flat areas exact', () => {
    const alpha = mask(16, 16, (x, y) => (x < 8 ? 0 : y < 8 ? 255 : 90));
    const out = enlargeAlpha(alpha, 16, 16, 64, 64);
    expect(out[5 * 64 + 10]).toBe(0);
    expect(out[5 * 64 + 55]).toBe(255);
    expect(out[58 * 64 + 55]).toBe(90);
  });

  it('follows a soft shadow closely', () => {
    const soft = (x: number, y: number): number => 255 * Math.exp(-((x - 16) ** 2 + (y - 16) ** 2) / 80);
    const out = enlargeAlpha(mask(33, 33, soft), 33, 33, 132, 132);
    let worst = 0;
    for (let y = 2; y < 130; y++) {
      for (let x = 2; x < 130; x++) {
        worst = Math.max(worst, Math.abs(out[y * 132 + x] - soft((x + 0.5) / 4 - 0.5, (y + 0.5) / 4 - 0.5)));
      }
    }
    expect(worst).toBeLessThan(2);
  });

  it('keeps the edge of a hard mask about one pixel wide, in its place', () => {
    const out = enlargeAlpha(
      mask(16, 16, (x) => (x < 8 ? 0 : 255)),
      16,
      16,
      128,
      128,
    );
    const row = Array.from(out.slice(64 * 128, 65 * 128));
    expect(row.slice(0, 56).every((a) => a === 0)).toBe(true);
    expect(row.slice(65).every((a) => a === 255)).toBe(true);
    expect(row[63] + row[64]).toBeGreaterThanOrEqual(254);
    expect(row[63] + row[64]).toBeLessThanOrEqual(256);
  });

  it('keeps a line of one pixel as wide as the scale, and shrinks too', () => {
    const out = enlargeAlpha(
      mask(15, 15, (x) => (x === 7 ? 255 : 0)),
      15,
      15,
      120,
      120,
    );
    const width = Array.from(out.slice(60 * 120, 61 * 120)).reduce((sum, a) => sum + a / 255, 0);
    expect(Math.abs(width - 8)).toBeLessThan(1);
    const small = enlargeAlpha(
      mask(8, 8, (x) => (x < 4 ? 255 : 0)),
      8,
      8,
      4,
      8,
    );
    expect([small[0], small[3]]).toEqual([255, 0]);
  });
});

type Shape = (x: number, y: number) => boolean;

/** Share of every pixel of an `n` x `n` picture, seen `scale` times as large, that a shape covers. */
function covered(shape: Shape, n: number, scale: number): Float64Array {
  const fine = scale > 1 ? 4 : 8;
  return Float64Array.from({ length: (n * scale) ** 2 }, (_, i) => {
    const [x, y] = [i % (n * scale), Math.floor(i / (n * scale))];
    let hits = 0;
    for (let k = 0; k < fine * fine; k++) {
      const [u, v] = [x + ((k % fine) + 0.5) / fine, y + (Math.floor(k / fine) + 0.5) / fine];
      if (shape(u / scale, v / scale)) hits++;
    }
    return hits / fine ** 2;
  });
}

/** How far the outline of an enlarged mask lies from the shape's own, on average, in pixels of the result. */
function outlineError(shape: Shape, hard: boolean, n = 32, scale = 4): number {
  const low = Uint8ClampedArray.from(covered(shape, n, 1), (c) => (hard ? (c >= 0.5 ? 255 : 0) : 255 * c));
  const size = n * scale;
  const made = enlargeAlpha(low, n, n, size, size);
  const truth = covered(shape, n, scale);
  let [error, length] = [0, 0];
  // Where an outline leaves the picture nothing is known of how it goes on.
  for (let y = 3 * scale; y < size - 3 * scale; y++) {
    for (let x = 3 * scale; x < size - 3 * scale; x++) {
      const i = y * size + x;
      error += Math.abs(made[i] / 255 - truth[i]);
      length += Math.hypot(truth[i + 1] - truth[i - 1], truth[i + size] - truth[i - size]) / 2;
    }
  }
  return error / length;
}

const disc =
  (radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - 15.7, y - 16.2) < radius;
const stroke =
  (degrees: number, width: number): Shape =>
  (x, y) =>
    Math.abs(
      (x - 15.3) * Math.cos((degrees * Math.PI) / 180) + (y - 16.7) * Math.sin((degrees * Math.PI) / 180),
    ) <
    width / 2;

describe('outlines of masks', () => {
  it.each<[string, Shape]>([
    ['a disc', disc(11.3)],
    ['a small disc', disc(5.3)],
    ['a ring', (x, y) => disc(12)(x, y) && !disc(8.5)(x, y)],
    ['a steep edge', stroke(5, 18)],
    ['a slanting edge', stroke(30, 18)],
    ['a stroke', stroke(70, 3)],
  ])('follow %s that is antialiased to a tenth of a pixel', (_, shape) => {
    expect(outlineError(shape, false)).toBeLessThan(0.1);
  });

  it('keep the corners of an antialiased box', () => {
    expect(outlineError((x, y) => x > 6.4 && x < 25 && y > 8 && y < 22.7, false)).toBeLessThan(0.14);
  });

  it('find both sides of an antialiased hair', () => {
    expect(outlineError(stroke(20, 1.2), false)).toBeLessThan(0.25);
  });

  it.each([5, 18, 30, 60, 80])('have no stairs where a hard mask slants by %i degrees', (degrees) => {
    expect(outlineError(stroke(degrees, 18), true)).toBeLessThan(0.4);
  });

  it('stay in their place where a hard mask is round, and keep its corners', () => {
    expect(outlineError(disc(11.3), true)).toBeLessThan(0.7);
    expect(outlineError((x, y) => x > 6 && x < 25 && y > 8 && y < 22, true)).toBeLessThan(0.12);
  });

  it('do not break a hard line of one pixel', () => {
    const [n, scale] = [32, 4];
    const low = Uint8ClampedArray.from(covered(stroke(20, 1.1), n, 1), (c) => (c >= 0.5 ? 255 : 0));
    const made = enlargeAlpha(low, n, n, n * scale, n * scale);
    for (let y = 3 * scale; y < (n - 3) * scale; y++) {
      expect(Math.max(...made.subarray(y * n * scale, (y + 1) * n * scale))).toBeGreaterThan(90);
    }
  });

  it('are left out between a panel and its shadow, which has no plateau', () => {
    const [n, scale] = [32, 4];
    const shadow = (x: number) => 100 * Math.exp(-((x - 16) ** 2) / 300);
    const low = mask(n, n, (x) => (x < 16 ? 255 : shadow(x)));
    const made = enlargeAlpha(low, n, n, n * scale, n * scale);
    const row = Array.from(made.slice(64 * n * scale, 65 * n * scale));
    expect(row.slice(0, 56).every((a) => a === 255)).toBe(true);
    for (let x = 72; x < 120; x++) expect(Math.abs(row[x] - shadow((x + 0.5) / scale - 0.5))).toBeLessThan(4);
  });

  it('do not appear in soft shadows', () => {
    for (const sigma of [1.5, 2, 4]) {
      const soft = (x: number): number => 255 / (1 + Math.exp((-1.702 * (x - 15.3)) / sigma));
      const out = enlargeAlpha(mask(32, 32, soft), 32, 32, 128, 128);
      for (let x = 8; x < 120; x++)
        expect(Math.abs(out[64 * 128 + x] - soft((x + 0.5) / 4 - 0.5))).toBeLessThan(2);
    }
  });
});
