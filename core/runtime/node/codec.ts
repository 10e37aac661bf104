/**
 * Image files to rasters and back, in Node. Whatever is not 8-bit sRGB in a file is converted knowingly
 * and named in a notice. sharp does the decoding and encoding; resizing is not its business (core/raster).
 */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { EnlargerError } from '../../errors.js';
import { iccDescription, isAnimatedPng, jpegQuality } from '../../raster/file-facts.js';
import { damagedFile, FORMAT_LABELS, requireFormat } from '../../raster/input-formats.js';
import type { Raster } from '../../raster/raster.js';

/** Formats that `decodeImage` reads. */
export type InputFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif';

/** Formats that `encodeImage` writes. */
export type OutputFormat = 'png' | 'jpeg' | 'webp';

export interface Decoded {
  /** Upright, 8-bit sRGB, straight alpha. */
  readonly raster: Raster;
  readonly format: InputFormat;
  /** One sentence for every conversion that was made; empty for a plain 8-bit sRGB picture. */
  readonly notices: readonly string[];
  /** Bits per channel (per index for indexed pictures) in the file. */
  readonly bitDepth: number;
  /** Whether the file has transparency, used or not. */
  readonly hadAlpha: boolean;
  /** For JPEG files: the quality (1..100) estimated from the quantisation tables. */
  readonly jpegQuality?: number;
}

export interface DecodeOptions {
  /** Larger pictures are refused; default 268 megapixels. */
  readonly maxPixels?: number;
}

export interface EncodeOptions {
  /** 1..100 for JPEG and WebP, default 92; WebP at 100 is lossless. Not used for PNG, which is lossless. */
  readonly quality?: number;
}

const READABLE: readonly InputFormat[] = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'];

const BITS: Readonly<Record<string, number>> = {
  uchar: 8,
  char: 8,
  ushort: 16,
  short: 16,
  uint: 32,
  int: 32,
  float: 32,
  double: 64,
};

interface Conversions {
  readonly notices: string[];
  readonly bitDepth: number;
  /** The profile is sRGB itself: converting would only add rounding errors. */
  readonly ignoreIcc: boolean;
  /** There is another profile that has to be applied. */
  readonly applyIcc: boolean;
}

function conversions(bytes: Uint8Array, format: InputFormat, meta: Metadata): Conversions {
  const notices: string[] = [];
  const bitDepth = meta.bitsPerSample ?? BITS[meta.depth ?? 'uchar'] ?? 8;
  const profile = meta.icc ? (iccDescription(meta.icc) ?? 'unnamed') : undefined;
  const isSrgb = profile !== undefined && /srgb/i.test(profile);
  if ((meta.pages ?? 1) > 1) {
    notices.push(
      format === 'tiff'
        ? `Only the first of ${meta.pages} pages was read.`
        : `The picture is animated: only the first of ${meta.pages} frames was read.`,
    );
  } else if (format === 'png' && isAnimatedPng(bytes)) {
    notices.push('The picture is animated: only its first frame was read.');
  }
  if (meta.space === 'cmyk') {
    notices.push(
      profile === undefined
        ? 'CMYK colours without a profile were converted to sRGB with a general press profile: they may look different.'
        : `CMYK colours were converted to sRGB with the profile "${profile}" of the file.`,
    );
  } else if (profile !== undefined && !isSrgb) {
    notices.push(`Colours were converted from the profile "${profile}" to sRGB.`);
  } else if (
    meta.space === 'lab' ||
    meta.space === 'labs' ||
    meta.space === 'scrgb' ||
    meta.space === 'xyz'
  ) {
    notices.push(`Colours were converted from ${meta.space} to sRGB.`);
  }
  if (meta.isPalette) notices.push('Indexed colours were converted to RGB.');
  if (meta.space === 'b-w' || meta.space === 'grey16') notices.push('Grey was converted to RGB.');
  if (bitDepth > 8) notices.push(`${bitDepth} bits per channel were reduced to 8.`);
  if ((meta.orientation ?? 1) > 1)
    notices.push('The picture was turned upright as its EXIF orientation asks.');
  const ignoreIcc = isSrgb && meta.space !== 'cmyk';
  return { notices, bitDepth, ignoreIcc, applyIcc: profile !== undefined && !ignoreIcc };
}

/** 16-bit RGBA samples to 8 bits, each rounded to the nearest (by the clamped array). */
function reduceDepth(wide: Uint16Array): Uint8ClampedArray {
  const data = new Uint8ClampedArray(wide.length);
  for (let i = 0; i < wide.length; i++) data[i] = wide[i] / 257;
  return data;
}

