/**
 * Draws the outlines of masks again at a larger size. Between two plateaus (opaque and transparent, a panel and
 * its shadow) the outline is found as a field of signed distances from the share of each pixel that is covered,
 * as an antialiased distance transform does (Gustavson and Strand 2011); the field is smooth across the outline,
 * so it can be interpolated to any size, and gives an edge one pixel wide there.
 */
import { smoothStairs } from './stairs.js';

/** All per pixel of the mask. */
export interface Outline {
  /** Distance to the nearest outline in pixels, positive inside; far away beyond +-2. */
  readonly distance: Float32Array;
  /** 0 where values pass softly, 1 where an edge takes a pixel at most. */
  readonly hardness: Float32Array;
  /** The plateaus on both sides. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Differences of alpha that are no edge, and that surely are one. */
const FAINT = 12;
const DISTINCT = 36;
/** Share of all change within two pixels that lies within one: 0.5 on a slope, 1 at an edge. */
const SOFT_SHARE = 0.98;
const HARD_SHARE = 0.998;
const FAR = 2;

/** The outlines of alpha (0..255), or null where it has none. */
export function findOutline(alpha: ArrayLike<number>, width: number, height: number): Outline | null {
  const size = width * height;
  const values = Float32Array.from(alpha);
  const [low1, high1] = [extreme(values, width, height, Math.min), extreme(values, width, height, Math.max)];
  const [low, high] = [extreme(low1, width, height, Math.min), extreme(high1, width, height, Math.max)];
  const hardness = new Float32Array(size);
  const coverage = new Float32Array(size);
  let any = false;
  for (let i = 0; i < size; i++) {
    const range = high1[i] - low1[i];
    if (range > FAINT) coverage[i] = (values[i] - low1[i]) / range;
    // Beside edges a pixel belongs to the plateau it is nearer to; far from them there is nothing to say.
    else if (high[i] - low[i] > FAINT) coverage[i] = 2 * values[i] > low[i] + high[i] ? 1 : 0;
    else coverage[i] = Number.NaN;
    const contrast = ramp(high[i] - low[i], FAINT, DISTINCT);
    hardness[i] = contrast && contrast * ramp(range / (high[i] - low[i]), SOFT_SHARE, HARD_SHARE);
    if (hardness[i] > 0) any = true;
  }
  if (!any) return null;
  smoothStairs(coverage, width, height);
  return {
    distance: distances(coverage, width, height),
    hardness: spread(hardness, width, height),
    low,
    high,
  };
}

const ramp = (x: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (x - from) / (to - from)));

/** Per pixel the least (or largest) value of the 3 x 3 around it. */
function extreme(
  values: Float32Array,
  width: number,
  height: number,
  pick: (a: number, b: number) => number,
): Float32Array {
  const rows = new Float32Array(values.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      rows[i] = pick(values[i], pick(values[x > 0 ? i - 1 : i], values[x + 1 < width ? i + 1 : i]));
    }
  }
  const out = new Float32Array(values.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      out[i] = pick(rows[i], pick(rows[y > 0 ? i - width : i], rows[y + 1 < height ? i + width : i]));
    }
  }
  return out;
}

/** Hardness is that of the edge nearby, so pixels beside an edge take it from there. */
function spread(hardness: Float32Array, width: number, height: number): Float32Array {
  return extreme(hardness, width, height, Math.max);
}

/** Lines within partly covered pixels, and for all pixels the distance to the nearest of those around. */
function distances(coverage: Float32Array, width: number, height: number): Float32Array {
  const size = width * height;
  const [nx, ny, own] = [new Float32Array(size), new Float32Array(size), new Float32Array(size).fill(FAR)];
  const at = (x: number, y: number): number =>
    coverage[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const c = coverage[i];
      const differs = (v: number) => Math.abs(v - c) === 1;
      const partial = c > 0 && c < 1;
      if (
        !partial &&
        !(differs(at(x - 1, y)) || differs(at(x + 1, y)) || differs(at(x, y - 1)) || differs(at(x, y + 1)))
      )
        continue;
      const gx =
        at(x + 1, y - 1) -
        at(x - 1, y - 1) +
        Math.SQRT2 * (at(x + 1, y) - at(x - 1, y)) +
        at(x + 1, y + 1) -
        at(x - 1, y + 1);
      const gy =
        at(x - 1, y + 1) -
        at(x - 1, y - 1) +
        Math.SQRT2 * (at(x, y + 1) - at(x, y - 1)) +
        at(x + 1, y + 1) -
        at(x + 1, y - 1);
      const length = Math.hypot(gx, gy);
      if (length === 0) continue;
      nx[i] = gx / length;
      ny[i] = gy / length;
      own[i] = lineDistance(Math.abs(nx[i]), Math.abs(ny[i]), c);
    }
  }
  const distance = new Float32Array(size);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const c = coverage[i];
      const thin = thinLine(coverage, width, height, x, y, 1) ?? thinLine(coverage, width, height, x, y, -1);
      if (thin !== undefined) {
        distance[i] = thin;
        continue;
      }
      if (c > 0 && c < 1 && own[i] < FAR) {
        distance[i] = own[i];
        continue;
      }
      const touches = (v: number) => Math.abs(v - c) === 1;
      const beside =
        touches(at(x - 1, y)) || touches(at(x + 1, y)) || touches(at(x, y - 1)) || touches(at(x, y + 1));
      let nearest = beside ? 0.5 : FAR;
      let side = c >= 0.5 ? 1 : -1;
      for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
        for (let u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++) {
          const q = v * width + u;
          if (own[q] >= FAR) continue;
          // From the point of the line that is nearest to the other pixel's centre.
          const [ex, ey] = [x - u + nx[q] * own[q], y - v + ny[q] * own[q]];
          const across = ex * nx[q] + ey * ny[q];
          const along = Math.max(0, Math.abs(ey * nx[q] - ex * ny[q]) - PIECE);
          const away = Math.hypot(across, along);
          if (away >= nearest) continue;
          nearest = away;
          if (Number.isNaN(c)) side = across > 0 ? 1 : -1;
        }
      }
      distance[i] = Number.isNaN(c) && nearest === FAR ? Number.NaN : side * nearest;
    }
  }
  return farSides(distance, width);
}

