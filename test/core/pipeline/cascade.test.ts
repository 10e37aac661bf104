import fc from 'fast-check';
import { MAX_SCALE, planCascade, type Target, targetSize } from '../../../core/pipeline/cascade.js';

const factorsOf = (scale: number, factors: readonly (2 | 4)[] = [2, 4]) =>
  planCascade({ width: 100, height: 60 }, { scale }, factors).stages.map(({ factor }) => factor);

describe('planCascade', () => {
  it.each([
    [1, []],
    [1.5, [2]],
    [2, [2]],
    [3, [4]],
    [4, [4]],
    [6, [4, 2]],
    [8, [4, 2]],
    [9, [4, 4]],
    [16, [4, 4]],
  ])('reaches %p times with stages %p', (scale, stages) => {
    expect(factorsOf(scale)).toEqual(stages);
  });

  it('makes do with one factor', () => {
    expect(factorsOf(16, [2])).toEqual([2, 2, 2, 2]);
    expect(factorsOf(1.2, [4])).toEqual([4]);
    expect(factorsOf(16, [4])).toEqual([4, 4]);
    expect(factorsOf(1, [])).toEqual([]);
    expect(() => factorsOf(2, [])).toThrow(expect.objectContaining({ code: 'pack-invalid' }));
  });

  it('resamples exactly when the stages overshoot', () => {
    expect(planCascade({ width: 100, height: 60 }, { scale: 4 }, [2, 4])).toEqual({
      width: 400,
      height: 240,
      stages: [{ factor: 4, width: 400, height: 240 }],
      resample: false,
    });
    expect(planCascade({ width: 100, height: 60 }, { scale: 3 }, [2, 4]).resample).toBe(true);
  });

  it('never falls short and overshoots less than twofold', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 5000 }),
      height: fc.integer({ min: 1, max: 5000 }),
    });
    fc.assert(
      fc.property(sizes, fc.double({ min: 1, max: MAX_SCALE, noNaN: true }), (input, scale) => {
        const { stages, resample, ...size } = planCascade(input, { scale }, [2, 4]);
        const last = stages.at(-1) ?? input;
        expect(last.width).toBeGreaterThanOrEqual(size.width);
        expect(last.height).toBeGreaterThanOrEqual(size.height);
        expect(resample).toBe(last.width !== size.width || last.height !== size.height);
        const product = last.width / input.width;
        expect(product).toBe(last.height / input.height);
        // One stage less would not do on at least one side.
        if (product > 1) {
          expect(input.width * (product / 2) < size.width || input.height * (product / 2) < size.height).toBe(
            true,
          );
        }
      }),
    );
  });
});

describe('targetSize', () => {
  const tall = { width: 37, height: 1013 };

  it.each<[Target, number, number]>([
    [{ scale: 4 }, 148, 4052],
    [{ scale: 1.5 }, 56, 1520],
    [{ width: 148 }, 148, 4052],
    [{ height: 4052 }, 148, 4052],
    [{ longSide: 2000 }, 73, 2000],
    [{ shortSide: 100 }, 100, 2738],
    [{ width: 37 }, 37, 1013],
  ])('%p makes 37 x 1013 into %p x %p', (target, width, height) => {
    expect(targetSize(tall, target)).toEqual({ width, height });
  });

  it('keeps the aspect to the nearest pixel', () => {
    const side = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(side, side, fc.double({ min: 1, max: 16, noNaN: true }), (width, height, scale) => {
        const wanted = Math.max(1, Math.round(width * scale));
        fc.pre(wanted <= width * 16);
        const size = targetSize({ width, height }, { width: wanted });
        expect(size.width).toBe(wanted);
        expect(Math.abs(size.height - (height * wanted) / width)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it.each<[Target, RegExp]>([
    [{ scale: 0.5 }, /1 to 16/],
    [{ scale: 16.01 }, /1 to 16/],
    [{ scale: Number.NaN }, /1 to 16/],
    [{ width: 36 }, /already larger than 36/],
    [{ longSide: 1000 }, /1013 pixels long/],
    [{ shortSide: 37 * 16 + 1 }, /more than 16 times/],
    [{ height: 2000.5 }, /2000\.5/],
    [{ width: 0 }, /0 pixels/],
  ])('refuses %p', (target, message) => {
    expect(() => targetSize(tall, target)).toThrow(
      expect.objectContaining({ code: 'option-invalid', message: expect.stringMatching(message) }),
    );
  });
});
