/**
 * Enlarges a generated picture that was picked and puts it into the document as a new layer. What was made is handed
 * back even when the editor does not take it, so that it is never lost.
 */

import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { Progress } from '../../core/pipeline/progress.js';
import type { UpscaleResult } from '../engine/engine-client.js';
import type { GeneratedCandidate, GeneratedPng, GeneratorClient } from '../engine/generator-client.js';
import type { EnlargedPicture, Host } from '../host.js';
import { throwIfStopped } from '../stopping.js';
import { Deadline } from './deadline.js';

/** A candidate as it was asked for, and the seed that gives it again. */
export type PickedCandidate = Omit<GeneratedCandidate, 'picture'>;

export interface EnlargePickedOptions {
  readonly host: Host;
  readonly generator: GeneratorClient;
  readonly candidate: PickedCandidate;
  /** Longer side in pixels, 128 to 2048; reduced to what the editor stores. */
  readonly size: number;
  readonly detail?: number | undefined;
  readonly stagesOf?: 2 | 4 | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets the picture after every stage as soon as it is made. */
  readonly onStage?: ((picture: GeneratedPng) => void) | undefined;
}

export interface PlaceOptions {
  readonly host: Host;
  readonly candidate: PickedCandidate;
  readonly picture: EnlargedPicture;
  readonly signal?: AbortSignal | undefined;
}

/** @throws EnlargerError as `GeneratorClient.enlargeCandidate`; `cancelled` within a second of the signal. */
export async function enlargePicked(options: EnlargePickedOptions): Promise<UpscaleResult> {
  const { host, generator, candidate, size, detail, stagesOf, signal, onProgress, onStage } = options;
  const { prompt, seed, guidance, index, steps } = candidate;
  const deadline = new Deadline(signal);
  const { maxSidePx, formats } = await deadline.wait(host.info(), false);
  const result = await deadline.wait(
    generator.enlargeCandidate(
      {
        ...{ prompt, seed, guidance, index, steps, detail, stagesOf, formats },
        size: Math.min(size, maxSidePx ?? size),
        withStages: true,
      },
      { signal, onProgress, onStage },
    ),
  );
  throwIfStopped(signal);
  return result;
}

/**
 * Puts the picture into the document, named by its prompt; prompt and seed stay with the layer.
 * @returns Sentences about what is different from what one may expect.
 * @throws EnlargerError `placement-failed`, `output-too-large`; also when it was stopped in the middle of it.
 *   `cancelled` when it was stopped before the editor had begun.
 */
export async function placePicked(options: PlaceOptions): Promise<readonly string[]> {
  const { host, candidate, picture, signal } = options;
  const { prompt, guidance, candidateSeed } = candidate;
  const job = `generate-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  const generated = { prompt, seed: candidateSeed, guidance };
  const deadline = new Deadline(signal);
  throwIfStopped(signal);
  const placing = host.place({ name: prompt, picture, generated, job }, signal);
  let stopped = false;
  placing.catch((cause: unknown) => {
    stopped = toEnlargerError(cause).code === 'cancelled';
  });
  // However long it takes: the editor's undo step is to be closed.
  const finishing = placing.then(
    () => host.finishJob(job),
    () => host.finishJob(job),
  );
  finishing.catch(() => undefined);
  try {
    const { notices } = await deadline.wait(placing);
    const joined = await deadline.wait(finishing).then(
      () => true,
      (error: unknown) => toEnlargerError(error).code === 'cancelled',
    );
    return joined ? notices : [...notices, 'The editor could not join its changes into one undo step.'];
  } catch (cause) {
    const error = toEnlargerError(cause);
    if (stopped || error.code !== 'cancelled') throw error;
    throw new EnlargerError(
      'placement-failed',
      'The editor was still taking the picture when you stopped.',
      'Look at the document, and undo if the picture is there.',
    );
  }
}
