/** The public face of the graph library. */

export { backward } from './backward.js';
export { Inlined } from './compose.js';
export { type Attribute, Graph, type InitializerData, type Node, type Value } from './graph.js';
export { decodeModel } from './onnx/decode.js';
export { encodeModel } from './onnx/encode.js';
export { type ModelPort, type ModelPorts, readModelPorts } from './onnx/value-info.js';
export * from './ops/index.js';
export * from './parameters.js';
export * from './types.js';
