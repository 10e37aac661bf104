/** A training recipe: everything that decides what a run learns, as a JSON document in models/recipes. */

import * as z from 'zod';
import { EnlargerError } from '../errors.js';

const positive = z.number().int().positive();

const upsamplerNetwork = z.object({
  factor: z.union([z.literal(2), z.literal(4)]),
  channels: positive,
  blocks: positive,
});

const autoencoderNetwork = z.object({
  latentChannels: positive,
  encoder: z.object({ stem: positive, channels: positive, blocks: positive }),
  decoder: z.object({ channels: positive, blocks: positive, fine: positive, fineBlocks: positive }),
});

const velocityNetwork = z.object({ channels: positive, blocks: positive, embedding: positive });

const iconDecoderNetwork = z.object({
  channels: positive,
  blocks: positive,
  fine: positive,
  fineBlocks: positive,
});

const denoiserNetwork = z.object({
  width: positive,
  blocks: positive,
  embedding: positive,
  prior: z.object({ width: positive, seeds: positive, coarse: positive, fine: positive }),
});

const textNetwork = z.object({
  vocabulary: positive,
  length: positive,
  width: positive,
  heads: positive,
  blocks: positive,
});

/** How a generator's latents are made and used. */
const generatedLatents = z.object({
  /** Name of the finished denoiser run. */
  denoiser: z.string(),
  /** Share of examples that are moved from the exact latent towards the generated one, anything from none to all the way. */
  share: z.number().min(0).max(1),
  temperature: z.number().min(0).max(1),
  /** Evaluations of the denoiser. */
  steps: positive,
});

export type GeneratedLatents = z.infer<typeof generatedLatents>;
export type UpsamplerNetwork = z.infer<typeof upsamplerNetwork>;
export type AutoencoderNetwork = z.infer<typeof autoencoderNetwork>;
export type VelocityNetwork = z.infer<typeof velocityNetwork>;

const common = {
  version: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  seed: z.number().int().nonnegative().default(1),
  steps: positive,
  batch: positive,
  /** Edge of the high-resolution crops in pixels. */
  hrPx: positive,
  learningRate: z.object({
    peak: z.number().positive(),
    /** Steps of linear rise from zero. */
    warmup: z.number().int().nonnegative().default(200),
    /** Share of the steps, at the end, over which the rate falls to zero (1 - square root). */
    decay: z.number().min(0).max(1).default(0.4),
  }),
  emaDecay: z.number().min(0).max(1).default(0.999),
  clipNorm: z.number().positive().default(1),
  /** Name of a finished run whose parameters of equal name and shape are the start. */
  from: z.string().optional(),
  /** How low-resolution pictures are made; the fields are explained in data/degrade.ts. */
  degradation: z
    .object({
      benchmark: z.number().min(0).max(1).default(0.85),
      coverage: z.number().min(0).max(1).default(0),
      otherKernel: z.number().min(0).max(1).default(0.5),
      blur: z.number().min(0).max(1).default(0.15),
      jpeg: z.number().min(0).max(1).default(0.65),
    })
    .prefault({}),
};

export const recipeSchema = z.discriminatedUnion('task', [
  z.object({
    ...common,
    task: z.literal('upsampler'),
    network: upsamplerNetwork,
    /** What is minimised; explained in tasks/picture-error.ts. */
    error: z.enum(['absolute', 'psnr']).default('absolute'),
    lumaWeight: z.number().min(0).default(0),
  }),
  z.object({
    ...common,
    task: z.literal('autoencoder'),
    network: autoencoderNetwork,
    /** Finished up-sampler runs that make the pictures the decoder looks at. */
    upsamplers: z.array(z.string()).min(1),
  }),
  z.object({
    ...common,
    task: z.literal('velocity'),
    network: velocityNetwork,
    upsamplers: z.array(z.string()).min(1),
    autoencoder: z.string(),
    /** Pairs of latents to encode once and train on; a multiple of `pairsBatch`. */
    pairs: positive,
    pairsBatch: positive.default(16),
    /** Largest noise step (of 1000) the network learns. */
    maxNoiseStep: z.number().min(0).max(999),
    /** Share of examples at t = 0, where one-step sampling happens. */
    startShare: z.number().min(0).max(1).default(0.4),
    /** Share of examples without noise. */
    cleanShare: z.number().min(0).max(1).default(0.2),
    /** `flow` regresses the vector field; `regression` is the equal-budget control: t = 0 and no noise, always. */
    objective: z.enum(['flow', 'regression']).default('flow'),
  }),
  z.object({
    ...common,
    task: z.literal('icon-decoder'),
    network: iconDecoderNetwork,
    /** Finished autoencoder run whose encoder spans the latent space. */
    autoencoder: z.string(),
    /** Channels of the latent that stand for transparency. */
    coverageChannels: positive,
    /**
     * Largest standard deviation of the noise on latents, in normalised units: generated ones are not exact, and what is
     * wrong in one of their places must not show as a block.
     */
    latentNoise: z.number().min(0).default(0.06),
    /** Latents of a finished generator, mixed with the exact ones of the same icons; none by default. */
    generated: generatedLatents.optional(),
  }),
  z.object({
    ...common,
    task: z.literal('denoiser'),
    network: denoiserNetwork,
    text: textNetwork,
    autoencoder: z.string(),
    coverageChannels: positive,
    /** Share of examples whose caption is left out. */
    captionDropout: z.number().min(0).max(1).default(0.1),
    /** `prior`: text encoder and prior, the cheap first part of the training; `field`: the rest, from a prior that stays. */
    learns: z.enum(['prior', 'field']),
  }),
]);

export type Recipe = z.infer<typeof recipeSchema>;
export type UpsamplerRecipe = Extract<Recipe, { task: 'upsampler' }>;
export type AutoencoderRecipe = Extract<Recipe, { task: 'autoencoder' }>;
export type VelocityRecipe = Extract<Recipe, { task: 'velocity' }>;
export type IconDecoderRecipe = Extract<Recipe, { task: 'icon-decoder' }>;
export type DenoiserRecipe = Extract<Recipe, { task: 'denoiser' }>;

/** Validates a parsed JSON document. @throws EnlargerError `option-invalid` naming the field. */
export function parseRecipe(document: unknown): Recipe {
  const result = recipeSchema.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new EnlargerError(
    'option-invalid',
    `The recipe is not valid at "${issue.path.join('.') || 'top level'}": ${issue.message}.`,
    'Compare it with the recipes in models/recipes.',
    { cause: result.error },
  );
}

/**
 * Learning rate of a step: linear warm-up, constant, then a 1 - sqrt fall to zero over the last share of the
 * run (Haegele et al. 2024), so that a run can be lengthened while it is still in its constant part.
 */
export function learningRateAt(step: number, recipe: Pick<Recipe, 'steps' | 'learningRate'>): number {
  const { peak, warmup, decay } = recipe.learningRate;
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const start = Math.floor(recipe.steps * (1 - decay));
  if (step <= start) return peak;
  return peak * (1 - Math.sqrt((step - start) / (recipe.steps - start)));
}
