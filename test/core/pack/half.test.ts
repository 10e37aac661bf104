import fc from 'fast-check';
import { fromHalf, toHalf } from '../../../core/pack/half.js';

const half = (value: number) => toHalf(Float32Array.of(value))[0];

describe('half precision', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -24, 0x03ff],
    [2 ** -24, 0x0001],
    [-(2 ** -24), 0x8001],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [1 / 3, 0x3555],
  ])('%d is %d', (value, pattern) => {
    expect(half(value)).toBe(pattern);
  });

  it('rounds ties to even, among normals and subnormals', () => {
    expect(half(1 + 2 ** -11)).toBe(0x3c00);
    expect(half(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(half(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
    expect(half(2 - 2 ** -11)).toBe(0x4000);
    expect(half(2 ** -25)).toBe(0x0000);
    expect(half(2 ** -25 + 2 ** -40)).toBe(0x0001);
    expect(half(3 * 2 ** -25)).toBe(0x0002);
    expect(half(2 ** -14 - 2 ** -25)).toBe(0x0400);
    expect(half(2 ** -26)).toBe(0x0000);
    expect(half(2 ** -149)).toBe(0x0000);
  });

  it('flags what becomes infinite, and only that', () => {
    const overflows: number[] = [];
    const values = Float32Array.of(65519.996, 65520, -1e30, Number.POSITIVE_INFINITY, Number.NaN);
    const halves = toHalf(values, (index) => overflows.push(index));
    expect([...halves]).toEqual([0x7bff, 0x7c00, 0xfc00, 0x7c00, 0x7e00]);
    expect(overflows).toEqual([1, 2]);
  });

  it('gives every one of the 65536 patterns back', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const values = fromHalf(all);
    const again = toHalf(values);
    for (let i = 0; i < 65536; i++) {
      if (Number.isNaN(values[i])) expect(i & 0x7fff).toBeGreaterThan(0x7c00);
      else if (again[i] !== i) throw new Error(`${i} came back as ${again[i]}`);
    }
  });

  it('never misses the nearest neighbour', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        const pattern = half(value);
        const at = (p: number) => fromHalf(Uint16Array.of(p))[0];
        const error = Math.abs(at(pattern) - value);
        const magnitude = pattern & 0x7fff;
        if (magnitude < 0x7bff) expect(Math.abs(at(pattern + 1) - value)).toBeGreaterThanOrEqual(error);
        if (magnitude > 0) expect(Math.abs(at(pattern - 1) - value)).toBeGreaterThanOrEqual(error);
      }),
      { numRuns: 2000 },
    );
  });
});
