/** Halos: what an enlargement adds beside straight edges where the exact picture has nothing. */

import { lumaPlane } from '../../core/raster/colour.js';
import type { Raster } from '../../core/raster/raster.js';

export interface HaloOptions {
  /** Output pixels per low-resolution pixel. */
  readonly scale: number;
  /** Levels (0..255) that luma may leave the exact picture's local range by; default 6. */
  readonly threshold?: number;
}

export interface Halo {
  /** Share of the flat pixels near edges that have a halo, 0..1. */
  readonly share: number;
  /** Flat pixels near edges that were looked at. */
  readonly pixels: number;
}

/**
 * Counts halos. A pixel is looked at when the exact picture is flat for more than one low-resolution pixel all
 * around it and has an edge within four; it counts when its luma lies outside of the exact picture's range
 * around it by more than the threshold, on either side. Blur, which stays inside the range, does not count.
 */
export function halo(enlarged: Raster, exact: Raster, { scale, threshold = 6 }: HaloOptions): Halo {
  const { width, height, data: truth } = lumaPlane(exact);
  const { data: luma } = lumaPlane(enlarged);
  const near = localRange(truth, width, height, scale);
  const wide = localRange(truth, width, height, 4 * scale);
  let pixels = 0;
  let halos = 0;
  for (let i = 0; i < truth.length; i++) {
    if (near.high[i] - near.low[i] > FLAT || wide.high[i] - wide.low[i] < EDGE) continue;
    pixels++;
    if (luma[i] > wide.high[i] + threshold || luma[i] < wide.low[i] - threshold) halos++;
  }
  return { share: pixels === 0 ? 0 : halos / pixels, pixels };
}

/** Levels within which a surface counts as flat, and from which a step counts as an edge. */
const FLAT = 2;
const EDGE = 40;

/** Smallest and largest sample within `reach` pixels along both axes. */
export function localRange(
  samples: Float32Array,
  width: number,
  height: number,
  reach: number,
): { low: Float32Array; high: Float32Array } {
  const along = (source: Float32Array, pick: (a: number, b: number) => number) => {
    const rows = slide(source, height, width, width, 1, reach, pick);
    return slide(rows, width, height, 1, width, reach, pick);
  };
  return { low: along(samples, Math.min), high: along(samples, Math.max) };
}

/**
 * Sliding minimum or maximum of `count` lines of `length` samples, by van Herk's two running picks: one from
 * the start of each block of a window's length, one from its end. The border counts as repeated.
 */
function slide(
  source: Float32Array,
  count: number,
  length: number,
  lineStep: number,
  step: number,
  reach: number,
  pick: (a: number, b: number) => number,
): Float32Array {
  const result = new Float32Array(source.length);
  const window = 2 * reach + 1;
  const padded = new Float32Array(length + 2 * reach);
  const fromStart = new Float32Array(padded.length);
  const fromEnd = new Float32Array(padded.length);
  for (let line = 0; line < count; line++) {
    for (let i = 0; i < padded.length; i++) {
      const inside = Math.min(length - 1, Math.max(0, i - reach));
      padded[i] = source[line * lineStep + inside * step];
      fromStart[i] = i % window === 0 ? padded[i] : pick(fromStart[i - 1], padded[i]);
    }
    for (let i = padded.length - 1; i >= 0; i--) {
      const last = i % window === window - 1 || i === padded.length - 1;
      fromEnd[i] = last ? padded[i] : pick(fromEnd[i + 1], padded[i]);
    }
    for (let i = 0; i < length; i++)
      result[line * lineStep + i * step] = pick(fromEnd[i], fromStart[i + 2 * reach]);
  }
  return result;
}
