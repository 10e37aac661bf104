/**
 * From the one control a person has, `detail`, to the amount of noise at the start of the flow. What a
 * given detail means depends on the trained network, so the numbers are data of the pack, not constants.
 */

import { EnlargerError } from '../errors.js';
import { NOISE_STEPS, type NoiseLevel, noiseLevel } from './noise.js';

/** One knot of a pack's detail table: at this detail (0..1), start at this noise step (0..1000). */
export interface DetailKnot {
  readonly detail: number;
  readonly noiseStep: number;
}

/** What is wrong with a detail table, as a sentence; undefined when nothing is. */
export function detailTableFault(table: readonly DetailKnot[]): string | undefined {
  if (table.length < 2) return 'It needs at least two entries.';
  if (table[0].detail !== 0 || table[0].noiseStep !== 0)
    return 'It must begin at detail 0 with noise step 0.';
  if (table[table.length - 1].detail !== 1) return 'It must end at detail 1.';
  for (let i = 1; i < table.length; i++) {
    if (!(table[i].detail > table[i - 1].detail)) return 'Detail must rise from entry to entry.';
    if (!(table[i].noiseStep >= table[i - 1].noiseStep)) return 'The noise step must never fall.';
  }
  if (table[table.length - 1].noiseStep > NOISE_STEPS) return `Noise steps end at ${NOISE_STEPS}.`;
  return undefined;
}

/**
 * The noise level for a detail, by straight lines between the knots of the table: never falling with
 * detail, and exactly no noise at detail 0.
 * @param detail 0 (faithful) to 1 (most invented texture).
 * @throws EnlargerError `option-invalid` for a detail out of range, `pack-invalid` for a faulty table.
 */
export function noiseForDetail(
  detail: number,
  table: readonly DetailKnot[],
): NoiseLevel & { readonly noiseStep: number } {
  if (!(detail >= 0 && detail <= 1)) {
    throw new EnlargerError(
      'option-invalid',
      `Detail must lie between 0 and 1, but it is ${detail}.`,
      'Use 0 for a faithful enlargement and up to 1 for more texture.',
    );
  }
  const fault = detailTableFault(table);
  if (fault) {
    throw new EnlargerError('pack-invalid', `The model pack's detail table is unusable. ${fault}`);
  }
  const after = Math.max(
    1,
    table.findIndex((knot) => knot.detail >= detail),
  );
  const left = table[after - 1];
  const right = table[after];
  const share = (detail - left.detail) / (right.detail - left.detail);
  const noiseStep = (1 - share) * left.noiseStep + share * right.noiseStep;
  return { noiseStep, ...noiseLevel(noiseStep) };
}
