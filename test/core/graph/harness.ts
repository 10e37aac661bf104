/** Runs graphs on the native engine for tests. */

import { encodeModel, type Graph } from '../../../core/graph/index.js';
import { type Engine, float32, type HostTensor } from '../../../core/runtime/engine.js';
import { createCpuEngine } from '../../../core/runtime/node/cpu.js';

let engine: Promise<Engine> | undefined;

/** One engine for all tests of a file. */
export function testEngine(): Promise<Engine> {
  engine ??= createCpuEngine({ threads: 1 });
  return engine;
}

/** Runs a graph once on float inputs given as plain arrays with their dims. */
export async function runGraph(
  graph: Graph,
  inputs: Readonly<Record<string, { dims: number[]; data: ArrayLike<number> }>>,
): Promise<Record<string, HostTensor>> {
  const program = await (await testEngine()).load(encodeModel(graph));
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { dims, data }]) => [name, float32(dims, Float32Array.from(data))]),
  );
  const outputs = await program.run(feeds);
  await program.dispose();
  return outputs;
}

/** Deterministic numbers in (low, high) that are not multiples of one another. */
export function numbers(count: number, seed = 1, low = -1, high = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return low + ((high - low) * state) / 0x100000000;
  });
}
