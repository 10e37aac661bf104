/**
 * `Host` for Photopea, over live messaging from the plugin's page. It asks one thing after the other, looks at layers
 * in copies of the document, and changes the person's document only to put a picture.
 */

import { EnlargerError, toEnlargerError } from '../../../core/errors.js';
import { isSeeThrough } from '../../beneath.js';
import { type ListeningWindow, type Port, type TargetWindow, windowPort } from '../../bridge/port.js';
import type { GeneratedFrom, Host, HostEvent, PictureFile, SelectedLayer, Skip } from '../../host.js';
import { createLocalStore, keepsAnything, type StorageLike } from '../../local-store.js';
import { throwIfStopped } from '../../stopping.js';
import { answers, check } from './answers.js';
import { pngSize, toDataUri } from './files.js';
import { PhotopeaLine, ScriptError } from './line.js';
import { gone, type PutTimes, putAbove, toPlacementError, waitForNew } from './put-above.js';
import {
  type Box,
  type DocumentKey,
  exportLayer,
  inspect,
  listLayers,
  measure,
  nameLayer,
  openDocument,
  openPicture,
  tidy,
} from './scripts.js';
import { Watch } from './watch.js';

export const PHOTOPEA_ORIGIN = 'https://www.photopea.com';

/** Larger pictures make messages that browsers refuse: they travel as text. */
const MAX_SIDE_PX = 8192;

export interface PhotopeaOptions {
  /** The page's storage; looking for it may throw. Without it nothing is kept between visits. */
  readonly storage?: () => StorageLike;
  /** Whether the person sees the panel; the selection is not watched otherwise. Default always. */
  readonly visible?: () => boolean;
  readonly times?: Partial<PutTimes> & {
    /** For ordinary scripts, for exports, for the ping after silence, and between looks at the selection. */
    readonly scriptMs?: number;
    readonly exportMs?: number;
    readonly pingMs?: number;
    readonly watchMs?: number;
  };
}

export interface PhotopeaHost extends Host {
  /** Stops listening and watching. */
  disconnect(): void;
}

/** The port to Photopea from the plugin's page inside it; messages of any other window or origin do not count. */
export function photopeaPort(self: ListeningWindow, parent: TargetWindow, origin = PHOTOPEA_ORIGIN): Port {
  return windowPort(self, parent, origin);
}

type Inspected = NonNullable<ReturnType<typeof check<(typeof answers.inspected)['_zod']['output']>>>;
type Layer = Inspected['layers'][number];

const NO_STORAGE = (): StorageLike => {
  throw new Error('There is no storage.');
};

