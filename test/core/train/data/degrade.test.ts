import { damageFromQuality } from '../../../../core/raster/jpeg-damage.js';
import { createRaster, type Planes } from '../../../../core/raster/raster.js';
import { resizeRaster } from '../../../../core/raster/resample.js';
import { BENCHMARK_DEGRADATION, DEFAULT_DEGRADATION, degrade } from '../../../../core/train/data/degrade.js';
import { createRng } from '../../../../core/train/data/rng.js';

const SIDE = 48;

function noise(): Planes {
  const rng = createRng(3);
  const data = Float32Array.from({ length: 3 * SIDE * SIDE }, () => rng.int(256) / 255);
  return { width: SIDE, height: SIDE, channels: 3, data };
}

describe('degrade', () => {
  it.each([2, 3, 4])('is the reduction of the test sets at scale %d, save for ties', (scale) => {
    const hr = noise();
    const raster = createRaster(SIDE, SIDE, [0, 0, 0, 255]);
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < SIDE * SIDE; i++) raster.data[i * 4 + c] = hr.data[c * SIDE * SIDE + i] * 255;
    const small = SIDE / scale;
    const expected = resizeRaster(raster, small, small);
    const { lr, damage } = degrade(hr, scale, createRng(1), BENCHMARK_DEGRADATION);
    expect(damage).toBe(0);
    const area = small * small;
    const off = Array.from(lr.data, (value, i) =>
      Math.abs(Math.round(value * 255) - expected.data[(i % area) * 4 + Math.floor(i / area)]),
    );
    // Exact halves may go the other way in single precision.
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
    expect(off.filter((levels) => levels > 0).length).toBeLessThan(0.01 * off.length);
  });

  it('leaves a flat picture flat, whatever is done to it', () => {
    const flat: Planes = {
      width: SIDE,
      height: SIDE,
      channels: 3,
      data: new Float32Array(3 * SIDE * SIDE).fill(120 / 255),
    };
    for (let i = 0; i < 40; i++) {
      const { lr } = degrade(flat, 2, createRng(9, i), { ...DEFAULT_DEGRADATION, benchmark: 0 });
      expect(Math.max(...lr.data.map((value) => Math.abs(value * 255 - 120)))).toBeLessThan(2.5);
    }
  });

  it('reduces drawings by area coverage where it is told to, and nothing else', () => {
    const hr = noise();
    const settings = { ...DEFAULT_DEGRADATION, coverage: 1 };
    const { lr, damage } = degrade(hr, 4, createRng(2), settings, 'type');
    expect(damage).toBe(0);
    for (const [x, y] of [
      [0, 0],
      [5, 7],
      [11, 11],
    ]) {
      let sum = 0;
      for (let i = 0; i < 16; i++) sum += hr.data[(y * 4 + (i >> 2)) * SIDE + x * 4 + (i & 3)];
      // Two roundings to 8 bits.
      expect(Math.abs(lr.data[(y * SIDE) / 4 + x] - sum / 16)).toBeLessThan(1.01 / 255);
    }
    const photo = degrade(hr, 4, createRng(2), { ...settings, benchmark: 1 }, 'photo').lr;
    expect(photo.data).not.toEqual(lr.data);
  });

  it('does to the stated share what it says, and reports the damage', () => {
    let clean = 0;
    let damaged = 0;
    const hr = noise();
    const settings = { ...DEFAULT_DEGRADATION, benchmark: 0.5, jpeg: 1 };
    for (let i = 0; i < 200; i++) {
      const { damage } = degrade(hr, 4, createRng(4, i), settings);
      if (damage === 0) clean++;
      else damaged++;
      expect(damage).toBeLessThanOrEqual(damageFromQuality(settings.jpegQuality[0]));
    }
    expect(clean).toBeGreaterThan(75);
    expect(damaged).toBeGreaterThan(75);
  });
});
