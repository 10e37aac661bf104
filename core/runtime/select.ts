/**
 * Picks an engine by name. What exists depends on the realm (Node, browser), so the caller brings the list;
 * the rules, and the sentence that explains the choice, are the same everywhere.
 */

import { EnlargerError, toEnlargerError } from '../errors.js';
import type { Engine, EngineName } from './engine.js';

/** An engine this realm can try, best first. */
export interface EngineCandidate {
  readonly name: EngineName;
  /** Starts it. @throws EnlargerError `backend-unavailable` where it cannot run. */
  create(): Promise<Engine>;
}

/** An engine and the reason for it, as a sentence. */
export interface EngineChoice {
  readonly engine: Engine;
  readonly reason: string;
}

const ALL_NAMES: readonly string[] = ['webgpu', 'wasm', 'cpu'] satisfies EngineName[];

/**
 * Starts the engine asked for. `auto` takes the first candidate that starts and says what was wrong with
 * those before it; a named engine starts or fails, it is never replaced by another.
 * @throws EnlargerError `backend-unknown` for a name that is no engine, `backend-unavailable` for an engine
 *   that this realm does not have or that does not start.
 */
export async function selectEngine(
  wanted: string,
  candidates: readonly EngineCandidate[],
): Promise<EngineChoice> {
  const supported = ['auto', ...candidates.map(({ name }) => name)].join(', ');
  if (wanted !== 'auto') {
    const candidate = candidates.find(({ name }) => name === wanted);
    if (candidate) return { engine: await candidate.create(), reason: `${wanted} was asked for.` };
    const known = ALL_NAMES.includes(wanted);
    throw new EnlargerError(
      known ? 'backend-unavailable' : 'backend-unknown',
      known ? `The engine "${wanted}" does not run here.` : `There is no engine called "${wanted}".`,
      `Choose one of: ${supported}.`,
    );
  }
  const refusals: string[] = [];
  for (const { name, create } of candidates) {
    try {
      const engine = await create();
      const reason = refusals.length
        ? `${name} was chosen because ${refusals.join(' and ')}.`
        : `${name} was chosen as the fastest engine here.`;
      return { engine, reason };
    } catch (error) {
      const { code, message } = toEnlargerError(error);
      if (code !== 'backend-unavailable') throw error;
      refusals.push(`${name} does not work here (${message.replace(/\.$/, '')})`);
    }
  }
  throw new EnlargerError(
    'backend-unavailable',
    `No engine works here${refusals.length ? `: ${refusals.join('; ')}` : ''}.`,
    `Supported are: ${supported}.`,
  );
}
