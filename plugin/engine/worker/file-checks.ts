/**
 * What browsers do not tell about a picture's file: whether it is complete (they draw half a file and call it
 * success), animated, turned by EXIF, in CMYK or of more than 8 bits. Trusts nothing; any bytes give an answer.
 */

import { iccDescription, isAnimatedPng } from '../../../core/raster/file-facts.js';

export type BrowserFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif';

export interface FileFacts {
  readonly complete: boolean;
  readonly animated: boolean;
  /** EXIF orientation, 1 upright .. 8. */
  readonly orientation: number;
  readonly cmyk: boolean;
  /** Name of the embedded colour profile, if there is one. */
  readonly profile: string | undefined;
  /** Bits per channel where the file says so. */
  readonly bitDepth: number;
}

const PLAIN = {
  complete: true,
  animated: false,
  orientation: 1,
  cmyk: false,
  profile: undefined,
  bitDepth: 8,
};

/** Reads the structure of a file of a known format. */
export function fileFacts(bytes: Uint8Array, format: BrowserFormat): FileFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'png':
      return { ...PLAIN, animated: isAnimatedPng(bytes), orientation: pngOrientation(view) };
    case 'jpeg':
      return jpegFacts(view);
    case 'gif':
      return gifFacts(view);
    case 'webp':
      return webpFacts(view);
    case 'avif':
      return {
        ...PLAIN,
        animated: ascii(view, 8, 4) === 'avis',
        bitDepth: avifDepth(view),
        profile: avifProfile(view),
      };
  }
}

function ascii(view: DataView, at: number, length: number): string {
  let text = '';
  for (let i = at; i < Math.min(view.byteLength, at + length); i++)
    text += String.fromCharCode(view.getUint8(i));
  return text;
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(
    view.buffer,
    view.byteOffset + at,
    Math.max(0, Math.min(length, view.byteLength - at)),
  );
}

/** Orientation (tag 0x0112) of a TIFF header and its first directory, which EXIF is. */
function exifOrientation(view: DataView, start: number): number {
  const little = ascii(view, start, 2) === 'II';
  if (start + 8 > view.byteLength || (!little && ascii(view, start, 2) !== 'MM')) return 1;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= view.byteLength; i++, at += 12) {
    if (view.getUint16(at, little) !== 0x0112) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

function pngOrientation(view: DataView): number {
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (ascii(view, at + 4, 4) === 'eXIf') return exifOrientation(view, at + 8);
  }
  return 1;
}

function jpegFacts(view: DataView): FileFacts {
  const facts = { ...PLAIN, complete: false };
  const profile: Uint8Array[] = [];
  let at = 2;
  while (at + 4 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (marker === 0xe1 && ascii(view, at + 4, 6) === 'Exif\0\0') {
      facts.orientation = exifOrientation(view, at + 10);
    } else if (marker === 0xe2 && ascii(view, at + 4, 12) === 'ICC_PROFILE\0') {
      profile.push(bytesOf(view, at + 18, length - 16));
    } else if (isFrame(marker) && at + 9 < view.byteLength) {
      facts.cmyk = view.getUint8(at + 9) === 4;
      facts.bitDepth = view.getUint8(at + 4);
    } else if (marker === 0xda) {
      facts.complete = endsAfter(view, at + 2 + length);
      break;
    }
    at += 2 + length;
  }
  const name = profile[0] && (iccDescription(profile[0]) ?? 'unnamed');
  return { ...facts, profile: name };
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Whether an end-of-image marker follows; in compressed data its two bytes cannot occur. */
function endsAfter(view: DataView, start: number): boolean {
  for (let at = view.byteLength - 2; at >= start; at--) {
    if (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xd9) return true;
  }
  return false;
}

/** Walks the blocks of a GIF; complete means that the first frame is. */
function gifFacts(view: DataView): FileFacts {
  let frames = 0;
  const colours = (at: number) => (view.getUint8(at) & 0x80 ? 3 * 2 ** ((view.getUint8(at) & 7) + 1) : 0);
  const facts = () => ({ ...PLAIN, complete: frames > 0, animated: frames > 1 });
  try {
    let at = 13 + colours(10);
    while (frames < 2) {
      const kind = view.getUint8(at);
      if (kind === 0x3b) break;
      at += kind === 0x2c ? 11 + colours(at + 9) : 2;
      while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
      at++;
      if (kind === 0x2c) frames++;
    }
  } catch {
    // The file ends in the middle of a block.
  }
  return facts();
}

function webpFacts(view: DataView): FileFacts {
  const complete = view.byteLength >= 8 && view.getUint32(4, true) + 8 <= view.byteLength;
  let { animated, orientation, profile }: FileFacts = PLAIN;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const type = ascii(view, at, 4);
    const length = view.getUint32(at + 4, true);
    if (type === 'ANIM') animated = true;
    else if (type === 'ICCP') profile = profileName(bytesOf(view, at + 8, length));
    else if (type === 'EXIF') {
      orientation = exifOrientation(view, ascii(view, at + 8, 6) === 'Exif\0\0' ? at + 14 : at + 8);
    }
    at += 8 + length + (length & 1);
  }
  return { ...PLAIN, complete, animated, orientation, profile };
}

const profileName = (profile: Uint8Array): string => iccDescription(profile) ?? 'unnamed';

/** Bits per channel from the first `pixi` property. */
function avifDepth(view: DataView): number {
  const at = find(view, 'pixi');
  return at >= 0 && at + 10 <= view.byteLength ? view.getUint8(at + 9) : 8;
}

/** The profile in a `colr` property that holds one. */
function avifProfile(view: DataView): string | undefined {
  const at = find(view, 'colrprof');
  return at < 0 ? undefined : profileName(bytesOf(view, at + 8, view.byteLength));
}

/** Where four or more letters stand near the beginning, where the properties are. */
function find(view: DataView, letters: string): number {
  return ascii(view, 0, 65_536).indexOf(letters);
}
