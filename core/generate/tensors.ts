/** Plain numbers to tensors of whatever type a component wants, and back. */

import { EnlargerError } from '../errors.js';
import type { DType } from '../graph/index.js';
import { fromHalf, toHalf } from '../pack/half.js';
import type { HostTensor } from '../runtime/engine.js';

/** A tensor of this type; whole-number types are rounded to. @throws EnlargerError `pack-invalid` for others. */
export function toTensor(
  dtype: DType | undefined,
  dims: readonly number[],
  data: Float32Array | readonly number[],
): HostTensor {
  switch (dtype) {
    case 'float32':
      return { type: dtype, dims, data: Float32Array.from(data) };
    case 'float16':
      return { type: dtype, dims, data: toHalf(Float32Array.from(data)) };
    case 'int32':
      return { type: dtype, dims, data: Int32Array.from(data, Math.round) };
    case 'int64':
      return { type: dtype, dims, data: BigInt64Array.from(Array.from(data, (v) => BigInt(Math.round(v)))) };
    default:
      throw new EnlargerError('pack-invalid', `Tensors of the type ${dtype ?? 'unknown'} are not supported.`);
  }
}

/** The values as floats. */
export function toFloats(tensor: HostTensor): Float32Array {
  if (tensor.type === 'float32') return tensor.data;
  if (tensor.type === 'float16') return fromHalf(tensor.data);
  return Float32Array.from(tensor.data, Number);
}
