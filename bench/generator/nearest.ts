/** Nearest training icons of a generated one, in the latent space it was generated in. */

export interface Neighbour {
  readonly example: number;
  /** Root mean square difference per latent value. */
  readonly distance: number;
}

/** Latents of `length` values each, one after the other. */
export interface LatentSet {
  readonly count: number;
  readonly length: number;
  readonly data: Float32Array;
}

/** The nearest of the set, of those that `allowed` lets through. */
export function nearest(
  latent: Float32Array,
  { count, length, data }: LatentSet,
  allowed: (example: number) => boolean = () => true,
): Neighbour {
  let example = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < count; n++) {
    if (!allowed(n)) continue;
    let sum = 0;
    // Most examples are far away after a few hundred values: no need to look at the rest.
    for (let i = 0, at = n * length; i < length && sum < least; i++, at++) sum += (latent[i] - data[at]) ** 2;
    if (sum < least) {
      least = sum;
      example = n;
    }
  }
  return { example, distance: Math.sqrt(least / length) };
}