/** Shows Photopea as a `Host`. Calls reject with `host-unavailable` when it stays silent. */
export function createPhotopeaHost(port: Port, options: PhotopeaOptions = {}): PhotopeaHost {
  const { scriptMs = 15_000, exportMs = 60_000, pingMs = 5_000, watchMs = 1_500 } = options.times ?? {};
  const putTimes: PutTimes = { openMs: 60_000, lookMs: 250, looks: 40, ...options.times };
  const storage = options.storage ?? NO_STORAGE;
  const line = new PhotopeaLine(port, { timeoutMs: scriptMs, pingMs });
  /** Photopea keeps nothing with a layer, so this lasts as long as the panel is open. */
  const generatedBy = new Map<string, GeneratedFrom>();
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** One call at a time: what belongs together in Photopea is not mixed. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    waiting++;
    const mine = turn.then(work).finally(() => {
      waiting--;
    });
    turn = mine.catch(() => undefined);
    return mine;
  };

  const look = async (): Promise<Inspected | null> =>
    check(answers.inspected, (await line.run(inspect())).value);

  const watch = new Watch({
    everyMs: watchMs,
    idle: () => waiting === 0 && (options.visible?.() ?? true),
    look: () => inTurn(look),
  });

  /** Bounds under a selection of pixels are those of the selection, so they are measured on a copy without one. */
  const boxesOf = async ({ document, selecting, layers }: Inspected): Promise<readonly Box[]> => {
    const measurable = layers.filter(({ kind }) => kind !== 'adjustment');
    if (!selecting || measurable.length === 0) return layers.map(({ box }) => box);
    const mark = newMark();
    try {
      const paths = layers.map(({ path }) => path);
      const { value } = await line.run(measure(document, paths, mark), { timeoutMs: exportMs });
      return check(answers.measured, value) ?? layers.map(({ box }) => box);
    } catch (error) {
      await tidyUp(document, mark, error);
      throw error;
    }
  };

  /** Closes a copy left open. The error that made this necessary is the one to tell, so this one's is not. */
  const tidyUp = async (key: DocumentKey, mark: string, error: unknown): Promise<void> => {
    const tidied = line.run(tidy(key, mark)).catch(() => undefined);
    // A silent Photopea still gets the script and will run it when it can; only nobody waits for it.
    if (error instanceof ScriptError) await tidied;
  };

  const exported = async (ref: string, maxPx: number | null): Promise<PictureFile> => {
    const { document, id } = parseRef(ref);
    // A file has no name. One of another size belongs to an earlier script that was given up: ask again.
    for (let attempt = 0; attempt < 2; attempt++) {
      const mark = newMark();
      try {
        const { value, files } = await line.run(exportLayer(document, id, mark, maxPx), {
          files: 1,
          timeoutMs: exportMs,
        });
        const answer = check(answers.exported, value);
        if (!answer) throw gone();
        const size = pngSize(files[0]);
        const whole = size?.width === answer.width && size.height === answer.height;
        if (size && (whole || maxPx !== null)) return { bytes: files[0], format: 'png' };
      } catch (error) {
        if (toEnlargerError(error).code !== 'layer-gone') await tidyUp(document, mark, error);
        throw error instanceof ScriptError ? unreadable(error) : error;
      }
    }
    throw unreadable();
  };

  return {
    async info() {
      return {
        kind: 'photopea',
        title: 'Photopea',
        maxSidePx: MAX_SIDE_PX,
        formats: ['png', 'jpeg'],
        abilities: {
          placements: ['layer', 'smart-object', 'replace'],
          pieces: false,
          documentStore: false,
          personalStore: keepsAnything(storage),
          groupedUndo: false,
        },
      };
    },
    command: async () => ({ command: 'open' }),
    selection: () =>
      inTurn(async () => {
        try {
          const inspected = await look();
          watch.saw(inspected);
          if (!inspected) return { layers: [], generated: null };
          const boxes = await boxesOf(inspected);
          const layers = inspected.layers.map((layer, i) => describe(inspected.document, layer, boxes[i]));
          const only = layers.length === 1 ? generatedBy.get(layers[0].id) : undefined;
          return { layers, generated: only ?? null };
        } catch (error) {
          if (!(error instanceof ScriptError)) throw error;
          throw new EnlargerError(
            'host-unavailable',
            'Photopea could not say what is selected.',
            'Select a layer and try again.',
            { cause: error },
          );
        }
      }),
    thumbnail: (ref, maxPx) => inTurn(() => exported(ref, maxPx)),
    read: (ref) => inTurn(() => exported(ref, null)),
    write: (ref, result, { placement }, signal) =>
      inTurn(async () => {
        throwIfStopped(signal);
        checkSize(result);
        const { document: key, id } = parseRef(ref);
        const dataUri = toDataUri(result.pieces[0]);
        const { width, height } = result;
        try {
          const seeThrough = isSeeThrough(result);
          const request = { key, id, dataUri, width, height, placement, seeThrough };
          return { notices: await putAbove(line, request, putTimes, signal) };
        } catch (error) {
          throw toPlacementError(error);
        }
      }),
    place: ({ name, picture, generated }, signal) =>
      inTurn(async () => {
        throwIfStopped(signal);
        checkSize(picture);
        const dataUri = toDataUri(picture.pieces[0]);
        const timeoutMs = putTimes.openMs;
        try {
          const listed = check(answers.listed, (await line.run(listLayers())).value);
          if (!listed) {
            await line.run(openDocument(dataUri), { timeoutMs });
            return { notices: ['The picture is a document of its own, because none was open.'] };
          }
          await line.run(openPicture(listed.document, dataUri), { timeoutMs });
          const id = await waitForNew(line, listed.document, listed.before, null, putTimes);
          await line.run(nameLayer(listed.document, id, name));
          if (generated) generatedBy.set(toRef(listed.document, id), generated);
          return { notices: [] };
        } catch (error) {
          throw toPlacementError(error);
        }
      }),
    // Photopea has no way to join steps of its history.
    async finishJob() {},
    store: (scope) => createLocalStore(scope === 'personal' ? storage : NO_STORAGE),
    // Photopea shows plugins no messages of its own but a dialog that stops everything; the panel says it instead.
    async notify() {},
    // Size and end of a plugin's window are the person's.
    async resize() {},
    async close() {},
    subscribe: (listener: (event: HostEvent) => void) =>
      watch.subscribe(() => listener({ kind: 'selection' })),
    disconnect() {
      watch.stop();
      line.close();
    },
  };
}

function describe(document: DocumentKey, layer: Layer, box: Box): SelectedLayer {
  const { id, name, kind } = layer;
  const ref = toRef(document, id);
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const skip = skipOf(layer, width, height);
  if (skip) return { id: ref, name, pictures: [], skip };
  const source = kind === 'pixels' || kind === 'smart-object' ? 'original' : 'rendered';
  const picture = { ref, key: `${ref} ${box.join()}`, width, height, source, tiles: false } as const;
  return { id: ref, name, pictures: [picture], skip: null };
}

function skipOf({ kind, locked, hidden }: Layer, width: number, height: number): Skip | null {
  if (locked) return { code: 'locked', reason: 'locked' };
  if (hidden) return { code: 'hidden', reason: 'hidden' };
  if (kind === 'video') return { code: 'video', reason: 'video' };
  if (kind === 'adjustment') return { code: 'unsupported', reason: 'adjustment layer' };
  return width < 1 || height < 1 ? { code: 'empty', reason: 'empty' } : null;
}

function toRef(document: DocumentKey, id: number): string {
  return JSON.stringify({ document, id });
}

function parseRef(ref: string): { readonly document: DocumentKey; readonly id: number } {
  try {
    return check(answers.ref, JSON.parse(ref));
  } catch {
    throw gone();
  }
}

function checkSize({ width, height, pieces }: { width: number; height: number; pieces: readonly unknown[] }) {
  if (Math.max(width, height) <= MAX_SIDE_PX && pieces.length === 1) return;
  throw new EnlargerError(
    'output-too-large',
    `Photopea takes pictures of at most ${MAX_SIDE_PX} pixels a side from here.`,
    'Choose a smaller factor.',
  );
}

function newMark(): string {
  return `Enlarger looks at a copy ${Math.random().toString(36).slice(2, 10)}`;
}

function unreadable(cause?: unknown): EnlargerError {
  return new EnlargerError(
    'input-unreadable',
    'Photopea could not give the picture of this layer.',
    'Rasterize the layer and try again.',
    { cause },
  );
}
