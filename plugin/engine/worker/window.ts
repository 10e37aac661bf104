/** Cuts windows out of pictures and results: around the edge of one that repeats, and row by row of one being made. */

import type { Raster, Rect } from '../../../core/raster/raster.js';
import { createRaster, cropRaster } from '../../../core/raster/raster.js';

/** The pixels of a window; beyond the picture's edges it starts again. */
export function wrappedWindow(picture: Raster, window: Rect): Raster {
  const { width, height } = picture;
  const out = createRaster(window.width, window.height);
  const source = new Uint32Array(picture.data.buffer, picture.data.byteOffset, width * height);
  const target = new Uint32Array(out.data.buffer);
  const wrap = (value: number, period: number) => ((value % period) + period) % period;
  for (let y = 0, to = 0; y < window.height; y++) {
    const row = wrap(window.y + y, height) * width;
    for (let x = 0; x < window.width; x++) target[to++] = source[row + wrap(window.x + x, width)];
  }
  return out;
}

/** The part of a strip (whose first row is row `y` of its picture) inside a rectangle, or null. */
export function cutStrip(strip: Raster, y: number, rect: Rect): Raster | null {
  const top = Math.max(0, rect.y - y);
  const bottom = Math.min(strip.height, rect.y + rect.height - y);
  if (bottom <= top) return null;
  if (rect.x === 0 && rect.width === strip.width && top === 0 && bottom === strip.height) return strip;
  return cropRaster(strip, { x: rect.x, y: top, width: rect.width, height: bottom - top });
}
