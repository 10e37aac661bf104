/**
 * Convolution, stride one, zero padding that keeps the size. Down-sampling is `spaceToDepth` and
 * up-sampling `depthToSpace`, so that every convolution runs and differentiates the fast way.
 */

import { EnlargerError } from '../../errors.js';
import type { Value } from '../graph.js';
import { sameDim, shapeText, staticShape } from '../types.js';
import { gather } from './gather.js';
import { matmul, transposeLast } from './matmul.js';
import { apply, defineOp } from './op.js';
import { reduceSum } from './reduce.js';
import { concat, pad, reshape, transpose } from './shape.js';

/**
 * Cross-correlates x [N, I, H, W] with weight [O, I, k, k] (k odd) and adds bias [O]; gives [N, O, H, W].
 */
export function conv2d(x: Value, weight: Value, bias?: Value): Value {
  const [, , kh, kw] = staticShape(weight.shape, 'A convolution weight');
  const border = (kh - 1) / 2;
  return apply('Conv', bias ? [x, weight, bias] : [x, weight], {
    kernel_shape: [kh, kw],
    pads: [border, border, border, border],
  });
}

/** The weight that carries gradients back: [O, I, k, k] turned by 180 degrees and transposed to [I, O, k, k]. */
function adjointWeight(weight: Value): Value {
  const [outputs, inputs, k] = staticShape(weight.shape, 'A convolution weight');
  const swapped = transpose(weight, [1, 0, 2, 3]);
  if (k === 1) return swapped;
  const flat = reshape(swapped, [inputs, outputs, k * k]);
  const reversed = Array.from({ length: k * k }, (_, i) => k * k - 1 - i);
  return reshape(gather(flat, 2, reversed), [inputs, outputs, k, k]);
}

/** x [N, C, H, W] moved by each of -b..b along an axis (2 rows, 3 columns), stacked to [N, k*C, H, W]. */
function shiftedCopies(x: Value, axis: 2 | 3, shifts: readonly number[]): Value {
  return concat(
    shifts.map((shift) => {
      if (shift === 0) return x;
      const before = [0, 0, 0, 0];
      const after = [0, 0, 0, 0];
      before[axis] = shift;
      after[axis] = -shift;
      return pad(x, before, after);
    }),
    1,
  );
}

/**
 * The gradient of a k x k weight as ONE batched matrix product: k row-shifted copies of the output's
 * gradient against k column-shifted copies of the input. Two times k copies stand in for k*k, and the
 * product runs at the speed of a large GEMM, several times that of a convolution with swapped roles.
 */
function weightGradient(x: Value, gradient: Value, k: number): Value {
  const [n, inputs, h, w] = staticShape(x.shape, 'A weight gradient');
  const outputs = staticShape(gradient.shape, 'A weight gradient')[1];
  const border = (k - 1) / 2;
  const taps = Array.from({ length: k }, (_, i) => i - border);
  const rows = k === 1 ? gradient : shiftedCopies(gradient, 2, taps);
  const columns =
    k === 1
      ? x
      : shiftedCopies(
          x,
          3,
          taps.map((tap) => -tap),
        );
  const left = reshape(rows, [n, k * outputs, h * w]);
  const right = transposeLast(reshape(columns, [n, k * inputs, h * w]));
  const product = reduceSum(matmul(left, right), [0]);
  const split = reshape(product, [k, outputs, k, inputs]);
  return transpose(split, [1, 3, 0, 2]);
}

defineOp('Conv', {
  infer: ([x, weight]) => {
    const [outputs, inputs, kh, kw] = staticShape(weight!.shape, 'A convolution weight');
    if (x!.shape.length !== 4 || !sameDim(x!.shape[1], inputs) || kh !== kw || kh % 2 === 0)
      throw new EnlargerError(
        'graph-invalid',
        `A convolution of ${shapeText(x!.shape)} with ${shapeText(weight!.shape)} is not possible.`,
      );
    return { dtype: x!.dtype, shape: [x!.shape[0], outputs, x!.shape[2], x!.shape[3]] };
  },
  vjp: (node, g) => {
    const [x, weight, bias] = node.inputs as [Value, Value, Value | undefined];
    const k = weight.shape[2] as number;
    return [
      () => conv2d(g, adjointWeight(weight)),
      () => weightGradient(x, g, k),
      ...(bias ? [() => reduceSum(g, [0, 2, 3])] : []),
    ];
  },
});
