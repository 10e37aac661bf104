/** Turns pictures upright as their EXIF orientation asks. */

import { createRaster, type Raster } from './raster.js';

/**
 * The picture as EXIF orientation 1 (upright, returned as it is) to 8 wants it shown; 5 to 8 swap the sides.
 */
export function orientRaster(raster: Raster, orientation: number): Raster {
  if (orientation <= 1 || orientation > 8) return raster;
  const { width, height } = raster;
  const turned = orientation >= 5;
  const out = turned ? createRaster(height, width) : createRaster(width, height);
  const source = new Uint32Array(raster.data.buffer, raster.data.byteOffset, width * height);
  const target = new Uint32Array(out.data.buffer);
  const flipX = [2, 3, 7, 8].includes(orientation);
  const flipY = [3, 4, 6, 7].includes(orientation);
  for (let y = 0, to = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++, to++) {
      const [u, v] = turned ? [y, x] : [x, y];
      target[to] = source[(flipY ? height - 1 - v : v) * width + (flipX ? width - 1 - u : u)];
    }
  }
  return out;
}
