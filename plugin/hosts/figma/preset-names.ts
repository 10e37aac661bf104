/**
 * Names of the presets in a store, for the quick action's suggestions: read as presets/version-store.ts lays them out
 * (a head per preset that names its version, the version's parts in keys of their own), as no more than names. The
 * panel, which validates presets, looks the chosen one up and says so when it cannot be used.
 */

import type { HostStore } from '../../host.js';

const HEAD = /^preset\.([a-z0-9-]+)$/;
const MOST_PRESETS = 500;
const MOST_PARTS = 64;
const LONGEST_NAME = 200;

/** Names, each once, sorted; never rejects: a store that fails has none. */
export async function presetNames(stores: readonly HostStore[]): Promise<string[]> {
  const names = await Promise.all(stores.map(namesIn));
  return [...new Set(names.flat())].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

async function namesIn(store: HostStore): Promise<string[]> {
  try {
    const keys = await store.keys();
    const heads = keys.filter((key) => HEAD.test(key)).slice(0, MOST_PRESETS);
    const names = await Promise.all(heads.map((head) => nameOf(store, keys, head)));
    return names.filter((name): name is string => name !== null);
  } catch {
    return [];
  }
}

async function nameOf(store: HostStore, keys: readonly string[], head: string): Promise<string | null> {
  try {
    const prefix = `${head}.${await store.get(head)}.`;
    const parts = keys
      .filter((key) => key.startsWith(prefix))
      .map((key) => ({ key, number: Number(key.slice(prefix.length)) }))
      .filter(({ number }) => Number.isInteger(number))
      .sort((a, b) => a.number - b.number);
    if (parts.length > MOST_PARTS) return null;
    const texts = await Promise.all(parts.map(({ key }) => store.get(key)));
    const preset: unknown = JSON.parse(texts.join(''));
    if (typeof preset !== 'object' || preset === null || !('name' in preset)) return null;
    const { name } = preset;
    return typeof name === 'string' && name.trim() !== '' ? name.slice(0, LONGEST_NAME) : null;
  } catch {
    return null;
  }
}
