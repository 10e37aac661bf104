/** The Generate tab's own model, for the components below it. */

import { usePanel } from '../context.js';
import type { GenerateState } from '../state/generate-state.js';

/** @throws Error outside of a panel that generates. */
export function useGenerate(): GenerateState {
  const { generate } = usePanel();
  if (!generate) throw new Error('This component belongs into the Generate tab.');
  return generate;
}
