/**
 * Coupling by data (FMBoost, arXiv 2312.07360): the flow does not start from pure noise but from the latent
 * of the low-resolution picture itself, brought to the size of the result. Two ways lead there; both are
 * pure compositions of the caller's own steps.
 */

/**
 * The caller's steps. `Picture` and `Latent` may be anything, such as arrays, graph values or promises:
 * each step receives exactly what the step before it returned.
 */
export interface CouplingSteps<Picture, Latent> {
  /** Low-resolution pixels to pixels at the size of the result. */
  upsamplePixels(picture: Picture): Picture;
  encode(picture: Picture): Latent;
  /** A low-resolution latent to a latent at the size of the result's. */
  upsampleLatent(latent: Latent): Latent;
}

/** `psu`: pixel-space up-sampling, then encoding. `lsu`: encoding, then latent-space up-sampling. */
export type CouplingName = 'psu' | 'lsu';

/** The start latent z0 (still without noise) from a low-resolution picture. */
export type Coupling = <Picture, Latent>(
  lowResolution: Picture,
  steps: CouplingSteps<Picture, Latent>,
) => Latent;

/** The couplings by name. FMBoost finds `psu` clearly better: the encoder never saw tiny pictures. */
export const COUPLINGS: Readonly<Record<CouplingName, Coupling>> = {
  psu: (lowResolution, steps) => steps.encode(steps.upsamplePixels(lowResolution)),
  lsu: (lowResolution, steps) => steps.upsampleLatent(steps.encode(lowResolution)),
};
