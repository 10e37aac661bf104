/** How much slower a processor is than a graphics card would be, from what was measured and never from a guess. */

/**
 * A card to compare with where this machine has none that can be measured: matrix products written for WebGPU reach
 * about 900 billion floating-point operations a second on the graphics part of an Apple M1, a laptop of 2020, as their
 * authors have published (jott.live/markdown/m1_webgpu_perf, github.com/FL33TW00D/wgpu-mm).
 */
export const LAPTOP_GPU = { name: 'Apple M1', operationsPerSecond: 9e11 } as const;

/** How many times slower, and than what. */
export interface Slowdown {
  /** 1 is as fast; may be below. */
  readonly times: number;
  /** `own`: this machine's card, which has done the same calculation; `laptop`: `LAPTOP_GPU`. */
  readonly than: 'own' | 'laptop';
}

/**
 * @param operationsPerSecond What the processor did when it proved itself, in floating-point operations of the networks.
 * @param own The same of this machine's graphics card; null when it has not been measured.
 * @returns null when nothing can be said, as for packs that do not tell how much arithmetic they are.
 */
export function slowdownOf(operationsPerSecond: number, own: number | null): Slowdown | null {
  if (!(operationsPerSecond > 0)) return null;
  return own === null
    ? { times: LAPTOP_GPU.operationsPerSecond / operationsPerSecond, than: 'laptop' }
    : { times: own / operationsPerSecond, than: 'own' };
}
