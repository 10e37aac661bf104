/**
 * One stage of a cascade at work: takes rows of its input, cuts them into tiles, runs the stage on each and
 * keeps the rows it made until they have been read. Owns the tile size, which shrinks when memory ends.
 */

import { EnlargerError } from '../errors.js';
import { latentNoise } from '../flow/noise.js';
import type { Planes, Rect } from '../raster/raster.js';
import { planTiles, type Tile } from '../raster/tiles.js';
import { isOutOfMemory } from '../runtime/ort-errors.js';
import { RowBuffer, type Rows } from './rows.js';
import type { Stage } from './stage.js';
import { tileFault } from './tile-check.js';

/** Smaller tiles than this, in output pixels, are hardly more than halo: no memory for them is none at all. */
const MIN_TILE_PX = 32;

/** The tiles of a stage's input, row by row; sizes in input pixels, extended to whole multiples of `alignPx`. */
export interface TileLayout {
  readonly width: number;
  readonly height: number;
  readonly tilePx: number;
  readonly bands: readonly (readonly Tile[])[];
  /** Most rows that one band of tiles reads, and makes (in output pixels). */
  readonly rowsRead: number;
  readonly rowsMade: number;
  readonly tiles: number;
  /** Output pixels of all tiles with their halos: the work of the stage. */
  readonly work: number;
}

/** Cuts an input of `width` x `height` pixels; `tilePx` is the side of a tile in output pixels. */
export function layOutTiles(width: number, height: number, stage: Stage, tilePx: number): TileLayout {
  const { factor, alignPx, haloPx } = stage;
  const padded = (length: number) => Math.ceil(length / alignPx) * alignPx;
  const size = {
    width: padded(width),
    height: padded(height),
    tilePx: Math.max(alignPx, Math.floor(tilePx / factor)),
  };
  const tiles = planTiles({ ...size, haloPx, alignPx });
  const bands = [...new Set(tiles.map(({ core }) => core.y))].map((y) =>
    tiles.filter(({ core }) => core.y === y),
  );
  return {
    ...size,
    bands,
    rowsRead: Math.max(...bands.map(([{ window }]) => window.height)),
    rowsMade: Math.max(...bands.map(([{ core }]) => core.height)) * factor,
    tiles: tiles.length,
    work: tiles.reduce((sum, { window }) => sum + window.width * window.height, 0) * factor * factor,
  };
}

/** Where a picture lies in a larger one, in its pixels; both are multiples of `LATENT_FACTOR`. */
export interface PicturePlace {
  readonly x: number;
  readonly y: number;
  /** Size of the larger picture, if that one repeats edge to edge. */
  readonly repeats?: { readonly width: number; readonly height: number } | undefined;
}

export interface StageRowsOptions {
  readonly stage: Stage;
  readonly layout: TileLayout;
  /** Which stage of the cascade, from 0: every one has its own noise. */
  readonly index: number;
  readonly seed: number;
  /** Where the stage's input lies, in its pixels: the noise is that of the larger picture. */
  readonly place: PicturePlace;
  readonly damage: number;
  /** Most rows that the reader loads at once. */
  readonly reach: number;
  /** Bits per channel in which the result is kept. */
  readonly depth: 8 | 16;
  /** Called between tiles; throws to stop. */
  readonly checkpoint: () => void;
  readonly onTile: (work: number) => Promise<void>;
  /** Gets the rows that were made, in order, from row `y` on; for looking at, not for changing. */
  readonly onRows?: ((rows: Planes, y: number) => Promise<void>) | undefined;
}

/** Tiles smaller than this are judged together with some of their halo, as a few pixels have no mean to keep. */
const JUDGED_PX = 16;

function judgedPart({ x, y, width, height }: Rect, { width: right, height: bottom }: Planes): Rect {
  const [left, columns] = widened(x, width, right);
  const [top, rows] = widened(y, height, bottom);
  return { x: left, y: top, width: columns, height: rows };
}

/** A stretch of at least `JUDGED_PX` around another one, as far as there is so much. */
function widened(begin: number, length: number, limit: number): [begin: number, length: number] {
  if (length >= JUDGED_PX) return [begin, length];
  const size = Math.min(limit, JUDGED_PX);
  return [Math.max(0, Math.min(limit - size, begin - ((size - length) >> 1))), size];
}

export class StageRows implements Rows {
  readonly width: number;
  readonly height: number;
  /** Time spent in this stage alone, without waiting for its input. */
  milliseconds = 0;
  /** Whether tiles were made smaller because memory ended. */
  memoryShort = false;
  /** Longest side of a tile in input pixels, as small as memory or a lost engine has made it. */
  private tilePx: number;
  private readonly buffer: RowBuffer;
  private nextBand = 0;

  constructor(
    private readonly source: Rows,
    private readonly options: StageRowsOptions,
  ) {
    const { stage, layout, reach, depth } = options;
    this.width = source.width * stage.factor;
    this.height = source.height * stage.factor;
    this.tilePx = layout.tilePx;
    const capacity = Math.min(this.height, reach + layout.rowsMade);
    this.buffer = new RowBuffer(this.width, this.height, capacity, depth);
  }

