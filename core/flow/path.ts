/**
 * The straight path of flow matching from a start x0 to a picture's latent x1, in the terms of FMBoost
 * (Schusterbauer et al. 2023, arXiv 2312.07360). Owns nothing: both functions return new arrays.
 */

/**
 * The point of the linear path at time t: `x_t = (1 - t) x0 + t x1`, element by element.
 * @param t Time in 0..1; exactly x0 at 0 and exactly x1 at 1.
 */
export function computeXt(x0: Float32Array, x1: Float32Array, t: number): Float32Array {
  sameLength(x0, x1);
  return x0.map((start, i) => (1 - t) * start + t * x1[i]);
}

/** The velocity that a network learns on that path: `u_t = x1 - x0`, the same at every t. */
export function computeUt(x0: Float32Array, x1: Float32Array): Float32Array {
  sameLength(x0, x1);
  return x0.map((start, i) => x1[i] - start);
}

function sameLength(x0: Float32Array, x1: Float32Array): void {
  if (x0.length !== x1.length) {
    throw new RangeError(`A path needs two ends of one size, got ${x0.length} and ${x1.length} values.`);
  }
}
