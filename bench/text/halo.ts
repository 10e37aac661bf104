/** Halos: what an enlargement adds beside straight edges where the exact picture has nothing. */

import { lumaPlane } from '../../core/raster/colour.js';
import type { Raster } from '../../core/raster/raster.js';
import { localRange } from '../local-range.js';

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
