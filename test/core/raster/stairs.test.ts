import fc from 'fast-check';
import { smoothStairs } from '../../../core/raster/stairs.js';

const grid = (rows: readonly string[]): Float32Array =>
  Float32Array.from(rows.flatMap((row) => [...row].map((c) => (c === '#' ? 1 : 0))));
const smoothed = (rows: readonly string[]): Float32Array => {
  const coverage = grid(rows);
  smoothStairs(coverage, rows[0].length, rows.length);
  return coverage;
};

describe('smoothStairs', () => {
  it('turns even stairs into the line through the middles of their steps', () => {
    const tall = Array.from({ length: 9 }, (_, y) =>
      Array.from({ length: 24 }, (_v, x) => (y >= 7 - Math.floor((x + 2) / 4) ? '#' : '.')).join(''),
    );
    const coverage = smoothed(tall);
    // In the middle of the picture every column holds as much as the slope of 1 in 4 says.
    for (let x = 8; x < 15; x++) {
      const sum = Array.from({ length: 9 }, (_, y) => coverage[y * 24 + x]).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(2 + (x + 2.5) / 4 - 0.5, 5);
    }
  });

  it('leaves boxes, and tabs and notches of a box, as they are', () => {
    const rows = [
      '................',
      '.....#####......',
      '.##############.',
      '.##############.',
      '.#####...######.',
      '................',
    ];
    expect(smoothed(rows)).toEqual(grid(rows));
  });

  it('leaves everything that is not hard alone', () => {
    const soft = Float32Array.from({ length: 64 }, (_, i) => (i % 8) / 8 + 0.05);
    const copy = soft.slice();
    smoothStairs(soft, 8, 8);
    expect(soft).toEqual(copy);
  });

  it('never leaves 0..1 and moves no pixel by more than one half', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), (bits) => {
        const hard = Float32Array.from(bits, Number);
        const coverage = hard.slice();
        smoothStairs(coverage, 8, 8);
        expect(Math.min(...coverage)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...coverage)).toBeLessThanOrEqual(1);
        expect(Math.max(...coverage.map((c, i) => Math.abs(c - hard[i])))).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});
