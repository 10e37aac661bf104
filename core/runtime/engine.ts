/**
 * The contract between the mathematics and whatever executes it. An engine turns the bytes of an ONNX
 * model into a program; a program maps named tensors to named tensors. Nothing above `core/runtime`
 * knows which library does this. The caller owns every tensor it passes in and every tensor it gets back.
 */

/** Where a program runs: `webgpu` and `wasm` in a browser, `wasm` and `cpu` (native) in Node. */
export type EngineName = 'webgpu' | 'wasm' | 'cpu';

/** A dense tensor in host memory, row-major. float16 travels as its bit patterns in a `Uint16Array`. */
export type HostTensor =
  | { readonly type: 'float32'; readonly dims: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'float16'; readonly dims: readonly number[]; readonly data: Uint16Array }
  | { readonly type: 'int32'; readonly dims: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'int64'; readonly dims: readonly number[]; readonly data: BigInt64Array };

export interface Program {
  /**
   * Runs once. Inputs and outputs are keyed by the graph's names.
   * @throws EnlargerError `out-of-memory` when the engine could not allocate, `internal` otherwise.
   */
  run(inputs: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
}

export interface Engine {
  readonly name: EngineName;
  /** What a person should read: for example "CPU, 2 threads" or "WebGPU: <adapter>". */
  readonly description: string;
  /** Compiles a model. @throws EnlargerError `graph-invalid` when the engine rejects it. */
  load(model: Uint8Array): Promise<Program>;
  dispose(): Promise<void>;
}

/** A float32 host tensor. */
export function float32(dims: readonly number[], data: Float32Array): HostTensor {
  return { type: 'float32', dims, data };
}
