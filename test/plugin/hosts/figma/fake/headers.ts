/** Picture files that are all header: enough for Figma's limits, which go by format and size. */

export interface HeaderSize {
  readonly width: number;
  readonly height: number;
}

/** A PNG's signature and first chunk, bytes that tell it from others of its size, and an empty chunk of pixels. */
export function pngHeader(width: number, height: number, mark = 0, transparent = false): Uint8Array {
  const bytes = new Uint8Array(45);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, transparent ? 6 : 2, 0, 0, 0], 24);
  view.setUint32(29, mark);
  bytes.set([0x49, 0x44, 0x41, 0x54], 37);
  return bytes;
}

/** A JPEG's start and frame header. */
export function jpegHeader(width: number, height: number, mark = 0): Uint8Array {
  return Uint8Array.of(
    ...[0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3],
    ...[1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, mark & 255],
  );
}

/** A WebP's container, which Figma does not take. */
export function webpHeader(): Uint8Array {
  return Uint8Array.from('RIFF\0\0\0\0WEBPVP8 ', (character) => character.charCodeAt(0));
}

/** Size by header: PNG, JPEG or GIF; "other" for what Figma does not take. */
export function pictureSize(bytes: Uint8Array): HeaderSize | 'other' {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47)
    return { width: view.getUint32(16), height: view.getUint32(20) };
  if (bytes.length >= 11 && view.getUint32(0) === 0xffd8ffc0)
    return { width: view.getUint16(9), height: view.getUint16(7) };
  if (bytes.length >= 10 && view.getUint32(0) === 0x47494638)
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  return 'other';
}
