/**
 * What becomes of a layer that its enlarged picture lies over. Where anything of it would show through (soft edges,
 * shadows, transparency), both together look heavier than either, so it is hidden; nothing is ever removed.
 */

import type { EnlargedPicture, PictureFile } from './host.js';

/**
 * `covered`: nothing of it can be seen, so it stays as it was. `hidden`: as by its eye in the list of layers. `clear`: at
 * opacity 0, where hiding would move others. `shown`: it shows through, since the editor does not let it be hidden.
 */
export type Beneath = 'covered' | 'hidden' | 'clear' | 'shown';

/** What a person should know about the layer beneath, as a sentence. */
export function beneathNotice(name: string, beneath: Beneath): string {
  switch (beneath) {
    case 'covered':
      return `“${name}” is still there beneath its picture, which covers it.`;
    case 'hidden':
      return `“${name}” is still there beneath its picture, hidden because it would show through.`;
    case 'clear':
      return `“${name}” is still there beneath its picture, at opacity 0: it would show through, and hiding it would move its neighbours.`;
    case 'shown':
      return `“${name}” shows through its picture, because hiding it would change more than itself.`;
  }
}

/** Whether a picture may let through what lies beneath it, by what its file says. */
export function isSeeThrough({ pieces }: EnlargedPicture): boolean {
  return pieces.some(mayBeTransparent);
}

const PNG_GREY_ALPHA = 4;
const PNG_RGBA = 6;
/** Signature, length and name of the first chunk, two sides, bit depth. */
const PNG_COLOUR_AT = 25;
const FIRST_CHUNK_AT = 8;

function mayBeTransparent({ bytes, format }: PictureFile): boolean {
  if (format === 'jpeg') return false;
  if (format === 'webp') return textAt(bytes, 12) !== 'VP8 ';
  if (format === 'gif') return true;
  const colour = bytes[PNG_COLOUR_AT];
  if (colour === PNG_GREY_ALPHA || colour === PNG_RGBA) return true;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = FIRST_CHUNK_AT; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = textAt(bytes, at + 4);
    if (name === 'tRNS') return true;
    if (name === 'IDAT') return false;
  }
  return true;
}

const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
