/** Makes presets: new ones from settings, copies, settings from presets. Pure functions; nothing is stored here. */

import type { Target } from '../../core/pipeline/cascade.js';
import { MAX_NAME_LENGTH, PRESET_FORMAT } from './limits.js';
import type { Preset } from './preset.js';
import { oneLine, parsePreset } from './schema.js';

/** What a person decides; the rest is filled in. */
export type PresetDraft = Omit<Preset, 'format' | 'id' | 'changed'>;

/** Where time and chance come from, so that tests can hold them still. */
export interface Chance {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 0..1. */
  readonly random: () => number;
}

/**
 * A preset from what a person decided.
 * @throws EnlargerError `preset-invalid`, naming what is wrong.
 */
export function createPreset(draft: PresetDraft, chance: Chance): Preset {
  const id = newId(draft.name, chance);
  return parsePreset({ ...draft, format: PRESET_FORMAT, id, changed: isoTime(chance) });
}

/**
 * The preset with some of it changed. Its id stays, and so do fields of later versions.
 * @throws EnlargerError `preset-invalid`, naming what is wrong.
 */
export function changePreset(preset: Preset, changes: Partial<PresetDraft>, chance: Chance): Preset {
  return parsePreset({ ...preset, ...changes, id: preset.id, changed: isoTime(chance) });
}

/** The same preset under an id of its own, and a name that is not taken. */
export function copyPreset(preset: Preset, takenNames: Iterable<string>, chance: Chance): Preset {
  const name = freeName(preset.name, takenNames);
  return parsePreset({ ...preset, name, id: newId(name, chance), changed: isoTime(chance) });
}

/** The name, with a number behind it if it is taken: "Soft", "Soft 2". */
export function freeName(name: string, taken: Iterable<string>): string {
  const names = new Set(Array.from(taken, (each) => each.toLowerCase()));
  const stem = name.replace(/ \d{1,4}$/, '');
  let free = name;
  for (let n = 2; names.has(free.toLowerCase()); n++) {
    const tail = ` ${n}`;
    free = cutTo(stem, MAX_NAME_LENGTH - tail.length) + tail;
  }
  return free;
}

/** What a job needs of a preset. A random seed is drawn here, so that it can be shown. */
export interface PresetSettings {
  readonly target: Target;
  readonly detail: number;
  readonly steps?: number;
  readonly seed: number;
}

/** Seeds are drawn from here so that a person can read them out. */
const SEEDS = 1_000_000_000;

export function settingsOf(preset: Preset, random: () => number): PresetSettings {
  const { target, detail, steps, seedPolicy } = preset;
  return {
    target: targetOf(target),
    detail,
    ...(steps !== undefined && { steps }),
    seed: seedPolicy.kind === 'fixed' ? seedPolicy.seed : Math.floor(random() * SEEDS),
  };
}

/** The prompt of a preset for what was typed: its template with `{subject}` filled in, or just that. */
export function promptOf({ promptTemplate }: Preset, subject: string): string {
  if (!promptTemplate) return subject;
  // Split, as a subject may contain what `replace` takes for a pattern.
  return promptTemplate.split('{subject}').join(subject);
}

/** The one size a target names, without whatever a later version wrote beside it. */
export function targetOf(target: Preset['target']): Target {
  if ('scale' in target) return { scale: target.scale };
  if ('width' in target) return { width: target.width };
  if ('height' in target) return { height: target.height };
  if ('longSide' in target) return { longSide: target.longSide };
  return { shortSide: target.shortSide };
}

/** What a preset does, in a few words: "4x, detail 30 %". */
export function describePreset(preset: Preset): string {
  const target = targetOf(preset.target);
  const [name, value] = Object.entries(target)[0] as [string, number];
  const words: Record<string, string> = {
    scale: `${value}x`,
    width: `${value} px wide`,
    height: `${value} px high`,
    longSide: `long side ${value} px`,
    shortSide: `short side ${value} px`,
  };
  const { detail, seedPolicy } = preset;
  const parts = [words[name], detail === 0 ? 'faithful' : `detail ${Math.round(detail * 100)} %`];
  if (seedPolicy.kind === 'fixed' && detail > 0) parts.push(`seed ${seedPolicy.seed}`);
  return parts.join(', ');
}

/** Starts with the name, so that a person who reads a document's data finds it; ends in chance, so that no two meet. */
function newId(name: string, { now, random }: Chance): string {
  const word = fold(oneLine(name))
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  const tail = Math.floor(random() * 36 ** 8).toString(36);
  return `${word || 'preset'}-${now().toString(36)}-${tail}`;
}

/** A text without case and accents, to compare by. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

const isoTime = ({ now }: Chance): string => new Date(now()).toISOString();

/** The first characters of a text, never half of one. */
function cutTo(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}
