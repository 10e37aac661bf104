/**
 * Draws training batches from pictures in memory: random crops, turned, flipped and rescaled, with their
 * degraded small versions. A batch is a function of (seed, step) alone, so a resumed run goes on with the
 * very batches it would have seen. Owner: core/train/data.
 */
import { EnlargerError } from '../../errors.js';
import { cropPlanes } from '../../raster/planes.js';
import { createPlanes, type Planes } from '../../raster/raster.js';
import { resizePlanes } from '../../raster/resample.js';
import { DEFAULT_DEGRADATION, type Degradation, degrade, roundTo8Bit } from './degrade.js';
import { PICTURE_KINDS, type PictureKind, TILE_PX, type TrainingPicture, tilesAlong } from './picture.js';
import { createRng, type Rng } from './rng.js';

/** Share of each kind of picture in the batches; shares of kinds that are absent go to the others. */
export type Mixture = Readonly<Record<PictureKind, number>>;

export const DEFAULT_MIXTURE: Mixture = { photo: 0.44, texture: 0.26, art: 0.18, type: 0.12 };

export interface SamplerOptions {
  readonly pictures: readonly TrainingPicture[];
  readonly seed: number;
  /** Crops per batch. */
  readonly batch: number;
  /** Side of the large crops in pixels, a multiple of `scale`. */
  readonly hrPx: number;
  /** Ratio of large to small crops: 1 (no reduction, only damage), 2, 3, 4, ... */
  readonly scale: number;
  readonly mixture?: Mixture;
  readonly degradation?: Partial<Degradation>;
}

/** One batch; colour in 0..1 on 8-bit levels, planar. */
export interface Batch {
  /** `[batch, 3, hrPx, hrPx]` */
  readonly hr: Float32Array;
  /** `[batch, 3, hrPx / scale, hrPx / scale]` */
  readonly lr: Float32Array;
  /** `[batch]`, 0 for clean small pictures up to 1. */
  readonly damage: Float32Array;
}

export interface Sampler {
  /** The batch of a step; the same step gives the same batch in any order of calls. */
  batch(step: number): Batch;
}

/** Context around the crop, in small pixels, that keeps kernels and blocks from seeing its border. */
const MARGIN_PX = 4;
/** Shares of the chances taken with each crop. */
const JITTER = { chance: 0.4, most: 1.6 };
const RECOLOUR: Readonly<Record<PictureKind, { shuffle: number; invert: number }>> = {
  photo: { shuffle: 0.03, invert: 0 },
  texture: { shuffle: 0.05, invert: 0 },
  art: { shuffle: 0.3, invert: 0.15 },
  type: { shuffle: 0.3, invert: 0.3 },
};
/** Tiles of this liveliness or more are equally welcome; flat ones still get the smallest weight. */
const LIVELY_LEVELS = 7;
const FLAT_WEIGHT = 0.03;

/** Picks indices with given weights by their running sums. */
interface Chooser {
  readonly total: number;
  pick(rng: Rng): number;
}

function chooser(weights: ArrayLike<number>): Chooser {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) sums[i] = total += weights[i];
  return {
    total,
    pick(rng) {
      const goal = rng.next() * total;
      let low = 0;
      let high = sums.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle] > goal) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}

interface Drawable {
  readonly picture: TrainingPicture;
  readonly tiles: Chooser;
}

/**
 * A sampler over pictures; those smaller than `hrPx` are passed over.
 * @throws EnlargerError `data-missing` when no picture is large enough, `option-invalid` when `hrPx` is
 * not a multiple of `scale`.
 */
