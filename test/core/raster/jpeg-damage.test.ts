import sharp, { type Sharp } from 'sharp';
import { iccDescription, isAnimatedPng, jpegQuality, sniffFormat } from '../../../core/raster/file-facts.js';
import { damageFromQuality, estimateJpegDamage } from '../../../core/raster/jpeg-damage.js';
import { luminanceStep, ZIGZAG } from '../../../core/raster/jpeg-tables.js';
import { createRaster, type Raster } from '../../../core/raster/raster.js';

function paint(width: number, height: number, at: (x: number, y: number) => readonly number[]): Raster {
  const raster = createRaster(width, height, [0, 0, 0, 255]);
  for (let i = 0; i < width * height; i++) raster.data.set(at(i % width, Math.floor(i / width)), i * 4);
  return raster;
}

/** Always the same value in 0..1 for a place. */
function hash(x: number, y: number): number {
  let h = Math.imul(x + 71, 0x9e3779b1) ^ Math.imul(y + 113, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

/** Leaves of many sizes lying on each other, with a little shading: edges, flats and slopes of all kinds. */
function leaves(size: number): Raster {
  const discs = Array.from({ length: 160 }, (_, k) => ({
    x: hash(k, 1) * size,
    y: hash(k, 2) * size,
    r: 5 + 35 * hash(k, 3) ** 3,
    colour: [40 + 170 * hash(k, 4), 40 + 170 * hash(k, 5), 40 + 170 * hash(k, 6)],
  }));
  return paint(size, size, (x, y) => {
    const disc = discs.find((d) => Math.hypot(x - d.x, y - d.y) < d.r);
    const grain = 6 * (hash(x, y) - 0.5) + 12 * Math.sin(x / 9 + y / 14);
    return (disc?.colour ?? [120, 125, 130]).map((v) => v + grain);
  });
}

const palette = [
  [40, 30, 60],
  [90, 60, 120],
  [200, 120, 80],
  [240, 220, 160],
  [60, 140, 90],
];
const CLEAN: Record<string, Raster> = {
  leaves: leaves(192),
  flat: createRaster(96, 96, [120, 130, 140, 255]),
  white: createRaster(96, 96, [255, 255, 255, 255]),
  gradient: paint(160, 128, (x, y) => [x + y / 4, 200 - y, 60 + x / 2]),
  noise: paint(128, 128, (x, y) => new Array(3).fill(100 + 60 * hash(x, y))),
  'pixel art at 1x': paint(128, 128, (x, y) => palette[Math.floor(hash(x, y) * 5)]),
  'pixel art at 4x': paint(128, 128, (x, y) => palette[Math.floor(hash(x >> 2, y >> 2) * 5)]),
  'pixel art at 8x': paint(128, 128, (x, y) => palette[Math.floor(hash(x >> 3, y >> 3) * 5)]),
  'a tile of 8 x 8': paint(128, 128, (x, y) => palette[Math.floor(hash(x & 7, y & 7) * 5)]),
  checks: paint(128, 128, (x, y) => new Array(3).fill(((x >> 3) + (y >> 3)) & 1 ? 200 : 150)),
  ruled: paint(128, 128, (_, y) => new Array(3).fill(y % 8 === 0 ? 40 : 220)),
  'line art': paint(160, 160, (x, y) =>
    new Array(3).fill(Math.abs(((x * 3 + y * 2) % 41) - 20) < 2 ? 0 : 255),
  ),
};

const image = ({ data, width, height }: Raster): Sharp =>
  sharp(data, { raw: { width, height, channels: 4 } });

async function viaJpeg(raster: Raster, quality: number, left = 0, top = 0): Promise<Raster> {
  const file = await image(raster).removeAlpha().jpeg({ quality }).toBuffer();
  const area = { left, top, width: raster.width - left, height: raster.height - top };
  const { data, info } = await sharp(file)
    .extract(area)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}

describe('damageFromQuality', () => {
  it('falls from 1 to 0 as quality rises', () => {
    expect([5, 10, 30, 50, 75, 90, 98, 100].map(damageFromQuality)).toEqual([
      1, 1, 0.75, 0.55, 0.35, 0.15, 0, 0,
    ]);
    for (let q = 2; q <= 100; q++) expect(damageFromQuality(q)).toBeLessThanOrEqual(damageFromQuality(q - 1));
  });
});

describe('estimateJpegDamage', () => {
  it.each(Object.keys(CLEAN))('finds nothing in a clean picture: %s', (name) => {
    expect(estimateJpegDamage(CLEAN[name])).toBe(0);
  });

  it.each([10, 30, 50, 75, 90])('knows quality %i, whole or cropped off the grid', async (quality) => {
    for (const [left, top] of [
      [0, 0],
      [3, 5],
    ]) {
      const damage = estimateJpegDamage(await viaJpeg(CLEAN.leaves, quality, left, top));
      expect(Math.abs(damage - damageFromQuality(quality))).toBeLessThan(0.06);
    }
  });

  it('sees blocking in a smooth picture that has lost all else', async () => {
    const smooth = paint(160, 160, (x, y) => new Array(3).fill(60 + (x + y) / 3 + 8 * Math.sin(x / 40)));
    expect(estimateJpegDamage(smooth)).toBe(0);
    expect(estimateJpegDamage(await viaJpeg(smooth, 30, 2, 3))).toBeGreaterThan(0.5);
  });

  it('says 0 for pictures too small to tell', () => {
    for (const [w, h] of [
      [1, 1],
      [7, 300],
      [16, 16],
    ]) {
      expect(estimateJpegDamage(paint(w, h, (x, y) => new Array(3).fill(255 * hash(x, y))))).toBe(0);
    }
  });
});

describe('what the bytes of a file say', () => {
  it('has the standard tables', () => {
    expect(Array.from(ZIGZAG.slice(0, 10))).toEqual([0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
    expect([0, 63].map((i) => luminanceStep(i, 50))).toEqual([16, 99]);
    expect([1, 75, 100].map((q) => luminanceStep(0, q))).toEqual([255, 8, 1]);
  });

  it('knows the quality of JPEG files, and gives up on broken ones', async () => {
    const file = await image(CLEAN.leaves).removeAlpha().jpeg({ quality: 83, progressive: true }).toBuffer();
    expect(jpegQuality(file)).toBe(83);
    for (let length = 0; length < 60; length++)
      expect(() => jpegQuality(file.subarray(0, length))).not.toThrow();
    expect(jpegQuality(file.subarray(0, 30))).toBeUndefined();
  });

  it('never fails on bytes that mean nothing', () => {
    for (let length = 0; length < 200; length += 7) {
      const bytes = Uint8Array.from({ length }, (_, i) => Math.floor(256 * hash(i, length)));
      expect(sniffFormat(bytes)).toBeUndefined();
      expect(iccDescription(bytes)).toBeUndefined();
      expect(isAnimatedPng(bytes)).toBe(false);
    }
  });
});
