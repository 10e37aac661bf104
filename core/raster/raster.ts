/** The two picture types of the project: 8-bit RGBA for hosts and files, float planes for mathematics. */

/** A picture: 8-bit sRGB, RGBA interleaved, straight (not premultiplied) alpha, row 0 at the top. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** `width * height * 4` bytes. */
  readonly data: Uint8ClampedArray;
}

/** Float samples in planar order, `data[(c * height + y) * width + x]`; colour is nominally in 0..1. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** A rectangle in pixels; `x` and `y` are its top left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A raster of the given size, transparent black or filled with one RGBA colour (0..255 each). */
export function createRaster(
  width: number,
  height: number,
  fill?: readonly [number, number, number, number],
): Raster {
  const data = new Uint8ClampedArray(width * height * 4);
  if (fill) for (let i = 0; i < data.length; i++) data[i] = fill[i & 3];
  return { width, height, data };
}

/** Zero-filled planes. */
export function createPlanes(width: number, height: number, channels: number): Planes {
  return { width, height, channels, data: new Float32Array(width * height * channels) };
}

/** A copy of a rectangle that lies inside the raster. */
export function cropRaster(raster: Raster, { x, y, width, height }: Rect): Raster {
  const crop = createRaster(width, height);
  for (let j = 0; j < height; j++) {
    const from = ((y + j) * raster.width + x) * 4;
    crop.data.set(raster.data.subarray(from, from + width * 4), j * width * 4);
  }
  return crop;
}
