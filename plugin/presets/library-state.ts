/** What a preset library shows at a moment. Types only; library.ts makes it. */

import type { StoreScope } from '../host.js';
import type { Preset } from './preset.js';

/** Names one preset of a library. */
export interface PresetRef {
  readonly scope: StoreScope;
  readonly id: string;
}

export interface PresetEntry extends PresetRef {
  readonly preset: Preset;
  /** False when storage failed: it lasts until the panel is closed. */
  readonly stored: boolean;
  /** The one that this document's one-click commands use. */
  readonly isDefault: boolean;
}

/** Something a person should know. It stays until it is dismissed. */
export interface LibraryNotice {
  readonly id: number;
  /**
   * `conflict`: somebody else changed the same preset; `damaged`: a preset could not be read, or only an earlier
   * version of it; `storage`: a store does not answer or refuses.
   */
  readonly kind: 'conflict' | 'damaged' | 'storage';
  /** Sentences. */
  readonly message: string;
  /** Of a conflict: the version that lost. Offer to keep it as a copy (`library.add`). */
  readonly lost?: Preset;
  /** Whose version lost. */
  readonly loser?: 'me' | 'others';
}

export interface LibraryState {
  readonly loading: boolean;
  /** By scope (document first), then by name. */
  readonly entries: readonly PresetEntry[];
  /** Where presets can be kept in this editor. `personal` is always there, if need be only until the panel is closed. */
  readonly scopes: readonly StoreScope[];
  /** What was applied last, here or in another document. */
  readonly lastUsed: Preset | null;
  readonly notices: readonly LibraryNotice[];
}

/** What an import did. */
export interface ImportReport {
  readonly added: readonly PresetEntry[];
  /** One sentence for each preset that was left out. */
  readonly problems: readonly string[];
}
