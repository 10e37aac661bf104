/**
 * What a model pack says about itself: pack.json, versioned and validated. Sizes and channel counts are data
 * here, so the same schema describes components made elsewhere. Fields that this version does not know are
 * kept as they are.
 */

import * as z from 'zod';
import { EnlargerError } from '../errors.js';
import { detailTableFault } from '../flow/detail.js';
import { NOISE_STEPS } from '../flow/noise.js';
import { generatorSchema } from './generator-schema.js';

/** The format this version writes, `major.minor`. Any minor of the same major can be read. */
export const PACK_FORMAT = '1.1';

const text = z.string().min(1);
const count = z.int().nonnegative();

/** A tensor at a component's edge: fixed dimensions as numbers, dynamic ones by name, such as "h" or "2*h". */
const tensorSchema = z.looseObject({
  name: text,
  shape: z.array(z.union([z.int().positive(), text])),
});

const componentSchema = z
  .looseObject({
    role: z.enum([
      'upsampler',
      'encoder',
      'decoder',
      'spread',
      'velocity',
      'tokenizer',
      'text-encoder',
      'denoiser',
      'latent-decoder',
    ]),
    /** Up-samplers only: how many times larger the picture becomes. */
    factor: z.union([z.literal(2), z.literal(4)]).optional(),
    /** Path inside the pack, with forward slashes. */
    file: text.refine(isInside, 'must be a path inside the pack'),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
    bytes: z.int().positive(),
    /** Number of trained values. */
    parameters: count,
    inputs: z.array(tensorSchema),
    outputs: z.array(tensorSchema),
    /** What its inputs and outputs mean, by role, where their names do not tell: see docs/generate.md. */
    ports: z.record(text, text).optional(),
    /**
     * How far one use of the component reaches beyond its place so that it can be seen: low-resolution pixels for
     * an up-sampler, pixels of the result for all others. Trained networks reach less far than their kernels could.
     */
    haloPx: count,
    /** Multiply-accumulates of one use per pixel of the result. */
    macsPerOutputPixel: z.number().nonnegative(),
  })
  .refine(({ role, factor }) => (role === 'upsampler') === (factor !== undefined), {
    path: ['factor'],
    message: 'must be there for an upsampler, and only for an upsampler',
  });

const latentSchema = z
  .looseObject({
    channels: z.int().positive(),
    /** Picture pixels per latent pixel, along each side. */
    factor: z.int().positive(),
    /** Per channel: a normalised latent is (encoded - mean) / std. */
    mean: z.array(z.number()),
    std: z.array(z.number().positive()),
    /** Root mean square of what the flow changes, in normalised latents: the unit of the spread. */
    changeStd: z.number().positive().optional(),
  })
  .refine(({ channels, mean }) => mean.length === channels, {
    path: ['mean'],
    message: 'must have one value per channel',
  })
  .refine(({ channels, std }) => std.length === channels, {
    path: ['std'],
    message: 'must have one value per channel',
  });

const detailTableSchema = z
  .array(
    z.looseObject({
      detail: z.number().min(0).max(1),
      noiseStep: z.number().min(0).max(NOISE_STEPS),
    }),
  )
  .superRefine((table, context) => {
    const fault = detailTableFault(table);
    if (fault) context.addIssue({ code: 'custom', message: `is unusable: ${fault}` });
  });

const pathSchema = z.looseObject({
  coupling: z.enum(['psu', 'lsu']),
  noiseSchedule: z.literal('cosine'),
  detailTable: detailTableSchema,
  defaultDetail: z.number().min(0).max(1),
  /** How the path is walked unless asked otherwise: method and evaluations of the velocity network. */
  solver: z.enum(['euler', 'midpoint', 'heun', 'rk4']),
  evaluations: z.int().positive(),
});

/** The components of a generator; it needs all of them. */
const GENERATOR_ROLES: readonly string[] = ['tokenizer', 'text-encoder', 'denoiser', 'latent-decoder'];