  async load(begin: number, end: number): Promise<void> {
    this.buffer.release(begin);
    while (this.buffer.end < end) await this.makeBand();
  }

  read(window: Rect): Planes {
    return this.buffer.read(window);
  }

  /** Makes the rows that nobody has asked for; none of the earlier ones can be read any more. */
  async finish(): Promise<void> {
    while (this.buffer.end < this.height) {
      this.buffer.release(this.buffer.end);
      await this.makeBand();
    }
  }

  private async makeBand(): Promise<void> {
    const { layout, stage, checkpoint, onTile, onRows } = this.options;
    const band = layout.bands[this.nextBand++];
    const { core, window } = band[0];
    await this.source.load(window.y, Math.min(this.source.height, window.y + window.height));
    const y = this.buffer.end;
    this.buffer.extend(Math.min(core.height * stage.factor, this.height - y));
    for (const tile of band) {
      checkpoint();
      const started = performance.now();
      await this.makeTile(tile.core);
      this.milliseconds += performance.now() - started;
      await onTile(tile.window.width * tile.window.height * stage.factor ** 2);
    }
    await onRows?.(this.buffer.read({ x: 0, y, width: this.width, height: this.buffer.end - y }), y);
  }

  /** Makes a rectangle of the picture in as many pieces as memory needs. */
  private async makeTile(core: Rect): Promise<void> {
    const { stage, checkpoint } = this.options;
    const longest = Math.max(core.width, core.height);
    if (longest > this.tilePx) {
      const { width, height } = core;
      const pieces = planTiles({ width, height, tilePx: this.tilePx, haloPx: 0, alignPx: stage.alignPx });
      for (const piece of pieces) {
        checkpoint();
        await this.makeTile({ ...piece.core, x: core.x + piece.core.x, y: core.y + piece.core.y });
      }
      return;
    }
    try {
      await this.runTile(core);
    } catch (error) {
      // An engine that had to be replaced also gets less to do at once, but may go on where it cannot be less.
      const lost = error instanceof EnlargerError && error.code === 'engine-lost';
      const memory = error instanceof EnlargerError ? error.code === 'out-of-memory' : isOutOfMemory(error);
      if (!lost && !memory) throw error;
      const smaller = Math.ceil(longest / 2 / stage.alignPx) * stage.alignPx;
      if (smaller === longest || smaller * stage.factor < MIN_TILE_PX) {
        if (lost) return this.makeTile(core);
        throw new EnlargerError(
          'out-of-memory',
          'There is not enough memory, even for the smallest pieces of this picture.',
          'Close other programs and try again.',
          { cause: error },
        );
      }
      if (memory) this.memoryShort = true;
      this.tilePx = smaller;
      await this.makeTile(core);
    }
  }

  private async runTile(core: Rect): Promise<void> {
    const { stage, layout, damage } = this.options;
    const halo = Math.ceil(stage.haloPx / stage.alignPx) * stage.alignPx;
    const x = Math.max(0, core.x - halo);
    const y = Math.max(0, core.y - halo);
    const window = {
      x,
      y,
      width: Math.min(layout.width, core.x + core.width + halo) - x,
      height: Math.min(layout.height, core.y + core.height + halo) - y,
    };
    const lr = this.source.read(window);
    const used = { ...core, x: core.x - x, y: core.y - y };
    let fault: string | undefined;
    // An engine that failed once may do better at once; one that fails twice has no good answer.
    for (let attempt = 0; attempt < 2; attempt++) {
      const out = await stage.run({ lr, damage, noise: this.noise(window) });
      fault = tileFault(lr, out, stage.factor, judgedPart(used, lr));
      if (fault === undefined) {
        this.paint(out, core, used);
        return;
      }
    }
    throw new EnlargerError(
      'bad-picture',
      `The model made ${fault} from a part of the picture, so the result was thrown away.`,
      'Try another engine.',
    );
  }

  private noise(window: Rect): Float32Array | null {
    const { stage, seed, index, place } = this.options;
    if (stage.noise === null) return null;
    const { channels, factor } = stage.noise;
    const latent = (length: number) => (length * stage.factor) / factor;
    return latentNoise({
      seed,
      stage: index,
      channels,
      x: latent(place.x + window.x),
      y: latent(place.y + window.y),
      width: latent(window.width),
      height: latent(window.height),
      period: place.repeats && {
        width: Math.max(1, Math.round(latent(place.repeats.width))),
        height: Math.max(1, Math.round(latent(place.repeats.height))),
      },
    });
  }

  private paint(out: Planes, core: Rect, used: Rect): void {
    const { factor } = this.options.stage;
    const part = {
      x: used.x * factor,
      y: used.y * factor,
      width: core.width * factor,
      height: core.height * factor,
    };
    this.buffer.paint(out, core.x * factor, core.y * factor, part);
  }
}
