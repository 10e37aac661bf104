import { findOutline, lineDistance } from '../../../core/raster/outline.js';

describe('lineDistance', () => {
  it('inverts the share of a square that a line leaves', () => {
    for (const degrees of [0, 30, 45, 80]) {
      const [nx, ny] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      for (const distance of [-0.6, -0.4, -0.1, 0, 0.2, 0.45, 0.65]) {
        const fine = 200;
        let hits = 0;
        for (let i = 0; i < fine * fine; i++) {
          const [x, y] = [((i % fine) + 0.5) / fine - 0.5, (Math.floor(i / fine) + 0.5) / fine - 0.5];
          if (x * nx + y * ny + distance > 0) hits++;
        }
        const share = hits / fine ** 2;
        if (share > 0.001 && share < 0.999) expect(lineDistance(nx, ny, share)).toBeCloseTo(distance, 2);
      }
    }
  });
});

describe('findOutline', () => {
  it('finds none in flat and in soft alpha', () => {
    expect(findOutline(new Uint8ClampedArray(100).fill(80), 10, 10)).toBeNull();
    expect(
      findOutline(
        Uint8ClampedArray.from({ length: 100 }, (_, i) => (i % 10) * 25),
        10,
        10,
      ),
    ).toBeNull();
  });

  it('gives signed distances on both sides of an edge, wherever in a pixel it lies', () => {
    for (const share of [0, 0.25, 0.5, 0.75]) {
      const alpha = Uint8ClampedArray.from({ length: 144 }, (_, i) =>
        i % 12 < 6 ? 255 : i % 12 === 6 ? 255 * share : 0,
      );
      const { distance } = findOutline(alpha, 12, 12)!;
      const edge = 5.5 + share;
      for (let x = 5; x <= 7; x++) expect(distance[6 * 12 + x]).toBeCloseTo(edge - x, 1);
      expect(distance[6 * 12 + 2]).toBe(2);
      expect(distance[6 * 12 + 9]).toBe(-2);
    }
  });

  it('knows nothing of pictures of one pixel', () => {
    expect(findOutline(Uint8ClampedArray.of(255), 1, 1)).toBeNull();
    expect(findOutline(Uint8ClampedArray.of(255, 0, 255), 3, 1)).not.toBeNull();
  });
});
