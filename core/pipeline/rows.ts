/**
 * Pictures that come into being from top to bottom, a band at a time. Whoever reads asks for the rows it
 * needs and gives back those above them, so that neither the pictures between the stages nor the result
 * ever exist as a whole.
 */

import { EnlargerError } from '../errors.js';
import { cropPlanes, toPlanes } from '../raster/planes.js';
import { createPlanes, type Planes, type Raster, type Rect } from '../raster/raster.js';
import { resizePlanes, sourceRows } from '../raster/resample.js';

/** A picture of three channels in 0..1 of which some rows are there. */
export interface Rows {
  readonly width: number;
  readonly height: number;
  /** Makes the rows `begin` to `end` (exclusive) readable; those before `begin` never will be again. */
  load(begin: number, end: number): Promise<void>;
  /** A rectangle of loaded rows; it may reach beyond the picture, where the nearest pixel is repeated. */
  read(window: Rect): Planes;
}

/** A whole picture as rows; alpha is not looked at. */
export function rasterRows(raster: Raster): Rows {
  return {
    width: raster.width,
    height: raster.height,
    load: () => Promise.resolve(),
    read: (window) => toPlanes(raster, window),
  };
}

/** Planes of three channels in 0..1 as rows, not rounded to 8 bits. */
export function planesRows(planes: Planes): Rows {
  return {
    width: planes.width,
    height: planes.height,
    load: () => Promise.resolve(),
    read: ({ x, y, width, height }) => cropPlanes(planes, x, y, width, height),
  };
}

/** The picture resampled exactly to another size (MATLAB's bicubic), row by row as it is asked for. */
export function resampledRows(source: Rows, width: number, height: number): Rows {
  return {
    width,
    height,
    load(begin, end) {
      const rows = sourceRows(source.height, height, begin, end - begin);
      return source.load(rows.begin, rows.end);
    },
    read(window) {
      const { begin, end } = sourceRows(source.height, height, window.y, window.height);
      const band = source.read({ x: 0, y: begin, width: source.width, height: end - begin });
      return resizePlanes(band, width, height, { window, band: { y: begin, height: source.height } });
    },
  };
}

/**
 * The rows of a picture that somebody still needs, in a ring: row y lies in slot y modulo the capacity, its
 * three channels one after the other. `depth` 8 is for what becomes an 8-bit picture anyway; between stages
 * 16 bits keep rounding far below anything visible at half the memory of floats.
 */
export class RowBuffer {
  private readonly slots: Uint8Array | Uint16Array;
  private readonly peak: number;
  private begin = 0;
  private filled = 0;

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly capacity: number,
    depth: 8 | 16,
  ) {
    const length = width * 3 * capacity;
    this.slots = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
    this.peak = 2 ** depth - 1;
  }

  /** The first row that is not there yet. */
  get end(): number {
    return this.filled;
  }

  /** Gives up all rows before `begin`. */
  release(begin: number): void {
    this.begin = Math.max(this.begin, begin);
  }

  /** Adds `rows` rows at the end, to be painted next. */
  extend(rows: number): void {
    this.filled += rows;
    if (this.filled - this.begin > this.capacity) {
      throw new EnlargerError('internal', 'A band of the picture does not fit in its buffer.');
    }
  }

  /** Writes `part` of planes to (x, y), rounded and clipped; columns and rows beyond the picture are dropped. */
  paint(planes: Planes, x: number, y: number, part: Rect): void {
    const { width, height, slots, peak } = this;
    const columns = Math.min(part.width, width - x);
    const rows = Math.min(part.height, height - y);
    for (let c = 0; c < 3; c++) {
      for (let j = 0; j < rows; j++) {
        const from = (c * planes.height + part.y + j) * planes.width + part.x;
        const to = this.at(c, y + j) + x;
        for (let i = 0; i < columns; i++) {
          const value = planes.data[from + i];
          slots[to + i] = value <= 0 ? 0 : value >= 1 ? peak : (value * peak + 0.5) | 0;
        }
      }
    }
  }

  /** As `Rows.read`. */
  read(window: Rect): Planes {
    const { width, height, slots, peak } = this;
    const planes = createPlanes(window.width, window.height, 3);
    for (let c = 0, to = 0; c < 3; c++) {
      for (let j = 0; j < window.height; j++) {
        const row = this.at(c, Math.min(height - 1, Math.max(0, window.y + j)));
        for (let i = window.x; i < window.x + window.width; i++) {
          planes.data[to++] = slots[row + (i < 0 ? 0 : i >= width ? width - 1 : i)] / peak;
        }
      }
    }
    return planes;
  }

  private at(channel: number, y: number): number {
    if (y < this.begin || y >= this.filled) {
      throw new EnlargerError('internal', 'A row of the picture was asked for that is not there.');
    }
    return ((y % this.capacity) * 3 + channel) * this.width;
  }
}
