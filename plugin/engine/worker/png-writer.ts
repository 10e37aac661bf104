/**
 * Writes PNG files row by row, so that a result never exists as a whole in memory: rows are filtered here and
 * compressed by the browser. Alpha and colour stay exactly as they are, also where nothing is visible.
 */

import type { Raster } from '../../../core/raster/raster.js';

export interface PictureEncoder {
  /** Rows of full width, from top to bottom. */
  write(strip: Raster): Promise<void>;
  /** The file; call it once, after the last row. */
  finish(): Promise<Uint8Array>;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOUR_RGB = 2;
const COLOUR_RGBA = 6;

/** An 8-bit sRGB file, with alpha if `transparent`. */
export function openPngEncoder(width: number, height: number, transparent: boolean): PictureEncoder {
  const channels = transparent ? 4 : 3;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, transparent ? COLOUR_RGBA : COLOUR_RGB], 8);
  const parts: Uint8Array[] = [SIGNATURE, chunk('IHDR', header), chunk('sRGB', Uint8Array.of(0))];

  const deflate = new CompressionStream('deflate');
  const writer = deflate.writable.getWriter();
  const collected = collect(deflate.readable, (bytes) => parts.push(chunk('IDAT', bytes)));
  // A failure is told by write and finish; until then nobody listens.
  collected.catch(() => undefined);
  let above = new Uint8Array(width * channels);

  return {
    async write(strip) {
      const filtered = new Uint8Array(strip.height * (1 + width * channels));
      for (let y = 0; y < strip.height; y++) {
        const row = pickRow(strip, y, channels);
        filterRow(row, above, channels, filtered, y * (1 + width * channels));
        above = row;
      }
      await writer.write(filtered);
    },
    async finish() {
      await writer.close();
      await collected;
      parts.push(chunk('IEND', new Uint8Array()));
      return joined(parts);
    },
  };
}

async function collect(stream: ReadableStream<Uint8Array>, take: (bytes: Uint8Array) => void): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
}

function pickRow({ width, data }: Raster, y: number, channels: number): Uint8Array<ArrayBuffer> {
  const start = y * width * 4;
  if (channels === 4) return new Uint8Array(data.slice(start, start + width * 4).buffer);
  const row = new Uint8Array(width * 3);
  for (let from = start, to = 0; to < row.length; from += 4, to += 3) {
    row[to] = data[from];
    row[to + 1] = data[from + 1];
    row[to + 2] = data[from + 2];
  }
  return row;
}

/**
 * The row as the filter makes it that leaves the smallest values: none, the pixel above, or Paeth's guess from three
 * neighbours (PNG specification, 9). The other two filters hardly ever win on pictures.
 */
function filterRow(row: Uint8Array, above: Uint8Array, step: number, out: Uint8Array, at: number): void {
  let sumUp = 0;
  let sumPaeth = 0;
  let sumNone = 0;
  for (let i = 0; i < row.length; i++) {
    sumNone += magnitude(row[i]);
    sumUp += magnitude((row[i] - above[i]) & 255);
    sumPaeth += magnitude((row[i] - guess(row, above, step, i)) & 255);
  }
  const best = Math.min(sumNone, sumUp, sumPaeth);
  out[at++] = best === sumNone ? 0 : best === sumUp ? 2 : 4;
  if (best === sumNone) out.set(row, at);
  else if (best === sumUp) for (let i = 0; i < row.length; i++) out[at + i] = row[i] - above[i];
  else for (let i = 0; i < row.length; i++) out[at + i] = row[i] - guess(row, above, step, i);
}

const magnitude = (byte: number): number => (byte < 128 ? byte : 256 - byte);

function guess(row: Uint8Array, above: Uint8Array, step: number, i: number): number {
  const a = i < step ? 0 : row[i - step];
  const b = above[i];
  const c = i < step ? 0 : above[i - step];
  const pa = b > c ? b - c : c - b;
  const pb = a > c ? a - c : c - a;
  const sum = a + b - 2 * c;
  const pc = sum < 0 ? -sum : sum;
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** A chunk of a PNG file: length, type, content, checksum. */
export function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  let crc = 0xffffffff;
  for (let i = 4; i < bytes.length - 4; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  view.setUint32(bytes.length - 4, ~crc >>> 0);
  return bytes;
}

/** Byte arrays one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
