/**
 * Random numbers for drawing training data. A generator is started from a list of whole numbers (seed,
 * step, index in the batch), so that any batch can be made again without its predecessors: a resumed run
 * sees the batches it would have seen. Owner: core/train/data.
 */

/** A stream of random numbers. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number, uniform in [0, n). */
  int(n: number): number;
  /** Uniform in [low, high). */
  range(low: number, high: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
}

/** Mixes 32 bits so that close inputs give unrelated outputs (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32-bit hash of whole numbers; order matters. */
export function hashNumbers(...keys: number[]): number {
  let h = 0x9e3779b9;
  for (const key of keys) h = mix(Math.imul(h, 31) + mix(key) + mix(Math.floor(key / 4294967296)));
  return h;
}

/** 32-bit hash of a text (FNV-1a, then mixed). */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** A generator (xoshiro128**, Blackman and Vigna 2018) whose state is hashed from the keys. */
export function createRng(...keys: number[]): Rng {
  let a = hashNumbers(1, ...keys);
  let b = hashNumbers(2, ...keys);
  let c = hashNumbers(3, ...keys);
  let d = hashNumbers(4, ...keys) | 1;
  const next = (): number => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result / 4294967296;
  };
  return {
    next,
    int: (n) => Math.floor(next() * n),
    range: (low, high) => low + (high - low) * next(),
    chance: (p) => next() < p,
  };
}
