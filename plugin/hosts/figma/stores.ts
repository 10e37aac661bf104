/** Where Figma keeps strings: with the document, for everybody who opens it, and on this machine, for this person. */

import type { PluginAPI } from '@figma/plugin-typings/plugin-api-standalone.js';
import { EnlargerError } from '../../../core/errors.js';
import type { HostStore, StoreScope } from '../../host.js';

/** Shared plugin data is readable by every plugin; the namespace says whose it is. */
export const NAMESPACE = 'enlarger';

/** Figma takes 100 kB an entry, which its name is part of. */
const DOCUMENT_VALUE_BYTES = 90_000;

/** Figma takes 5 MB for all entries of a plugin together. */
const PERSONAL_VALUE_BYTES = 500_000;

export function makeStore(figma: PluginAPI, scope: StoreScope): HostStore {
  return scope === 'document' ? documentStore(figma) : personalStore(figma);
}

function documentStore(figma: PluginAPI): HostStore {
  return {
    maxValueBytes: DOCUMENT_VALUE_BYTES,
    keys: () => guarded('document', async () => figma.root.getSharedPluginDataKeys(NAMESPACE)),
    get: (key) => guarded('document', async () => figma.root.getSharedPluginData(NAMESPACE, key) || null),
    set: (key, value) =>
      guarded('document', async () => {
        checkLength(value, DOCUMENT_VALUE_BYTES);
        figma.root.setSharedPluginData(NAMESPACE, key, value);
      }),
  };
}

function personalStore({ clientStorage }: PluginAPI): HostStore {
  return {
    maxValueBytes: PERSONAL_VALUE_BYTES,
    keys: () => guarded('personal', () => clientStorage.keysAsync()),
    get: (key) =>
      guarded('personal', async () => {
        const value: unknown = await clientStorage.getAsync(key);
        return typeof value === 'string' ? value : null;
      }),
    set: (key, value) =>
      guarded('personal', async () => {
        checkLength(value, PERSONAL_VALUE_BYTES);
        if (value === '') await clientStorage.deleteAsync(key);
        else await clientStorage.setAsync(key, value);
      }),
  };
}

const WHERE: Readonly<Record<StoreScope, string>> = {
  document: 'with this document',
  personal: 'on this machine',
};

async function guarded<T>(scope: StoreScope, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof EnlargerError) throw cause;
    throw new EnlargerError(
      'store-failed',
      `Figma could not keep this ${WHERE[scope]}.`,
      scope === 'personal'
        ? 'Its place for plugins may be full: delete presets you no longer need.'
        : 'You may have view access only: ask for edit access, or keep it for yourself.',
      { cause },
    );
  }
}

function checkLength(value: string, most: number): void {
  if (utf8Length(value) > most)
    throw new EnlargerError('store-failed', 'This is too long for Figma to keep.', 'Make it shorter.');
}

/** Bytes of a string in UTF-8; the sandbox has no TextEncoder. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // A surrogate is half of a character of four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
