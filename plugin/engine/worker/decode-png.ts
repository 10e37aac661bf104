/**
 * PNG files to exact pixels: a canvas multiplies colour by alpha and loses what it rounds, so these are decoded
 * without one. fast-png inflates and unfilters; here its samples become 8-bit RGBA.
 */

import { type DecodedPng, decode } from 'fast-png';
import type { Raster } from '../../../core/raster/raster.js';
import { chunk, joined } from './png-writer.js';

export interface ExactPng {
  readonly raster: Raster;
  readonly notices: readonly string[];
  /** The embedded profile; the pixels are still in its colours. */
  readonly profile: { readonly name: string; readonly bytes: Uint8Array } | undefined;
}

/** Whether fast-png cannot read this file: it mistakes the samples of interlaced pictures below 8 bits for bytes. */
export function needsBrowser(bytes: Uint8Array): boolean {
  return bytes.length > 28 && bytes[28] !== 0 && bytes[24] < 8;
}

/** Width and height from the header, without decoding. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** @throws whatever fast-png throws for a damaged file. */
export function decodePng(bytes: Uint8Array): ExactPng {
  const png = decode(bytes, { checkCrc: true });
  const { width, height, depth, channels, palette, iccEmbeddedProfile } = png;
  const notices: string[] = [];
  if (palette) notices.push('Indexed colours were converted to RGB.');
  else if (channels < 3) notices.push('Grey was converted to RGB.');
  if (depth > 8) notices.push(`${depth} bits per channel were reduced to 8.`);
  const data = palette ? fromPalette(png, palette) : fromSamples(png);
  return {
    raster: { width, height, data },
    notices,
    profile: iccEmbeddedProfile && { name: iccEmbeddedProfile.name, bytes: iccEmbeddedProfile.profile },
  };
}

/** Calls back with every sample of a picture whose rows are packed in whole bytes. */
function unpack({ data, width, height, depth, channels }: DecodedPng, take: (value: number) => void): void {
  if (depth >= 8) {
    for (const value of data) take(value);
    return;
  }
  const perByte = 8 / depth;
  const stride = Math.ceil((width * channels) / perByte);
  const mask = 2 ** depth - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * channels; x++) {
      const byte = data[y * stride + Math.floor(x / perByte)];
      take((byte >> (8 - depth * (1 + (x % perByte)))) & mask);
    }
  }
}

function fromPalette(png: DecodedPng, palette: readonly (readonly number[])[]): Uint8ClampedArray {
  const out = new Uint8ClampedArray(png.width * png.height * 4);
  let to = 0;
  unpack(png, (index) => {
    // An index beyond the palette is black, as in libpng.
    const [r = 0, g = 0, b = 0, a = 255] = palette[index] ?? [];
    out[to] = r;
    out[to + 1] = g;
    out[to + 2] = b;
    out[to + 3] = a;
    to += 4;
  });
  return out;
}

function fromSamples(png: DecodedPng): Uint8ClampedArray {
  const { width, height, depth, channels, transparency } = png;
  if (depth === 8 && channels === 4) return Uint8ClampedArray.from(png.data);
  const out = new Uint8ClampedArray(width * height * 4);
  // Clamped arrays round to the nearest.
  const scale = 255 / (2 ** depth - 1);
  const grey = channels < 3;
  const hasAlpha = channels === 2 || channels === 4;
  const pixel = new Array<number>(channels).fill(0);
  let [to, channel] = [0, 0];
  unpack(png, (value) => {
    pixel[channel++] = value;
    if (channel < channels) return;
    channel = 0;
    for (let c = 0; c < 3; c++) out[to + c] = pixel[grey ? 0 : c] * scale;
    // Without an alpha channel one colour may be declared transparent.
    const keyed = transparency?.length && pixel.every((sample, c) => sample === transparency[c]);
    out[to + 3] = hasAlpha ? pixel[channels - 1] * scale : keyed ? 0 : 255;
    to += 4;
  });
  return out;
}

/** Puts a colour profile into a PNG file that has none, right behind its header. */
export async function withProfile(file: Uint8Array, name: string, profile: Uint8Array): Promise<Uint8Array> {
  const latin = Uint8Array.from(`${name.slice(0, 79) || 'profile'}\0\0`, (letter) => letter.charCodeAt(0));
  const packed = new Response(
    new Blob([new Uint8Array(profile)]).stream().pipeThrough(new CompressionStream('deflate')),
  );
  const content = joined([latin, new Uint8Array(await packed.arrayBuffer())]);
  const behindHeader = 8 + 12 + 13;
  // A declared sRGB would contradict it.
  const rest = behindHeader + 12 + 1;
  return joined([file.subarray(0, behindHeader), chunk('iCCP', content), file.subarray(rest)]);
}
