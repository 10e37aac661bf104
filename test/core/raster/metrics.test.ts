import { linearToSrgb, luma601, lumaPlane, srgbToLinear } from '../../../core/raster/colour.js';
import { lrPsnr, psnr, psnrRgb, psnrY, ssimY } from '../../../core/raster/metrics.js';
import { createRaster, type Raster } from '../../../core/raster/raster.js';
import { resizeRaster } from '../../../core/raster/resample.js';

function picture(width: number, height: number, at: (x: number, y: number) => number): Raster {
  const raster = createRaster(width, height);
  for (let i = 0; i < width * height; i++) {
    const v = at(i % width, Math.floor(i / width));
    raster.data.set([v, v, v, 255], i * 4);
  }
  return raster;
}

const wave = picture(40, 30, (x, y) => 128 + 80 * Math.sin(x / 3) * Math.cos(y / 4));

describe('colour', () => {
  it('has the luma of MATLAB for the primaries', () => {
    const primaries = [
      [0, 0, 0],
      [255, 255, 255],
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ];
    expect(primaries.map(([r, g, b]) => Math.round(luma601(r, g, b)))).toEqual([16, 235, 81, 145, 41]);
    const raster = createRaster(1, 1, [255, 0, 0, 0]);
    expect(lumaPlane(raster).data[0]).toBe(81);
  });

  it('goes to linear light and back', () => {
    for (let v = 0; v <= 1; v += 1 / 64) expect(linearToSrgb(srgbToLinear(v))).toBeCloseTo(v, 6);
    expect(srgbToLinear(0.5)).toBeCloseTo(0.21404114, 7);
    expect(srgbToLinear(0.04)).toBeCloseTo(0.04 / 12.92, 9);
  });
});

describe('PSNR', () => {
  it('is infinite for equal pictures and known for a known error', () => {
    expect(psnrY(wave, wave, 2)).toBe(Number.POSITIVE_INFINITY);
    const shifted = picture(40, 30, (x, y) => wave.data[(y * 40 + x) * 4] + 5);
    expect(psnrRgb(shifted, wave)).toBeCloseTo(20 * Math.log10(255 / 5), 10);
  });

  it('does not see what is in the border', () => {
    const spoilt = { ...wave, data: wave.data.slice() };
    spoilt.data.set([255, 0, 255], 0);
    expect(psnrY(spoilt, wave, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(psnrRgb(spoilt, wave, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(psnrRgb(spoilt, wave)).toBeLessThan(60);
  });

  it('of planes takes the peak into account', () => {
    const a = { width: 2, height: 1, channels: 1, data: Float32Array.of(0, 0) };
    const b = { width: 2, height: 1, channels: 1, data: Float32Array.of(0.1, 0.1) };
    expect(psnr(a, b)).toBeCloseTo(20, 5);
    expect(psnr(a, b, 10)).toBeCloseTo(40, 5);
  });

  it('refuses pictures of different sizes and empty rests', () => {
    expect(() =>
      psnrY(
        wave,
        picture(30, 40, () => 0),
        2,
      ),
    ).toThrow(/40 x 30 and 30 x 40/);
    expect(() => psnrRgb(wave, wave, 15)).toThrow(/too small/);
  });
});

describe('ssimY', () => {
  it('is 1 for equal pictures and the luminance term alone for flat ones', () => {
    expect(ssimY(wave, wave, 2)).toBeCloseTo(1, 12);
    const [a, b] = [Math.round(luma601(100, 100, 100)), Math.round(luma601(140, 140, 140))];
    const c1 = (0.01 * 255) ** 2;
    expect(
      ssimY(
        picture(12, 12, () => 100),
        picture(12, 12, () => 140),
        0,
      ),
    ).toBeCloseTo((2 * a * b + c1) / (a * a + b * b + c1), 9);
  });

  it('equals the definition written out at one window', () => {
    const p = picture(11, 11, (x, y) => (x * 37 + y * 91) % 256);
    const q = picture(11, 11, (x, y) => (x * 41 + y * 77) % 256);
    const [u, v] = [lumaPlane(p).data, lumaPlane(q).data];
    const window = Array.from({ length: 121 }, (_, i) =>
      Math.exp(-(((i % 11) - 5) ** 2 + (Math.floor(i / 11) - 5) ** 2) / (2 * 1.5 ** 2)),
    );
    const total = window.reduce((s, w) => s + w, 0);
    const mean = (f: (i: number) => number): number => window.reduce((s, w, i) => s + (w / total) * f(i), 0);
    const [mu, mv] = [mean((i) => u[i]), mean((i) => v[i])];
    const [vu, vv] = [mean((i) => (u[i] - mu) ** 2), mean((i) => (v[i] - mv) ** 2)];
    const covariance = mean((i) => (u[i] - mu) * (v[i] - mv));
    const [c1, c2] = [6.5025, 58.5225];
    const expected =
      ((2 * mu * mv + c1) * (2 * covariance + c2)) / ((mu * mu + mv * mv + c1) * (vu + vv + c2));
    expect(ssimY(p, q, 0)).toBeCloseTo(expected, 9);
  });
});

describe('lrPsnr', () => {
  it('is high for an enlargement that reduces to its original and low for a shifted one', () => {
    const small = resizeRaster(wave, 20, 15);
    expect(lrPsnr(wave, small)).toBe(Number.POSITIVE_INFINITY);
    const shifted = picture(40, 30, (x, y) => wave.data[(y * 40 + Math.min(39, x + 1)) * 4]);
    expect(lrPsnr(shifted, small)).toBeLessThan(30);
  });
});