export function createSampler(options: SamplerOptions): Sampler {
  const { seed, batch, hrPx, scale, mixture = DEFAULT_MIXTURE } = options;
  if (hrPx % scale !== 0) {
    throw new EnlargerError('option-invalid', `Crops of ${hrPx} pixels cannot be reduced ${scale} times.`);
  }
  const degradation = { ...DEFAULT_DEGRADATION, ...options.degradation };
  const usable = options.pictures.filter((picture) => Math.min(picture.width, picture.height) >= hrPx);
  if (usable.length === 0) {
    throw new EnlargerError(
      'data-missing',
      `None of the ${options.pictures.length} pictures is at least ${hrPx} pixels wide and high.`,
      'Add larger pictures or train on smaller crops.',
    );
  }
  const groups = PICTURE_KINDS.map((kind) => {
    const drawables: Drawable[] = usable
      .filter((picture) => picture.kind === kind)
      .map((picture) => ({
        picture,
        tiles: chooser(picture.energy.map((e) => Math.max(FLAT_WEIGHT, Math.min(1, e / LIVELY_LEVELS)))),
      }));
    // Between one vote per picture and one per pixel: large pictures count more, not in proportion.
    return { kind, drawables, choose: chooser(drawables.map(({ tiles }) => tiles.total ** 0.75)) };
  });
  const kinds = chooser(groups.map(({ kind, drawables }) => (drawables.length > 0 ? mixture[kind] : 0)));
  if (!(kinds.total > 0)) {
    throw new EnlargerError('data-missing', 'The mixture gives no weight to any kind of picture there is.');
  }

  const lrPx = hrPx / scale;
  return {
    batch(step) {
      const hr = new Float32Array(batch * 3 * hrPx * hrPx);
      const lr = new Float32Array(batch * 3 * lrPx * lrPx);
      const damage = new Float32Array(batch);
      for (let index = 0; index < batch; index++) {
        const rng = createRng(seed, step, index);
        const group = groups[kinds.pick(rng)];
        const { picture, tiles } = group.drawables[group.choose.pick(rng)];
        const margin = marginFor(picture, hrPx, scale);
        const side = hrPx + 2 * margin;
        const crop = recolour(cutOut(picture, tiles, side, rng), group.kind, rng);
        const result = degrade(crop, scale, rng, degradation, group.kind);
        hr.set(cropPlanes(crop, margin, margin, hrPx, hrPx).data, index * 3 * hrPx * hrPx);
        const m = margin / scale;
        lr.set(cropPlanes(result.lr, m, m, lrPx, lrPx).data, index * 3 * lrPx * lrPx);
        damage[index] = result.damage;
      }
      return { hr, lr, damage };
    },
  };
}

/** Margin in large pixels: as much of `MARGIN_PX` small ones as the picture has room for. */
function marginFor(picture: TrainingPicture, hrPx: number, scale: number): number {
  const room = Math.floor((Math.min(picture.width, picture.height) - hrPx) / 2 / scale);
  return Math.min(MARGIN_PX, room) * scale;
}

/** The square at (x0, y0) as planes, under one of its eight symmetries: bits for flip x, flip y, transpose. */
function copyTurned(
  picture: TrainingPicture,
  x0: number,
  y0: number,
  side: number,
  symmetry: number,
): Planes {
  const { rgb, width } = picture;
  const planes = createPlanes(side, side, 3);
  const { data } = planes;
  const area = side * side;
  const stepX = symmetry & 1 ? -3 : 3;
  const stepY = symmetry & 2 ? -3 * width : 3 * width;
  const firstX = symmetry & 1 ? x0 + side - 1 : x0;
  const firstY = symmetry & 2 ? y0 + side - 1 : y0;
  const [right, down] = symmetry & 4 ? [stepY, stepX] : [stepX, stepY];
  for (let y = 0, to = 0; y < side; y++) {
    let from = (firstY * width + firstX) * 3 + y * down;
    for (let x = 0; x < side; x++, to++, from += right) {
      data[to] = rgb[from] / 255;
      data[area + to] = rgb[from + 1] / 255;
      data[2 * area + to] = rgb[from + 2] / 255;
    }
  }
  return planes;
}

/** A square of `side` pixels that covers a random lively tile's middle, sometimes reduced from a larger one. */
function cutOut(picture: TrainingPicture, tiles: Chooser, side: number, rng: Rng): Planes {
  const most = Math.min(JITTER.most, Math.min(picture.width, picture.height) / side);
  const factor = rng.chance(JITTER.chance) ? rng.range(1, most) : 1;
  const taken = Math.min(picture.width, picture.height, Math.round(side * factor));
  const tile = tiles.pick(rng);
  const columns = tilesAlong(picture.width);
  const place = (index: number, length: number): number => {
    const middle = index * TILE_PX + rng.next() * TILE_PX;
    return Math.min(length - taken, Math.max(0, Math.round(middle - taken * rng.range(0.2, 0.8))));
  };
  const x0 = place(tile % columns, picture.width);
  const y0 = place(Math.floor(tile / columns), picture.height);
  const planes = copyTurned(picture, x0, y0, taken, rng.int(8));
  return taken === side ? planes : roundTo8Bit(resizePlanes(planes, side, side));
}

/** Sometimes swaps the channels or inverts them: drawings come in every colour. */
function recolour(planes: Planes, kind: PictureKind, rng: Rng): Planes {
  const { shuffle, invert } = RECOLOUR[kind];
  const order = rng.chance(shuffle) ? SHUFFLES[rng.int(SHUFFLES.length)] : undefined;
  const inverted = rng.chance(invert);
  if (!order && !inverted) return planes;
  const area = planes.width * planes.height;
  const data = new Float32Array(planes.data.length);
  (order ?? [0, 1, 2]).forEach((from, to) => {
    data.set(planes.data.subarray(from * area, (from + 1) * area), to * area);
  });
  if (inverted) for (let i = 0; i < data.length; i++) data[i] = 1 - data[i];
  return { ...planes, data };
}

const SHUFFLES = [
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];
