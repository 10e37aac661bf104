/** Stored pictures of the fake: taken by their headers, within Figma's limits, found again by a hash of their bytes. */

import type { Image, PluginAPI } from '@figma/plugin-typings/plugin-api-standalone.js';
import { pictureSize } from './headers.js';

const MAX_SIDE_PX = 4096;

export interface StoredImage {
  readonly hash: string;
  readonly bytes: Uint8Array;
  /** In the document, but its file does not load. */
  readonly broken: boolean;
}

export class ImageStore {
  readonly stored = new Map<string, StoredImage>();
  /** Reads of original files, by hash. */
  readonly reads: string[] = [];

  readonly createImage: PluginAPI['createImage'] = (bytes) => {
    if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
      throw new Error('in createImage: Expected Uint8Array');
    const size = pictureSize(bytes);
    if (size === 'other') throw new Error('Image type is unsupported');
    if (size.width < 1 || size.height < 1) throw new Error('Image is too small');
    if (size.width > MAX_SIDE_PX || size.height > MAX_SIDE_PX) throw new Error('Image is too large');
    const hash = hashOf(bytes);
    this.stored.set(hash, { hash, bytes: bytes.slice(), broken: false });
    return this.image(hash);
  };

  readonly getImageByHash: PluginAPI['getImageByHash'] = (hash) =>
    this.stored.has(hash) ? this.image(hash) : null;

  private image(hash: string): Image {
    const load = async (): Promise<Uint8Array> => {
      const stored = this.stored.get(hash);
      if (!stored || stored.broken) throw new Error('Unable to load image');
      return stored.bytes.slice();
    };
    return {
      hash,
      getBytesAsync: async () => {
        this.reads.push(hash);
        return load();
      },
      getSizeAsync: async () => {
        const size = pictureSize(await load());
        if (size === 'other') throw new Error('Unable to load image');
        return size;
      },
    };
  }
}

/** Forty hexadecimal digits, as Figma's hashes have; FNV-1a over the bytes with five starts. */
function hashOf(bytes: Uint8Array): string {
  let hash = '';
  for (let round = 0; round < 5; round++) {
    let state = (0x811c9dc5 + round) >>> 0;
    for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
    hash += state.toString(16).padStart(8, '0');
  }
  return hash;
}
