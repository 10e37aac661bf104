/**
 * An engine over any build of ONNX Runtime: native, wasm and WebGPU share one JavaScript interface
 * (onnxruntime-common). The build is handed in, so this file pulls in none of them.
 *
 * Creation and runs of one build are serialised, because its wasm memory and its WebGPU queue are shared by
 * all sessions. A failed call leaves the queue intact.
 */

import type {
  InferenceSession,
  InferenceSessionFactory,
  Tensor,
  TensorConstructor,
} from 'onnxruntime-common';
import { EnlargerError } from '../errors.js';
import type { Engine, EngineName, HostTensor, Program } from './engine.js';
import { loadError, runError } from './ort-errors.js';
import { SerialQueue } from './serial-queue.js';

/** The part of an ONNX Runtime build that an engine needs. */
export interface OrtLibrary {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

/** What an engine is made of. */
export interface OrtEngineOptions {
  readonly ort: OrtLibrary;
  readonly name: EngineName;
  readonly description: string;
  readonly session: InferenceSession.SessionOptions;
  /** Resolves if the device under the engine is gone; every later call and the one in flight reject with it. */
  readonly lost?: Promise<EnlargerError>;
  /** A fault that the device reported beside the results since the last call, if any. */
  readonly takeFault?: () => unknown;
  /** Called once, after all programs are disposed. */
  readonly onDispose?: () => void;
}

const queues = new WeakMap<OrtLibrary, SerialQueue>();

/** An engine on the given build. Disposing it disposes its programs. */
export function createOrtEngine(options: OrtEngineOptions): Engine {
  const { ort, name, description, session, lost, takeFault, onDispose } = options;
  let queue = queues.get(ort);
  if (!queue) queues.set(ort, (queue = new SerialQueue()));
  const serial = queue;
  const programs = new Set<Program>();
  let closed = false;

  let gone: EnlargerError | undefined;
  const lostRejects = lost?.then((error) => {
    gone = error;
    throw error;
  });
  // The rejection is heard by whoever races against it; without a call in flight nobody does.
  lostRejects?.catch(() => undefined);

  /** One call into the library: alone, watched for a lost device, its side faults turned into errors. */
  function call<T>(task: () => Promise<T>): Promise<T> {
    return serial.add(async () => {
      if (gone) throw gone;
      if (closed) throw new EnlargerError('internal', 'The engine was used after it was closed.');
      takeFault?.();
      const result = await (lostRejects ? Promise.race([task(), lostRejects]) : task());
      const fault = takeFault?.();
      if (fault !== undefined) throw fault;
      return result;
    });
  }

  function program(loaded: InferenceSession): Program {
    let released = false;
    const self: Program = {
      async run(inputs) {
        if (released) throw new EnlargerError('internal', 'A model was run after it was released.');
        const feeds: Record<string, Tensor> = {};
        for (const [key, tensor] of Object.entries(inputs)) feeds[key] = toOrt(ort, tensor);
        try {
          const results = await call(() => loaded.run(feeds));
          return Object.fromEntries(loaded.outputNames.map((key) => [key, fromOrt(key, results[key])]));
        } catch (error) {
          throw runError(error);
        }
      },
      async dispose() {
        if (released) return;
        released = true;
        programs.delete(self);
        // A lost device has taken its sessions along; releasing them again may hang.
        if (!gone) await serial.add(() => loaded.release());
      },
    };
    return self;
  }

  return {
    name,
    description,
    async load(model) {
      try {
        const made = program(await call(() => ort.InferenceSession.create(model, session)));
        programs.add(made);
        return made;
      } catch (error) {
        throw loadError(error);
      }
    },
    async dispose() {
      if (closed) return;
      for (const each of [...programs]) await each.dispose();
      closed = true;
      onDispose?.();
    },
  };
}

function toOrt(ort: OrtLibrary, tensor: HostTensor): Tensor {
  // The overloads of the constructor do not take a union, although each member is one of them.
  return new ort.Tensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.dims);
}

function fromOrt(name: string, tensor: Tensor): HostTensor {
  const { type, dims, data } = tensor;
  if (type === 'float32') return { type, dims, data: data as Float32Array };
  if (type === 'int32') return { type, dims, data: data as Int32Array };
  if (type === 'int64') return { type, dims, data: data as BigInt64Array };
  if (type === 'float16') {
    // Where the language has Float16Array, the library uses it; the contract is bit patterns everywhere.
    const { buffer, byteOffset, length } = data as Uint16Array;
    return { type, dims, data: new Uint16Array(buffer, byteOffset, length) };
  }
  throw new EnlargerError(
    'graph-invalid',
    `The output "${name}" is of type ${type}, but programs return float32, float16, int32 or int64.`,
  );
}
