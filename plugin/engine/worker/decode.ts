/**
 * Image files to rasters in a browser: upright, 8-bit sRGB, straight alpha. Whatever is not so in a file is converted
 * knowingly and named in a notice, as the command line does.
 */

import { EnlargerError } from '../../../core/errors.js';
import { jpegQuality } from '../../../core/raster/file-facts.js';
import { damagedFile, requireFormat } from '../../../core/raster/input-formats.js';
import { orientRaster } from '../../../core/raster/orientation.js';
import type { Raster } from '../../../core/raster/raster.js';
import { decodePng, needsBrowser, pngSize, withProfile } from './decode-png.js';
import { type BrowserFormat, type FileFacts, fileFacts } from './file-checks.js';
import { readOpaque, readStraight } from './pixels.js';
import { openPngEncoder } from './png-writer.js';

export interface DecodedFile {
  readonly raster: Raster;
  /** For JPEG files: the quality (1..100) that their tables tell. */
  readonly jpegQuality?: number;
  /** One sentence for every conversion. */
  readonly notices: readonly string[];
}

const READABLE: readonly BrowserFormat[] = ['png', 'jpeg', 'webp', 'gif', 'avif'];
const MAX_PIXELS = 2 ** 27;

/**
 * Decodes a file. What it holds is told by its bytes, not by its name.
 * @throws EnlargerError `input-unreadable` for a damaged, incomplete or unknown file, `input-unsupported` for formats
 *   that browsers do not read and for pictures that are too large.
 */
export async function decodeFile(bytes: Uint8Array): Promise<DecodedFile> {
  const format = requireFormat(bytes, READABLE);
  const facts = fileFacts(bytes, format);
  if (!facts.complete) throw damagedFile(format);
  const first = facts.animated ? ['The picture is animated: only its first frame was read.'] : [];
  if (format === 'png' && !needsBrowser(bytes)) {
    const { raster, notices } = await readPng(bytes, facts);
    return { raster, notices: [...first, ...notices] };
  }
  const raster = await readByBrowser(bytes, format);
  const quality = format === 'jpeg' ? jpegQuality(bytes) : undefined;
  return {
    raster,
    ...(quality === undefined ? {} : { jpegQuality: quality }),
    notices: [...first, ...conversions(facts)],
  };
}

/** What the browser converts on its own, in the words of the command line. */
function conversions({ cmyk, profile, bitDepth, orientation }: FileFacts): string[] {
  const notices: string[] = [];
  if (cmyk) {
    notices.push(
      profile === undefined
        ? 'CMYK colours without a profile were converted to sRGB: they may look different.'
        : `CMYK colours were converted to sRGB with the profile "${profile}" of the file.`,
    );
  } else if (profile !== undefined && !/srgb/i.test(profile)) {
    notices.push(`Colours were converted from the profile "${profile}" to sRGB.`);
  }
  if (bitDepth > 8) notices.push(`${bitDepth} bits per channel were reduced to 8.`);
  if (orientation > 1) notices.push('The picture was turned upright as its EXIF orientation asks.');
  return notices;
}

async function readPng(bytes: Uint8Array, { orientation }: FileFacts): Promise<DecodedFile> {
  refuseTooLarge(pngSize(bytes));
  let decoded: ReturnType<typeof decodePng>;
  try {
    decoded = decodePng(bytes);
  } catch (cause) {
    throw damagedFile('png', cause);
  }
  let { raster } = decoded;
  const notices = [...decoded.notices];
  const { profile } = decoded;
  if (profile && !/srgb/i.test(profile.name)) {
    const isColour = String.fromCharCode(...profile.bytes.subarray(16, 20)) === 'RGB ';
    if (isColour) raster = await convertColours(raster, profile);
    notices.push(
      isColour
        ? `Colours were converted from the profile "${profile.name}" to sRGB.`
        : `The colour profile "${profile.name}" was taken for sRGB.`,
    );
  }
  if (orientation > 1) notices.push('The picture was turned upright as its EXIF orientation asks.');
  return { raster: orientRaster(raster, orientation), notices };
}

/** Lets the browser convert the colours of an opaque copy, and puts the alpha back untouched. */
async function convertColours(
  raster: Raster,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<Raster> {
  const encoder = openPngEncoder(raster.width, raster.height, false);
  await encoder.write(raster);
  const converted = await readByBrowser(await withProfile(await encoder.finish(), name, bytes), 'png', true);
  for (let i = 3; i < converted.data.length; i += 4) converted.data[i] = raster.data[i];
  return converted;
}

async function readByBrowser(
  bytes: Uint8Array,
  format: BrowserFormat,
  opaque = format === 'jpeg',
): Promise<Raster> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: `image/${format}` }), {
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'default',
      imageOrientation: 'from-image',
    });
  } catch (cause) {
    throw damagedFile(format, cause);
  }
  try {
    refuseTooLarge(bitmap);
    return opaque ? readOpaque(bitmap) : readStraight(bitmap);
  } finally {
    bitmap.close();
  }
}

function refuseTooLarge({ width, height }: { readonly width: number; readonly height: number }): void {
  if (width * height <= MAX_PIXELS) return;
  throw new EnlargerError(
    'input-unsupported',
    `The picture is too large to be read here: ${width} x ${height} pixels.`,
    `At most ${Math.floor(MAX_PIXELS / 1e6)} megapixels are possible.`,
  );
}
