/** Pictures that Figma stores: read with their size, and stored anew within its limits. */

import type { Image, PluginAPI } from '@figma/plugin-typings/plugin-api-standalone.js';
import { EnlargerError } from '../../../core/errors.js';
import { sniffFormat } from '../../../core/raster/file-facts.js';
import type { EnlargedPicture, ImageFormat, PictureFile, Piece } from '../../host.js';
import type { Size } from './geometry.js';

/** Figma stores no picture with a longer side. */
export const MAX_SIDE_PX = 4096;

/** What Figma stores, preferred first. */
export const FORMATS: readonly ImageFormat[] = ['png', 'jpeg', 'gif'];

const READABLE: readonly ImageFormat[] = ['png', 'jpeg', 'webp', 'gif'];

/** A file as the panel takes it. @throws EnlargerError `input-unreadable`. */
export function pictureFile(bytes: Uint8Array): PictureFile {
  const sniffed = sniffFormat(bytes);
  const format = READABLE.find((known) => known === sniffed);
  if (format === undefined)
    throw new EnlargerError(
      'input-unreadable',
      'Figma keeps this picture in a format that cannot be read.',
      'Export it as PNG, put it back into the file and try again.',
    );
  return { bytes, format };
}

/** Sizes of stored pictures; a hash always means the same file, so each is asked for once. */
export class ImageSizes {
  private readonly sizes = new Map<string, Promise<Size | null>>();

  constructor(private readonly figma: PluginAPI) {}

  /** Null when the file does not hold the picture, or not yet. */
  of(hash: string): Promise<Size | null> {
    const known = this.sizes.get(hash);
    if (known) return known;
    const size = this.ask(hash);
    this.sizes.set(hash, size);
    // A picture may still be on its way here: what is missing now is asked for again.
    void size.then((found) => found ?? this.sizes.delete(hash));
    return size;
  }

  private async ask(hash: string): Promise<Size | null> {
    try {
      const size = await this.figma.getImageByHash(hash)?.getSizeAsync();
      return size && size.width > 0 && size.height > 0 ? size : null;
    } catch {
      return null;
    }
  }
}

/** The stored file. @throws EnlargerError `input-unreadable` when it is not there. */
export async function storedFile(figma: PluginAPI, hash: string): Promise<PictureFile> {
  let bytes: Uint8Array | undefined;
  let cause: unknown;
  try {
    bytes = await figma.getImageByHash(hash)?.getBytesAsync();
  } catch (error) {
    cause = error;
  }
  if (bytes) return pictureFile(bytes);
  throw new EnlargerError(
    'input-unreadable',
    'The picture of this layer is missing from the file.',
    'Replace the picture in Figma and try again.',
    { cause },
  );
}

/**
 * Stores every piece before anything in the document changes.
 * @throws EnlargerError `output-too-large`, `placement-failed`.
 */
export function storePieces(figma: PluginAPI, picture: EnlargedPicture): StoredPiece[] {
  if (picture.pieces.some(({ width, height }) => Math.max(width, height) > MAX_SIDE_PX)) throw tooLarge();
  return picture.pieces.map((piece) => ({ piece, image: store(figma, piece) }));
}

export interface StoredPiece {
  readonly piece: Piece;
  readonly image: Image;
}

function store(figma: PluginAPI, { bytes, format }: PictureFile): Image {
  if (!FORMATS.includes(format))
    throw new EnlargerError(
      'placement-failed',
      `Figma does not store ${format.toUpperCase()} pictures.`,
      'Save the result as a file instead.',
    );
  try {
    return figma.createImage(bytes);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    if (/too large/i.test(said)) throw tooLarge();
    throw new EnlargerError(
      'placement-failed',
      `Figma did not take the picture: ${said}`,
      'Save the result as a file instead.',
      { cause },
    );
  }
}

function tooLarge(): EnlargerError {
  return new EnlargerError(
    'output-too-large',
    `Figma stores pictures of at most ${MAX_SIDE_PX} pixels a side.`,
    'Choose a smaller size, or let the result be put in pieces.',
  );
}
