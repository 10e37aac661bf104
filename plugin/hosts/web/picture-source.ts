/** Whatever a page holds a picture in, as the encoded file that the engine reads. Keeps the original bytes where it can. */

import { EnlargerError } from '../../../core/errors.js';
import { sniffFormat } from '../../../core/raster/file-facts.js';
import type { EnlargedPicture, ImageFormat, PictureFile } from '../../host.js';

/** A file, its bytes, its address, or an element that shows it. */
export type PictureSource = Blob | Uint8Array | string | HTMLImageElement | HTMLCanvasElement | ImageBitmap;

type Drawable = HTMLImageElement | HTMLCanvasElement | ImageBitmap;

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

const READ_AS_THEY_ARE: readonly string[] = ['png', 'jpeg', 'webp', 'gif'];

/**
 * The picture as a file: the original bytes of PNG, JPEG, WebP and GIF, anything else that the browser can show as a
 * PNG.
 * @throws EnlargerError `input-unreadable`.
 */
export async function toPictureFile(source: PictureSource): Promise<PictureFile> {
  if (isElement(source)) return elementToFile(source);
  if (isBitmap(source)) return drawn(source, source);
  const bytes = await bytesOf(source);
  const format = sniffFormat(bytes);
  if (format && READ_AS_THEY_ARE.includes(format)) return { bytes, format: format as ImageFormat };
  const bitmap = await toBitmap(bytes);
  try {
    return await drawn(bitmap, bitmap);
  } finally {
    bitmap.close();
  }
}

/** The size in pixels, upright. @throws EnlargerError `input-unreadable`. */
export async function sizeOf(source: PictureSource): Promise<PixelSize> {
  if (source instanceof HTMLImageElement) {
    await loaded(source);
    return { width: source.naturalWidth, height: source.naturalHeight };
  }
  if (isElement(source) || isBitmap(source)) return { width: source.width, height: source.height };
  const bitmap = await toBitmap(await bytesOf(source));
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}

/** A small PNG, longest side at most `maxPx`. @throws EnlargerError `input-unreadable`. */
export async function toThumbnail(source: PictureSource, maxPx: number): Promise<PictureFile> {
  if (isElement(source) || isBitmap(source)) {
    // An image of another origin may not be drawn by scripts although its file may be read.
    const shown = await small(source, maxPx).catch(() => null);
    if (shown) return shown;
  }
  const { bytes } = await toPictureFile(source);
  const bitmap = await toBitmap(bytes);
  try {
    return await small(bitmap, maxPx);
  } finally {
    bitmap.close();
  }
}

async function small(source: Drawable, maxPx: number): Promise<PictureFile> {
  const { width, height } = await sizeOf(source);
  const scale = Math.min(1, maxPx / Math.max(width, height));
  return drawn(source, {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  });
}

/** A result as one file; pieces are joined. @throws EnlargerError `placement-failed`. */
export async function toBlob({ width, height, pieces }: EnlargedPicture): Promise<Blob> {
  const asBlob = ({ bytes, format }: PictureFile) =>
    new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${format}` });
  if (pieces.length === 1) return asBlob(pieces[0]);
  const canvas = createCanvas({ width, height });
  const context = canvas.getContext('2d');
  for (const piece of pieces) {
    const bitmap = await createImageBitmap(asBlob(piece));
    context?.drawImage(bitmap, piece.x, piece.y);
    bitmap.close();
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) return blob;
  throw new EnlargerError(
    'placement-failed',
    `The browser cannot hold a picture of ${width} x ${height} pixels.`,
    'Choose a smaller factor.',
  );
}

function isElement(source: PictureSource): source is HTMLImageElement | HTMLCanvasElement {
  return source instanceof HTMLImageElement || source instanceof HTMLCanvasElement;
}

function isBitmap(source: PictureSource): source is ImageBitmap {
  return source instanceof ImageBitmap;
}

async function elementToFile(element: HTMLImageElement | HTMLCanvasElement): Promise<PictureFile> {
  if (element instanceof HTMLCanvasElement) return drawn(element, element);
  const size = await sizeOf(element);
  const address = element.currentSrc || element.src;
  // An address may be out of reach for scripts (other origin, revoked) and the element still show its picture.
  const bytes = await bytesOf(address).catch(() => null);
  const format = bytes && sniffFormat(bytes);
  if (bytes && format && READ_AS_THEY_ARE.includes(format)) return { bytes, format: format as ImageFormat };
  return drawn(element, size);
}

async function loaded(image: HTMLImageElement): Promise<void> {
  try {
    await image.decode();
  } catch (cause) {
    // Decoding can fail on an element that shows its picture all the same (SVG, or a source changed meanwhile).
    if (!image.complete || image.naturalWidth === 0) throw unreadable(cause);
  }
}

async function bytesOf(source: Blob | Uint8Array | string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  try {
    const blob = source instanceof Blob ? source : await fetchBlob(source);
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw unreadable(cause);
  }
}

async function fetchBlob(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.blob();
}

async function toBitmap(bytes: Uint8Array): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Draws into a canvas and takes its PNG; a picture of another origin taints the canvas and is refused. */
async function drawn(source: Drawable, size: PixelSize): Promise<PictureFile> {
  const canvas = createCanvas(size);
  const context = canvas.getContext('2d');
  if (context) context.imageSmoothingQuality = 'high';
  try {
    context?.drawImage(source, 0, 0, size.width, size.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (!blob) throw new Error('The canvas gave no picture.');
    return { bytes: new Uint8Array(await blob.arrayBuffer()), format: 'png' };
  } catch (cause) {
    throw unreadable(cause);
  }
}

function createCanvas({ width, height }: PixelSize): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function unreadable(cause: unknown): EnlargerError {
  return new EnlargerError(
    'input-unreadable',
    'The page cannot read this picture.',
    'Open it from a file, or serve it with permission for this page (CORS).',
    { cause },
  );
}