async function decodePixels(image: Sharp, wide: boolean): Promise<Raster> {
  const { data, info } = await image
    .autoOrient()
    .toColourspace(wide ? 'rgb16' : 'srgb')
    .ensureAlpha()
    .raw({ depth: wide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { buffer, byteOffset, byteLength } = data;
  return {
    width: info.width,
    height: info.height,
    data: wide
      ? reduceDepth(new Uint16Array(buffer, byteOffset, byteLength / 2))
      : new Uint8ClampedArray(buffer, byteOffset, byteLength),
  };
}

/**
 * Decodes a file. What it holds is told by its bytes, not by its name.
 * @throws EnlargerError `input-unreadable` for a damaged, incomplete or unknown file, `input-unsupported`
 * for formats that are known but not read and for pictures of more than `maxPixels`.
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Decoded> {
  const { maxPixels = 2 ** 28 } = options;
  const format = requireFormat(bytes, READABLE);
  let meta: Metadata;
  try {
    meta = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw damagedFile(format, cause);
  }
  if (meta.width * meta.height > maxPixels) {
    throw new EnlargerError(
      'input-unsupported',
      `The picture is too large to be read: ${meta.width} x ${meta.height} pixels.`,
      `At most ${Math.floor(maxPixels / 1e6)} megapixels are possible.`,
    );
  }
  const { notices, bitDepth, ignoreIcc, applyIcc } = conversions(bytes, format, meta);
  const wide = meta.depth === 'ushort' && meta.space !== 'cmyk';
  let raster: Raster;
  try {
    const image = sharp(bytes, { limitInputPixels: false, failOn: 'error', ignoreIcc });
    // With 16 bits sharp applies a profile only when it is told where to go.
    raster = await decodePixels(
      wide && applyIcc ? image.withIccProfile('srgb', { attach: false }) : image,
      wide,
    );
  } catch (cause) {
    throw damagedFile(format, cause);
  }
  const quality = format === 'jpeg' ? jpegQuality(bytes) : undefined;
  return {
    raster,
    format,
    notices,
    bitDepth,
    hadAlpha: meta.hasAlpha,
    ...(quality === undefined ? {} : { jpegQuality: quality }),
  };
}

/** Longest side of a picture in each output format (PNG: what common readers accept). */
export const MAX_SIDE: Readonly<Record<OutputFormat, number>> = {
  png: 1_000_000,
  jpeg: 65_535,
  webp: 16_383,
};

/**
 * Refuses a size that the format cannot hold; call it before the work, `encodeImage` calls it too.
 * @throws EnlargerError `output-too-large`.
 */
export function checkOutputSize(width: number, height: number, format: OutputFormat): void {
  if (Math.max(width, height) <= MAX_SIDE[format]) return;
  throw new EnlargerError(
    'output-too-large',
    `${width} x ${height} pixels do not fit in a ${FORMAT_LABELS[format]} file: its longest side is ${MAX_SIDE[format]}.`,
    format === 'png' ? 'Choose a smaller scale.' : 'Choose a smaller scale or save as PNG.',
  );
}

function isOpaque({ data }: Raster): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

/**
 * Encodes a picture as sRGB. An opaque picture is written without an alpha channel; JPEG has none, there
 * transparency is laid over white. The pixels are not copied on the way to the encoder.
 * @throws EnlargerError `output-too-large` when the format cannot hold the size, `option-invalid` for a
 * quality outside 1..100.
 */
export async function encodeImage(
  raster: Raster,
  format: OutputFormat,
  options: EncodeOptions = {},
): Promise<Uint8Array> {
  const { width, height, data } = raster;
  checkOutputSize(width, height, format);
  const input = sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false });
  const opaque = isOpaque(raster);
  const image = opaque
    ? input.removeAlpha()
    : format === 'jpeg'
      ? input.flatten({ background: '#fff' })
      : input;
  return toFormat(image, format, options).toBuffer();
}

/**
 * What is written in each format, wherever the pixels come from. JPEG without optimised Huffman tables: they
 * need all coefficients of the picture in memory (measured: 860 MB for 67 megapixels, 90 MB without).
 * @throws EnlargerError `option-invalid` for a quality outside 1..100.
 */
export function toFormat(image: Sharp, format: OutputFormat, { quality = 92 }: EncodeOptions): Sharp {
  if (!(quality >= 1 && quality <= 100)) {
    throw new EnlargerError('option-invalid', `Quality must be between 1 and 100, not ${quality}.`);
  }
  switch (format) {
    case 'png':
      // Filters make the files small; higher levels cost up to twice the time for a few percent.
      return image.png({ compressionLevel: 3, adaptiveFiltering: true });
    case 'jpeg':
      return image.jpeg({
        quality,
        chromaSubsampling: quality >= 90 ? '4:4:4' : '4:2:0',
        optimiseCoding: false,
      });
    case 'webp':
      return image.webp({ quality, lossless: quality === 100, exact: false });
  }
}
