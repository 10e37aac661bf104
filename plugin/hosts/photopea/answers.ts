/** What scripts answer, checked: it comes from another program, and other versions of it may answer otherwise. */

import * as z from 'zod/mini';
import { ScriptError } from './line.js';

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const documentKey = z.object({
  name: z.string(),
  source: z.string(),
  width: z.number(),
  height: z.number(),
  index: z.number(),
});

export const answers = {
  inspected: z.nullable(
    z.object({
      document: documentKey,
      selecting: z.boolean(),
      layers: z.array(
        z.object({
          id: z.number(),
          name: z.string(),
          path: z.array(z.number()),
          kind: z.enum(['pixels', 'smart-object', 'text', 'fill', 'group', 'video', 'adjustment']),
          locked: z.boolean(),
          hidden: z.boolean(),
          box,
        }),
      ),
    }),
  ),
  measured: z.nullable(z.array(box)),
  exported: z.nullable(z.object({ box, width: z.number(), height: z.number() })),
  prepared: z.nullable(
    z.union([
      z.object({ locked: z.literal(true) }),
      z.object({
        locked: z.literal(false),
        kept: z.nullable(z.number()),
        box,
        name: z.string(),
        kind: z.string(),
        deep: z.boolean(),
        before: z.array(z.number()),
      }),
    ]),
  ),
  fitted: z.nullable(
    z.union([
      z.object({ box, fitted: z.literal(false) }),
      z.object({
        box,
        fitted: z.literal(true),
        replaced: z.boolean(),
        joined: z.boolean(),
        hidden: z.boolean(),
        selectionKept: z.boolean(),
      }),
    ]),
  ),
  listed: z.nullable(z.object({ document: documentKey, before: z.array(z.number()) })),
  newLayer: z.nullable(z.number()),
  ref: z.object({ document: documentKey, id: z.number() }),
} as const;

/** The answer as it should be. @throws ScriptError when it is otherwise. */
export function check<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new ScriptError(`Photopea gave an unexpected answer: ${z.prettifyError(parsed.error)}`);
}
