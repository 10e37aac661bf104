/**
 * Texts under ids in a host's store, safe against writes that end half-way and against others who write at the same
 * time. Every write makes a new version in keys of its own and only then moves the head, one short value:
 *
 *   <prefix>.<id>                        -> the version that counts
 *   <prefix>.<id>.<version>.<number>     -> its parts, in order
 *
 * The name of a version carries its time and the hash of its text, so a version proves itself; the one before stays
 * until the next write. Different ids never share a key. Texts are escaped to ASCII: a character is a byte, and a cut
 * never falls into one. Every call of the store is bounded in time and may fail.
 */

import { EnlargerError } from '../../core/errors.js';
import { sha256Hex } from '../../core/pack/hash.js';
import type { HostStore } from '../host.js';

export interface VersionStoreOptions {
  readonly store: HostStore;
  /** What the keys begin with: lower-case letters and "-". */
  readonly prefix: string;
  /** Longest text in ASCII characters after escaping. */
  readonly maxLength: number;
  /** What to call the store in messages: "this document". */
  readonly place: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 0..1. */
  readonly random: () => number;
  readonly timeoutMs: number;
}

export interface StoredText {
  readonly text: string;
  readonly version: string;
  /** The version that counts did not prove itself, and this is one before it. */
  readonly recovered: boolean;
}

const MAX_KEYS = 50_000;
const MAX_PARTS = 4096;
const SMALLEST_VALUE = 64;
/** Others may be half-way through a write: what no head names is left alone for this long. */
const UNFINISHED_MS = 10 * 60_000;

type Parts = Map<string, string[]>;

/** What a store holds under one prefix, as its keys say it. */
export interface Listing {
  /** Ids that have a head. */
  readonly ids: readonly string[];
  /** Versions and keys of their parts, by id. */
  readonly parts: ReadonlyMap<string, Parts>;
}

export class VersionStore {
  private readonly pattern: RegExp;
  /** Versions made here are never half-written by others, so they may go as soon as two newer ones exist. */
  private readonly written = new Set<string>();

  constructor(private readonly options: VersionStoreOptions) {
    this.pattern = new RegExp(
      `^${options.prefix}\\.([a-z0-9-]{1,64})(?:\\.([a-z0-9-]{1,64})\\.(\\d{1,4}))?$`,
    );
  }

  /** @throws EnlargerError `store-failed`. */
  async list(): Promise<Listing> {
    const keys: unknown = await this.call('read', () => this.options.store.keys());
    // No list is not an empty one: everything would seem to have been deleted.
    if (!Array.isArray(keys)) throw this.failure('read');
    const ids: string[] = [];
    const parts = new Map<string, Parts>();
    for (const key of keys.slice(0, MAX_KEYS)) {
      const match = typeof key === 'string' ? this.pattern.exec(key) : null;
      if (!match) continue;
      const [, id, version, number] = match;
      if (version === undefined) ids.push(id);
      else if (Number(number) < MAX_PARTS) {
        const versions = parts.get(id) ?? new Map<string, string[]>();
        parts.set(id, versions);
        const list = versions.get(version) ?? [];
        versions.set(version, list);
        list[Number(number)] = key;
      }
    }
    return { ids: [...new Set(ids)].sort(), parts };
  }

  /** The version that counts, without reading it; null when there is none. @throws EnlargerError `store-failed`. */
  async head(id: string): Promise<string | null> {
    return (await this.get(`${this.options.prefix}.${id}`)) || null;
  }

  /**
   * The text of an id, or of the newest earlier version that is whole; null when nothing is.
   * @throws EnlargerError `store-failed`.
   */
  async read(id: string, head: string, listing: Listing): Promise<StoredText | null> {
    const versions = listing.parts.get(id) ?? new Map<string, string[]>();
    const others = [...versions.keys()].filter((version) => version !== head).sort(newestFirst);
    for (const version of [head, ...others.slice(0, 8)]) {
      const text = await this.readVersion(version, versions.get(version) ?? []);
      if (text !== null) return { text, version, recovered: version !== head };
    }
    return null;
  }

