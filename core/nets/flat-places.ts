/**
 * Keeps flat what is flat. Networks leave a level or two of pattern on one colour, and ringing around what stands on it;
 * where the picture that comes in is flat nothing can be missing, and interpolation is exact.
 */

import { add, clip, mul, reduceSum, reshape, square, staticShape, sub, type Value } from '../graph/index.js';
import { bicubicUp, windowMean } from './layers.js';

const WINDOW = 3;
/** Variance over the three colours, in levels of 8 bits squared: up to the first a place is flat, from the second not. */
const VARIANCE = [0.3, 2] as const;

/**
 * How much of what a network says counts at every place, from the picture that came in: lr [N, 3, h, w] in 0..1 to
 * [N, 1, f*h, f*w] in 0..1; 0 where 5 x 5 pixels have one colour. It looks less far than any up-sampler does.
 */
export function livelyPlaces(lr: Value, factor: 2 | 4): Value {
  const [batch, channels] = staticShape(lr.shape.slice(0, 2), 'Looking for flat places');
  const [, , h, w] = lr.shape;
  const planes = mul(reshape(lr, [batch * channels, 1, h, w]), 255);
  // Deviations first, squares of them after: the difference of two large sums would drown in rounding.
  const variance = windowMean(square(sub(planes, windowMean(planes, WINDOW))), WINDOW);
  const total = reduceSum(reshape(variance, [batch, channels, h, w]), [1], true);
  const [flat, lively] = VARIANCE;
  const share = clip(mul(sub(total, flat), 1 / (lively - flat)), 0, 1);
  return clip(bicubicUp(share, factor), 0, 1);
}

/** made [N, 3, f*h, f*w] where the input lr [N, 3, h, w] is lively, its interpolation where it is flat. */
export function keepFlat(made: Value, lr: Value, factor: 2 | 4): Value {
  const plain = bicubicUp(lr, factor);
  return add(plain, mul(sub(made, plain), livelyPlaces(lr, factor)));
}
