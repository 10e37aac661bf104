/**
 * A personal store over a page's localStorage, for hosts whose page has one. Browsers may forbid it, lose it or call it
 * full at any time: every such case is `store-failed`, and the panel goes on without.
 */

import { EnlargerError } from '../core/errors.js';
import type { HostStore } from './host.js';

/** What is used of `Storage`. */
export interface StorageLike {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Browsers keep about five million UTF-16 units per origin; one value may take a fifth of that in UTF-8 bytes. */
const MAX_VALUE_BYTES = 1_000_000;
const PREFIX = 'enlarger:';

/** @param storage Gives the page's storage; looking for it may already throw. */
export function createLocalStore(storage: () => StorageLike): HostStore {
  const attempt = async <T>(use: (store: StorageLike) => T): Promise<T> => {
    try {
      return use(storage());
    } catch (cause) {
      throw new EnlargerError(
        'store-failed',
        'The browser keeps nothing for this page.',
        'Allow site data for it, or save to a file instead.',
        { cause },
      );
    }
  };
  return {
    maxValueBytes: MAX_VALUE_BYTES,
    keys: () =>
      attempt((store) => {
        const names = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '');
        return names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
      }),
    get: (key) => attempt((store) => store.getItem(PREFIX + key)),
    set: (key, value) =>
      attempt((store) => {
        if (value === '') store.removeItem(PREFIX + key);
        else store.setItem(PREFIX + key, value);
      }),
  };
}

/** Whether the page keeps anything at all: asked by writing, because browsers answer only then. */
export function keepsAnything(storage: () => StorageLike): boolean {
  try {
    const store = storage();
    store.setItem(`${PREFIX}probe`, '1');
    store.removeItem(`${PREFIX}probe`);
    return true;
  } catch {
    return false;
  }
}
