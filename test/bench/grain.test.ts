import { addedGrain } from '../../bench/grain.js';
import { addNoise, blur } from '../../bench/perceptual/distortions.js';
import { createRaster, type Raster } from '../../core/raster/raster.js';

/** Flat on the left, a coarse checkerboard on the right. */
function original(): Raster {
  const picture = createRaster(128, 64, [120, 120, 120, 255]);
  for (let y = 0, i = 0; y < 64; y++)
    for (let x = 0; x < 128; x++, i += 4)
      if (x >= 64) picture.data.fill(((x >> 1) ^ (y >> 1)) & 1 ? 200 : 40, i, i + 3);
  return picture;
}

it('there is no added grain in the original, nor in what is smoother', () => {
  expect(addedGrain(original(), original())).toBe(0);
  const grainy = addNoise(original(), 2);
  expect(addedGrain(blur(grainy, 1), grainy)).toBe(0);
});

it('measures noise on flat places only, and grows with it', () => {
  const grain = (sigma: number) => addedGrain(addNoise(original(), sigma), original())!;
  // Independent noise in three channels: luma has 0.66 of it, the neighbours' mean adds an eighth to its square.
  expect(grain(6)).toBeGreaterThan(6 * 0.6);
  expect(grain(6)).toBeLessThan(6 * 0.75);
  expect(grain(12)).toBeGreaterThan(1.8 * grain(6));
});

it('counts only what goes beyond the grain that was there', () => {
  const grainy = addNoise(original(), 2);
  expect(addedGrain(grainy, grainy)).toBe(0);
  expect(addedGrain(addNoise(grainy, 6), grainy)!).toBeGreaterThan(3);
});

it('has no answer where nothing is flat', () => {
  const busy = createRaster(16, 16, [0, 0, 0, 255]);
  for (let i = 0; i < busy.data.length; i += 4) busy.data.fill((i / 4) % 2 ? 255 : 0, i, i + 3);
  expect(addedGrain(busy, busy)).toBeUndefined();
});
