/**
 * Latents to pictures in float, in overlapping tiles where the latent is large: the decoders of large models need
 * memory by the pixel, and look at the whole of what they are given, so that tiles differ a little and are blended.
 */

import { EnlargerError } from '../errors.js';
import type { GeneratorLatent } from '../pack/generator-schema.js';
import type { FloatPicture } from '../raster/float-picture.js';
import { createPlanes, type Planes } from '../raster/raster.js';
import { isOutOfMemory } from '../runtime/ort-errors.js';
import type { Component, ItemResult } from './component.js';
import type { Latent } from './generator.js';

/** Latents up to this side are decoded at once; larger ones in tiles of `TILE`. In latent pixels. */
const WHOLE = 96;
const TILE = 64;
const OVERLAP = 16;
const MIN_TILE = 16;

export interface DecodeOptions {
  readonly latent: GeneratorLatent;
  /** Values of the decoder's picture that mean black and white. */
  readonly pictureRange: readonly [number, number];
  /** Called before each tile; throws to stop. */
  readonly checkpoint?: () => void;
}

/** Whether what a decoder makes has transparency. */
export function decodesAlpha({ ports: { outputs } }: Component): boolean {
  return outputs.alpha !== undefined || outputs.picture.shape[1] === 4;
}

/**
 * @param latent In normalised units.
 * @throws EnlargerError `bad-picture` for values that are not numbers, `out-of-memory`, `pack-invalid` for a decoder
 *   that does not make the size it should, `generator-failed`.
 */
export async function decodeLatent(
  decoder: Component,
  latent: Latent,
  options: DecodeOptions,
): Promise<FloatPicture> {
  const units = { ...latent, data: toDecoderUnits(latent, options.latent) };
  const { shape } = decoder.ports.inputs.latent;
  // A decoder of fixed size takes tiles of exactly that size.
  const fixed = [shape[2], shape[3]].every((dim) => typeof dim === 'number') ? Number(shape[3]) : undefined;
  let tile = fixed ?? (Math.max(latent.width, latent.height) <= WHOLE ? WHOLE : TILE);
  for (;;) {
    try {
      return await decodeTiles(decoder, units, tile, options);
    } catch (error) {
      const full = error instanceof EnlargerError ? error.code === 'out-of-memory' : isOutOfMemory(error);
      const smaller = Math.min(tile, Math.max(latent.width, latent.height)) / 2;
      if (!full || fixed !== undefined || smaller < MIN_TILE) throw error;
      tile = Math.floor(smaller);
    }
  }
}

function toDecoderUnits({ data, width, height }: Latent, section: GeneratorLatent): Float32Array {
  const { mean, std, scalingFactor = 1, shiftFactor = 0 } = section;
  const plane = width * height;
  return data.map((value, i) => {
    const channel = Math.floor(i / plane);
    return value * (std?.[channel] ?? 1 / scalingFactor) + (mean?.[channel] ?? shiftFactor);
  });
}

async function decodeTiles(
  decoder: Component,
  latent: Latent,
  tile: number,
  { latent: { factor }, pictureRange, checkpoint }: DecodeOptions,
): Promise<FloatPicture> {
  const [width, height] = [latent.width * factor, latent.height * factor];
  const colour = createPlanes(width, height, 3);
  const alpha = decodesAlpha(decoder) ? createPlanes(width, height, 1) : null;
  const weights = new Float32Array(width * height);
  const columns = spread(latent.width, tile);
  for (const row of spread(latent.height, tile)) {
    for (const column of columns) {
      checkpoint?.();
      const item = cut(latent, column, row);
      const [made] = await decoder.run([{ latent: item }]);
      const place = {
        x: blend(column, latent.width, factor),
        y: blend(row, latent.height, factor),
      };
      const [picture, transparency] = parts(made);
      addPart(decoder, picture, colour, place);
      if (alpha) addPart(decoder, transparency, alpha, place);
      addWeights(weights, width, place);
    }
  }
  finish(colour, weights, pictureRange);
  if (alpha) finish(alpha, weights, [0, 1]);
  return { width, height, colour, alpha };
}