const packSchema = z
  .looseObject({
    format: z.string(),
    name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower-case letters, digits, ".", "_" or "-"'),
    title: text,
    licence: text,
    created: z.iso.datetime({ offset: true }),
    components: z.array(componentSchema).min(1),
    /** There if a component works on latents. */
    latent: latentSchema.optional(),
    /** There if the pack has a velocity network. */
    path: pathSchema.optional(),
    /** There if the pack makes pictures from prompts. */
    generator: generatorSchema.optional(),
    /** The pictures that the weights were trained on. */
    trainedOn: z.array(z.looseObject({ name: text, licence: text })),
  })
  .superRefine((pack, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const seen = new Set<string>();
    pack.components.forEach(({ role, factor, outputs }, i) => {
      const key = `${role} ${factor ?? ''}`;
      if (seen.has(key)) complain(['components', i, 'role'], `"${key.trim()}" is there twice`);
      seen.add(key);
      const latents = role === 'encoder' || role === 'velocity' || role === 'spread';
      if ((latents || role === 'decoder') && !pack.latent) {
        complain(['latent'], `must be there, because the pack has a component "${role}"`);
      } else if (latents && outputs[0]?.shape[1] !== pack.latent?.channels) {
        complain(
          ['components', i, 'outputs'],
          `must have ${pack.latent?.channels} channels, as the latent has`,
        );
      }
      if (role === 'spread' && pack.latent?.changeStd === undefined) {
        complain(['latent', 'changeStd'], 'must be there, because the pack has a component "spread"');
      }
      if (role === 'velocity' && !pack.path) {
        complain(['path'], 'must be there, because the pack has a component "velocity"');
      }
      if (GENERATOR_ROLES.includes(role) && !pack.generator) {
        complain(['generator'], `must be there, because the pack has a component "${role}"`);
      }
    });
    const flow = pack.components.some(({ role }) => role === 'velocity');
    for (const role of flow ? (['encoder', 'decoder'] as const) : []) {
      if (!pack.components.some((component) => component.role === role)) {
        complain(['components'], `must have a component "${role}", because the pack has a "velocity"`);
      }
    }
    for (const role of pack.generator ? GENERATOR_ROLES : []) {
      if (!pack.components.some((component) => component.role === role)) {
        complain(['components'], `must have a component "${role}", because the pack has a generator`);
      }
    }
  });

/** A validated pack.json. */
export type Pack = z.infer<typeof packSchema>;
export type PackComponent = Pack['components'][number];
export type ComponentRole = PackComponent['role'];

/**
 * Validates the parsed content of a pack.json.
 * @param where What to call the pack in messages, such as its folder.
 * @throws EnlargerError `pack-invalid`, naming every field that is wrong, or saying that the pack is too new.
 */
export function parsePack(content: unknown, where: string): Pack {
  refuseNewer(content, where);
  const result = packSchema.safeParse(content);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${fieldText(path)}: ${message}`);
  throw new EnlargerError(
    'pack-invalid',
    `The model pack ${where} has a pack.json with mistakes: ${faults.join('; ')}.`,
    'Get the pack again, or ask its author.',
    { cause: result.error },
  );
}

/** A newer major may have changed anything, so its version is judged before any other field. */
function refuseNewer(content: unknown, where: string): void {
  const format = (content as { format?: unknown } | null)?.format;
  const match = typeof format === 'string' ? /^(\d+)\.(\d+)$/.exec(format) : null;
  if (!match) {
    throw new EnlargerError(
      'pack-invalid',
      `The model pack ${where} has a pack.json with mistakes: format: must be a version such as "${PACK_FORMAT}".`,
    );
  }
  const supported = Number.parseInt(PACK_FORMAT, 10);
  if (Number(match[1]) === supported) return;
  const newer = Number(match[1]) > supported;
  throw new EnlargerError(
    'pack-invalid',
    `The model pack ${where} has format ${format}, which is ${newer ? 'newer' : 'older'} than this program can read.`,
    newer ? 'Update this program.' : 'Get a newer version of the pack.',
  );
}

/** `components[1].sha256`, the way a person would look it up. */
function fieldText(path: readonly PropertyKey[]): string {
  const joined = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return joined.replace(/^\./, '') || 'the whole file';
}

function isInside(file: string): boolean {
  if (/^[/\\]|^[a-z]:|[\\\0]/i.test(file)) return false;
  return file.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
