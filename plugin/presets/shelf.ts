/**
 * The presets of one scope: what is in memory and what is in the host's store, kept together. Storage may fail at any
 * call; then what is in memory goes on and a notice says so. For the same preset the last writer wins, and whoever lost
 * is told and can have the lost version back.
 */

import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { LibraryNotice } from './library-state.js';
import { MAX_PRESETS } from './limits.js';
import type { Preset } from './preset.js';
import { parsePresetText } from './schema.js';
import type { Listing, VersionStore } from './version-store.js';

export type Report = (notice: Omit<LibraryNotice, 'id'>) => void;

export interface ShelfEntry {
  readonly preset: Preset;
  readonly stored: boolean;
  /** The stored version this stands for; null when there was none. */
  readonly version: string | null;
  /** Whether it was made or changed here since the panel was opened. */
  readonly mine: boolean;
}

export class Shelf {
  readonly entries = new Map<string, ShelfEntry>();
  private readonly complaints = new Set<string>();

  constructor(
    /** Null where the editor keeps nothing. */
    private readonly versions: VersionStore | null,
    /** "this document" or "you", as in "kept with ...". */
    private readonly place: string,
    private readonly report: Report,
  ) {}

  /** Takes over what others have changed. Never rejects. */
  async refresh(): Promise<void> {
    const { versions } = this;
    if (!versions) return;
    try {
      const listing = await versions.list();
      if (listing.ids.length > MAX_PRESETS)
        this.complainOnce('many', `There are too many presets with ${this.place}: ${MAX_PRESETS} are shown.`);
      const ids = listing.ids.slice(0, MAX_PRESETS);
      await Promise.all(ids.map((id) => this.refreshOne(versions, id, listing)));
      for (const [id, entry] of this.entries) if (!listing.ids.includes(id)) this.vanished(id, entry);
      this.complaints.delete('store');
    } catch (cause) {
      const { message } = toEnlargerError(cause);
      this.complainOnce('store', `${message} Presets made now last until the panel is closed.`, 'storage');
    }
  }

  /** Keeps a preset in memory and, if the store takes it, there. Never rejects for storage. */
  async put(preset: Preset): Promise<void> {
    const known = this.entries.get(preset.id);
    const unsaved: ShelfEntry = { preset, version: known?.version ?? null, mine: true, stored: false };
    this.entries.set(preset.id, unsaved);
    if (!this.versions) {
      const message =
        'This editor keeps no presets. They last until the panel is closed; export them to keep them.';
      this.complainOnce('none', message, 'storage');
      return;
    }
    try {
      const theirs = await this.changedMeanwhile(this.versions, preset.id, unsaved.version);
      const version = await this.versions.write(preset.id, JSON.stringify(preset));
      this.entries.set(preset.id, { ...unsaved, version, stored: true });
      if (theirs)
        this.report({
          kind: 'conflict',
          message: `${whoOf(theirs, preset)} changed "${theirs.name}" while you edited it. Your version replaced theirs.`,
          lost: theirs,
          loser: 'others',
        });
    } catch (cause) {
      const { message, hint } = toEnlargerError(cause);
      const what = `"${preset.name}" lasts until the panel is closed.`;
      this.report({ kind: 'storage', message: `${what} ${message} ${hint}`.trim() });
    }
  }

  /** Whether it could be deleted; if not, it is still there and a notice says why. */
  async remove(id: string): Promise<boolean> {
    const entry = this.entries.get(id);
    if (!entry) return false;
    try {
      if (entry.version !== null) await this.versions?.remove(id);
      this.entries.delete(id);
      return true;
    } catch (cause) {
      const { message } = toEnlargerError(cause);
      this.report({ kind: 'storage', message: `"${entry.preset.name}" could not be deleted. ${message}` });
      return false;
    }
  }

  private async refreshOne(versions: VersionStore, id: string, listing: Listing): Promise<void> {
    try {
      const head = await versions.head(id);
      const known = this.entries.get(id);
      // What could not be saved yet is newer than anything in the store.
      if (head === null || known?.version === head || known?.stored === false) return;
      const found = await this.readVersion(versions, id, head, listing);
      if (!found) return;
      this.entries.set(id, { preset: found, version: head, mine: false, stored: true });
      if (known?.mine)
        this.report({
          kind: 'conflict',
          message: `${whoOf(found, known.preset)} changed "${found.name}" after you. Their version replaced yours.`,
          lost: known.preset,
          loser: 'me',
        });
    } catch (cause) {
      const { message } = toEnlargerError(cause);
      this.complainOnce(`read ${id}`, `The preset "${id}" could not be read. ${message}`, 'storage');
    }
  }

  private async readVersion(versions: VersionStore, id: string, head: string, listing: Listing) {
    let stored = await versions.read(id, head, listing);
    // The head may have moved after the keys were listed.
    if (!stored || stored.recovered) stored = await versions.read(id, head, await versions.list());
    if (!stored) {
      this.complainOnce(head, `The preset "${id}" kept with ${this.place} is damaged and cannot be read.`);
      return null;
    }
    try {
      const preset = parsePresetText(stored.text, `The preset "${id}" kept with ${this.place}`);
      if (preset.id !== id) throw new EnlargerError('preset-invalid', `The preset "${id}" has another's id.`);
      if (stored.recovered)
        this.complainOnce(
          head,
          `The last change of "${preset.name}" was not saved whole. The version before it is shown.`,
        );
      return preset;
    } catch (cause) {
      const { message, hint } = toEnlargerError(cause);
      this.complainOnce(head, `${message} ${hint}`.trim());
      return null;
    }
  }

  /** What somebody else stored after the version that the change began from. */
  private async changedMeanwhile(versions: VersionStore, id: string, known: string | null) {
    const head = await versions.head(id);
    if (head === null || head === known) return null;
    const stored = await versions.read(id, head, await versions.list());
    try {
      return stored && parsePresetText(stored.text);
    } catch {
      // What cannot be read is nothing that could be given back.
      return null;
    }
  }

  private vanished(id: string, { preset, mine, stored }: ShelfEntry): void {
    if (!stored) return;
    this.entries.delete(id);
    if (mine)
      this.report({
        kind: 'conflict',
        message: `Somebody deleted "${preset.name}" after you changed it.`,
        lost: preset,
        loser: 'me',
      });
  }

  private complainOnce(about: string, message: string, kind: LibraryNotice['kind'] = 'damaged'): void {
    if (this.complaints.has(about)) return;
    this.complaints.add(about);
    this.report({ kind, message });
  }
}

/** A preset keeps the name of who made it when others change it: only another name says who that was. */
const whoOf = (theirs: Preset, mine: Preset): string =>
  theirs.author && theirs.author !== mine.author ? theirs.author : 'Somebody';