/** Colour and alpha, wherever the decoder puts them. */
function parts({ picture, alpha }: Record<string, ItemResult>): [colour: ItemResult, alpha: ItemResult] {
  const [channels, height, width] = picture.dims;
  if (channels !== 4) return [picture, alpha];
  const split = 3 * height * width;
  return [
    { dims: [3, height, width], data: picture.data.subarray(0, split) },
    { dims: [1, height, width], data: picture.data.subarray(split) },
  ];
}

interface Span {
  readonly begin: number;
  readonly length: number;
}

/** Spans of at most `tile` that cover `length`, all equally long and evenly apart. */
function spread(length: number, tile: number): Span[] {
  if (length <= tile) return [{ begin: 0, length }];
  const overlap = Math.min(OVERLAP, Math.floor(tile / 4));
  const count = Math.ceil((length - overlap) / (tile - overlap));
  return Array.from({ length: count }, (_, i) => ({
    begin: Math.round((i * (length - tile)) / (count - 1)),
    length: tile,
  }));
}

function cut(latent: Latent, column: Span, row: Span) {
  const { channels } = latent.space;
  const data = new Float32Array(channels * column.length * row.length);
  for (let c = 0, to = 0; c < channels; c++)
    for (let y = 0; y < row.length; y++, to += column.length) {
      const from = (c * latent.height + row.begin + y) * latent.width + column.begin;
      data.set(latent.data.subarray(from, from + column.length), to);
    }
  return { dims: [channels, row.length, column.length], data };
}

interface Blend {
  readonly begin: number;
  /** How much each pixel of the span counts: less towards a side where another span begins. */
  readonly weights: Float32Array;
}

function blend({ begin, length }: Span, whole: number, factor: number): Blend {
  const size = length * factor;
  const ramp = Math.max(1, Math.min(OVERLAP, Math.floor(length / 4)) * factor);
  const weights = new Float32Array(size).fill(1);
  for (let i = 0; i < Math.min(ramp, size); i++) {
    // The outermost quarter, where a tile lacks most of its surroundings, counts for nothing.
    const weight = Math.min(1, Math.max(0, (2 * (i + 0.5)) / ramp - 0.5));
    if (begin > 0) weights[i] *= weight;
    if (begin + length < whole) weights[size - 1 - i] *= weight;
  }
  return { begin: begin * factor, weights };
}

interface Place {
  readonly x: Blend;
  readonly y: Blend;
}

function addPart(decoder: Component, { dims, data }: ItemResult, into: Planes, { x, y }: Place): void {
  const [channels, height, width] = dims;
  if (channels !== into.channels || height !== y.weights.length || width !== x.weights.length)
    throw new EnlargerError(
      'pack-invalid',
      `The component ${decoder.entry.file} made a picture of ${dims.join(' x ')} instead of ${into.channels} x ${y.weights.length} x ${x.weights.length}.`,
      'The latent that its pack.json describes is not the one it decodes.',
    );
  for (let c = 0, from = 0; c < channels; c++)
    for (let j = 0; j < height; j++) {
      const to = (c * into.height + y.begin + j) * into.width + x.begin;
      for (let i = 0; i < width; i++, from++) into.data[to + i] += data[from] * x.weights[i] * y.weights[j];
    }
}

function addWeights(weights: Float32Array, width: number, { x, y }: Place): void {
  for (let j = 0; j < y.weights.length; j++)
    for (let i = 0; i < x.weights.length; i++)
      weights[(y.begin + j) * width + x.begin + i] += x.weights[i] * y.weights[j];
}

/** Divides by the weights and brings `range` to 0..1. */
function finish(planes: Planes, weights: Float32Array, [black, white]: readonly [number, number]): void {
  for (let i = 0; i < planes.data.length; i++) {
    planes.data[i] = (planes.data[i] / weights[i % weights.length] - black) / (white - black);
    if (!Number.isFinite(planes.data[i]))
      throw new EnlargerError(
        'bad-picture',
        'The generator made values that are not numbers, so the picture was thrown away.',
        'Try another seed or another engine.',
      );
  }
}
