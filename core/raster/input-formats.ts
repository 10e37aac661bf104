/** What a file must be to be read, and the sentences for files that are not; the same in Node and in browsers. */

import { EnlargerError } from '../errors.js';
import { type SniffedFormat, sniffFormat } from './file-facts.js';

/** Names of formats as people write them. */
export const FORMAT_LABELS: Readonly<Record<SniffedFormat, string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
  gif: 'GIF',
  tiff: 'TIFF',
  avif: 'AVIF',
  heic: 'HEIC',
  svg: 'SVG',
  bmp: 'BMP',
  psd: 'Photoshop',
  jxl: 'JPEG XL',
  jp2: 'JPEG 2000',
  pdf: 'PDF',
  ico: 'ICO',
};

/**
 * The format of a file by its content.
 * @param readable The formats that the caller can decode.
 * @throws EnlargerError `input-unreadable` for an empty or unknown file, `input-unsupported` for other formats.
 */
export function requireFormat<F extends SniffedFormat>(bytes: Uint8Array, readable: readonly F[]): F {
  if (bytes.length === 0) {
    throw new EnlargerError('input-unreadable', 'The file is empty.', 'Export the picture again.');
  }
  const format = sniffFormat(bytes);
  if (format === undefined) {
    const names = readable.map((name) => FORMAT_LABELS[name]);
    throw new EnlargerError(
      'input-unreadable',
      'The file is not a picture in any format known here.',
      `Use a ${names.slice(0, -1).join(', ')} or ${names[names.length - 1]} file.`,
    );
  }
  if ((readable as readonly SniffedFormat[]).includes(format)) return format as F;
  const hint =
    format === 'svg' || format === 'pdf'
      ? 'It is a drawing that can be exported at any size without loss; export the part you need as PNG.'
      : 'Save the picture as PNG, JPEG or WebP first.';
  throw new EnlargerError('input-unsupported', `${FORMAT_LABELS[format]} files cannot be read.`, hint);
}

/** A decoder's failure in the words of a person who has the file in front of them. */
export function damagedFile(format: SniffedFormat, cause?: unknown): EnlargerError {
  return new EnlargerError(
    'input-unreadable',
    `The ${FORMAT_LABELS[format]} file is damaged or incomplete.`,
    'Export or download the picture again.',
    { cause },
  );
}
