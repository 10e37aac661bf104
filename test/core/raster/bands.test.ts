import { alphaEnlarger, enlargeAlpha } from '../../../core/raster/alpha.js';
import { cropPlanes, toPlanes } from '../../../core/raster/planes.js';
import { resizePlanes, sourceRows } from '../../../core/raster/resample.js';
import { testPicture } from '../pipeline/fake-stage.js';

const picture = testPicture(23, 31, true);

describe('pictures in bands', () => {
  it.each([
    [50, 77],
    [17, 9],
    [23, 31],
  ])('resamples to %p x %p from the rows that are needed', (width, height) => {
    const planes = toPlanes(picture);
    const whole = resizePlanes(planes, width, height);
    for (let y = 0; y < height; y += 4) {
      const rows = Math.min(4, height - y);
      const { begin, end } = sourceRows(31, height, y, rows);
      const band = cropPlanes(planes, 0, begin, 23, end - begin);
      const window = { x: 0, y, width, height: rows };
      const made = resizePlanes(band, width, height, { window, band: { y: begin, height: 31 } });
      expect(made).toEqual(cropPlanes(whole, 0, y, width, rows));
    }
  });

  it('refuses a band that lacks rows', () => {
    const band = cropPlanes(toPlanes(picture), 0, 5, 23, 3);
    const options = { window: { x: 0, y: 8, width: 46, height: 4 }, band: { y: 5, height: 31 } };
    expect(() => resizePlanes(band, 46, 62, options)).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  it.each([
    [60, 90],
    [20, 20],
  ])('enlarges alpha to %p x %p as from the whole', (width, height) => {
    const alpha = picture.data.filter((_, i) => i % 4 === 3);
    const whole = enlargeAlpha(alpha, 23, 31, width, height);
    const enlarge = alphaEnlarger(alpha, 23, 31, width, height);
    const made: number[] = [];
    for (let y = 0; y < height; y += 7) made.push(...enlarge(y, Math.min(7, height - y)));
    expect(Uint8ClampedArray.from(made)).toEqual(whole);
  });
});
