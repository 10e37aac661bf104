/**
 * Where the autoencoder starts: its linear maps are principal components of 8 x 8 patches, of pictures and of
 * what up-sampling misses, mixed, since the latent has to carry both. A random start diverges at useful rates.
 */

import { Matrix } from 'ml-matrix';
import type { ParameterLayout } from '../../graph/index.js';
import { LATENT_FACTOR } from '../../nets/autoencoder.js';
import { Covariance, leadingComponents } from '../pca.js';

const PATCH = 3 * LATENT_FACTOR * LATENT_FACTOR;
/** Share of the mixture that is pictures; the rest is what up-sampling misses. */
const PICTURE_SHARE = 0.4;

/** Gathers patches and writes the start into a parameter vector. */
export class AutoencoderStart {
  private readonly pictures = new Covariance(PATCH);
  private readonly misses = new Covariance(PATCH);

  /** hr and up [n, 3, size, size] in 0..1, of the same pictures. */
  observe(hr: Float32Array, up: Float32Array, size: number): void {
    const picture = new Float32Array(PATCH);
    const miss = new Float32Array(PATCH);
    const images = hr.length / (3 * size * size);
    for (let n = 0; n < images; n++)
      for (let y = 0; y < size; y += LATENT_FACTOR)
        for (let x = 0; x < size; x += LATENT_FACTOR) {
          // The order of channels that spaceToDepth gives.
          for (let i = 0; i < PATCH; i++) {
            const c = Math.floor(i / 64);
            const at = ((n * 3 + c) * size + y + (Math.floor(i / 8) & 7)) * size + x + (i & 7);
            picture[i] = hr[at] - 0.5;
            miss[i] = hr[at] - up[at];
          }
          this.pictures.add(picture);
          this.misses.add(miss);
        }
  }

  /** Sets `encoder.linear.weight` and `decoder.linear.weight`; latents of pictures start with unit mean square. */
  apply(params: Float32Array, layout: ParameterLayout, latentChannels: number): void {
    const pictures = this.pictures.mean();
    const misses = this.misses.mean();
    const mixed = Matrix.add(
      Matrix.mul(pictures, PICTURE_SHARE / pictures.trace()),
      Matrix.mul(misses, (1 - PICTURE_SHARE) / misses.trace()),
    );
    const components = leadingComponents(mixed, latentChannels);
    const offset = (name: string) => layout.specs.find((spec) => spec.name === name)!.offset;
    const encode = offset('encoder.linear.weight');
    const decode = offset('decoder.linear.weight');
    components.forEach((component, k) => {
      const column = Matrix.columnVector(component);
      const scale = Math.sqrt(column.transpose().mmul(pictures).mmul(column).get(0, 0));
      component.forEach((value, i) => {
        params[encode + k * PATCH + i] = value / scale;
        params[decode + i * latentChannels + k] = value * scale;
      });
    });
  }
}
