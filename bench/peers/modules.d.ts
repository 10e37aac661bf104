/** What the page of the peers uses of their packages, which are installed in bench/ only. */

declare module '@tensorflow/tfjs' {
  export interface Tensor {
    readonly shape: readonly number[];
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  export function tensor3d(values: Float32Array, shape: readonly [number, number, number]): Tensor;
  export function setBackend(name: 'wasm'): Promise<boolean>;
  export function ready(): Promise<void>;
  export function getBackend(): string;
}

declare module '@tensorflow/tfjs-backend-wasm' {
  export function setWasmPaths(prefix: string): void;
  export function setThreadsCount(threads: number): void;
}

declare module 'upscaler' {
  import type { Tensor } from '@tensorflow/tfjs';

  // biome-ignore lint/style/noDefaultExport: it is what the package has.
  export default class Upscaler {
    constructor(options: { readonly model: unknown });
    upscale(
      input: Tensor,
      options: { readonly output: 'tensor'; readonly patchSize?: number; readonly padding?: number },
    ): Promise<Tensor>;
    dispose(): Promise<void>;
  }
}

declare module '@upscalerjs/*' {
  const model: object;
  // biome-ignore lint/style/noDefaultExport: it is what the packages have.
  export default model;
}
