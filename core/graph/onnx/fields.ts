/**
 * Field numbers and enumerations of the ONNX format (onnx.proto3, IR version 8) that this library writes
 * and reads. The numbers are the format's; https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
 */

import type { DType } from '../types.js';

/** Operator set and IR version that every engine we target understands. */
export const OPSET = 17;
export const IR_VERSION = 8;

export const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8 } as const;
export const OPSET_ID = { domain: 1, version: 2 } as const;
export const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
export const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
export const ATTRIBUTE = { name: 1, f: 2, i: 3, s: 4, floats: 7, ints: 8, type: 20 } as const;
export const TENSOR = { dims: 1, dataType: 2, floatData: 4, int64Data: 7, name: 8, rawData: 9 } as const;
export const VALUE_INFO = { name: 1, type: 2 } as const;
export const TYPE = { tensorType: 1 } as const;
export const TENSOR_TYPE = { elemType: 1, shape: 2 } as const;
export const SHAPE = { dim: 1 } as const;
export const DIMENSION = { value: 1, param: 2 } as const;

export const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** ONNX numbers of our element types. */
export const DATA_TYPE: Readonly<Record<DType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** @returns our name of an ONNX element type, or undefined when we do not support it. */
export function dtypeOfNumber(code: number): DType | undefined {
  return (Object.keys(DATA_TYPE) as DType[]).find((dtype) => DATA_TYPE[dtype] === code);
}
