/**
 * Makes a picture larger: transparency apart, a cascade of stages, exact resampling, transparency back. The
 * result comes from top to bottom in strips, so that memory is bounded by tiles and rows and not by pictures.
 */

import { EnlargerError } from '../errors.js';
import type { FloatPicture } from '../raster/float-picture.js';
import { createRaster, type Planes, type Raster } from '../raster/raster.js';
import { sourceRows } from '../raster/resample.js';
import { type Cascade, planCascade, type Size, type Target } from './cascade.js';
import { type ProgressListener, ProgressMeter, WRITE_COST } from './progress.js';
import { type Rows, resampledRows } from './rows.js';
import { alphaJoiner, openSource, type Source } from './source.js';
import { type Stage, type StageProvider, settingsOfStage } from './stage.js';
import { layOutTiles, type PicturePlace, StageRows, type TileLayout } from './stage-rows.js';

export type { PicturePlace } from './stage-rows.js';

/** Sides of tiles by the factor of the stage. */
export type TileSides = Readonly<Record<2 | 4, number>>;

/**
 * Tiles of equal input size need about equal memory whatever the factor of the stage, as networks spend it at low
 * resolution. A tile is made within seconds even on one thread of wasm.
 */
export const SMALL_TILES: TileSides = { 2: 512, 4: 1024 };

/** For machines with a gigabyte to spare: halos add at most a seventh to the work, however large the picture. */
export const LARGE_TILES: TileSides = { 2: 1024, 4: 2048 };

export interface UpscaleOptions {
  /** Opens the stages; stays the caller's to dispose. */
  readonly provider: StageProvider;
  /** 0 faithful .. 1 most detail; default the provider's. */
  readonly detail?: number | undefined;
  /** Evaluations of the velocity network, 1..100; default the pack's choice. */
  readonly steps?: number | undefined;
  /** Which noise, a whole number from 0 to 2^53 - 1; default 0. Equal seeds give equal pictures. */
  readonly seed?: number | undefined;
  /**
   * Side of a tile in pixels of what a stage makes, for each of its factors or for all; default `SMALL_TILES`. Smaller
   * ones than 8 pixels, or parts of 8, are rounded. Changes memory and time, not the picture.
   */
  readonly tilePx?: number | TileSides | undefined;
  /** JPEG damage of the picture, 0 clean (default) .. 1. */
  readonly damage?: number | undefined;
  /**
   * Where the picture lies in a larger one of which it is a part (in its pixels, multiples of 8): it then gets the
   * noise that the larger one has there. Default: it is the whole.
   */
  readonly place?: PicturePlace | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Use only stages of this factor: for looking at every doubling. Default: the fewest stages. */
  readonly stagesOf?: 2 | 4 | undefined;
  /** Gets every picture of the cascade as it comes into being. */
  readonly onStageRows?: StageRowsListener | undefined;
}

/** A picture of the cascade: what came in (index 0), or what its stage 1, 2, ... made, before any resampling. */
export interface StagePicture extends Size {
  readonly index: number;
  readonly transparent: boolean;
}

/** Gets the rows of each picture in order, at full width; those of several pictures alternate. The job waits. */
export type StageRowsListener = (picture: StagePicture, strip: Raster, y: number) => void | Promise<void>;

export interface StageReport {
  readonly factor: 2 | 4;
  /** Size of what the stage made. */
  readonly width: number;
  readonly height: number;
  readonly milliseconds: number;
}

export interface UpscaleReport {
  readonly width: number;
  readonly height: number;
  readonly detail: number;
  readonly seed: number;
  readonly stages: readonly StageReport[];
  /** Sentences about what was done differently than asked. */
  readonly notices: readonly string[];
}

/** An enlargement that is fully decided but not begun. */
export interface UpscaleJob {
  readonly cascade: Cascade;
  readonly width: number;
  readonly height: number;
  /** Whether the result has transparency. */
  readonly transparent: boolean;
  /**
   * Does the work. `write` gets the rows of the result in order, as pictures of full width; the next strip
   * waits for it.
   * @throws EnlargerError `cancelled`, `bad-picture`, `out-of-memory`, or what `write` throws.
   */
  run(write: (strip: Raster, y: number) => void | Promise<void>): Promise<UpscaleReport>;
}

