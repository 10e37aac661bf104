/**
 * `Host` for any page through a few callbacks. The least a page gives is a way to read its picture and a way to take
 * the larger one; everything else has a default.
 */

import { EnlargerError } from '../../../core/errors.js';
import { isSeeThrough } from '../../beneath.js';
import type {
  GeneratedFrom,
  Host,
  HostEvent,
  HostStore,
  ImageFormat,
  PictureRef,
  Placement,
  SelectedLayer,
  Skip,
} from '../../host.js';
import { createHostChannel } from './channel.js';
import { type PictureSource, sizeOf, toBlob, toPictureFile, toThumbnail } from './picture-source.js';
import { hasPersonalStore, pageStore } from './stores.js';

/** A picture of the page that is selected now. */
export interface WebPicture {
  readonly id: string;
  readonly name?: string;
  /** Size in pixels; measured when absent. */
  readonly width?: number;
  readonly height?: number;
  /** Equal keys are equal pixels; default the id. */
  readonly key?: string;
  /** Whether it repeats edge to edge. */
  readonly tiles?: boolean;
  /** Why it cannot be enlarged, in a few words: "locked". */
  readonly skip?: string;
}

/** What `write` is told beside the picture. */
export interface WebChange {
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  /** How many times larger per side. */
  readonly scale: number;
  readonly placement: Placement;
  /** What lies beneath may show through: a page that keeps the smaller picture there should hide it. */
  readonly seeThrough: boolean;
  readonly job: string;
}

export interface WebNewPicture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly generated: GeneratedFrom | null;
  readonly job: string;
}

type Awaitable<T> = T | Promise<T>;

export interface WebPage {
  /** The picture of that id, in whatever holds it. */
  read(id: string): Awaitable<PictureSource>;
  /** Takes the larger picture, in the same place. Throwing keeps the picture for the person to save. */
  write(picture: Blob, id: string, change: WebChange): Awaitable<void>;
  /** What is selected; default one picture called "Picture". */
  pictures?(): Awaitable<readonly WebPicture[]>;
  /** Takes a new picture. Without it, generated pictures can only be saved. */
  place?(picture: Blob, details: WebNewPicture): Awaitable<void>;
  /** Everything of a job has been written: one step of the page's history, if it keeps one. */
  finishJob?(job: string): Awaitable<void>;
  /** Shows a short sentence. */
  notify?(message: string, error: boolean): void;
  /** Kept with the document, for everybody who opens it. */
  readonly documentStore?: HostStore;
  readonly kind?: string;
  readonly title?: string;
  readonly placements?: readonly Placement[];
  readonly maxSidePx?: number | null;
  /** Formats taken, preferred first; default PNG, then JPEG. */
  readonly formats?: readonly ImageFormat[];
}

export interface WebHost extends Host {
  /** Tells the panel that the selection or the theme has changed, or gives it a command. */
  emit(event: HostEvent): void;
}

const ONE_PICTURE: readonly WebPicture[] = [{ id: 'picture', name: 'Picture' }];

/** Shows a page as a `Host`. */
export function createWebHost(page: WebPage): WebHost {
  const describe = async (picture: WebPicture): Promise<SelectedLayer> => {
    const { id, name = id, skip } = picture;
    const layer = (pictures: readonly PictureRef[], why: Skip | null) => ({ id, name, pictures, skip: why });
    if (skip !== undefined) return layer([], { code: 'unsupported', reason: skip });
    try {
      const size =
        picture.width !== undefined && picture.height !== undefined
          ? { width: picture.width, height: picture.height }
          : await sizeOf(await page.read(id));
      const { key = id, tiles = false } = picture;
      return layer(
        [{ ref: id, key, width: size.width, height: size.height, source: 'original', tiles }],
        null,
      );
    } catch {
      return layer([], { code: 'missing-image', reason: 'cannot be read' });
    }
  };

  return {
    ...createHostChannel(),
    async info() {
      return {
        kind: page.kind ?? 'web',
        title: page.title ?? 'This page',
        maxSidePx: page.maxSidePx ?? null,
        formats: page.formats ?? ['png', 'jpeg'],
        abilities: {
          placements: page.placements ?? ['replace'],
          pieces: false,
          documentStore: page.documentStore !== undefined,
          personalStore: hasPersonalStore(),
          groupedUndo: page.finishJob !== undefined,
        },
      };
    },
    async selection() {
      const pictures = page.pictures ? await page.pictures() : ONE_PICTURE;
      return { layers: await Promise.all(pictures.map(describe)), generated: null };
    },
    thumbnail: async (ref, maxPx) => toThumbnail(await page.read(ref), maxPx),
    read: async (ref) => toPictureFile(await page.read(ref)),
    async write(ref, result, { scale, placement, job }) {
      const { width, height } = result;
      const { format } = result.pieces[0];
      const picture = await toBlob(result);
      const seeThrough = isSeeThrough(result);
      await inPage(() =>
        page.write(picture, ref, { width, height, format, scale, placement, seeThrough, job }),
      );
      return { notices: [] };
    },
    async place({ name, picture, generated, job }) {
      if (!page.place) {
        throw new EnlargerError(
          'placement-failed',
          'This page has no place for new pictures.',
          'Save the picture instead.',
        );
      }
      const { width, height } = picture;
      const blob = await toBlob(picture);
      await inPage(() => page.place?.(blob, { name, width, height, generated, job }));
      return { notices: [] };
    },
    async finishJob(job) {
      await page.finishJob?.(job);
    },
    store: (scope) => pageStore(scope, page.documentStore),
    async notify(message, options) {
      page.notify?.(message, options?.error ?? false);
    },
  };
}

/** Runs a callback of the page; what it throws is told as a failed placement unless it says otherwise itself. */
async function inPage(callback: () => Awaitable<void>): Promise<void> {
  try {
    await callback();
  } catch (cause) {
    if (cause instanceof EnlargerError) throw cause;
    throw new EnlargerError('placement-failed', 'The page could not take the picture.', 'Save it instead.', {
      cause,
    });
  }
}
