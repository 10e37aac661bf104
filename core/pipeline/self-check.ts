/**
 * A small tile with a known answer: an engine that does not reproduce it computes wrongly (drivers do) and is not
 * trusted. The answer travels with the pack, made by the native engine, and belongs to exactly that pack.json.
 */

import * as z from 'zod';
import { EnlargerError } from '../errors.js';
import { latentNoise } from '../flow/noise.js';
import { createPlanes, type Planes } from '../raster/raster.js';
import type { Stage, StageProvider } from './stage.js';

/** The name of the file inside a pack that holds the answer. */
export const SELF_CHECK_FILE = 'self-check.json';

const answerSchema = z.object({
  version: z.literal(1),
  /** SHA-256 of the pack.json that the answer belongs to. */
  pack: z.string(),
  factor: z.union([z.literal(2), z.literal(4)]),
  /** Samples of the result in planar order, 0..255, base64. */
  samples: z.string(),
});
export type SelfCheckAnswer = z.output<typeof answerSchema>;

/** Side of the tile in pixels; its size after enlarging is `factor` times that. */
const TILE_PX = 16;
/** Rounding differs between engines by far less than this; in levels of 0..255. */
const MAX_DIFFERENCE = 4;

/** The tile enlarged by the pack's largest factor at its default detail. */
export async function runSelfCheck(
  provider: StageProvider,
): Promise<{ readonly factor: 2 | 4; readonly samples: Uint8Array }> {
  const factor = provider.factors[provider.factors.length - 1];
  const stage = await provider.open(factor, { detail: provider.defaultDetail });
  const { data } = await runTile(stage, TILE_PX);
  // Values that are not numbers become 0 here, which no tile has everywhere.
  return { factor, samples: Uint8Array.from(Uint8ClampedArray.from(data, (value) => value * 255)) };
}

/**
 * Output pixels per second of a tile of `side` pixels, from one run after the self-check has warmed everything up.
 */
export async function measureSpeed(provider: StageProvider, side: number): Promise<number> {
  const factor = provider.factors[provider.factors.length - 1];
  const stage = await provider.open(factor, { detail: provider.defaultDetail });
  const started = performance.now();
  await runTile(stage, side);
  const seconds = Math.max(1e-4, (performance.now() - started) / 1000);
  return (side * factor) ** 2 / seconds;
}

/** What is wrong with an engine's answer, as a sentence; undefined when it is right. */
export function selfCheckFault(
  answer: SelfCheckAnswer,
  result: { readonly factor: 2 | 4; readonly samples: Uint8Array },
): string | undefined {
  const wanted = decodeBase64(answer.samples);
  if (answer.factor !== result.factor || wanted.length !== result.samples.length) {
    return 'The stored answer does not fit the model pack.';
  }
  let most = 0;
  for (let i = 0; i < wanted.length; i++) most = Math.max(most, Math.abs(wanted[i] - result.samples[i]));
  return most > MAX_DIFFERENCE ? `It computes wrongly, by up to ${most} of 255 levels.` : undefined;
}

/** The answer as it is stored. */
export function encodeAnswer(
  pack: string,
  { factor, samples }: { readonly factor: 2 | 4; readonly samples: Uint8Array },
): SelfCheckAnswer {
  let text = '';
  for (const sample of samples) text += String.fromCharCode(sample);
  return { version: 1, pack, factor, samples: btoa(text) };
}

/**
 * Reads a stored answer.
 * @param pack SHA-256 of the pack.json that it must belong to.
 * @throws EnlargerError `pack-invalid`.
 */
export function parseAnswer(bytes: Uint8Array, pack: string): SelfCheckAnswer {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    content = undefined;
  }
  const answer = answerSchema.safeParse(content);
  if (answer.success && answer.data.pack === pack) return answer.data;
  throw new EnlargerError(
    'pack-invalid',
    `The ${SELF_CHECK_FILE} of the model pack does not belong to its pack.json.`,
    'Write it again with "enlarger pack self-check".',
  );
}

function runTile(stage: Stage, side: number): Promise<Planes> {
  const lr = createPlanes(side, side, 3);
  for (let c = 0, i = 0; c < 3; c++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++, i++) {
        const wave = Math.sin((x + c) / 2.3) * Math.cos((y - c) / 3.1);
        const edge = x > y + 3 * c ? 0.2 : -0.2;
        lr.data[i] = 0.5 + 0.2 * wave + edge;
      }
    }
  }
  const latents = (side * stage.factor) / (stage.noise?.factor ?? 1);
  const noise =
    stage.noise &&
    latentNoise({
      seed: 1,
      stage: 0,
      channels: stage.noise.channels,
      x: 0,
      y: 0,
      width: latents,
      height: latents,
    });
  return stage.run({ lr, damage: 0, noise });
}

function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