const MAX_STEPS = 100;
const STRIP_PX = 64;

/**
 * Decides how a picture will be enlarged. A float picture (a decoded latent) goes in as it is; a `Raster` of the
 * same size comes out of a cascade without stages.
 * @throws EnlargerError `option-invalid` for a target or option out of range.
 */
export function planUpscale(
  picture: Raster | FloatPicture,
  target: Target,
  options: UpscaleOptions,
): UpscaleJob {
  checkOptions(options);
  const cascade = planCascade(picture, target, chooseFactors(options));
  const source = openSource(picture);
  const { width, height, stages } = cascade;
  return {
    cascade,
    width,
    height,
    transparent: source.alpha !== null,
    async run(write) {
      const { rows, meter, finishStages, report } = await openRows(source, cascade, options);
      const join = stages.length > 0 ? alphaJoiner(source, cascade) : undefined;
      await tapSource(source, options.onStageRows);
      for (let y = 0; y < height; y += STRIP_PX) {
        if (options.signal?.aborted) cancel();
        const count = Math.min(STRIP_PX, height - y);
        await rows.load(y, y + count);
        const strip = join ? join(rows.read({ x: 0, y, width, height: count }), y) : source.strip(y, count);
        await write(strip, y);
        await meter.add(width * count * WRITE_COST);
      }
      await finishStages();
      return report();
    },
  };
}

/**
 * Enlarges a picture in memory. For results that should not be held as a whole use `planUpscale`.
 * @throws EnlargerError as `planUpscale` and its `run`.
 */
export async function upscale(
  picture: Raster | FloatPicture,
  target: Target,
  options: UpscaleOptions,
): Promise<UpscaleReport & { readonly raster: Raster }> {
  const job = planUpscale(picture, target, options);
  const raster = createRaster(job.width, job.height);
  const report = await job.run((strip, y) => raster.data.set(strip.data, y * job.width * 4));
  return { ...report, raster };
}

function chooseFactors({ provider, stagesOf }: UpscaleOptions): readonly (2 | 4)[] {
  if (stagesOf === undefined) return provider.factors;
  if (provider.factors.includes(stagesOf)) return [stagesOf];
  throw new EnlargerError(
    'option-invalid',
    `The model pack has no stages of ${stagesOf} times.`,
    `It has stages of ${provider.factors.join(' and ')} times.`,
  );
}

/** Shows the picture that came in to whoever looks at the stages. */
async function tapSource(source: Source, listener: StageRowsListener | undefined): Promise<void> {
  if (!listener) return;
  const { width, height } = source;
  const picture = { index: 0, width, height, transparent: source.alpha !== null };
  for (let y = 0; y < height; y += STRIP_PX) {
    await listener(picture, source.strip(y, Math.min(STRIP_PX, height - y)), y);
  }
}

/** Shows the rows that stage `index` (from 0) made to whoever looks at the stages. */
function stageTap(source: Source, index: number, size: Size, listener: StageRowsListener | undefined) {
  if (!listener) return undefined;
  const picture = { index: index + 1, ...size, transparent: source.alpha !== null };
  const join = alphaJoiner(source, size);
  return async (rows: Planes, y: number) => {
    await listener(picture, join(rows, y), y);
  };
}

function checkOptions({ detail = 0, steps = 1, seed = 0, tilePx = SMALL_TILES, damage = 0 }: UpscaleOptions) {
  const check = (name: string, good: boolean, value: number, range: string) => {
    if (!good) throw new EnlargerError('option-invalid', `${name} must be ${range}, not ${value}.`);
  };
  check('Detail', detail >= 0 && detail <= 1, detail, 'between 0 and 1');
  check('Damage', damage >= 0 && damage <= 1, damage, 'between 0 and 1');
  check(
    'The number of steps',
    Number.isInteger(steps) && steps >= 1 && steps <= MAX_STEPS,
    steps,
    `a whole number from 1 to ${MAX_STEPS}`,
  );
  check('The seed', Number.isSafeInteger(seed) && seed >= 0, seed, 'a whole number from 0');
  for (const side of typeof tilePx === 'number' ? [tilePx] : Object.values(tilePx))
    check('The tile size', Number.isInteger(side) && side >= 1, side, 'a whole number of pixels from 1');
}

