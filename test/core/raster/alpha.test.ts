import { enlargeAlpha, joinAlpha, pinFlatAlpha, splitAlpha } from '../../../core/raster/alpha.js';
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
    expect(worst).toBeLessThan(3);
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
    expect(row.slice(0, 63).every((a) => a === 0)).toBe(true);
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

describe('pinFlatAlpha', () => {
  it('restores 0 and 255 away from edges and touches nothing else', () => {
    const alpha = mask(12, 12, (x) => (x < 4 ? 0 : x < 8 ? 255 : 100));
    const out = new Uint8ClampedArray(48 * 48).fill(3);
    pinFlatAlpha(out, alpha, 12, 12, 48, 48);
    expect(out[24 * 48 + 2]).toBe(0);
    expect(out[24 * 48 + 23]).toBe(255);
    expect(out[24 * 48 + 16]).toBe(3);
    expect(out[24 * 48 + 44]).toBe(3);
  });
});
