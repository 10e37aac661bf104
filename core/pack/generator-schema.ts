/**
 * What a pack with a generator says about it: which latents it makes, how its denoiser was trained and is walked,
 * and what it takes. The same words describe generators trained here and components of the Stable Diffusion family.
 */

import * as z from 'zod';

const text = z.string().min(1);
const size = z.int().positive();

const latentSchema = z
  .looseObject({
    /** Name of the latent space: equal names are one space, whatever the pack. */
    space: text,
    channels: size,
    /** Size of one latent, in latent pixels. */
    width: size,
    height: size,
    /** Picture pixels per latent pixel, along each side. */
    factor: size,
    /** What the decoder takes is `latent * std + mean`, per channel (default: 1 and 0) ... */
    mean: z.array(z.number()).optional(),
    std: z.array(z.number().positive()).optional(),
    /** ... or, as Stable Diffusion's packs name it, `latent / scalingFactor + shiftFactor`. */
    scalingFactor: z.number().positive().optional(),
    shiftFactor: z.number().optional(),
  })
  .superRefine(({ channels, mean, std, scalingFactor, shiftFactor }, context) => {
    for (const [name, list] of Object.entries({ mean, std }))
      if (list && list.length !== channels)
        context.addIssue({ code: 'custom', path: [name], message: 'must have one value per channel' });
    if ((mean || std) && (scalingFactor !== undefined || shiftFactor !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['scalingFactor'],
        message: 'must not be there together with mean and std',
      });
  });

const betaFields = {
  betaStart: z.number().positive().lt(1),
  betaEnd: z.number().positive().lt(1),
};

const diffusionFields = {
  trainSteps: z.int().min(2).default(1000),
  /** Which training steps Euler visits, and what is added to those of `leading`. */
  spacing: z.enum(['leading', 'trailing', 'linspace']).default('leading'),
  offset: z.int().nonnegative().default(0),
  /** Karras' spacing of the noise levels, for Euler. */
  karras: z.boolean().default(false),
  /** LCM: steps of the sampler that the model was distilled from. */
  originalSteps: z.int().positive().default(50),
};

const scheduleSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('flow'),
    /** How much longer the walk stays near the noise; 1 is even. */
    shift: z.number().positive().default(1),
    /** The denoiser's time of the data; 0 also turns its velocity around. */
    dataAt: z.union([z.literal(0), z.literal(1)]).default(1),
    /** The denoiser's time runs from 0 to this. */
    timeScale: z.number().positive().default(1),
  }),
  z.looseObject({ kind: z.literal('scaled-linear'), ...betaFields, ...diffusionFields }),
  z.looseObject({ kind: z.literal('linear'), ...betaFields, ...diffusionFields }),
  z.looseObject({ kind: z.literal('cosine'), ...diffusionFields }),
]);

const FLOW_SOLVERS = ['euler', 'midpoint', 'heun', 'rk4'];
const DIFFUSION_SOLVERS = ['euler', 'lcm'];

export const generatorSchema = z
  .looseObject({
    latent: latentSchema,
    /** What the denoiser predicts: velocity from noise to data, noise, or v. */
    prediction: z.enum(['flow', 'epsilon', 'v']),
    schedule: scheduleSchema,
    solver: z.enum(['euler', 'midpoint', 'heun', 'rk4', 'lcm']),
    /** Evaluations of the denoiser. */
    steps: z.looseObject({ default: size, max: size.default(100) }),
    /** How strongly the prompt is followed; 1 is without guidance, and the only choice where `max` is 1. */
    guidance: z.looseObject({ default: z.number().min(1), max: z.number().min(1) }),
    /** Length that prompts are padded to, and the token they are padded with. */
    tokens: z.looseObject({ length: size, pad: z.int().nonnegative() }),
    /** Values of the decoder's picture that mean black and white; its alpha is always 0..1. */
    pictureRange: z.tuple([z.number(), z.number()]).default([0, 1]),
  })
  .superRefine(({ prediction, schedule, solver, steps, guidance, pictureRange }, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const flow = prediction === 'flow';
    if (flow !== (schedule.kind === 'flow'))
      complain(['schedule', 'kind'], `does not fit the prediction "${prediction}"`);
    if (!(flow ? FLOW_SOLVERS : DIFFUSION_SOLVERS).includes(solver))
      complain(['solver'], `must be one of ${(flow ? FLOW_SOLVERS : DIFFUSION_SOLVERS).join(', ')}`);
    if (schedule.kind !== 'flow' && steps.max > schedule.trainSteps)
      complain(['steps', 'max'], 'must not be more than the steps of the schedule');
    if (schedule.kind !== 'flow' && schedule.originalSteps > schedule.trainSteps)
      complain(['schedule', 'originalSteps'], 'must not be more than the steps of the schedule');
    if (solver === 'lcm' && schedule.kind !== 'flow' && steps.max > schedule.originalSteps)
      complain(['steps', 'max'], 'must not be more than originalSteps');
    if (steps.default > steps.max) complain(['steps', 'default'], 'must not be more than max');
    if (guidance.default > guidance.max) complain(['guidance', 'default'], 'must not be more than max');
    if (pictureRange[0] >= pictureRange[1]) complain(['pictureRange'], 'must rise');
  });

/** The generator of a validated pack. */
export type PackGenerator = z.infer<typeof generatorSchema>;
export type GeneratorLatent = PackGenerator['latent'];
