/** What does the work, in words that promise nothing: names as they are, comparisons as they were measured. */

import type { EngineFacts } from '../../plugin/engine/engine-client.js';
import { LAPTOP_GPU, type Slowdown } from '../../plugin/engine/slowdown.js';

/** "WebGPU: <adapter>", or "CPU, about 40 times slower than a laptop’s graphics card". */
export function engineText({ name, description, slowdown }: EngineFacts): string {
  if (name === 'webgpu') return description;
  return slowdown ? `CPU, ${slowdownText(slowdown)}` : 'CPU';
}

/** "about 40 times slower than this machine’s graphics card". */
export function slowdownText({ times, than }: Slowdown): string {
  const card = than === 'own' ? 'this machine’s graphics card' : 'a laptop’s graphics card';
  return times < 1.5 ? `no slower than ${card}` : `about ${roundedTimes(times)} times slower than ${card}`;
}

/** Where the comparison comes from, as a sentence; empty for a graphics card. */
export function comparisonText({ name, operationsPerSecond, slowdown }: EngineFacts): string {
  if (name === 'webgpu' || !slowdown) return '';
  const here = `${billions(operationsPerSecond)} billion operations a second, measured when it proved itself`;
  return slowdown.than === 'own'
    ? `The processor does ${here}; the graphics card did ${billions(operationsPerSecond * slowdown.times)} in the same test.`
    : `The processor does ${here}; published matrix products on WebGPU reach ${billions(LAPTOP_GPU.operationsPerSecond)} on the graphics part of an ${LAPTOP_GPU.name}.`;
}

/** As precise as such a comparison is: 7, 35, 120. */
function roundedTimes(times: number): number {
  const step = times < 10 ? 1 : times < 100 ? 5 : 10;
  return Math.round(times / step) * step;
}

function billions(operationsPerSecond: number): string {
  const value = operationsPerSecond / 1e9;
  return value < 10 ? value.toFixed(1) : `${Math.round(value)}`;
}
