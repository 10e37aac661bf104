/**
 * Puts an enlarged picture over a layer, in steps that are each seen to have worked: prepare, open, wait until the new
 * layer is there, fit. Whatever fails takes back what was begun.
 */

import { EnlargerError, toEnlargerError } from '../../../core/errors.js';
import { beneathNotice } from '../../beneath.js';
import type { Placement } from '../../host.js';
import { throwIfStopped } from '../../stopping.js';
import { answers, check } from './answers.js';
import { type PhotopeaLine, ScriptError } from './line.js';
import { type DocumentKey, findNew, fitAbove, giveUp, openPicture, prepare } from './scripts.js';

export interface PutRequest {
  readonly key: DocumentKey;
  readonly id: number;
  readonly dataUri: string;
  readonly width: number;
  readonly height: number;
  readonly placement: Placement;
  readonly seeThrough: boolean;
}

export interface PutTimes {
  /** For opening a large picture. */
  readonly openMs: number;
  /** Between two looks for the new layer, and how many. */
  readonly lookMs: number;
  readonly looks: number;
}

/**
 * @returns sentences about what a person may not expect.
 * @param signal Heard until the new layer has been fitted; what was begun is then taken back.
 * @throws EnlargerError `layer-gone`, `placement-failed`, `host-unavailable`, `cancelled`.
 */
export async function putAbove(
  line: PhotopeaLine,
  request: PutRequest,
  times: PutTimes,
  signal?: AbortSignal,
): Promise<string[]> {
  const { key, id, dataUri, placement } = request;
  const keeper = `Enlarger keeps the selection ${Math.random().toString(36).slice(2, 8)}`;
  let freshId: number | null = null;
  try {
    const ready = check(answers.prepared, (await run(line, prepare(key, id, keeper))).value);
    if (!ready) throw gone();
    if (ready.locked) throw locked();
    throwIfStopped(signal);
    await run(line, openPicture(key, dataUri), times.openMs);
    freshId = await waitForNew(line, key, ready.before, ready.kept, times);
    throwIfStopped(signal);
    const done = check(
      answers.fitted,
      (
        await run(
          line,
          fitAbove({
            key,
            sourceId: id,
            freshId,
            box: ready.box,
            name: `${ready.name}, enlarged`,
            keeper,
            placement,
            width: request.width,
            height: request.height,
            seeThrough: request.seeThrough,
          }),
        )
      ).value,
    );
    if (!done) throw gone();
    if (!done.fitted) throw new ScriptError('The picture could not be made to fit its layer.');
    return notices(request, ready, done);
  } catch (error) {
    // What went wrong first is what the person should read, so a failure of taking back stays untold. A silent
    // Photopea still gets the script and will run it when it can; only nobody waits for it.
    const takenBack = line.run(giveUp(key, id, freshId, keeper)).catch(() => undefined);
    if (toEnlargerError(error).code !== 'host-unavailable') await takenBack;
    throw toPlacementError(error);
  }
}

/** The id of the layer that has appeared; opening may end before its layer is there. */
export async function waitForNew(
  line: PhotopeaLine,
  key: DocumentKey,
  before: readonly number[],
  kept: number | null,
  { lookMs, looks }: PutTimes,
): Promise<number> {
  const known = kept === null ? before : [...before, kept];
  for (let look = 0; look < looks; look++) {
    if (look > 0) await new Promise<void>((done) => setTimeout(done, lookMs));
    const id = check(answers.newLayer, (await run(line, findNew(key, known))).value);
    if (id !== null) return id;
  }
  throw new ScriptError('The picture did not appear.');
}

/** A script's death as what it means to whoever wanted to place a picture. */
export function toPlacementError(error: unknown): EnlargerError {
  if (!(error instanceof ScriptError)) return toEnlargerError(error);
  return new EnlargerError(
    'placement-failed',
    'Photopea could not take the picture.',
    'Save it instead, or try again.',
    { cause: error },
  );
}

export function gone(): EnlargerError {
  return new EnlargerError('layer-gone', 'The layer is no longer there.', 'Select a layer and try again.');
}

function locked(): EnlargerError {
  return new EnlargerError(
    'placement-failed',
    'The layer was locked in the meantime.',
    'Unlock the layer and try again.',
  );
}

async function run(line: PhotopeaLine, script: string, timeoutMs?: number) {
  return line.run(script, timeoutMs === undefined ? {} : { timeoutMs });
}

function notices(
  { width, height, placement }: PutRequest,
  { name, deep }: { readonly name: string; readonly deep: boolean },
  done: {
    readonly replaced: boolean;
    readonly joined: boolean;
    readonly hidden: boolean;
    readonly selectionKept: boolean;
  },
): string[] {
  const sentences = [
    `“${name}” has all its ${width} x ${height} pixels inside a smart object; the canvas shows them at its own size.`,
  ];
  if (placement === 'replace' && !done.replaced) {
    sentences.push(
      `The original of “${name}” stays beneath, because other layers depend on it or it is not pixels.`,
    );
  }
  if (done.hidden) sentences.push(beneathNotice(name, 'hidden'));
  if (placement === 'smart-object' && !done.joined) {
    sentences.push(`“${name}” and its enlarged picture could not be joined in one smart object.`);
  }
  if (deep) sentences.push('The document has more than 8 bits per channel; the enlarged picture has 8.');
  if (!done.selectionKept) sentences.push('The selection could not be kept.');
  return sentences;
}
