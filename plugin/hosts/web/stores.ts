/** Where a page keeps presets: its localStorage for one person, whatever it offers for its document. */

import type { HostStore, StoreScope } from '../../host.js';
import { createLocalStore, keepsAnything } from '../../local-store.js';

const storage = () => window.localStorage;

/** The store of that scope; every call of one that there is not fails. */
export function pageStore(scope: StoreScope, documentStore: HostStore | undefined): HostStore {
  if (scope === 'personal') return createLocalStore(storage);
  return (
    documentStore ??
    createLocalStore(() => {
      throw new Error('The page keeps no presets with its document.');
    })
  );
}

/** Whether the browser lets the page keep anything. */
export function hasPersonalStore(): boolean {
  return keepsAnything(storage);
}
