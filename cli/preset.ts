/** `--preset`: settings from a file of presets or a link. What is also given as a flag wins. */

import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { EnlargerError } from '../core/errors.js';
import { PACK_FILE } from '../core/pack/load.js';
import { describePreset, fold, settingsOf } from '../plugin/presets/draft.js';
import { readPresetFile } from '../plugin/presets/file.js';
import { MAX_FILE_LENGTH } from '../plugin/presets/limits.js';
import { isPresetLink, presetFromLink } from '../plugin/presets/link.js';
import type { Preset } from '../plugin/presets/preset.js';
import { packageRoot } from './model.js';
import type { ModelFlags, TargetFlags } from './options.js';

export interface PresetFlags {
  readonly preset?: string;
  readonly presetName?: string;
}

export interface AppliedPreset<T> {
  readonly preset: Preset;
  /** The flags, with what they leave open taken from the preset. */
  readonly flags: T;
  /** Sentences for people: which preset, and what of it could not be done. */
  readonly notices: readonly string[];
}

/**
 * Reads the preset that the flags name and fills in what they leave open.
 * @throws EnlargerError `input-unreadable` for a file that is not there, `preset-invalid` for what is in it,
 *   `option-invalid` when it is not clear which of several is meant.
 */
export async function applyPreset<T extends PresetFlags & ModelFlags & TargetFlags>(
  flags: T & { readonly preset: string },
): Promise<AppliedPreset<T>> {
  const presets = await readPresets(flags.preset);
  const preset = choose(presets, flags);
  const { target, detail, steps, seed } = settingsOf(preset, Math.random);
  const sizes = [flags.scale, flags.width, flags.height, flags.longSide, flags.shortSide];
  const pack = flags.pack === undefined ? packFolder(preset.pack) : null;
  const notices = [
    `Preset "${preset.name}"${preset.author && ` by ${preset.author}`}: ${describePreset(preset)}`,
  ];
  if (flags.pack === undefined && pack === null)
    notices.push(
      `It was made with the model pack "${preset.pack}", which is not here: the usual one is used.`,
    );
  return {
    preset,
    flags: {
      detail,
      ...(steps !== undefined && { steps }),
      seed,
      ...(pack !== null && { pack }),
      ...flags,
      ...(sizes.every((size) => size === undefined) && target),
    },
    notices,
  };
}

async function readPresets(source: string): Promise<readonly Preset[]> {
  if (!existsSync(source) && isPresetLink(source)) return [presetFromLink(source)];
  return readPresetFile(await readText(source), source).presets;
}

async function readText(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      // One more than a file of presets may have, so that a longer one is noticed and not read.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_FILE_LENGTH + 1));
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new EnlargerError(
      'input-unreadable',
      `The preset ${file} cannot be read.`,
      'Give a file that was exported from the Presets tab, or a link in quotes.',
      { cause },
    );
  }
}

function choose(presets: readonly Preset[], { preset: source, presetName }: PresetFlags): Preset {
  const names = presets.map(({ name }) => `"${name}"`).join(', ');
  const found =
    presetName === undefined ? presets : presets.filter(({ name }) => fold(name) === fold(presetName.trim()));
  if (found.length === 1) return found[0];
  throw found.length === 0
    ? new EnlargerError(
        'option-invalid',
        `There is no preset "${presetName}" in ${source}.`,
        `It has ${names}.`,
      )
    : new EnlargerError(
        'option-invalid',
        `There are several presets in ${source}: ${names}.`,
        'Choose one with --preset-name.',
      );
}

/** The folder of a pack that comes along, by its name; null when there is none of that name. */
function packFolder(name: string): string | null {
  const folder = path.join(packageRoot(), 'models', name);
  return existsSync(path.join(folder, PACK_FILE)) ? folder : null;
}
