/** Suggestions of the quick action "Upscale with…": factors, and presets by name. */

import type { ParameterInputEvent } from '@figma/plugin-typings/plugin-api-standalone.js';
import { HOW_KEY, scaleIn } from './commands.js';

const FACTORS: readonly number[] = [2, 3, 4, 8];
const MOST_SUGGESTIONS = 30;

type Suggestion = { name: string; data: { scale: number } | { preset: string } };

/** What fits what was typed so far: a factor of its own first, then known factors, then presets. */
export function suggestions(query: string, presets: readonly string[]): Suggestion[] {
  const wanted = query.trim().toLowerCase();
  const typed = scaleIn(query);
  const scales =
    typed === null
      ? FACTORS.filter((scale) => `${scale}x`.includes(wanted))
      : [typed, ...FACTORS.filter((scale) => scale !== typed && `${scale}`.startsWith(`${typed}`))];
  return [
    ...scales.map((scale): Suggestion => ({ name: `${scale}x`, data: { scale } })),
    ...presets
      .filter((name) => name.toLowerCase().includes(wanted))
      .map((name): Suggestion => ({ name, data: { preset: name } })),
  ].slice(0, MOST_SUGGESTIONS);
}

/** Answers an input of the quick action. Nothing is written to the document here. */
export async function suggest(
  { query, key, result }: Pick<ParameterInputEvent, 'query' | 'key' | 'result'>,
  presets: () => Promise<readonly string[]>,
): Promise<void> {
  if (key !== HOW_KEY) return;
  result.setLoadingMessage('Looking for presets…');
  const fitting = suggestions(query, await presets());
  if (fitting.length > 0) result.setSuggestions(fitting);
  else result.setError('Type a factor from 1 to 16, or the name of a preset.');
}
