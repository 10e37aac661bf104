import { targetSize } from '../../../core/pipeline/cascade.js';
import { planPicture, type Wish } from '../../../plugin/engine/worker/plan.js';

const photo = { width: 500, height: 300 };
const wish = (more: Partial<Wish> = {}): Wish => ({
  target: { scale: 4 },
  maxSidePx: null,
  beyondLimit: 'clamp',
  ...more,
});

describe('planPicture', () => {
  it('leaves a whole picture alone', () => {
    const plan = planPicture(photo, wish(), 0);
    expect(plan).toEqual({
      window: { x: 0, y: 0, ...photo },
      place: null,
      target: { scale: 4 },
      cut: { x: 0, y: 0, width: 2000, height: 1200 },
      pieces: [{ x: 0, y: 0, width: 2000, height: 1200 }],
      notices: [],
    });
  });

  it('reduces what the editor does not take, and says what it became', () => {
    const plan = planPicture(photo, wish({ maxSidePx: 1000 }), 0);
    expect(plan.target).toEqual({ longSide: 1000 });
    expect(plan.cut).toMatchObject({ width: 1000, height: 600 });
    expect(plan.notices).toEqual([expect.stringContaining('1000 x 600 instead of 2000 x 1200')]);
  });

  it('refuses to reduce a picture that already has the largest size', () => {
    expect(() => planPicture(photo, wish({ maxSidePx: 500 }), 0)).toThrow(
      expect.objectContaining({ code: 'output-too-large' }),
    );
  });

  it('cuts pieces that cover the result exactly once, each within the limit', () => {
    const { pieces, cut } = planPicture(photo, wish({ maxSidePx: 700, beyondLimit: 'pieces' }), 0);
    expect(cut).toMatchObject({ width: 2000, height: 1200 });
    const covered = pieces.reduce((sum, { width, height }) => sum + width * height, 0);
    expect(covered).toBe(2000 * 1200);
    for (const { x, y, width, height } of pieces) {
      expect(Math.max(width, height)).toBeLessThanOrEqual(700);
      expect(x + width <= 2000 && y + height <= 1200).toBe(true);
    }
    expect(new Set(pieces.map(({ x, y }) => `${x} ${y}`)).size).toBe(6);
  });

  it.each([{ scale: 2 }, { scale: 3.3 }, { width: 777 }])(
    'enlarges a part with what is around it, on the latent grid, for %p',
    (target) => {
      const crop = { x: 101, y: 53, width: 120, height: 90 };
      const { window, place, cut } = planPicture(photo, wish({ target, crop }), 40);
      expect([window.x % 8, window.y % 8]).toEqual([0, 0]);
      expect(place).toMatchObject({ x: window.x, y: window.y });
      expect(window.x).toBeLessThanOrEqual(crop.x - 40);
      expect(window.x + window.width).toBeGreaterThanOrEqual(crop.x + crop.width + 40);
      expect(window.y).toBeGreaterThanOrEqual(0);
      const size = targetSize(photo, target);
      expect(Math.abs(cut.width - (120 * size.width) / 500)).toBeLessThanOrEqual(1);
      expect(Math.abs(cut.x - ((crop.x - window.x) * size.width) / 500)).toBeLessThanOrEqual(0.51);
    },
  );

  it('refuses a part that reaches beyond the picture', () => {
    const crop = { x: 450, y: 0, width: 51, height: 10 };
    expect(() => planPicture(photo, wish({ crop }), 8)).toThrow(
      expect.objectContaining({ code: 'option-invalid' }),
    );
  });

  it('goes around the edge of a picture that repeats, by a margin that becomes whole pixels', () => {
    const plan = planPicture({ width: 64, height: 64 }, wish({ target: { scale: 1.5 }, tiles: true }), 37);
    expect(plan.window.x).toBeLessThanOrEqual(-37);
    expect(plan.window.x + plan.window.width).toBeGreaterThanOrEqual(64 + 37);
    expect((plan.window.x * 1.5) % 1).toBeCloseTo(0);
    expect(plan.cut).toEqual({ x: -plan.window.x * 1.5, y: -plan.window.y * 1.5, width: 96, height: 96 });
    expect(plan.place?.repeats).toEqual({ width: 64, height: 64 });
  });
});
