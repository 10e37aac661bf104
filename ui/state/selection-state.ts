/** What is selected in the editor, with thumbnails. It owns the thumbnails' object URLs and revokes them. */

import { signal } from '@preact/signals';
import { type EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { Host, PictureFile, Selection } from '../../plugin/host.js';

export type SelectionStatus =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly selection: Selection }
  | { readonly kind: 'failed'; readonly error: EnlargerError };

const THUMBNAIL_PX = 192;
/** Thumbnails beyond these would cost more than they tell. */
const MAX_THUMBNAILS = 60;

/** The media type of a picture file. */
export function mediaType(file: Pick<PictureFile, 'format'>): string {
  return `image/${file.format}`;
}

/** An object URL of a picture file; the caller revokes it. */
export function pictureUrl(file: PictureFile): string {
  return URL.createObjectURL(new Blob([file.bytes.slice().buffer], { type: mediaType(file) }));
}

export type SelectionState = ReturnType<typeof createSelectionState>;

/** @param isBusy While a job asks the editor for pictures, thumbnails wait: editors answer one call at a time. */
export function createSelectionState(host: Host, isBusy: () => boolean) {
  const status = signal<SelectionStatus>({ kind: 'loading' });
  /** Object URLs by the pictures' keys. */
  const thumbnails = signal<ReadonlyMap<string, string>>(new Map());
  let latest: Promise<void> = Promise.resolve();
  let disposed = false;

  /**
   * Reads the selection again. Of several calls at once the last one counts, and all of them resolve when it has
   * been read; thumbnails come later.
   */
  async function refresh(): Promise<void> {
    const own: Promise<void> = read(() => own === latest && !disposed);
    let awaited = (latest = own);
    await awaited;
    while (awaited !== latest) await (awaited = latest);
  }

  async function read(isLatest: () => boolean): Promise<void> {
    try {
      const selection = await host.selection();
      if (!isLatest()) return;
      status.value = { kind: 'ready', selection };
      void loadThumbnails(selection, isLatest);
    } catch (error) {
      if (isLatest()) status.value = { kind: 'failed', error: toEnlargerError(error) };
    }
  }

  async function loadThumbnails(selection: Selection, isLatest: () => boolean): Promise<void> {
    const pictures = new Map(
      selection.layers.flatMap((layer) => layer.pictures).map((picture) => [picture.key, picture.ref]),
    );
    const kept = new Map([...thumbnails.value].filter(([key]) => pictures.has(key)));
    for (const [key, url] of thumbnails.value) if (!kept.has(key)) URL.revokeObjectURL(url);
    thumbnails.value = kept;
    for (const [key, ref] of [...pictures].slice(0, MAX_THUMBNAILS)) {
      if (kept.has(key)) continue;
      if (isBusy()) return;
      // A layer without a thumbnail can be enlarged all the same: the list shows a plain tile for it.
      const file = await host.thumbnail(ref, THUMBNAIL_PX).catch(() => null);
      if (!isLatest()) return;
      if (file) thumbnails.value = new Map(thumbnails.value).set(key, pictureUrl(file));
    }
  }

  return {
    status,
    thumbnails,
    refresh,
    dispose(): void {
      disposed = true;
      for (const url of thumbnails.value.values()) URL.revokeObjectURL(url);
      thumbnails.value = new Map();
    },
  };
}