function cancel(): never {
  throw new EnlargerError('cancelled', 'The job was stopped before it was done.');
}

/** The result's colour as rows that are made as they are read. */
async function openRows(source: Source, cascade: Cascade, options: UpscaleOptions) {
  const { provider, steps, seed = 0, damage = 0, tilePx = SMALL_TILES, signal } = options;
  const { onProgress, onStageRows } = options;
  const detail = options.detail ?? provider.defaultDetail;
  const { width, height, resample } = cascade;
  const planned: { index: number; stage: Stage; layout: TileLayout }[] = [];
  for (const [index, { factor, ...made }] of cascade.stages.entries()) {
    const stage = await provider.open(factor, settingsOfStage(detail, steps, index));
    const layout = layOutTiles(
      made.width / factor,
      made.height / factor,
      stage,
      typeof tilePx === 'number' ? tilePx : tilePx[factor],
    );
    planned.push({ index, stage, layout });
  }
  const sum = (of: (each: (typeof planned)[number]) => number) =>
    planned.reduce((n, each) => n + of(each), 0);
  const meter = new ProgressMeter(
    sum(({ layout }) => layout.work) + width * height * WRITE_COST,
    planned.length,
    sum(({ layout }) => layout.tiles),
    onProgress,
  );

  let rows: Rows = source.rows;
  const stages: StageRows[] = [];
  for (const { index, stage, layout } of planned) {
    const next = planned[index + 1];
    rows = new StageRows(rows, {
      stage,
      layout,
      index,
      seed,
      place: placeOfStage(options.place, rows.width / source.width),
      // What a stage makes is clean: only the picture that came in can be damaged.
      damage: index === 0 ? damage : 0,
      reach: next ? next.layout.rowsRead : rowsPerStrip(rows.height * stage.factor, height),
      depth: next || resample ? 16 : 8,
      checkpoint: () => {
        if (signal?.aborted) cancel();
      },
      onTile: (work) => meter.tile(index, work),
      onRows: stageTap(
        source,
        index,
        { width: rows.width * stage.factor, height: rows.height * stage.factor },
        onStageRows,
      ),
    });
    stages.push(rows as StageRows);
  }
  if (resample) rows = resampledRows(rows, width, height);

  /** Makes rows that no result needed, so that a picture that is looked at is whole. */
  const finishStages = async () => {
    // The last stage first, as it still reads those before it.
    if (onStageRows) for (const stage of stages.toReversed()) await stage.finish();
  };
  const report = (): UpscaleReport => {
    const short = stages.some(({ memoryShort }) => memoryShort);
    return {
      width,
      height,
      detail,
      seed,
      stages: stages.map((stage, i) => ({
        factor: planned[i].stage.factor,
        width: stage.width,
        height: stage.height,
        milliseconds: stage.milliseconds,
      })),
      notices: short ? ['Memory was short, so the picture was made in smaller pieces.'] : [],
    };
  };
  return { rows, meter, finishStages, report };
}

/** The place of a stage's input, which is `factor` times as large as what came in. */
function placeOfStage(place: PicturePlace = { x: 0, y: 0 }, factor: number): PicturePlace {
  const { x, y, repeats } = place;
  return {
    x: x * factor,
    y: y * factor,
    repeats: repeats && { width: repeats.width * factor, height: repeats.height * factor },
  };
}

/** Most rows of a picture `from` rows high that a strip of the result, `to` rows high, is made of. */
function rowsPerStrip(from: number, to: number): number {
  let most = 0;
  for (let y = 0; y < to; y += STRIP_PX) {
    const { begin, end } = sourceRows(from, to, y, Math.min(STRIP_PX, to - y));
    most = Math.max(most, end - begin);
  }
  return most;
}
