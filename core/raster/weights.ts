/**
 * Interpolation kernels and the weight tables made from them, for one axis. The geometry is that of
 * MATLAB's imresize: output sample i looks at (i + 0.5) / scale - 0.5 in the input, the kernel is
 * stretched by 1 / scale when shrinking with antialiasing, weights sum to one, and samples beyond the
 * ends repeat the end. `resample.ts` is the only user.
 */

/**
 * `cubic` is Keys' kernel with a = -0.5 (Keys 1981; MATLAB's "bicubic"), `mitchell` the one with
 * B = C = 1/3 (Mitchell and Netravali 1988), `gaussian` has a standard deviation of half a sample.
 */
export type Kernel = 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3' | 'linear' | 'box' | 'gaussian';

/** One axis: output i = sum over k of weights[i * taps + k] * input[first[i] + k]. */
export interface WeightTable {
  readonly taps: number;
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

interface KernelShape {
  /** Half of the width of the interval on which the kernel is not zero. */
  readonly radius: number;
  readonly at: (x: number) => number;
}

/** The whole two-parameter family of piecewise cubics (Mitchell and Netravali 1988, equation 8). */
function cubicFamily(b: number, c: number): KernelShape {
  return {
    radius: 2,
    at: (x) => {
      const a = Math.abs(x);
      if (a < 1) return (((12 - 9 * b - 6 * c) * a - 18 + 12 * b + 6 * c) * a * a + 6 - 2 * b) / 6;
      if (a < 2)
        return (((-b - 6 * c) * a + 6 * b + 30 * c) * a - 12 * b - 48 * c) * (a / 6) + (8 * b + 24 * c) / 6;
      return 0;
    },
  };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function lanczos(lobes: number): KernelShape {
  return { radius: lobes, at: (x) => (Math.abs(x) < lobes ? sinc(x) * sinc(x / lobes) : 0) };
}

/** A sample exactly on the border of the box counts half on each side, so that mirrored input stays mirrored. */
function box(x: number): number {
  const beyond = Math.abs(x) - 0.5;
  return beyond < -1e-9 ? 1 : beyond > 1e-9 ? 0 : 0.5;
}

const KERNELS: Readonly<Record<Kernel, KernelShape>> = {
  cubic: cubicFamily(0, 0.5),
  mitchell: cubicFamily(1 / 3, 1 / 3),
  lanczos2: lanczos(2),
  lanczos3: lanczos(3),
  linear: { radius: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  box: { radius: 0.5, at: box },
  gaussian: { radius: 2, at: (x) => (Math.abs(x) < 2 ? Math.exp(-2 * x * x) : 0) },
};

/** Weights smaller than this are rounding noise of the kernel's zeros. */
const NEGLIGIBLE = 1e-12;

function buildTable(
  inLength: number,
  outLength: number,
  scale: number,
  kernel: Kernel,
  antialias: boolean,
): WeightTable {
  const { radius, at } = KERNELS[kernel];
  const squeeze = antialias && scale < 1 ? scale : 1;
  const reach = radius / squeeze;
  const span = Math.ceil(2 * reach) + 2;
  const raw = new Float64Array(outLength * span);
  const left = new Int32Array(outLength);
  let taps = 1;
  for (let i = 0; i < outLength; i++) {
    const centre = (i + 0.5) / scale - 0.5;
    const start = Math.floor(centre - reach);
    let total = 0;
    let low = span;
    let high = 0;
    for (let k = 0; k < span; k++) {
      const weight = at((centre - start - k) * squeeze);
      if (Math.abs(weight) < NEGLIGIBLE) continue;
      raw[i * span + k] = weight;
      total += weight;
      low = Math.min(low, k);
      high = k;
    }
    for (let k = low; k <= high; k++) raw[i * span + k - low] = raw[i * span + k] / total;
    raw.fill(0, i * span + high - low + 1, (i + 1) * span);
    left[i] = start + low;
    taps = Math.max(taps, high - low + 1);
  }
  taps = Math.min(taps, inLength);
  // Repeating the end sample is the same as giving it the weights of everything beyond it: the loops
  // that use the table then need no border cases.
  const first = new Int32Array(outLength);
  const weights = new Float64Array(outLength * taps);
  for (let i = 0; i < outLength; i++) {
    first[i] = Math.min(Math.max(left[i], 0), inLength - taps);
    for (let k = 0; k < span; k++) {
      const index = Math.min(Math.max(left[i] + k, 0), inLength - 1);
      if (raw[i * span + k] !== 0) weights[i * taps + index - first[i]] += raw[i * span + k];
    }
  }
  return { taps, first, weights };
}

const cache = new Map<string, WeightTable>();
let cachedWeights = 0;
const MAX_CACHED_WEIGHTS = 1 << 20;

/** The table for one axis, from a cache of the most recently made ones (at most 8 MB). */
export function weightTable(
  inLength: number,
  outLength: number,
  scale: number,
  kernel: Kernel,
  antialias: boolean,
): WeightTable {
  const key = `${inLength} ${outLength} ${scale} ${kernel} ${antialias}`;
  const known = cache.get(key);
  if (known) return known;
  const table = buildTable(inLength, outLength, scale, kernel, antialias);
  cache.set(key, table);
  cachedWeights += table.weights.length;
  for (const [oldKey, old] of cache) {
    if (cachedWeights <= MAX_CACHED_WEIGHTS || cache.size === 1) break;
    cache.delete(oldKey);
    cachedWeights -= old.weights.length;
  }
  return table;
}
