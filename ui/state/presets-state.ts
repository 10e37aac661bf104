/**
 * Presets as the panel shows them: the library's state as a signal, the search, the last deletion's way back, and the
 * errors of what was asked for. Storing and checking are the library's.
 */

import { computed, signal } from '@preact/signals';
import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { HostCommand, StoreScope } from '../../plugin/host.js';
import type { PresetDraft } from '../../plugin/presets/draft.js';
import { PRESET_FILE_ENDING } from '../../plugin/presets/file.js';
import type { PresetLibrary } from '../../plugin/presets/library.js';
import type { LibraryState, PresetEntry, PresetRef } from '../../plugin/presets/library-state.js';
import { MAX_FILE_LENGTH } from '../../plugin/presets/limits.js';
import type { Preset } from '../../plugin/presets/preset.js';
import { presetsMatching } from '../../plugin/presets/search.js';

/** A deletion that can still be taken back. */
export interface Deletion {
  readonly name: string;
  readonly restore: () => Promise<unknown>;
}

/** A file as a browser gives it. */
export interface TextFile {
  readonly name: string;
  readonly size: number;
  text(): Promise<string>;
}

/** Where presets are kept, as people say it. */
export const SCOPE_TITLES: Readonly<Record<StoreScope, string>> = {
  document: 'In this document',
  personal: 'My own',
};

/** What others changed is taken over this often while the panel is open. */
const REFRESH_MS = 30_000;

export type PresetsState = ReturnType<typeof createPresetsState>;

export function createPresetsState(opening: Promise<PresetLibrary>) {
  const library = signal<LibraryState>({
    loading: true,
    entries: [],
    scopes: [],
    lastUsed: null,
    notices: [],
  });
  const query = signal('');
  const found = computed(() => presetsMatching(library.value.entries, query.value));
  const deleted = signal<Deletion | null>(null);
  /** Why the last thing asked for was not done. */
  const error = signal<EnlargerError | null>(null);
  /** What an import or a copied link did, as sentences. */
  const report = signal<readonly string[]>([]);

  let opened: PresetLibrary | null = null;
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setInterval> | undefined;
  let disposed = false;
  const ready = opening.then((loaded) => {
    if (disposed) return;
    opened = loaded;
    library.value = loaded.state;
    unsubscribe = loaded.subscribe((state) => {
      library.value = state;
    });
    timer = setInterval(() => void loaded.refresh(), REFRESH_MS);
  });

  /** Does something with the library; null and `error` when that fails. */
  async function attempt<T>(task: (library: PresetLibrary) => T | Promise<T>): Promise<T | null> {
    error.value = null;
    report.value = [];
    try {
      await ready;
      return await task(opened!);
    } catch (problem) {
      error.value = toEnlargerError(problem);
      return null;
    }
  }

  async function importFiles(files: readonly TextFile[], scope: StoreScope): Promise<void> {
    await attempt(async (presets) => {
      const added: PresetEntry[] = [];
      const problems: string[] = [];
      for (const file of files) {
        try {
          if (file.size > MAX_FILE_LENGTH)
            throw new EnlargerError('preset-invalid', `${file.name} is too large to be presets.`);
          const done = await presets.importText(await file.text(), scope, file.name);
          added.push(...done.added);
          problems.push(...done.problems);
        } catch (problem) {
          const { message, hint } = toEnlargerError(problem);
          problems.push(`${message} ${hint}`.trim());
        }
      }
      report.value = [...(added.length ? [addedText(added)] : []), ...problems];
    });
  }

  return {
    library,
    query,
    found,
    deleted,
    error,
    report,
    ready,

    /** Presets that a one-click command works with: the one it names, what was used last, or this document's default. */
    forCommand(command: HostCommand): Preset | null {
      const { entries, lastUsed } = library.value;
      if (command.preset !== undefined) {
        const named = opened?.byName(command.preset);
        if (named) return named.preset;
        throw new EnlargerError(
          'preset-invalid',
          `There is no preset named “${command.preset}” here.`,
          'Choose one in the Presets tab.',
        );
      }
      const standard = entries.find(({ isDefault }) => isDefault)?.preset ?? null;
      return command.command === 'upscale-last-preset' ? (lastUsed ?? standard) : standard;
    },

    /** Remembers that it was applied. */
    async used(preset: Preset): Promise<void> {
      await ready;
      await opened?.markUsed(preset);
    },

    create: (draft: PresetDraft, scope: StoreScope) => attempt((presets) => presets.create(draft, scope)),
    update: (ref: PresetRef, changes: Partial<PresetDraft>) =>
      attempt((presets) => presets.change(ref, changes)),
    duplicate: (ref: PresetRef, scope?: StoreScope) => attempt((presets) => presets.duplicate(ref, scope)),
    setDefault: (ref: PresetRef | null) => attempt((presets) => presets.setDefault(ref)),
    keep: (ref: PresetRef) => attempt((presets) => presets.keep(ref)),
    link: (ref: PresetRef, base: string) => attempt((presets) => presets.exportLink(ref, base)),
    dismiss: (id: number) => opened?.dismiss(id),
    keepCopy: (preset: Preset, scope: StoreScope) => attempt((presets) => presets.add(preset, scope)),
    importFiles,

    async importLink(link: string, scope: StoreScope): Promise<PresetEntry | null> {
      const added = await attempt((presets) => presets.importLink(link, scope));
      if (added) report.value = [addedText([added])];
      return added;
    },

    async remove(entry: PresetEntry): Promise<void> {
      const restore = await attempt((presets) => presets.remove(entry));
      if (restore) deleted.value = { name: entry.preset.name, restore };
    },

    async undoRemove(): Promise<void> {
      const deletion = deleted.value;
      deleted.value = null;
      if (deletion) await attempt(() => deletion.restore());
    },

    /** A file with these presets: its name and text. */
    file: (entries: readonly PresetEntry[]) =>
      attempt((presets) => ({
        name: `${fileName(entries.length === 1 ? entries[0].preset.name : 'presets')}${PRESET_FILE_ENDING}`,
        text: presets.exportText(entries),
      })),

    refresh: () => void opened?.refresh(),

    dispose(): void {
      disposed = true;
      clearInterval(timer);
      unsubscribe();
    },
  };
}

function addedText(entries: readonly PresetEntry[]): string {
  return `Added ${entries.map(({ preset }) => `“${preset.name}”`).join(', ')}.`;
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  return (
    name
      .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .replace(/^[. ]+|[. ]+$/g, '')
      .slice(0, 80) || 'picture'
  );
}
