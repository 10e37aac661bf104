/** One value beside the presets (which is the default, which was used last), in memory and, if the store takes it, there. */

import * as z from 'zod';
import type { PresetRef } from './library-state.js';
import { MAX_PRESET_LENGTH } from './limits.js';
import { parseJson } from './plain.js';
import type { Preset } from './preset.js';
import { parsePreset } from './schema.js';
import type { VersionStore } from './version-store.js';

const ID = 'value';

const refSchema = z.object({ scope: z.enum(['document', 'personal']), id: z.string().max(64) });

export class SmallValue {
  private content: unknown = null;

  /** @param versions Null where the editor keeps nothing. */
  constructor(private readonly versions: VersionStore | null) {}

  /** Takes over what is stored. Never rejects: what cannot be read leaves things as they are. */
  async refresh(): Promise<void> {
    try {
      const head = await this.versions?.head(ID);
      if (!this.versions || !head) return;
      const stored = await this.versions.read(ID, head, await this.versions.list());
      if (stored) this.content = parseJson(stored.text, MAX_PRESET_LENGTH, 'The value');
    } catch {
      // A default or a last preset is a convenience: without it, people choose one.
    }
  }

  /** @throws EnlargerError `store-failed`; the value counts all the same until the panel is closed. */
  async set(content: unknown): Promise<void> {
    this.content = content;
    await this.versions?.write(ID, JSON.stringify(content));
  }

  /** The value, if it names a preset. */
  asRef(): PresetRef | null {
    const result = refSchema.safeParse(this.content);
    return result.success ? result.data : null;
  }

  /** The value, if it is a preset. */
  asPreset(): Preset | null {
    if (this.content === null) return null;
    try {
      return parsePreset(this.content);
    } catch {
      return null;
    }
  }
}
