import { localRange } from '../../bench/local-range.js';

describe('localRange', () => {
  it('gives what looking at every window gives', () => {
    const [width, height, reach] = [13, 9, 3];
    const samples = Float32Array.from({ length: width * height }, (_, i) => (i * 7919) % 101);
    const { low, high } = localRange(samples, width, height, reach);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const seen: number[] = [];
        for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++)
          for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++)
            seen.push(samples[v * width + u]);
        expect(low[y * width + x]).toBe(Math.min(...seen));
        expect(high[y * width + x]).toBe(Math.max(...seen));
      }
  });
});
