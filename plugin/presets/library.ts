/**
 * All presets a person can use here: those of the document, which its team shares, and their own. Owns what is shown and
 * in which order things happen; storing is shelf.ts. Nothing here rejects because storage fails: the library goes on in
 * memory and a notice says so in a sentence.
 */

import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import { SerialQueue } from '../../core/runtime/serial-queue.js';
import type { Host, HostStore, StoreScope } from '../host.js';
import { type Chance, changePreset, copyPreset, createPreset, freeName, type PresetDraft } from './draft.js';
import { readPresetFile, writePresetFile } from './file.js';
import type { ImportReport, LibraryNotice, LibraryState, PresetEntry, PresetRef } from './library-state.js';
import { MAX_PRESET_LENGTH, MAX_PRESETS } from './limits.js';
import { presetFromLink, presetToLink } from './link.js';
import type { Preset } from './preset.js';
import { presetsMatching } from './search.js';
import { Shelf } from './shelf.js';
import { SmallValue } from './small-value.js';
import { VersionStore } from './version-store.js';

export interface LibraryOptions {
  /** Null or absent where the editor has none. */
  readonly document?: HostStore | null;
  readonly personal?: HostStore | null;
  /** Milliseconds since 1970; default the clock. */
  readonly now?: () => number;
  /** 0..1; default chance. */
  readonly random?: () => number;
  /** How long one call of a store may take, in milliseconds. */
  readonly storeTimeoutMs?: number;
}

const SCOPES: readonly StoreScope[] = ['document', 'personal'];
const PLACES: Readonly<Record<StoreScope, string>> = {
  document: 'this document',
  personal: 'your own presets',
};

/** The library of an editor, loaded. Never rejects: what storage cannot tell is missing, and a notice says why. */
export async function openPresetLibrary(
  host: Pick<Host, 'info' | 'store'>,
  options: Omit<LibraryOptions, 'document' | 'personal'> = {},
): Promise<PresetLibrary> {
  const open = async (scope: StoreScope): Promise<HostStore | null> => {
    try {
      const { abilities } = await host.info();
      return abilities[scope === 'document' ? 'documentStore' : 'personalStore'] ? host.store(scope) : null;
    } catch {
      return null;
    }
  };
  const library = new PresetLibrary({
    ...options,
    document: await open('document'),
    personal: await open('personal'),
  });
  await library.refresh();
  return library;
}

export class PresetLibrary {
  private readonly queue = new SerialQueue();
  private readonly chance: Chance;
  private readonly shelves: Readonly<Record<StoreScope, Shelf>>;
  private readonly scopes: readonly StoreScope[];
  private readonly defaultValue: SmallValue;
  private readonly lastValue: SmallValue;
  private readonly listeners = new Set<(state: LibraryState) => void>();
  private notices: LibraryNotice[] = [];
  private noticesSoFar = 0;
  private loading = true;
  private current: LibraryState;

  constructor(options: LibraryOptions) {
    const { now = Date.now, random = Math.random, storeTimeoutMs: timeoutMs = 10_000 } = options;
    this.chance = { now, random };
    this.scopes = SCOPES.filter((scope) => scope === 'personal' || options.document);
    const versions = (scope: StoreScope, prefix: string) => {
      const store = options[scope];
      const settings = {
        prefix,
        place: PLACES[scope],
        maxLength: 2 * MAX_PRESET_LENGTH,
        now,
        random,
        timeoutMs,
      };
      return store ? new VersionStore({ store, ...settings }) : null;
    };
    const shelf = (scope: StoreScope) =>
      new Shelf(versions(scope, 'preset'), PLACES[scope], (notice) => this.notify(notice));
    this.shelves = { document: shelf('document'), personal: shelf('personal') };
    this.defaultValue = new SmallValue(
      versions(options.document ? 'document' : 'personal', 'preset-default'),
    );
    this.lastValue = new SmallValue(versions('personal', 'preset-last'));
    this.current = this.snapshot();
  }

  /** What to show now; a new object after every change. */
  get state(): LibraryState {
    return this.current;
  }

