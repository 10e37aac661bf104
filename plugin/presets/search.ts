/** Finds presets by what a person remembers of them. */

import { describePreset, fold } from './draft.js';
import type { PresetEntry } from './library-state.js';

/** Entries in which every word of the query appears, accents and case aside; all of them for an empty one. */
export function presetsMatching(entries: readonly PresetEntry[], query: string): readonly PresetEntry[] {
  const words = fold(query.slice(0, 200)).split(/\s+/).filter(Boolean);
  return entries.filter(({ preset }) => {
    const { name, author, promptTemplate = '' } = preset;
    const text = fold([name, author, describePreset(preset), promptTemplate].join('\n'));
    return words.every((word) => text.includes(word));
  });
}
