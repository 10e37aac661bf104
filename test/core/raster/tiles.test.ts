import fc from 'fast-check';
import type { Rect } from '../../../core/raster/raster.js';
import { planTiles } from '../../../core/raster/tiles.js';

const contains = (outer: Rect, inner: Rect): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

const plans = fc
  .record({
    columns: fc.integer({ min: 1, max: 30 }),
    rows: fc.integer({ min: 1, max: 30 }),
    tilePx: fc.integer({ min: 5, max: 100 }),
    haloPx: fc.integer({ min: 0, max: 30 }),
    alignPx: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ columns, rows, ...rest }) => ({
    width: columns * rest.alignPx,
    height: rows * rest.alignPx,
    ...rest,
  }));

describe('planTiles', () => {
  it('covers every pixel exactly once', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const hits = new Uint8Array(plan.width * plan.height);
        for (const { core } of planTiles(plan)) {
          for (let y = core.y; y < core.y + core.height; y++) {
            for (let x = core.x; x < core.x + core.width; x++) hits[y * plan.width + x]++;
          }
        }
        expect(hits.every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it('keeps everything aligned, inside the picture, no larger than asked and nearly equal', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const picture = { x: 0, y: 0, width: plan.width, height: plan.height };
        const tiles = planTiles(plan);
        for (const { core, window } of tiles) {
          const values = [...Object.values(core), ...Object.values(window)];
          expect(values.every((value) => value % plan.alignPx === 0)).toBe(true);
          expect(contains(window, core) && contains(picture, window)).toBe(true);
          expect(Math.max(core.width, core.height)).toBeLessThanOrEqual(Math.max(plan.tilePx, plan.alignPx));
        }
        for (const side of ['width', 'height'] as const) {
          const sizes = tiles.map(({ core }) => core[side]);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(plan.alignPx);
        }
      }),
    );
  });

  it('gives every core its halo except where the picture ends', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        for (const { core, window } of planTiles(plan)) {
          expect(window.x === 0 || core.x - window.x >= plan.haloPx).toBe(true);
          expect(window.y === 0 || core.y - window.y >= plan.haloPx).toBe(true);
          const right = window.x + window.width;
          const bottom = window.y + window.height;
          expect(right === plan.width || right - core.x - core.width >= plan.haloPx).toBe(true);
          expect(bottom === plan.height || bottom - core.y - core.height >= plan.haloPx).toBe(true);
        }
      }),
    );
  });

  it('cuts 1000 pixels into two halves rather than 992 and a sliver', () => {
    const tiles = planTiles({ width: 1000, height: 8, tilePx: 992, haloPx: 0, alignPx: 8 });
    expect(tiles.map(({ core }) => core.width)).toEqual([504, 496]);
  });

  it('refuses sizes that are not multiples, and nonsense', () => {
    const good = { width: 16, height: 16, tilePx: 8, haloPx: 0, alignPx: 8 };
    for (const bad of [
      { width: 15 },
      { height: 0 },
      { tilePx: 0 },
      { haloPx: -1 },
      { haloPx: Number.NaN },
      { alignPx: 1.5 },
    ]) {
      expect(() => planTiles({ ...good, ...bad })).toThrow(
        expect.objectContaining({ code: 'option-invalid' }),
      );
    }
  });
});
