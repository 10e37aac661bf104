/** Commands of the manifest and what the panel is asked to do for each. A test holds manifest and table together. */

import type { HostCommand } from '../../host.js';

/** Every command that the manifest may name, with what it opens the panel for. */
export const COMMANDS = {
  open: { command: 'open' },
  'upscale-2x': { command: 'upscale', scale: 2 },
  'upscale-4x': { command: 'upscale', scale: 4 },
  'upscale-last-preset': { command: 'upscale-last-preset' },
  /** The quick action: its parameter says how. */
  'upscale-with': { command: 'open' },
  presets: { command: 'presets' },
  generate: { command: 'generate' },
  /** On generated pictures: the panel finds prompt and seed on the selected layer. */
  vary: { command: 'generate' },
} as const satisfies Readonly<Record<string, HostCommand>>;

/** Commands that need a generator in the build: without one, the build leaves them out of the manifest. */
export const GENERATOR_COMMANDS: readonly string[] = ['generate', 'vary'];

/** Buttons on layers, with the line that Figma shows beneath each. */
export const RELAUNCH = {
  'upscale-2x': 'Enlarge this picture again, twice as large',
  'upscale-last-preset': 'Enlarge with the preset used last',
  vary: 'Generate variations of this picture',
} as const;

export type RelaunchCommand = keyof typeof RELAUNCH;

/** Key of the quick action's parameter in the manifest. */
export const HOW_KEY = 'how';

/** The command of a run: from the menu, a button or a quick action. What is not known opens the panel. */
export function commandOf(
  command: string,
  parameters: Readonly<Record<string, unknown>> | undefined,
  hasGenerator: boolean,
): HostCommand {
  if (!hasGenerator && GENERATOR_COMMANDS.includes(command)) return COMMANDS.open;
  if (command === 'upscale-with') return fromParameter(parameters?.[HOW_KEY]);
  const known = Object.entries(COMMANDS).find(([name]) => name === command);
  return known ? known[1] : COMMANDS.open;
}

/** A suggestion that was chosen carries its data; anything else is taken for a name. */
function fromParameter(how: unknown): HostCommand {
  if (typeof how === 'string') {
    const scale = scaleIn(how);
    return scale === null ? { command: 'upscale', preset: how } : { command: 'upscale', scale };
  }
  if (typeof how === 'object' && how !== null) {
    if ('scale' in how && typeof how.scale === 'number' && inRange(how.scale))
      return { command: 'upscale', scale: how.scale };
    if ('preset' in how && typeof how.preset === 'string') return { command: 'upscale', preset: how.preset };
  }
  return COMMANDS.open;
}

const LEAST_SCALE = 1;
const GREATEST_SCALE = 16;

function inRange(scale: number): boolean {
  return scale >= LEAST_SCALE && scale <= GREATEST_SCALE;
}

/** The factor that a person typed: "3", "2.5x", "x4", "4 ×"; null for anything else, also out of 1 to 16. */
export function scaleIn(typed: string): number | null {
  const match = /^\s*[x×]?\s*(\d{1,2}(?:[.,]\d{1,3})?)\s*[x×]?\s*$/i.exec(typed);
  if (!match) return null;
  const scale = Number((match[1] as string).replace(',', '.'));
  return inRange(scale) ? scale : null;
}
