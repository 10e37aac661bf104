/** Reads the pixels of what the browser has decoded, without the loss of a canvas where there is transparency. */

import { EnlargerError } from '../../../core/errors.js';
import { createRaster, type Raster } from '../../../core/raster/raster.js';

/** Side of what is read at once; every WebGL 2 holds textures of this size. */
const BLOCK_PX = 2048;

/** The pixels of an opaque picture. */
export function readOpaque(bitmap: ImageBitmap): Raster {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw noMemory(width, height);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  canvas.width = canvas.height = 0;
  return { width, height, data };
}

/**
 * The pixels of a picture that was decoded with `premultiplyAlpha: 'none'`, to the bit. A 2D canvas would multiply
 * colour by alpha; a texture keeps both apart.
 */
export function readStraight(bitmap: ImageBitmap): Raster {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2', { antialias: false });
  if (!gl) {
    throw new EnlargerError(
      'input-unsupported',
      'This browser cannot read the transparency of this picture exactly.',
      'Save the picture as PNG.',
    );
  }
  const raster = createRaster(width, height);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  for (let y = 0; y < height; y += BLOCK_PX) {
    for (let x = 0; x < width; x += BLOCK_PX) {
      const columns = Math.min(BLOCK_PX, width - x);
      const rows = Math.min(BLOCK_PX, height - y);
      gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, x);
      gl.pixelStorei(gl.UNPACK_SKIP_ROWS, y);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, columns, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
      gl.framebufferTexture2D(
        gl.FRAMEBUFFER,
        gl.COLOR_ATTACHMENT0,
        gl.TEXTURE_2D,
        gl.getParameter(gl.TEXTURE_BINDING_2D),
        0,
      );
      const block = new Uint8Array(columns * rows * 4);
      gl.readPixels(0, 0, columns, rows, gl.RGBA, gl.UNSIGNED_BYTE, block);
      for (let j = 0; j < rows; j++) {
        raster.data.set(block.subarray(j * columns * 4, (j + 1) * columns * 4), ((y + j) * width + x) * 4);
      }
    }
  }
  const failed = gl.getError() !== gl.NO_ERROR;
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  if (failed) throw noMemory(width, height);
  return raster;
}

function noMemory(width: number, height: number): EnlargerError {
  return new EnlargerError(
    'out-of-memory',
    `The browser cannot hold a picture of ${width} x ${height} pixels.`,
    'Close other programs, or use a smaller picture.',
  );
}
