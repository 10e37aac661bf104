/**
 * Finds out whether pixels were once a JPEG, and at what quality, from the pixels alone: on the right one
 * of the 64 possible positions of the 8 x 8 grid, the cosine coefficients of decoded blocks sit on
 * multiples of the quantisation steps (the comb that Fan and de Queiroz 2003 look for). Clean pictures
 * have no such comb, whatever they show; pictures resized after decoding have lost it.
 */

import { luminanceStep } from './jpeg-tables.js';
import type { Planes } from './raster.js';

/** The quality whose comb fits best. */
export interface CombFit {
  /** 1..100 on the scale of the IJG library. */
  readonly quality: number;
  /** Standard deviations by which the fit is better than chance. */
  readonly certainty: number;
  /** How much of the fit the best wrong grid position reaches, 0..1. */
  readonly rival: number;
  /** Number of different multiples seen. */
  readonly variety: number;
}

/** Frequencies below this along both axes; the others are too often zero. */
const SIDE = 6;
const COEFFICIENTS = Array.from({ length: 64 }, (_, i) => i).filter(
  (i) => i > 0 && (i >> 3) + (i & 7) < SIDE,
);
const COSINES = Float64Array.from({ length: SIDE * 8 }, (_, i) => {
  const u = i >> 3;
  return Math.sqrt(u === 0 ? 1 / 8 : 1 / 4) * Math.cos(((2 * (i & 7) + 1) * u * Math.PI) / 16);
});
const LOWEST_QUALITY = 5;
const HIGHEST_QUALITY = 96;
/** Quantisation steps, `[quality * COEFFICIENTS.length + k]`. */
const STEPS = Uint8Array.from({ length: (HIGHEST_QUALITY + 1) * COEFFICIENTS.length }, (_, i) => {
  const quality = Math.floor(i / COEFFICIENTS.length);
  return luminanceStep(COEFFICIENTS[i % COEFFICIENTS.length], Math.max(1, quality));
});
/** Blocks flatter than this have only zeros to show. */
const LIVELY_RANGE = 6;
const FIRST_LOOK_BLOCKS = 200;
const SECOND_LOOK_BLOCKS = 1500;
const CANDIDATES = 4;
/** Most cells that are examined for liveliness. */
const MAX_CELLS = 1 << 14;

const partial = new Float64Array(8 * SIDE);

/** The low coefficients of the orthonormal cosine transform of the block whose first sample is at `at`. */
function transform(luma: Planes, at: number, out: Float64Array): void {
  for (let j = 0; j < 8; j++) {
    const row = at + j * luma.width;
    for (let u = 0; u < SIDE; u++) {
      let sum = 0;
      for (let i = 0; i < 8; i++) sum += COSINES[u * 8 + i] * luma.data[row + i];
      partial[j * SIDE + u] = sum;
    }
  }
  for (let k = 0; k < COEFFICIENTS.length; k++) {
    const u = COEFFICIENTS[k] & 7;
    const v = COEFFICIENTS[k] >> 3;
    let sum = 0;
    for (let j = 0; j < 8; j++) sum += COSINES[v * 8 + j] * partial[j * SIDE + u];
    out[k] = sum;
  }
}

/** `count` members of a list, evenly spread, or all of them. */
function spread(list: readonly number[], count: number): readonly number[] {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]);
}

