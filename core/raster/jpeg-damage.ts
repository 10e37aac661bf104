/** How much JPEG has hurt a picture, as one figure that the networks are told. Owner: core/raster. */
import { jfifLuma } from './colour.js';
import { fitComb } from './jpeg-comb.js';
import { createPlanes, type Planes, type Raster } from './raster.js';

/** Quality against damage; between the points the figure runs straight. */
const POINTS: readonly (readonly [quality: number, damage: number])[] = [
  [10, 1],
  [30, 0.75],
  [50, 0.55],
  [75, 0.35],
  [90, 0.15],
  [98, 0],
];

/** Damage in 0..1 (0 clean, 1 ruined) for a JPEG quality of 1 to 100 on libjpeg's scale. */
export function damageFromQuality(quality: number): number {
  if (quality <= POINTS[0][0]) return POINTS[0][1];
  for (let i = 1; i < POINTS.length; i++) {
    const [q1, d1] = POINTS[i];
    const [q0, d0] = POINTS[i - 1];
    if (quality <= q1) return d0 + ((d1 - d0) * (quality - q0)) / (q1 - q0);
  }
  return 0;
}

/** The luma that JFIF files store, 0..255. */
function storedLuma({ width, height, data }: Raster): Planes {
  const luma = createPlanes(width, height, 1);
  for (let i = 0, p = 0; i < luma.data.length; i++, p += 4) {
    luma.data[i] = jfifLuma(data[p], data[p + 1], data[p + 2]);
  }
  return luma;
}

/** Small steps next to flat runs, along one axis. */
interface Steps {
  readonly count: number;
  /** Share of them, and of the big ones, at the likeliest position modulo 8. */
  readonly aligned: number;
  readonly bigAligned: number;
  /** Mean height of the aligned ones, in levels. */
  readonly height: number;
}

function stepsAlong({ data }: Planes, length: number, next: number, lines: number, nextLine: number): Steps {
  const small = new Float64Array(8);
  const big = new Float64Array(8);
  const heights = new Float64Array(8);
  const equal = (a: number, b: number): boolean => (data[a] - data[b]) ** 2 < 1e-4;
  for (let line = 0; line < lines; line++) {
    for (let i = 3; i < length - 2; i++) {
      const at = line * nextLine + i * next;
      const difference = data[at] - data[at - next];
      const height = difference < 0 ? -difference : difference;
      // A step of one level is what any 8-bit gradient has.
      if (height < 1.5) continue;
      const flatBefore = equal(at - next, at - 2 * next) && equal(at - next, at - 3 * next);
      if (!flatBefore && !(equal(at, at + next) && equal(at, at + 2 * next))) continue;
      if (height > 24) big[i & 7]++;
      else if (height <= 16) {
        small[i & 7]++;
        heights[i & 7] += height;
      }
    }
  }
  const share = (counts: Float64Array): number =>
    Math.max(...counts) /
    Math.max(
      1,
      counts.reduce((a, b) => a + b),
    );
  const best = small.indexOf(Math.max(...small));
  return {
    count: small.reduce((a, b) => a + b),
    aligned: share(small),
    bigAligned: share(big),
    height: small[best] > 0 ? heights[best] / small[best] : 0,
  };
}

/**
 * Quality from the steps between flat blocks, for smooth pictures of low quality, where most blocks have
 * kept nothing but their mean and there is no comb to find; undefined without such steps. Drawings on an
 * 8-pixel grid have big aligned steps too, and are left alone.
 */
function qualityFromBlocking(luma: Planes): number | undefined {
  const { width, height } = luma;
  const both = [stepsAlong(luma, width, 1, height, width), stepsAlong(luma, height, width, width, 1)];
  if (both.some(({ count, aligned, bigAligned }) => count < 40 || aligned < 0.6 || bigAligned > 0.5))
    return undefined;
  // Means are stored in steps of 16 / 8 levels at quality 50.
  const percent = (Math.min(both[0].height, both[1].height) / 2) * 100;
  return percent > 100 ? 5000 / percent : (200 - percent) / 2;
}

/**
 * Damage in 0..1 seen in the pixels of a picture that was a JPEG and has not been resized since; cropping
 * does no harm. 0 for clean pictures, and for any that are too small or too flat to tell (below about
 * 48 x 48 pixels). Looks at the whole picture: one figure for all of it. Where the file is known to be a
 * JPEG, `damageFromQuality` of its tables is better.
 */
export function estimateJpegDamage(raster: Raster): number {
  const luma = storedLuma(raster);
  const comb = fitComb(luma);
  if (comb && comb.certainty >= 6 && comb.variety >= 6 && comb.rival <= 0.6)
    return damageFromQuality(comb.quality);
  const quality = qualityFromBlocking(luma);
  return quality === undefined ? 0 : damageFromQuality(quality);
}

/**
 * Damage in 0..1 of a decoded file: by its tables where it is a JPEG (`jpegQuality`), else by what the pixels show of
 * an earlier one.
 */
export function damageOf(decoded: { readonly raster: Raster; readonly jpegQuality?: number }): number {
  const { raster, jpegQuality } = decoded;
  return jpegQuality === undefined ? estimateJpegDamage(raster) : damageFromQuality(jpegQuality);
}
