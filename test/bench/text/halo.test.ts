import { halo } from '../../../bench/text/halo.js';
import { createRaster, type Raster } from '../../../core/raster/raster.js';
import { resizeRaster } from '../../../core/raster/resample.js';

const grey = (width: number, height: number, level: (x: number, y: number) => number): Raster => {
  const picture = createRaster(width, height, [0, 0, 0, 255]);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 4) picture.data.fill(level(x, y), i, i + 3);
  return picture;
};

describe('halo', () => {
  const scale = 4;
  const exact = grey(96, 64, (x) => (x < 48 ? 60 : 200));
  const small = grey(24, 16, (x) => (x < 12 ? 60 : 200));

  it('finds none in the exact picture', () => {
    const { share, pixels } = halo(exact, exact, { scale });
    expect(share).toBe(0);
    // Three low-resolution pixels on either side, in every row; the edge's own pixel counts as no flat one.
    expect(pixels).toBe(2 * 3 * scale * 64);
  });

  it('finds none in a blurred edge, whatever its width', () => {
    const blurred = grey(96, 64, (x) => 60 + 140 * Math.min(1, Math.max(0, (x - 32) / 32)));
    expect(halo(blurred, exact, { scale }).share).toBe(0);
  });

  it('finds a ring of the height and width that it has', () => {
    // Two columns on each side, twelve pixels from the edge: one low-resolution pixel away and further.
    const ringed = grey(96, 64, (x) =>
      x >= 36 && x < 38 ? 45 : x >= 58 && x < 60 ? 215 : x < 48 ? 60 : 200,
    );
    expect(halo(ringed, exact, { scale }).share).toBeCloseTo(4 / 24);
    expect(halo(ringed, exact, { scale, threshold: 20 }).share).toBe(0);
  });

  it('does not count what stays within one low-resolution pixel of the edge', () => {
    const close = grey(96, 64, (x) => (x >= 44 && x < 48 ? 30 : x < 48 ? 60 : 200));
    expect(halo(close, exact, { scale }).share).toBe(0);
  });

  it('tells Lanczos from bicubic from linear', () => {
    const share = (kernel: 'linear' | 'cubic' | 'lanczos3') =>
      halo(resizeRaster(small, 96, 64, { kernel }), exact, { scale, threshold: 2 }).share;
    expect(share('linear')).toBe(0);
    expect(share('lanczos3')).toBeGreaterThan(share('cubic'));
  });
});
