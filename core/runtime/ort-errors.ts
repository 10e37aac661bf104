/** Turns what ONNX Runtime throws into errors of the project. Owns the knowledge of its messages. */

import { EnlargerError } from '../errors.js';

/**
 * What the native library, emscripten, JavaScript engines and WebGPU say when memory ends. A buffer beyond a
 * WebGPU limit counts too: the remedy, a smaller tile, is the same.
 */
const OUT_OF_MEMORY =
  /out ?of ?memory|shape is too large|bad_?\s?alloc|failed to allocate|allocation failed|allocation size overflow|cannot enlarge memory|\boom\b|exceeds? the (max|limit|adapter).*size|max(StorageBufferBinding|Buffer)Size|buffer.*too large/i;

/** Whether a failure of the engine means that it ran out of memory. */
export function isOutOfMemory(error: unknown): boolean {
  return OUT_OF_MEMORY.test(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** An error of loading a model, as one of the project. */
export function loadError(error: unknown): EnlargerError {
  if (error instanceof EnlargerError) return error;
  if (isOutOfMemory(error)) return outOfMemory(error);
  const text = messageOf(error);
  if (/no available backend|backend not found/i.test(text)) {
    return new EnlargerError(
      'backend-unavailable',
      `The engine could not be started here: ${text}`,
      'Choose another engine.',
      { cause: error },
    );
  }
  return new EnlargerError('graph-invalid', `The engine rejected a model: ${text}`, '', { cause: error });
}

/** An error of running a program, as one of the project. */
export function runError(error: unknown): EnlargerError {
  if (error instanceof EnlargerError) return error;
  if (isOutOfMemory(error)) return outOfMemory(error);
  return new EnlargerError('internal', `The engine failed while running a model: ${messageOf(error)}`, '', {
    cause: error,
  });
}

function outOfMemory(cause: unknown): EnlargerError {
  return new EnlargerError(
    'out-of-memory',
    'There is not enough memory for this picture and tile size.',
    'Use a smaller tile, or close other programs.',
    { cause },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
