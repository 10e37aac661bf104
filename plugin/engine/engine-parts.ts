/** What the engine's page side is made of, wherever it comes from: inlined in the page, or served beside it. */

import type { Endpoint } from './channel.js';
import type { PackFile } from './messages.js';

/** What is used of a `Worker`. */
export interface WorkerHandle extends Endpoint {
  terminate(): void;
  addEventListener(
    type: 'message' | 'error',
    listener: (event: { readonly data: unknown; readonly message?: string }) => void,
  ): void;
}

export interface EngineParts {
  startWorker(kind: 'picture' | 'model'): Promise<WorkerHandle>;
  /** ONNX Runtime's wasm file for an engine, compressed with gzip. */
  wasm(name: 'webgpu' | 'wasm'): Promise<Blob>;
  packFiles(): Promise<readonly PackFile[]>;
}
