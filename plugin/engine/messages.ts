/** What the panel's page and its two workers say to each other: the contracts that `channel.ts` validates with. */

import * as z from 'zod';
import type { Contract, TransferablePort } from './channel.js';

export const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** Files of a pack, each compressed with gzip. */
const fileSchema = z.object({ path: z.string().min(1), content: z.instanceof(Blob) });
export type PackFile = z.output<typeof fileSchema>;

const packFactsSchema = z.object({
  name: z.string(),
  title: z.string(),
  licence: z.string(),
  defaultDetail: z.number(),
  trainedOn: z.array(z.object({ name: z.string(), licence: z.string() })).readonly(),
});

const engineNameSchema = z.enum(['webgpu', 'wasm']);
const portSchema = z.custom<TransferablePort>(
  (value) => typeof MessagePort !== 'undefined' && value instanceof MessagePort,
);

export const side = z.int().positive();
const targetSchema = z.union([
  z.strictObject({ scale: z.number() }),
  z.strictObject({ width: z.number() }),
  z.strictObject({ height: z.number() }),
  z.strictObject({ longSide: z.number() }),
  z.strictObject({ shortSide: z.number() }),
]);
export const formatSchema = z.enum(['png', 'jpeg', 'webp', 'gif']);

/** As `UpscaleRequest`; numbers out of range are refused by the pipeline, with a sentence. */
const requestSchema = z.object({
  bytes: bytesSchema,
  target: targetSchema,
  detail: z.number().optional(),
  steps: z.number().optional(),
  seed: z.number(),
  tilePx: z.number().optional(),
  maxSidePx: side.nullable(),
  beyondLimit: z.enum(['clamp', 'pieces']),
  formats: z.array(formatSchema).readonly(),
  crop: z
    .object({ x: z.int().nonnegative(), y: z.int().nonnegative(), width: side, height: side })
    .optional(),
  tiles: z.boolean().optional(),
});

const pieceSchema = z.object({
  bytes: bytesSchema,
  format: formatSchema,
  x: z.int().nonnegative(),
  y: z.int().nonnegative(),
  width: side,
  height: side,
});

export const resultSchema = z.object({
  picture: z.object({ width: side, height: side, pieces: z.array(pieceSchema).readonly() }),
  inputWidth: side,
  inputHeight: side,
  seed: z.number(),
  detail: z.number(),
  engine: engineNameSchema,
  stages: z
    .array(
      z.object({
        factor: z.union([z.literal(2), z.literal(4)]),
        width: side,
        height: side,
        milliseconds: z.number(),
      }),
    )
    .readonly(),
  notices: z.array(z.string()).readonly(),
});

export const progressSchema = z.object({
  percent: z.number(),
  stage: z.number(),
  stages: z.number(),
  tilesDone: z.number(),
  tiles: z.number(),
  secondsLeft: z.number().nullable(),
});

/** What the page asks of the picture worker. */
export const PICTURE_CALLS = {
  /** Loads and verifies the pack. */
  open: { args: z.object({ files: z.array(fileSchema).readonly() }), result: packFactsSchema },
  /** Takes a model worker and has it prove itself. Rejects `bad-picture` when its answer is wrong. */
  attach: {
    args: z.object({ port: portSchema, name: engineNameSchema, description: z.string() }),
    result: z.object({ pixelsPerSecond: z.number(), operationsPerSecond: z.number() }),
  },
  upscale: { args: requestSchema, result: resultSchema, note: progressSchema },
  /** The model worker is gone: whatever waits for it ends. */
  detach: { args: z.null(), result: z.null() },
} as const satisfies Contract;

/** What the picture worker asks of the page. */
export const PAGE_CALLS = {
  /** The model worker failed: resolves when another one is attached, rejects when there is none left to try. */
  replaceEngine: {
    args: z.object({ failure: z.enum(['memory', 'lost']), message: z.string() }),
    result: z.null(),
  },
} as const satisfies Contract;

/** What the page asks of a model worker. */
export const ENGINE_CALLS = {
  start: {
    args: z.object({
      name: engineNameSchema,
      /** Compressed with gzip. */
      wasm: z.instanceof(Blob),
      /** On which the worker then answers MODEL_CALLS. */
      port: portSchema,
    }),
    result: z.object({ description: z.string(), software: z.boolean() }),
  },
} as const satisfies Contract;

const dims = z.array(z.int().nonnegative()).readonly();
const tensorsSchema = z.record(
  z.string(),
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('float32'),
      dims,
      data: z.custom<Float32Array>((value) => value instanceof Float32Array),
    }),
    z.object({
      type: z.literal('float16'),
      dims,
      data: z.custom<Uint16Array>((value) => value instanceof Uint16Array),
    }),
    z.object({
      type: z.literal('int32'),
      dims,
      data: z.custom<Int32Array>((value) => value instanceof Int32Array),
    }),
    z.object({
      type: z.literal('int64'),
      dims,
      data: z.custom<BigInt64Array>((value) => value instanceof BigInt64Array),
    }),
  ]),
);

/** What the picture worker asks of a model worker: core's `Engine` by messages. */
export const MODEL_CALLS = {
  load: { args: bytesSchema, result: z.int() },
  run: { args: z.object({ program: z.int(), inputs: tensorsSchema }), result: tensorsSchema },
  release: { args: z.int(), result: z.null() },
} as const satisfies Contract;

export const NO_CALLS = {} as const satisfies Contract;
