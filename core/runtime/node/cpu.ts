/**
 * The native CPU engine for Node (onnxruntime-node). Owns the choice of session options on this engine.
 * A run occupies the calling thread until it ends, as the native binding is synchronous underneath.
 */

import os from 'node:os';
import { EnlargerError } from '../../errors.js';
import { createOrtEngine } from '../backend-ort.js';
import type { Engine } from '../engine.js';

export interface CpuEngineOptions {
  /** Threads for one run; default: all that the system grants. */
  readonly threads?: number;
  /**
   * Keep freed memory in the library's arena for the next run (default true: faster). Without it each
   * tensor goes back to the system; that lowers the peak for large tiles, but not for small ones.
   */
  readonly arena?: boolean;
}

/**
 * Starts the native CPU engine.
 * @throws EnlargerError `backend-unavailable` if this platform has no native library, `option-invalid` for
 *   a thread count that is not a whole number from 1.
 */
export async function createCpuEngine(options: CpuEngineOptions = {}): Promise<Engine> {
  const { threads = os.availableParallelism(), arena = true } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new EnlargerError(
      'option-invalid',
      `The number of threads must be a whole number from 1, not ${threads}.`,
    );
  }
  let ort: typeof import('onnxruntime-node');
  try {
    // Imported on demand: loading the native library fails on platforms it is not built for.
    ort = await import('onnxruntime-node');
  } catch (error) {
    throw new EnlargerError(
      'backend-unavailable',
      `The native CPU engine could not be loaded on ${process.platform} ${process.arch}.`,
      'Use the wasm engine, which runs everywhere.',
      { cause: error },
    );
  }
  return createOrtEngine({
    ort,
    name: 'cpu',
    description: `CPU, ${threads} thread${threads === 1 ? '' : 's'}`,
    session: {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      enableCpuMemArena: arena,
      // A plan of memory is one block beside what the first run of a shape took: a second tile would need it twice.
      enableMemPattern: false,
      // Failures are thrown as well; printing them a second time would only litter the terminal.
      logSeverityLevel: 4,
    },
  });
}
