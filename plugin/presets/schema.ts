/**
 * What a preset must be, checked field by field. Fields that this version does not know are kept, so that a preset of a
 * later minor version survives being edited here; a later major version may mean anything and is refused.
 */

import * as z from 'zod';
import { EnlargerError } from '../../core/errors.js';
import { MAX_SCALE } from '../../core/pipeline/cascade.js';
import {
  MAX_AUTHOR_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PRESET_LENGTH,
  MAX_SIDE_PX,
  MAX_STEPS,
  MAX_TEMPLATE_LENGTH,
  PRESET_FORMAT,
} from './limits.js';
import { type Plain, parseJson, refused, toPlain } from './plain.js';
import type { Preset } from './preset.js';

// Validators made as code at run time are what an editor's sandbox forbids and a page's security policy reports.
z.config({ jitless: true });

function number(min: number, max: number, whole = false) {
  const error = `must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
  return (whole ? z.int({ error }) : z.number({ error })).min(min, { error }).max(max, { error });
}

function text(minLength: number, maxLength: number, clean: (dirty: string) => string) {
  const error = `must be a text of ${minLength > 0 ? `${minLength} to ` : 'at most '}${maxLength} characters`;
  return z
    .string({ error })
    .max(2 * maxLength, { error })
    .transform(clean)
    .refine(({ length }) => length >= minLength && length <= maxLength, { error });
}

const px = number(1, MAX_SIDE_PX, true);
const sizes = { scale: number(1, MAX_SCALE), width: px, height: px, longSide: px, shortSide: px };

const targetSchema = z
  .looseObject(
    {
      scale: sizes.scale.optional(),
      width: px.optional(),
      height: px.optional(),
      longSide: px.optional(),
      shortSide: px.optional(),
    },
    { error: 'must be a factor or a size' },
  )
  .refine((target) => Object.keys(sizes).filter((name) => name in target).length === 1, {
    error: `must have exactly one of ${Object.keys(sizes).join(', ')}`,
  });

const presetSchema = z.looseObject({
  format: z.string(),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 lower-case letters, digits and "-"'),
  name: text(1, MAX_NAME_LENGTH, oneLine),
  author: text(0, MAX_AUTHOR_LENGTH, oneLine),
  target: targetSchema,
  detail: number(0, 1),
  steps: number(1, MAX_STEPS, true).optional(),
  seedPolicy: z.discriminatedUnion(
    'kind',
    [
      z.looseObject({ kind: z.literal('fixed'), seed: number(0, Number.MAX_SAFE_INTEGER, true) }),
      z.looseObject({ kind: z.literal('random') }),
    ],
    { error: 'must be a fixed seed or a random one' },
  ),
  pack: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'must be the name of a model pack'),
  promptTemplate: text(0, MAX_TEMPLATE_LENGTH, lines).optional(),
  changed: z
    .string()
    .max(40)
    .pipe(z.iso.datetime({ offset: true, error: 'must be a date and time' })),
});

/**
 * A validated copy of a preset from anywhere. Names lose control characters and direction marks.
 * @param where What to call it in messages, as the start of a sentence: "The preset in team.json".
 * @throws EnlargerError `preset-invalid`, naming what is wrong.
 */
export function parsePreset(content: unknown, where = 'The preset'): Preset {
  const plain = toPlain(content, where);
  checkFormat(plain, where);
  const result = presetSchema.safeParse(plain);
  if (!result.success) {
    const faults = result.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.map(String).join('.')} ${message}`.trim());
    throw refused(where, faults.join('; '), result.error);
  }
  if (JSON.stringify(result.data).length > MAX_PRESET_LENGTH) throw refused(where, 'it is too large');
  return result.data as Preset;
}

/**
 * A preset from its JSON text.
 * @throws EnlargerError `preset-invalid`.
 */
export function parsePresetText(json: string, where?: string): Preset {
  return parsePreset(parseJson(json, MAX_PRESET_LENGTH, where ?? 'The preset'), where);
}

/**
 * Looks at the version before anything else; also for files, which carry the same one.
 * @throws EnlargerError `preset-invalid` for none, or for a major version that is not this one.
 */
export function checkFormat(content: Plain, where: string): void {
  const format = (content as { format?: unknown } | null)?.format;
  const match = typeof format === 'string' ? /^(\d{1,6})\.(\d{1,6})$/.exec(format) : null;
  if (!match) throw refused(where, `it has no version such as "${PRESET_FORMAT}", so it is no preset`);
  const supported = Number.parseInt(PRESET_FORMAT, 10);
  if (Number(match[1]) > supported)
    throw new EnlargerError(
      'preset-invalid',
      `${where} was made by a newer version of Enlarger (format ${format}).`,
      'Update Enlarger to use it.',
    );
  if (Number(match[1]) < supported) throw refused(where, `its format ${format} is too old`);
}

/** A name as it may be shown anywhere: without control characters, marks that turn text around, and stray spaces. */
export function oneLine(dirty: string): string {
  return lines(dirty).replace(/\s+/g, ' ').trim();
}

function lines(dirty: string): string {
  return dirty.replace(/[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, ' ');
}
