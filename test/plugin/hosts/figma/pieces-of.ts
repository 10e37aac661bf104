/** Results as the engine gives them, all header: what the tests of the Figma host put into the fake. */

import type { EnlargedPicture, ImageFormat } from '../../../../plugin/host.js';
import { jpegHeader, pngHeader } from './fake/headers.js';

let marks = 0;

/** A picture in one piece that lets through what lies beneath it. */
export function seeThrough(width: number, height: number): EnlargedPicture {
  marks += 1;
  const bytes = pngHeader(width, height, marks, true);
  return { width, height, pieces: [{ x: 0, y: 0, width, height, bytes, format: 'png' }] };
}

/** A picture in one piece. */
export function whole(width: number, height: number, format: ImageFormat = 'png'): EnlargedPicture {
  marks += 1;
  const bytes = format === 'jpeg' ? jpegHeader(width, height, marks) : pngHeader(width, height, marks);
  return { width, height, pieces: [{ x: 0, y: 0, width, height, bytes, format }] };
}

/** A picture cut into columns of at most `most` pixels. */
export function columns(width: number, height: number, most: number, transparent = false): EnlargedPicture {
  const starts = Array.from({ length: Math.ceil(width / most) }, (_, index) => index * most);
  return {
    width,
    height,
    pieces: starts.map((x) => {
      marks += 1;
      const wide = Math.min(most, width - x);
      return {
        x,
        y: 0,
        width: wide,
        height,
        bytes: pngHeader(wide, height, marks, transparent),
        format: 'png',
      };
    }),
  };
}