  /** Calls back after every change until the returned function is called. */
  subscribe(listener: (state: LibraryState) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Takes over what others have changed. Call it when the panel is shown again, and from time to time. */
  refresh(): Promise<void> {
    return this.run(async () => {
      await Promise.all(this.scopes.map((scope) => this.shelves[scope].refresh()));
      await Promise.all([this.defaultValue.refresh(), this.lastValue.refresh()]);
      this.loading = false;
    });
  }

  /** The entry, or null when it is gone. */
  entry({ scope, id }: PresetRef): PresetEntry | null {
    return this.state.entries.find((entry) => entry.scope === scope && entry.id === id) ?? null;
  }

  /** The entry with this name, whatever its case; the document's before one's own. */
  byName(name: string): PresetEntry | null {
    const wanted = name.trim().toLowerCase();
    return this.state.entries.find(({ preset }) => preset.name.toLowerCase() === wanted) ?? null;
  }

  /** Entries in which every word of the query appears: in name, author, size or prompt. */
  search(query: string): readonly PresetEntry[] {
    return presetsMatching(this.state.entries, query);
  }

  /** What one-click commands use: this document's default. */
  get defaultEntry(): PresetEntry | null {
    return this.state.entries.find(({ isDefault }) => isDefault) ?? null;
  }

  /** Saves settings as a new preset. @throws EnlargerError `preset-invalid`. */
  create(draft: PresetDraft, scope: StoreScope): Promise<PresetEntry> {
    return this.run(() => this.put(createPreset(draft, this.chance), scope));
  }

  /** Adds a preset from elsewhere; under an id of its own where its id is taken by another one. */
  add(preset: Preset, scope: StoreScope): Promise<PresetEntry> {
    return this.run(() => this.addTo(preset, scope));
  }

  /** Changes some of a preset. @throws EnlargerError `preset-invalid`, also when it is gone. */
  change(ref: PresetRef, changes: Partial<PresetDraft>): Promise<PresetEntry> {
    return this.run(() => this.put(changePreset(this.need(ref).preset, changes, this.chance), ref.scope));
  }

  /** @throws EnlargerError `preset-invalid` for a name that is empty or too long, or when it is gone. */
  rename(ref: PresetRef, name: string): Promise<PresetEntry> {
    return this.change(ref, { name });
  }

  /** A copy, here or in the other scope. Into the other scope it keeps its name if that is free. */
  duplicate(ref: PresetRef, scope: StoreScope = ref.scope): Promise<PresetEntry> {
    return this.run(() => this.put(copyPreset(this.need(ref).preset, this.names(scope), this.chance), scope));
  }

  /** Deletes, and gives the way back; null when it could not be deleted (a notice says why). */
  remove(ref: PresetRef): Promise<(() => Promise<PresetEntry>) | null> {
    return this.run(async () => {
      const { preset, isDefault } = this.need(ref);
      if (!(await this.shelves[ref.scope].remove(ref.id))) return null;
      return () =>
        this.run(async () => {
          const back = await this.put(preset, ref.scope);
          if (isDefault) await this.defaultValue.set({ scope: ref.scope, id: ref.id });
          return back;
        });
    });
  }

  /**
   * Makes a preset this document's default; null for none. One of one's own is copied into the document first, so that
   * everybody has it; the entry that is the default then is returned.
   */
  setDefault(ref: PresetRef | null): Promise<PresetEntry | null> {
    return this.run(async () => {
      let wanted: PresetEntry | null = ref && this.need(ref);
      if (wanted?.scope === 'personal' && this.scopes.includes('document'))
        wanted = await this.put(copyPreset(wanted.preset, this.names('document'), this.chance), 'document');
      await this.storeValue(this.defaultValue, wanted && { scope: wanted.scope, id: wanted.id });
      return wanted && { ...wanted, isDefault: true };
    });
  }

  /** Remembers what was applied, for the next document too. */
  markUsed(preset: Preset): Promise<void> {
    return this.run(() => this.storeValue(this.lastValue, preset));
  }

  /** Tries again to store an entry that lasts only until the panel is closed. */
  keep(ref: PresetRef): Promise<PresetEntry> {
    return this.run(() => this.put(this.need(ref).preset, ref.scope));
  }

  /** The text of a file with these presets. @throws EnlargerError `preset-invalid` when one is gone. */
  exportText(refs: readonly PresetRef[]): string {
    return writePresetFile(refs.map((ref) => this.need(ref).preset));
  }

  /** Adds the presets of a file. @throws EnlargerError `preset-invalid` when there is not one good preset in it. */
  importText(text: string, scope: StoreScope, fileName?: string): Promise<ImportReport> {
    return this.run(async () => {
      const { presets, problems } = readPresetFile(text, fileName);
      const added: PresetEntry[] = [];
      for (const preset of presets) added.push(await this.addTo(preset, scope));
      return { added, problems };
    });
  }

  /** A link that carries the preset. @throws EnlargerError `preset-invalid` when it is too large for one, or gone. */
  exportLink(ref: PresetRef, base: string): string {
    return presetToLink(this.need(ref).preset, base);
  }

  /** Adds the preset of a link. @throws EnlargerError `preset-invalid`. */
  importLink(link: string, scope: StoreScope): Promise<PresetEntry> {
    return this.run(() => this.addTo(presetFromLink(link), scope));
  }

  /** Takes a notice away. */
  dismiss(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
    this.changed();
  }

  private async addTo(preset: Preset, scope: StoreScope): Promise<PresetEntry> {
    const taken = this.shelves[scope].entries.get(preset.id);
    if (taken && JSON.stringify(taken.preset) === JSON.stringify(preset)) return this.show(preset, scope);
    const names = this.names(scope);
    if (taken) return this.put(copyPreset(preset, names, this.chance), scope);
    return this.put({ ...preset, name: freeName(preset.name, names) }, scope);
  }

  private async put(preset: Preset, scope: StoreScope): Promise<PresetEntry> {
    if (!this.scopes.includes(scope))
      throw new EnlargerError(
        'store-failed',
        'This editor keeps no presets with a document.',
        'Keep it as your own.',
      );
    const { entries } = this.shelves[scope];
    if (!entries.has(preset.id) && entries.size >= MAX_PRESETS)
      throw new EnlargerError(
        'preset-invalid',
        `There is room for ${MAX_PRESETS} presets, and they are all taken.`,
        'Delete some that nobody uses.',
      );
    await this.shelves[scope].put(preset);
    return this.show(preset, scope);
  }

  private show({ id }: Preset, scope: StoreScope): PresetEntry {
    this.changed();
    return this.entry({ scope, id })!;
  }

  private need(ref: PresetRef): PresetEntry {
    const entry = this.entry(ref);
    if (entry) return entry;
    throw new EnlargerError('preset-invalid', 'This preset is no longer there.', 'Choose another one.');
  }

  private names(scope: StoreScope): readonly string[] {
    return [...this.shelves[scope].entries.values()].map(({ preset }) => preset.name);
  }

  private async storeValue(value: SmallValue, content: unknown): Promise<void> {
    try {
      await value.set(content);
    } catch (cause) {
      const { message } = toEnlargerError(cause);
      this.notify({ kind: 'storage', message: `${message} It is remembered until the panel is closed.` });
    }
  }

  private notify(notice: Omit<LibraryNotice, 'id'>): void {
    this.notices = [...this.notices, { id: ++this.noticesSoFar, ...notice }];
  }

  /** One thing after the other, as two of them could want the same preset. */
  private run<T>(task: () => Promise<T>): Promise<T> {
    return this.queue.add(async () => {
      try {
        return await task();
      } finally {
        this.changed();
      }
    });
  }

  private changed(): void {
    this.current = this.snapshot();
    for (const listener of [...this.listeners]) listener(this.current);
  }

  private snapshot(): LibraryState {
    const chosen = this.defaultValue.asRef();
    const entries = this.scopes.flatMap((scope) =>
      [...this.shelves[scope].entries]
        .map(([id, { preset, stored }]): PresetEntry => {
          const isDefault = chosen?.scope === scope && chosen.id === id;
          return { scope, id, preset, stored, isDefault };
        })
        .sort((a, b) => a.preset.name.localeCompare(b.preset.name) || (a.id < b.id ? -1 : 1)),
    );
    const { loading, scopes, notices } = this;
    return { loading, scopes, entries, lastUsed: this.lastValue.asPreset(), notices };
  }
}
