import { readFileSync } from 'node:fs';
import type { Pack } from '../../../core/pack/schema.js';
import { stageMacs } from '../../../core/pipeline/stage-cost.js';

const shipped = JSON.parse(readFileSync('models/enlarger-1/pack.json', 'utf8')) as Pack;
const macs = (role: string, factor?: number) =>
  shipped.components.find((each) => each.role === role && each.factor === factor)!.macsPerOutputPixel;

it.each([2, 4] as const)('a faithful stage of x%i is its up-sampler', (factor) => {
  expect(stageMacs(shipped, factor, 0)).toBe(macs('upsampler', factor));
});

it('a stage with detail is every network, the velocity once for each evaluation', () => {
  const once = macs('upsampler', 4) + macs('encoder') + macs('spread') + macs('decoder');
  const evaluations = shipped.path!.evaluations;
  expect(stageMacs(shipped, 4, 0.3)).toBe(once + evaluations * macs('velocity'));
});

it('a pack that only up-samples does nothing else at any detail', () => {
  const { path: _, ...plain } = shipped;
  expect(stageMacs(plain, 2, 1)).toBe(macs('upsampler', 2));
});
