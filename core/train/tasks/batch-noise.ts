/** The noise of a training batch: that of a step's own field, the examples one below the other. */

import { latentNoise } from '../../flow/noise.js';

/** Standard normal [batch, channels, side, side] in layout of one tall field; a function of seed and step only. */
export function batchNoise(
  seed: number,
  step: number,
  { batch, channels, side }: { readonly batch: number; readonly channels: number; readonly side: number },
): Float32Array {
  return latentNoise({ seed, stage: step, channels, x: 0, y: 0, width: side, height: side * batch });
}
