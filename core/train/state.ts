/** What a training run is at one moment, how it starts, and how it is written down. */

import { EnlargerError } from '../errors.js';
import { normalQuantile } from '../flow/gaussian.js';
import { philox4x32 } from '../flow/philox.js';
import type { ParameterLayout, ParameterSpec } from '../graph/index.js';
import { hashText } from './data/rng.js';

export interface TrainingState {
  /** Finished steps. */
  readonly step: number;
  readonly params: Float32Array;
  /** Adam's first and second moments. */
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** Exponential moving average of the parameters; what is evaluated and shipped. */
  readonly ema: Float32Array;
}

/** The parameters as their specifications ask; a function of seed and names only. */
export function initialParameters(layout: ParameterLayout, seed: number): Float32Array {
  const params = new Float32Array(layout.size);
  const words = new Uint32Array(4);
  for (const spec of layout.specs) {
    const target = params.subarray(spec.offset, spec.offset + spec.size);
    if ('constant' in spec.start) {
      target.fill(spec.start.constant);
      continue;
    }
    const key = hashText(spec.name);
    for (let i = 0; i < spec.size; i++) {
      if (i % 4 === 0) philox4x32(words, i >> 2, 0, 0, 0, key, seed);
      target[i] = spec.start.normal * normalQuantile((words[i % 4] + 0.5) / 0x100000000);
    }
  }
  return params;
}

/** A fresh run that starts from these parameters. */
export function initialState(params: Float32Array): TrainingState {
  const zeros = () => new Float32Array(params.length);
  return { step: 0, params, m: zeros(), v: zeros(), ema: params.slice() };
}

/** A run's state with the layout that gives its numbers their names. */
export interface Checkpoint {
  readonly recipe: string;
  readonly specs: readonly ParameterSpec[];
  readonly state: TrainingState;
}

const MAGIC = 'ENLRCKP1';

/** Bytes: magic, header length (uint32), JSON header, then params, m, v and ema as little-endian float32. */
export function encodeCheckpoint({ recipe, specs, state }: Checkpoint): Uint8Array {
  const size = state.params.length;
  const header = new TextEncoder().encode(JSON.stringify({ recipe, step: state.step, size, specs }));
  const bytes = new Uint8Array(12 + header.length + 16 * size);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(8, header.length, true);
  bytes.set(header, 12);
  [state.params, state.m, state.v, state.ema].forEach((vector, i) => {
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, 4 * size), 12 + header.length + 4 * i * size);
  });
  return bytes;
}

/** @throws EnlargerError `data-missing` when the bytes are no complete checkpoint. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const damaged = (cause?: unknown) =>
    new EnlargerError(
      'data-missing',
      'The checkpoint is damaged or not a checkpoint.',
      'Start the run again.',
      {
        cause,
      },
    );
  const decoder = new TextDecoder();
  if (bytes.length < 12 || decoder.decode(bytes.subarray(0, 8)) !== MAGIC) throw damaged();
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  let header: { recipe: string; step: number; size: number; specs: ParameterSpec[] };
  try {
    header = JSON.parse(decoder.decode(bytes.subarray(12, 12 + length)));
  } catch (cause) {
    throw damaged(cause);
  }
  const { size } = header;
  if (bytes.length !== 12 + length + 16 * size) throw damaged();
  const vector = (i: number) => {
    const start = 12 + length + 4 * i * size;
    // Copied into place: a view may be misaligned, and a Buffer's slice() is a view.
    const values = new Float32Array(size);
    new Uint8Array(values.buffer).set(bytes.subarray(start, start + 4 * size));
    return values;
  };
  const state = { step: header.step, params: vector(0), m: vector(1), v: vector(2), ema: vector(3) };
  return { recipe: header.recipe, specs: header.specs, state };
}

/** Copies parameters of equal name and shape from another run's average; returns how many numbers matched. */
export function transferParameters(target: Float32Array, layout: ParameterLayout, from: Checkpoint): number {
  let copied = 0;
  for (const spec of layout.specs) {
    const source = from.specs.find((s) => s.name === spec.name && s.shape.join() === spec.shape.join());
    if (!source) continue;
    target.set(from.state.ema.subarray(source.offset, source.offset + source.size), spec.offset);
    copied += spec.size;
  }
  return copied;
}
