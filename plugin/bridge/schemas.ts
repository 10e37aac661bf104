/**
 * What may arrive in a message, as schemas of the plain data in host.ts. Unknown properties are dropped, sizes are
 * bounded, and every output is assignable to the type it stands for, which the compiler checks where it is used.
 *
 * zod's small build: it travels inside editors' sandboxes. Those have no `eval`, so its compiled validators are off.
 */

import * as z from 'zod/mini';
import { ERROR_CODES } from '../../core/errors.js';
import { isBytes } from './plain.js';

z.config({ jitless: true });

const LONGEST_SIDE_PX = 1_000_000;
const LONGEST_TEXT = 100_000;
const LONGEST_VALUE = 16_000_000;
const MOST_ITEMS = 10_000;

const text = z.string().check(z.maxLength(LONGEST_TEXT));
const name = z.string().check(z.minLength(1), z.maxLength(LONGEST_TEXT));
const side = z.int().check(z.minimum(1), z.maximum(LONGEST_SIDE_PX));
const offset = z.int().check(z.minimum(0), z.maximum(LONGEST_SIDE_PX));
const bytes = z.custom<Uint8Array>((value) => isBytes(value) && value.length > 0);
const listOf = <T extends z.core.$ZodType>(item: T) => z.array(item).check(z.maxLength(MOST_ITEMS));

const format = z.enum(['png', 'jpeg', 'webp', 'gif']);
const placement = z.enum(['replace', 'layer', 'smart-object']);
const scope = z.enum(['document', 'personal']);

const generated = z.object({ prompt: text, seed: z.number(), guidance: z.number() });
const skip = z.object({
  code: z.enum([
    'locked',
    'hidden',
    'removed',
    'video',
    'missing-image',
    'too-large',
    'empty',
    'unsupported',
  ]),
  reason: text,
});

const pictureRef = z.object({
  ref: name,
  key: name,
  width: side,
  height: side,
  source: z.enum(['original', 'rendered']),
  tiles: z.boolean(),
});

const selectedLayer = z.object({
  id: name,
  name: text,
  pictures: listOf(pictureRef),
  skip: z.nullable(skip),
});

const file = z.object({ bytes, format });
const piece = z.object({ bytes, format, x: offset, y: offset, width: side, height: side });

const command = z.object({
  command: z.enum(['open', 'upscale', 'upscale-last-preset', 'presets', 'generate']),
  scale: z.exactOptional(z.number().check(z.minimum(1), z.maximum(16))),
  preset: z.exactOptional(text),
});

/** An enlarged picture whose pieces were sent before, one message each, under `upload`. */
const sentPicture = z.object({
  upload: name,
  width: side,
  height: side,
  count: z.int().check(z.minimum(1), z.maximum(MOST_ITEMS)),
});

export const schemas = {
  empty: z.object({}),
  info: z.object({
    kind: name,
    title: text,
    maxSidePx: z.nullable(side),
    formats: listOf(format),
    abilities: z.object({
      placements: listOf(placement),
      pieces: z.boolean(),
      documentStore: z.boolean(),
      personalStore: z.boolean(),
      groupedUndo: z.boolean(),
    }),
  }),
  command,
  selection: z.object({ layers: listOf(selectedLayer), generated: z.nullable(generated) }),
  file,
  thumbnail: z.object({ ref: name, maxPx: side }),
  optionalFile: z.nullable(file),
  ref: z.object({ ref: name }),
  sendPiece: z.object({ upload: name, piece }),
  write: z.object({
    ref: name,
    picture: sentPicture,
    options: z.object({
      placement,
      job: name,
      scale: z.number().check(z.gt(0), z.maximum(LONGEST_SIDE_PX)),
    }),
  }),
  place: z.object({ name: text, picture: sentPicture, generated: z.nullable(generated), job: name }),
  report: z.object({ notices: listOf(text) }),
  job: z.object({ job: name }),
  storeScope: z.object({ scope }),
  storeKey: z.object({ scope, key: name }),
  storeSet: z.object({ scope, key: name, value: z.string().check(z.maxLength(LONGEST_VALUE)) }),
  keys: z.array(z.string().check(z.maxLength(LONGEST_TEXT))).check(z.maxLength(100_000)),
  value: z.nullable(z.string().check(z.maxLength(LONGEST_VALUE))),
  notify: z.object({ message: text, error: z.boolean() }),
  size: z.object({ width: side, height: side }),
  hello: z.object({ maxValueBytes: z.object({ document: offsetBytes(), personal: offsetBytes() }) }),
  event: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('selection') }),
    z.object({ kind: z.literal('theme'), theme: z.enum(['light', 'dark']) }),
    z.object({ kind: z.literal('command'), command }),
  ]),
  error: z.object({ code: z.catch(z.enum(ERROR_CODES), 'internal'), message: text, hint: text }),
};

function offsetBytes() {
  return z.int().check(z.minimum(0));
}
