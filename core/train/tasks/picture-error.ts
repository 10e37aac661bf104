/** How far an enlarged picture is from the true one, as losses of the up-samplers. */

import {
  abs,
  add,
  addAll,
  conv2d,
  log,
  mean,
  mul,
  reduceMean,
  square,
  sub,
  type Value,
} from '../../graph/index.js';
import { LUMA_WEIGHTS } from '../../raster/colour.js';

export interface PictureErrorOptions {
  /**
   * `absolute` converges faster and further for networks of this kind (Lim et al. 2017, EDSR). `psnr`, the logarithm of
   * every crop's mean squared error, is what is measured in the end (as in HINet, Chen et al. 2021), and finishes a run.
   */
  readonly error: 'absolute' | 'psnr';
  /** How often the error of brightness counts beside that of the three colours; 0 for not at all. */
  readonly lumaWeight: number;
}

/** Mean squared error at which `psnr` stops rewarding, 50 dB: crops that are flat would outweigh everything. */
const FLOOR = 1e-5;

/** made and true [N, 3, H, W] in 0..1, to a scalar. */
export function pictureError(made: Value, truth: Value, { error, lumaWeight }: PictureErrorOptions): Value {
  const colours = sub(made, truth);
  const parts = [{ weight: 1 / (1 + lumaWeight), of: colours }];
  if (lumaWeight > 0) {
    const luma = conv2d(colours, made.graph.initializer([1, 3, 1, 1], Float32Array.from(LUMA_WEIGHTS)));
    parts.push({ weight: lumaWeight / (1 + lumaWeight), of: luma });
  }
  const weighted = (measure: (difference: Value) => Value) =>
    addAll(parts.map(({ weight, of }) => mul(measure(of), weight)));
  if (error === 'absolute') return weighted((difference) => mean(abs(difference)));
  const perCrop = weighted((difference) => reduceMean(square(difference), [1, 2, 3]));
  return mean(log(add(perCrop, FLOOR)));
}
