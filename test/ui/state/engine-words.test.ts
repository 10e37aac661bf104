import type { EngineFacts } from '../../../plugin/engine/engine-client.js';
import { type Slowdown, slowdownOf } from '../../../plugin/engine/slowdown.js';
import { comparisonText, engineText } from '../../../ui/state/engine-words.js';
import { FACTS } from '../fakes.js';

const processor = (slowdown: Slowdown | null, operationsPerSecond = 2.5e10): EngineFacts => ({
  ...FACTS,
  name: 'wasm',
  description: 'WebAssembly, 1 thread',
  operationsPerSecond,
  slowdown,
});

describe('what does the work', () => {
  it('is a graphics card by its name', () => {
    expect(engineText(FACTS)).toBe('WebGPU: Test adapter');
    expect(comparisonText(FACTS)).toBe('');
  });

  it.each([
    [3.4, 'about 3 times'],
    [9.7, 'about 10 times'],
    [33, 'about 35 times'],
    [124, 'about 120 times'],
  ])('is a processor, %s times slower', (times, words) => {
    expect(engineText(processor({ times, than: 'laptop' }))).toBe(
      `CPU, ${words} slower than a laptop’s graphics card`,
    );
    expect(engineText(processor({ times, than: 'own' }))).toBe(
      `CPU, ${words} slower than this machine’s graphics card`,
    );
  });

  it('is a processor without a comparison, or one that needs to fear none', () => {
    expect(engineText(processor(null))).toBe('CPU');
    expect(comparisonText(processor(null))).toBe('');
    expect(engineText(processor({ times: 0.8, than: 'own' }))).toMatch(/^CPU, no slower than/);
  });

  it('comes with both figures of the comparison', () => {
    expect(comparisonText(processor(slowdownOf(2.5e10, null)))).toMatch(/25 billion.*900 on .* Apple M1/);
    expect(comparisonText(processor(slowdownOf(4e9, 2e11), 4e9))).toMatch(/4\.0 billion.*card did 200 in/);
  });
});

it('nothing is compared that was not measured', () => {
  expect(slowdownOf(0, null)).toBeNull();
  expect(slowdownOf(0, 1e12)).toBeNull();
});