/** Top left corners (as indices into the plane) of 15 x 15 cells, one per 8 x 8, with something in them. */
function livelyCells(luma: Planes): number[] {
  const columns = (luma.width >> 3) - 1;
  const rows = (luma.height >> 3) - 1;
  const total = Math.max(0, columns) * Math.max(0, rows);
  const stride = Math.ceil(total / MAX_CELLS) || 1;
  const cells: number[] = [];
  for (let cell = 0; cell < total; cell += stride) {
    const at = Math.floor(cell / columns) * 8 * luma.width + (cell % columns) * 8;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < 15; j++) {
      for (let i = at + j * luma.width; i < at + j * luma.width + 15; i++) {
        const value = luma.data[i];
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (high - low >= LIVELY_RANGE) cells.push(at);
  }
  return cells;
}

/** How well the values of one coefficient sit on the multiples of one step. */
interface Teeth {
  readonly fit: number;
  readonly count: number;
  readonly variety: number;
}

/** `magnitudes` in descending order: all those that are not nearest to zero come first. */
function teeth(magnitudes: Float64Array, step: number): Teeth {
  let fit = 0;
  let count = 0;
  let variety = 0;
  let last = 0;
  for (; count < magnitudes.length && magnitudes[count] * 2 > step; count++) {
    const position = magnitudes[count] / step;
    const multiple = (position + 0.5) | 0;
    const off = position - multiple;
    // Mean 0 and variance 0.8 when `off` is spread evenly over -0.5..0.5; 1 on the multiple itself.
    fit += 1 - 12 * off * off;
    if (multiple !== last && off * off < 0.04) {
      variety++;
      last = multiple;
    }
  }
  return { fit, count, variety };
}

/**
 * Magnitudes of the coefficients of all different blocks, per coefficient, in descending order. Patterns,
 * tiles and gradients repeat the same block over and over: it is evidence only once.
 */
function magnitudes(luma: Planes, cells: readonly number[], phase: number): Float64Array[] {
  const values = COEFFICIENTS.map(() => new Float64Array(cells.length));
  const block = new Float64Array(COEFFICIENTS.length);
  const known = new Set<number>();
  for (const cell of cells) {
    transform(luma, cell + (phase >> 3) * luma.width + (phase & 7), block);
    let key = 0;
    for (let k = 0; k < block.length; k++) key = (key * 31 + ((block[k] * 8 + 65536.5) | 0)) % 9007199254740;
    if (known.has(key)) continue;
    for (let k = 0; k < block.length; k++) values[k][known.size] = block[k] < 0 ? -block[k] : block[k];
    known.add(key);
  }
  return values.map((list) => list.subarray(0, known.size).sort().reverse());
}

interface PhaseFit {
  readonly phase: number;
  readonly score: number;
  readonly quality: number;
  readonly certainty: number;
  readonly variety: number;
}

/** The best quality on one grid position (`phase` is y * 8 + x), or undefined with too little to go by. */
function fitPhase(luma: Planes, cells: readonly number[], phase: number): PhaseFit | undefined {
  const values = magnitudes(luma, cells, phase);
  const memo: Teeth[] = [];
  let best: PhaseFit | undefined;
  for (let quality = LOWEST_QUALITY; quality <= HIGHEST_QUALITY; quality++) {
    let fit = 0;
    let count = 0;
    let variety = 0;
    for (let k = 0; k < COEFFICIENTS.length; k++) {
      const step = STEPS[quality * COEFFICIENTS.length + k];
      if (step < 2) continue;
      const one = (memo[k * 256 + step] ??= teeth(values[k], step));
      fit += one.fit;
      count += one.count;
      variety += one.variety;
    }
    if (count < 8 || fit <= 0) continue;
    const certainty = fit / Math.sqrt(0.8 * count);
    // Weighted by how clean the comb is: a finer comb catches more values, but none of them well.
    const score = (certainty * fit) / count;
    if (!best || score > best.score) best = { phase, score, quality, certainty, variety };
  }
  return best;
}

/**
 * The comb of a plane of JFIF luma (0..255), or undefined when it is too small or too flat to tell. A
 * first look at a few blocks on all grid positions, a second at many blocks on the likeliest ones.
 */
export function fitComb(luma: Planes): CombFit | undefined {
  const cells = livelyCells(luma);
  const look = (count: number, phases: readonly number[]): PhaseFit[] => {
    const some = spread(cells, count);
    const fits = phases.map((phase) => fitPhase(luma, some, phase)).filter((fit) => fit !== undefined);
    return fits.sort((a, b) => b.score - a.score);
  };
  const first = look(
    FIRST_LOOK_BLOCKS,
    Array.from({ length: 64 }, (_, i) => i),
  ).slice(0, CANDIDATES);
  const [best, second] = look(
    SECOND_LOOK_BLOCKS,
    first.map((fit) => fit.phase),
  );
  if (!best) return undefined;
  return {
    quality: best.quality,
    certainty: best.certainty,
    variety: best.variety,
    rival: second ? second.score / best.score : 0,
  };
}