/** Gives pixels that see no outline the side of a neighbour that does, so that there is none between them. */
function farSides(distance: Float32Array, width: number): Float32Array {
  const out = distance.slice();
  for (let i = 0; i < out.length; i++) {
    if (!Number.isNaN(out[i])) continue;
    const x = i % width;
    let side = 0;
    for (let v = -2; v <= 2; v++) {
      for (let u = Math.max(-x, -2); u <= Math.min(width - 1 - x, 2); u++)
        side ||= Math.sign(distance[i + v * width + u]) || 0;
    }
    out[i] = side < 0 ? -FAR : FAR;
  }
  return out;
}

/** Lines and gaps up to this width, in pixels, are found as such: in one pixel both their sides may lie. */
const THIN = 2.2;
const NOTHING = 0.05;

/**
 * Distance from the nearer side of a thin line (`sign` 1) or a thin gap (-1) through the five pixels around one,
 * along whichever axis crosses it more steeply: its width and its middle are those of the covered shares.
 */
function thinLine(
  coverage: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  sign: 1 | -1,
): number | undefined {
  if (Number.isNaN(coverage[y * width + x])) return undefined;
  const share = (u: number, v: number): number => {
    const c = coverage[Math.min(height - 1, Math.max(0, v)) * width + Math.min(width - 1, Math.max(0, u))];
    // All around a pixel of which nothing is known is of one plateau.
    if (Number.isNaN(c)) return share(u - Math.sign(u - x), v - Math.sign(v - y));
    return sign > 0 ? c : 1 - c;
  };
  let best: { total: number; distance: number } | undefined;
  for (const [dx, dy] of [
    [1, 0],
    [0, 1],
  ]) {
    if (share(x - 2 * dx, y - 2 * dy) > NOTHING || share(x + 2 * dx, y + 2 * dy) > NOTHING) continue;
    const cut = (row: number) => {
      let [total, moment] = [0, 0];
      for (let k = -2; k <= 2; k++) {
        const c = share(x + k * dx + row * dy, y + k * dy + row * dx);
        total += c;
        moment += k * c;
      }
      return { total, middle: moment / total };
    };
    const { total, middle } = cut(0);
    if (!(total > NOTHING && total <= THIN) || (best && best.total <= total)) continue;
    const [before, after] = [cut(-1), cut(1)];
    const known = before.total > NOTHING && after.total > NOTHING;
    const slope = known ? (after.middle - before.middle) / 2 : 0;
    best = { total, distance: (total / 2 - Math.abs(middle)) / Math.hypot(1, slope) };
  }
  return best && Math.max(-FAR, sign * best.distance);
}

/** Half the length of the piece of line that a pixel knows about. */
const PIECE = 0.6;

/**
 * Distance of a unit square's centre from a line that leaves the share `c` of it on the inner side, positive if
 * the centre is inside; `nx` and `ny` are the absolute components of the line's unit normal.
 */
export function lineDistance(nx: number, ny: number, c: number): number {
  const [major, minor] = nx > ny ? [nx, ny] : [ny, nx];
  // The line cuts off a triangle at small shares, a trapezium at medium ones.
  const corner = minor / (2 * major);
  const share = Math.min(c, 1 - c);
  const depth =
    share < corner ? Math.sqrt(2 * major * minor * share) - (major + minor) / 2 : (share - 0.5) * major;
  return c < 0.5 ? depth : -depth;
}
