/** Pieces of enlarged pictures on their way to the host: one message each, put together when the last has come. */

import { EnlargerError } from '../../core/errors.js';
import type { EnlargedPicture, Piece } from '../host.js';

const MOST_UPLOADS = 16;

export class Uploads {
  private readonly pieces = new Map<string, Piece[]>();

  /** Keeps a piece. Uploads that nobody finished make room for later ones, oldest first. */
  add(upload: string, piece: Piece): void {
    const known = this.pieces.get(upload);
    if (known) {
      known.push(piece);
      return;
    }
    const [oldest] = this.pieces.keys();
    if (this.pieces.size >= MOST_UPLOADS && oldest !== undefined) this.pieces.delete(oldest);
    this.pieces.set(upload, [piece]);
  }

  /** The whole picture; it is not kept. @throws EnlargerError `message-invalid` unless its pieces cover it exactly. */
  take(sent: {
    readonly upload: string;
    readonly width: number;
    readonly height: number;
    readonly count: number;
  }): EnlargedPicture {
    const pieces = this.pieces.get(sent.upload) ?? [];
    this.pieces.delete(sent.upload);
    if (pieces.length !== sent.count || !coverExactly(pieces, sent.width, sent.height))
      throw new EnlargerError(
        'message-invalid',
        'The enlarged picture did not arrive in one piece.',
        'Try again; the layer has not been changed.',
      );
    return { width: sent.width, height: sent.height, pieces };
  }
}

/** Whether rectangles cover a picture without gap or overlap. */
export function coverExactly(
  pieces: readonly Omit<Piece, 'bytes' | 'format'>[],
  width: number,
  height: number,
): boolean {
  const area = pieces.reduce((sum, piece) => sum + piece.width * piece.height, 0);
  if (area !== width * height) return false;
  const inside = pieces.every((piece) => piece.x + piece.width <= width && piece.y + piece.height <= height);
  if (!inside) return false;
  // Equal area and all inside: gaps and overlaps can only come together, so ruling out overlaps suffices.
  return pieces.every((one, index) =>
    pieces
      .slice(index + 1)
      .every(
        (other) =>
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y,
      ),
  );
}
