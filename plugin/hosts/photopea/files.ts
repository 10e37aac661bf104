/** Picture files on their way into and out of Photopea. */

import type { PictureFile } from '../../host.js';

/** A multiple of three, so that parts of base64 join without padding between them. */
const CHUNK = 0x6000;

/** The file as a data URI, which Photopea opens without a network. */
export function toDataUri({ bytes, format }: PictureFile): string {
  let base64 = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    base64 += btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  }
  return `data:image/${format};base64,${base64}`;
}

/** Width and height from a PNG's header, or null for anything else. */
export function pngSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | null {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (bytes.length < 24 || signature.some((byte, i) => bytes[i] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
