import fc from 'fast-check';
import { detailTableFault, noiseForDetail } from '../../../core/flow/detail.js';
import { noiseLevel } from '../../../core/flow/noise.js';

const table = [
  { detail: 0, noiseStep: 0 },
  { detail: 0.5, noiseStep: 120 },
  { detail: 1, noiseStep: 400 },
];

describe('noiseForDetail', () => {
  it('adds no noise at all at detail 0', () => {
    expect(noiseForDetail(0, table)).toEqual({ noiseStep: 0, signal: 1, sigma: 0 });
  });

  it('meets the knots and runs straight between them', () => {
    expect(noiseForDetail(0.5, table)).toEqual({ noiseStep: 120, ...noiseLevel(120) });
    expect(noiseForDetail(1, table).noiseStep).toBe(400);
    expect(noiseForDetail(0.25, table).noiseStep).toBeCloseTo(60, 12);
    expect(noiseForDetail(0.75, table).noiseStep).toBeCloseTo(260, 12);
  });

  it('never falls with detail', () => {
    const detail = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(detail, detail, (one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(noiseForDetail(high, table).sigma).toBeGreaterThanOrEqual(noiseForDetail(low, table).sigma);
      }),
    );
  });

  it('refuses a detail out of range', () => {
    for (const detail of [-0.1, 1.1, Number.NaN]) {
      expect(() => noiseForDetail(detail, table)).toThrow(
        expect.objectContaining({ code: 'option-invalid' }),
      );
    }
  });

  it.each([
    ['too short', [{ detail: 0, noiseStep: 0 }]],
    [
      'noise at detail 0',
      [
        { detail: 0, noiseStep: 5 },
        { detail: 1, noiseStep: 9 },
      ],
    ],
    [
      'no end',
      [
        { detail: 0, noiseStep: 0 },
        { detail: 0.9, noiseStep: 9 },
      ],
    ],
    ['detail repeated', [table[0], table[1], table[1], table[2]]],
    ['falling noise', [table[0], { detail: 0.5, noiseStep: 500 }, table[2]]],
    ['beyond the schedule', [table[0], { detail: 1, noiseStep: 1001 }]],
  ])('refuses a faulty table: %s', (_, faulty) => {
    expect(detailTableFault(faulty)).toMatch(/\.$/);
    expect(() => noiseForDetail(0.5, faulty)).toThrow(expect.objectContaining({ code: 'pack-invalid' }));
  });

  it('finds no fault in a good table', () => {
    expect(detailTableFault(table)).toBeUndefined();
  });
});
