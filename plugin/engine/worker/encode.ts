/** Encodes results: PNG by our own writer, JPEG and WebP by the browser; in one file or in pieces. */

import { EnlargerError } from '../../../core/errors.js';
import type { Raster, Rect, Raster as Strip } from '../../../core/raster/raster.js';
import type { ImageFormat, Piece } from '../../host.js';
import { openPngEncoder, type PictureEncoder } from './png-writer.js';
import { cutStrip } from './window.js';

type Encodable = 'png' | 'jpeg' | 'webp';

/** As the command line's default. */
const QUALITY = 0.92;

export type EncoderOpener = (
  format: Encodable,
  width: number,
  height: number,
  transparent: boolean,
) => PictureEncoder;

/**
 * The format for a result among those the editor takes, preferred first: PNG where there is transparency, as JPEG
 * has none and the browser's WebP is lossy.
 * @throws EnlargerError `input-unsupported` when the editor takes nothing that can be written.
 */
export function chooseFormat(formats: readonly ImageFormat[], transparent: boolean): Encodable {
  const possible = formats.filter((format): format is Encodable => format !== 'gif');
  const good = transparent ? possible.filter((format) => format !== 'jpeg') : possible;
  const exact = transparent && good.includes('png') ? 'png' : good[0];
  const chosen = exact ?? possible[0];
  if (chosen) return chosen;
  throw new EnlargerError(
    'input-unsupported',
    'The editor takes no format in which the result could be written.',
    'It must take PNG, JPEG or WebP.',
  );
}

export const openEncoder: EncoderOpener = (format, width, height, transparent) =>
  format === 'png' ? openPngEncoder(width, height, transparent) : openCanvasEncoder(format, width, height);

function openCanvasEncoder(format: 'jpeg' | 'webp', width: number, height: number): PictureEncoder {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: format === 'webp' });
  if (!context) {
    throw new EnlargerError('out-of-memory', `The browser cannot hold a picture of ${width} x ${height}.`);
  }
  let y = 0;
  return {
    async write({ width: stripWidth, height: rows, data }) {
      const pixels = format === 'jpeg' ? onWhite(data) : data;
      context.putImageData(new ImageData(new Uint8ClampedArray(pixels), stripWidth, rows), 0, y);
      y += rows;
    },
    async finish() {
      const blob = await canvas.convertToBlob({ type: `image/${format}`, quality: QUALITY });
      if (blob.type !== `image/${format}`) {
        throw new EnlargerError(
          'output-unwritable',
          `This browser cannot write ${format.toUpperCase()} files.`,
        );
      }
      canvas.width = canvas.height = 0;
      return new Uint8Array(await blob.arrayBuffer());
    },
  };
}

/** JPEG has no transparency: white shines through, as on paper. */
function onWhite(data: Uint8ClampedArray): Uint8ClampedArray {
  const out = data.slice();
  for (let i = 0; i < out.length; i += 4) {
    const alpha = out[i + 3] / 255;
    for (let c = 0; c < 3; c++) out[i + c] = out[i + c] * alpha + 255 * (1 - alpha);
    out[i + 3] = 255;
  }
  return out;
}

/** Cuts a result into its pieces while it comes into being; only the pieces of the current rows are open. */
export class PieceWriter {
  private readonly open = new Map<Rect, PictureEncoder>();
  private readonly done: Piece[] = [];

  constructor(
    private readonly pieces: readonly Rect[],
    private readonly format: Encodable,
    private readonly transparent: boolean,
    private readonly opener: EncoderOpener = openEncoder,
  ) {}

  /** Rows of the result at full width, from row `y` on. */
  async write(strip: Strip, y: number): Promise<void> {
    for (const rect of this.pieces) {
      const part: Raster | null = cutStrip(strip, y, rect);
      if (!part) continue;
      let encoder = this.open.get(rect);
      if (!encoder) {
        encoder = this.opener(this.format, rect.width, rect.height, this.transparent);
        this.open.set(rect, encoder);
      }
      await encoder.write(part);
      if (y + strip.height < rect.y + rect.height) continue;
      this.open.delete(rect);
      this.done.push({ ...rect, bytes: await encoder.finish(), format: this.format });
    }
  }

  /** The finished pieces, in their order. @throws EnlargerError `internal` when rows are missing. */
  finish(): Piece[] {
    if (this.done.length !== this.pieces.length) {
      throw new EnlargerError('internal', 'The result is not complete.');
    }
    return this.done;
  }
}
