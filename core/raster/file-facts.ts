/**
 * What the bytes of an image file say without decoding it: its format, the name of its colour profile,
 * the quality a JPEG was saved with. Trusts nothing: any bytes give an answer or undefined, never an error.
 */
import { luminanceStep, ZIGZAG } from './jpeg-tables.js';

/** Formats told apart by their first bytes, readable or not. */
export type SniffedFormat =
  | 'png'
  | 'jpeg'
  | 'webp'
  | 'gif'
  | 'tiff'
  | 'avif'
  | 'heic'
  | 'svg'
  | 'bmp'
  | 'psd'
  | 'jxl'
  | 'jp2'
  | 'pdf'
  | 'ico';

/** The bytes from `start` as Latin-1 text. */
function text(bytes: Uint8Array, start: number, length: number): string {
  let out = '';
  for (let i = start; i < Math.min(bytes.length, start + length); i++) out += String.fromCharCode(bytes[i]);
  return out;
}

const SIGNATURES: readonly (readonly [SniffedFormat, number, string])[] = [
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['jpeg', 0, '\xff\xd8\xff'],
  ['webp', 8, 'WEBP'],
  ['gif', 0, 'GIF8'],
  ['tiff', 0, 'II*\0'],
  ['tiff', 0, 'MM\0*'],
  ['tiff', 0, 'II+\0'],
  ['tiff', 0, 'MM\0+'],
  ['psd', 0, '8BPS'],
  ['jxl', 0, '\xff\x0a'],
  ['jxl', 4, 'JXL '],
  ['jp2', 4, 'jP  '],
  ['pdf', 0, '%PDF'],
  ['bmp', 0, 'BM'],
  ['ico', 0, '\0\0\x01\0'],
];

/** The format of a file by its content, or undefined for anything not known. */
export function sniffFormat(bytes: Uint8Array): SniffedFormat | undefined {
  for (const [format, at, signature] of SIGNATURES) {
    if (text(bytes, at, signature.length) === signature) return format;
  }
  if (text(bytes, 4, 4) === 'ftyp') {
    const brands = text(bytes, 8, 64);
    if (/avif|avis/.test(brands)) return 'avif';
    if (/hei[cxms]|hev[cx]|mif1|msf1/.test(brands)) return 'heic';
  }
  return /^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)[\s\S]*/i.test(text(bytes, 0, 64)) &&
    /<svg[\s>]/i.test(text(bytes, 0, 4096))
    ? 'svg'
    : undefined;
}

/** Whether a PNG holds an animation (an `acTL` chunk before its pixels). */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = text(bytes, at + 4, 4);
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
}

/** The name of an ICC profile from its description tag (ICC.1 section 9.2), or undefined. */
export function iccDescription(profile: Uint8Array): string | undefined {
  if (profile.length < 132) return undefined;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const tags = Math.min(view.getUint32(128), 200);
  for (let i = 0, entry = 132; i < tags && entry + 12 <= profile.length; i++, entry += 12) {
    if (text(profile, entry, 4) !== 'desc') continue;
    const at = view.getUint32(entry + 4);
    if (at + 28 > profile.length) return undefined;
    if (text(profile, at, 4) === 'desc')
      return clean(text(profile, at + 12, Math.min(view.getUint32(at + 8), 200)));
    // multiLocalizedUnicode: the first name, big-endian UTF-16; names of profiles are Latin in practice.
    const length = Math.min(view.getUint32(at + 20), 400);
    const start = at + view.getUint32(at + 24);
    if (start + length > profile.length) return undefined;
    let name = '';
    for (let k = 0; k + 1 < length; k += 2) name += String.fromCharCode(view.getUint16(start + k));
    return clean(name);
  }
  return undefined;
}

/** Without control characters and outer blanks; undefined when nothing is left. */
function clean(name: string): string | undefined {
  return name.replace(/[^\x20-\uffff]/g, '').trim() || undefined;
}

/** Difference between a table in file order and the standard one at `quality`. */
function tableDifference(table: readonly number[], quality: number): number {
  return table.reduce((sum, step, k) => sum + Math.abs(step - luminanceStep(ZIGZAG[k], quality)), 0);
}

/**
 * The quality (1..100 on the scale of the IJG library) whose luminance table is nearest to the one in a
 * JPEG file; undefined when the file has none before its pixels.
 */
export function jpegQuality(bytes: Uint8Array): number | undefined {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda) return undefined;
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    if (marker === 0xdb) {
      for (let t = at + 4; t < end; ) {
        const wide = bytes[t] >> 4 === 0 ? 1 : 2;
        const first = (bytes[t] & 15) === 0;
        if (t + 1 + 64 * wide > bytes.length) return undefined;
        const table = Array.from({ length: 64 }, (_, i) =>
          wide === 1 ? bytes[t + 1 + i] : bytes[t + 1 + 2 * i] * 256 + bytes[t + 2 + 2 * i],
        );
        if (first) {
          let best = 100;
          for (let q = 99; q >= 1; q--)
            if (tableDifference(table, q) < tableDifference(table, best)) best = q;
          return best;
        }
        t += 1 + 64 * wide;
      }
    }
    at = end;
  }
  return undefined;
}