  /**
   * Makes this the text of the id, whatever was there before.
   * @returns The new version. It may already have been replaced by somebody else's.
   * @throws EnlargerError `store-failed`; then the version before still counts. `preset-invalid` when too long.
   */
  async write(id: string, text: string): Promise<string> {
    const { store, prefix, maxLength, place, now, random } = this.options;
    const ascii = escapeToAscii(text);
    const room = store.maxValueBytes;
    if (ascii.length > maxLength || Math.ceil(ascii.length / room) > MAX_PARTS)
      throw new EnlargerError('preset-invalid', `It is too large to be kept with ${place}.`);
    if (!(room >= SMALLEST_VALUE)) throw this.failure('save');

    const before = await this.head(id);
    const tag = Math.floor(random() * 36 ** 6).toString(36);
    const version = `${now().toString(36).padStart(9, '0')}-${tag}-${await hashOf(ascii)}`;
    this.written.add(version);
    const keys: string[] = [];
    for (let at = 0; at < ascii.length; at += room) {
      const key = `${prefix}.${id}.${version}.${keys.length}`;
      await this.set(key, ascii.slice(at, at + room));
      keys.push(key);
    }
    // Stores exist that lose what they accepted.
    if ((await this.readVersion(version, keys)) === null) throw this.failure('save');
    await this.set(`${prefix}.${id}`, version);
    if ((await this.head(id)) === null) throw this.failure('save');
    await this.sweep(new Map([[id, [version, before]]])).catch(() => undefined);
    return version;
  }

  /** Removes the id; its last version stays where it is until a later write sweeps. @throws EnlargerError `store-failed`. */
  async remove(id: string): Promise<void> {
    await this.set(`${this.options.prefix}.${id}`, '');
    if ((await this.head(id)) !== null) throw this.failure('save');
    await this.sweep(new Map()).catch(() => undefined);
  }

  /** Deletes what no head can name any more. `keep` lists the versions of ids that have just been written. */
  private async sweep(keep: ReadonlyMap<string, readonly (string | null)[]>): Promise<void> {
    const { ids, parts } = await this.list();
    for (const [id, versions] of parts) {
      const kept = keep.get(id);
      if (!kept && ids.includes(id)) continue;
      for (const [version, keys] of versions) {
        const age = this.options.now() - Number.parseInt(version.split('-', 1)[0], 36);
        if (kept?.includes(version) || !(age > UNFINISHED_MS || this.written.has(version))) continue;
        for (const key of keys) if (key) await this.set(key, '');
      }
    }
  }

  private async readVersion(version: string, keys: readonly (string | undefined)[]): Promise<string | null> {
    if (keys.length === 0 || keys.length > MAX_PARTS) return null;
    let ascii = '';
    for (const key of keys) {
      const part = key === undefined ? null : await this.get(key);
      if (!part || ascii.length + part.length > this.options.maxLength) return null;
      ascii += part;
    }
    return version.endsWith(`-${await hashOf(ascii)}`) ? ascii : null;
  }

  private async get(key: string): Promise<string | null> {
    const value: unknown = await this.call('read', () => this.options.store.get(key));
    return typeof value === 'string' ? value : null;
  }

  private set(key: string, value: string): Promise<void> {
    return this.call('save', () => this.options.store.set(key, value));
  }

  private async call<T>(what: 'read' | 'save', ask: () => Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), this.options.timeoutMs);
    });
    try {
      return await Promise.race([ask(), late]);
    } catch (cause) {
      throw this.failure(what, cause);
    } finally {
      clearTimeout(timer!);
    }
  }

  private failure(what: 'read' | 'save', cause?: unknown): EnlargerError {
    const { place } = this.options;
    const message =
      what === 'read'
        ? `What is kept with ${place} could not be read.`
        : `It could not be saved with ${place}.`;
    return new EnlargerError('store-failed', message, 'Try again, or export it as a file.', { cause });
  }
}

const newestFirst = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);

/** JSON text whose every character is one byte. */
const escapeToAscii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const hashOf = async (ascii: string): Promise<string> =>
  (await sha256Hex(new TextEncoder().encode(ascii))).slice(0, 16);
