/** What the page and the picture worker say to each other about pictures from prompts. */

import * as z from 'zod';
import type { Contract } from './channel.js';
import { bytesSchema, formatSchema, progressSchema, resultSchema, side } from './messages.js';

const choiceSchema = z.object({ default: z.number(), max: z.number() });

export const generatorInfoSchema = z.object({
  name: z.string(),
  title: z.string(),
  licence: z.string(),
  width: side,
  height: side,
  transparent: z.boolean(),
  steps: choiceSchema.nullable(),
  guidance: choiceSchema.nullable(),
  maxPromptLength: side,
  trainedOn: z.array(z.object({ name: z.string(), licence: z.string() })).readonly(),
});

/** As `GenerateRequest`; what is out of range is refused by the generator, with a sentence. */
const requestSchema = z.object({
  prompt: z.string().max(100_000),
  seed: z.number(),
  guidance: z.number(),
  index: z.int().nonnegative(),
  steps: z.number().optional(),
});

const pngSchema = z.object({ bytes: bytesSchema, format: z.literal('png'), width: side, height: side });

export const GENERATE_CALLS = {
  /** What makes pictures from prompts; null when the page was built without. */
  generator: { args: z.null(), result: generatorInfoSchema.nullable() },
  generate: {
    args: requestSchema,
    result: requestSchema.extend({ picture: pngSchema, candidateSeed: z.number() }),
    note: z.object({
      percent: z.number(),
      step: z.number(),
      steps: z.number(),
      secondsLeft: z.number().nullable(),
    }),
  },
  enlargeCandidate: {
    args: requestSchema.extend({
      size: side,
      detail: z.number().optional(),
      tilePx: z.number().optional(),
      formats: z.array(formatSchema).readonly(),
      stagesOf: z.union([z.literal(2), z.literal(4)]).optional(),
      withStages: z.boolean().optional(),
    }),
    result: resultSchema.extend({ stagePictures: z.array(pngSchema).readonly() }),
    /** Progress, or a picture that a stage has just finished. */
    note: z.union([z.object({ stagePicture: pngSchema }), progressSchema]),
  },
} as const satisfies Contract;

/** What comes in between while a candidate is enlarged. */
export type EnlargeNote = z.output<typeof GENERATE_CALLS.enlargeCandidate.note>;
