import {
  type FloatPicture,
  isFloatPicture,
  resizeFloatPicture,
  splitFloatPicture,
  toRaster,
} from '../../../core/raster/float-picture.js';
import { createPlanes, createRaster } from '../../../core/raster/raster.js';

/** Red where visible, green (meaningless) where not: alpha rises from left to right. */
function badge(width: number, height: number, alphaAt: (x: number) => number): FloatPicture {
  const colour = createPlanes(width, height, 3);
  const alpha = createPlanes(width, height, 1);
  for (let i = 0; i < width * height; i++) {
    const x = i % width;
    alpha.data[i] = alphaAt(x);
    colour.data[i] = alphaAt(x) > 0.01 ? 0.8 : 0;
    colour.data[width * height + i] = alphaAt(x) > 0.01 ? 0.2 : 1;
  }
  return { width, height, colour, alpha };
}

describe('float pictures', () => {
  it('are told apart from rasters', () => {
    expect(isFloatPicture(badge(2, 2, () => 1))).toBe(true);
    expect(isFloatPicture(createRaster(2, 2))).toBe(false);
  });

  it('have alpha next to 0 and 1 put exactly there, and soft alpha left alone', () => {
    const { alpha } = splitFloatPicture(badge(4, 1, (x) => [-0.3, 0.005, 0.4321, 0.995][x]));
    expect([...alpha!]).toEqual([0, 0, expect.closeTo(0.4321 * 255, 4), 255]);
  });

  it('are opaque when alpha is 1 everywhere', () => {
    expect(splitFloatPicture(badge(3, 3, () => 1.02)).alpha).toBeNull();
    expect(splitFloatPicture({ ...badge(3, 3, () => 0), alpha: null }).alpha).toBeNull();
  });

  it('show no colour from under transparent pixels', () => {
    const picture = badge(12, 4, (x) => (x < 6 ? 0 : 1));
    const { colour } = splitFloatPicture(picture);
    for (let i = 0; i < 48; i++) {
      expect(colour.data[i]).toBeCloseTo(0.8, 5);
      expect(colour.data[48 + i]).toBeCloseTo(0.2, 5);
    }
    const small = toRaster(resizeFloatPicture(picture, 4, 1));
    for (let i = 0; i < small.data.length; i += 4) {
      if (small.data[i + 3] > 0) expect([...small.data.subarray(i, i + 3)]).toEqual([204, 51, 0]);
    }
  });

  it('are clipped and rounded only when they become 8 bits', () => {
    const colour = createPlanes(2, 1, 3);
    colour.data.set([1.5, -1, 0.5004, 0.4996, 0.2, 0.8]);
    const picture = { width: 2, height: 1, colour, alpha: null };
    expect([...splitFloatPicture(picture).colour.data]).toEqual([1, 0, ...colour.data.slice(2)]);
    expect([...toRaster(picture).data]).toEqual([255, 128, 51, 255, 0, 127, 204, 255]);
  });

  it('need colour and alpha of one size', () => {
    const picture = { ...badge(4, 4, () => 1), alpha: createPlanes(3, 3, 1) };
    expect(() => splitFloatPicture(picture)).toThrow(/different sizes/);
  });
});
