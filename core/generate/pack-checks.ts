/** Whether the components of a generator fit each other and what its pack.json says of the latent. */

import { EnlargerError } from '../errors.js';
import type { Dim } from '../graph/index.js';
import type { PackGenerator } from '../pack/generator-schema.js';
import type { Component } from './component.js';

export interface GeneratorComponents {
  readonly encoder: Component;
  readonly denoiser: Component;
  readonly decoder: Component;
}

/** @throws EnlargerError `pack-invalid`, naming the component and both sizes. */
export function checkPorts(
  { latent, tokens }: PackGenerator,
  { encoder, denoiser, decoder }: GeneratorComponents,
): void {
  expect(encoder, 'tokens', encoder.ports.inputs.tokens.shape, [undefined, tokens.length]);
  const size = [undefined, latent.channels, latent.height, latent.width];
  expect(denoiser, 'sample', denoiser.ports.inputs.sample.shape, size);
  expect(decoder, 'latent', decoder.ports.inputs.latent.shape, [undefined, latent.channels]);
  const { sample, context } = denoiser.ports.inputs;
  if (sample.shape.length !== 4) wrong(denoiser, 'sample', `${sample.shape.length} dimensions`, '4');
  const features = (shape: readonly Dim[]) => shape.at(-1);
  const [made, wanted] = [features(encoder.ports.outputs.context.shape), features(context.shape)];
  if (typeof made === 'number' && typeof wanted === 'number' && made !== wanted)
    wrong(denoiser, 'context', `${wanted} features per token`, `the ${made} that the text encoder makes`);
  const { latent: taken } = decoder.ports.inputs;
  const sides = [taken.shape[2], taken.shape[3]];
  const whole = [latent.height, latent.width];
  // A decoder of fixed size gets tiles, which must be square and fit into the latent.
  if (sides.some((side, i) => typeof side === 'number' && (side > whole[i] || side !== sides[0])))
    wrong(decoder, 'latent', `sides of ${sides.join(' x ')}`, `at most ${whole.join(' x ')}`);
}

function expect(
  component: Component,
  role: string,
  shape: readonly Dim[],
  wanted: readonly (number | undefined)[],
): void {
  for (const [i, size] of wanted.entries()) {
    const real = shape[i];
    if (size !== undefined && typeof real === 'number' && real !== size)
      wrong(
        component,
        role,
        `a ${['batch', 'second', 'third', 'fourth'][i]} dimension of ${real}`,
        `${size}`,
      );
  }
}

function wrong({ entry }: Component, role: string, has: string, wanted: string): never {
  throw new EnlargerError(
    'pack-invalid',
    `The ${role} of the component ${entry.file} has ${has} instead of ${wanted}.`,
    'The components do not belong together, or pack.json describes another generator.',
  );
}
