/** Presets as a file: one JSON text with any number of them. */

import { toEnlargerError } from '../../core/errors.js';
import { MAX_FILE_LENGTH, MAX_PRESETS, PRESET_FORMAT } from './limits.js';
import { parseJson, refused } from './plain.js';
import type { Preset } from './preset.js';
import { checkFormat, parsePreset } from './schema.js';

/** What names of such files end with. */
export const PRESET_FILE_ENDING = '.enlarger-preset.json';

const KIND = 'enlarger-presets';

export interface PresetFile {
  /** At least one. */
  readonly presets: readonly Preset[];
  /** One sentence for each preset that was left out. */
  readonly problems: readonly string[];
}

/** The text of a file with these presets. */
export function writePresetFile(presets: readonly Preset[]): string {
  return `${JSON.stringify({ kind: KIND, format: PRESET_FORMAT, presets }, null, 2)}\n`;
}

/**
 * The presets of a file. A faulty one does not stop the others; a bare preset is a file of one.
 * @param name What to call the file in messages.
 * @throws EnlargerError `preset-invalid` when there is not one good preset in it.
 */
export function readPresetFile(text: string, name = 'The file'): PresetFile {
  const content = parseJson(text, MAX_FILE_LENGTH, name);
  checkFormat(content, name);
  const list = (content as { presets?: unknown }).presets;
  if (list === undefined) return { presets: [parsePreset(content, name)], problems: [] };
  if (!Array.isArray(list)) throw refused(name, 'its presets are no list');
  if (list.length > MAX_PRESETS) throw refused(name, `it holds more than ${MAX_PRESETS} presets`);
  const presets: Preset[] = [];
  const problems: string[] = [];
  const failures: unknown[] = [];
  for (const [i, each] of list.entries()) {
    try {
      presets.push(parsePreset(each, `Preset ${i + 1} of ${name}`));
    } catch (error) {
      failures.push(error);
      const { message, hint } = toEnlargerError(error);
      problems.push(`${message} ${hint}`.trim());
    }
  }
  if (presets.length > 0) return { presets, problems };
  throw failures[0] ?? refused(name, 'there is no preset in it');
}
