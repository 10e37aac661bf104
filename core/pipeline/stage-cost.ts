/** How much arithmetic a stage does, from what the pack says about its networks. */

import type { Pack } from '../pack/schema.js';

/**
 * Multiply-accumulates of the networks of one stage for each pixel that it makes, with the pack's own number of
 * evaluations of the flow. Back-projection (small fixed filters) is not counted.
 */
export function stageMacs({ components, path }: Pack, factor: 2 | 4, detail: number): number {
  const macs = (role: string, of?: number) =>
    components.find((each) => each.role === role && each.factor === of)?.macsPerOutputPixel ?? 0;
  const upsampler = macs('upsampler', factor);
  if (detail === 0 || !path) return upsampler;
  return upsampler + macs('encoder') + macs('spread') + path.evaluations * macs('velocity') + macs('decoder');
}
