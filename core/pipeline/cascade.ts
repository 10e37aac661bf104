/** Decides the way from a picture's size to the size wanted: which stages, and whether one exact resampling. */

import { EnlargerError } from '../errors.js';

/** The size that is wanted. The aspect is always kept; whichever side is not named follows. */
export type Target =
  | { readonly scale: number }
  | { readonly width: number }
  | { readonly height: number }
  | { readonly longSide: number }
  | { readonly shortSide: number };

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One stage of the cascade and the size of what it makes. */
export interface PlannedStage extends Size {
  readonly factor: 2 | 4;
}

export interface Cascade extends Size {
  /** In order; empty when the picture already has the size. */
  readonly stages: readonly PlannedStage[];
  /** Whether the last stage's picture is larger than wanted and has to be reduced to `width` x `height`. */
  readonly resample: boolean;
}

export const MAX_SCALE = 16;

/**
 * Plans the fewest stages that reach at least the size wanted, x4 first; what they overshoot (less than
 * twofold where the factors allow it) is one exact resampling afterwards.
 * @param factors The factors there are stages for.
 * @throws EnlargerError `option-invalid` for a target that is no number, smaller than the picture or more
 *   than 16 times as large; `pack-invalid` when there are no factors.
 */
export function planCascade(input: Size, target: Target, factors: readonly (2 | 4)[]): Cascade {
  const size = targetSize(input, target);
  const stages: PlannedStage[] = [];
  let { width, height } = input;
  for (const factor of chooseFactors(input, size, factors)) {
    width *= factor;
    height *= factor;
    stages.push({ factor, width, height });
  }
  return { ...size, stages, resample: width !== size.width || height !== size.height };
}

function chooseFactors(input: Size, size: Size, factors: readonly (2 | 4)[]): (2 | 4)[] {
  const missing = (product: number) =>
    input.width * product < size.width || input.height * product < size.height;
  if (!missing(1)) return [];
  if (factors.length === 0) {
    throw new EnlargerError('pack-invalid', 'The model pack has no stages.', 'Choose another pack.');
  }
  const [two, four] = [factors.includes(2), factors.includes(4)];
  const chosen: (2 | 4)[] = [];
  let product = 1;
  while (missing(product)) {
    const factor = four && (!two || missing(product * 2)) ? 4 : 2;
    chosen.push(factor);
    product *= factor;
  }
  return chosen;
}

/**
 * The exact size of the result in whole pixels, each side at least one.
 * @throws EnlargerError `option-invalid`; see `planCascade`.
 */
export function targetSize(input: Size, target: Target): Size {
  const { width, height } = input;
  const side = wantedSide(input, target);
  const scale = side ? side.wanted / side.length : (target as { scale: number }).scale;
  if (!(scale >= 1 && scale <= MAX_SCALE)) throw outOfRange(input, target);
  const round = (length: number) =>
    side && length === side.length ? side.wanted : Math.max(1, Math.round(length * scale));
  return { width: round(width), height: round(height) };
}

/** The side of the picture that the target names, and the length it should have; none for a scale. */
function wantedSide(input: Size, target: Target): { length: number; wanted: number } | undefined {
  const { width, height } = input;
  if ('scale' in target) return undefined;
  const side =
    'width' in target
      ? { length: width, wanted: target.width }
      : 'height' in target
        ? { length: height, wanted: target.height }
        : 'longSide' in target
          ? { length: Math.max(width, height), wanted: target.longSide }
          : { length: Math.min(width, height), wanted: target.shortSide };
  if (Number.isInteger(side.wanted) && side.wanted >= 1) return side;
  throw new EnlargerError(
    'option-invalid',
    `A picture cannot be ${side.wanted} pixels wide or high.`,
    'Give a whole number of pixels.',
  );
}

function outOfRange({ width, height }: Size, target: Target): EnlargerError {
  const [name, value] = Object.entries(target)[0] as [string, number];
  if (name === 'scale') {
    return new EnlargerError(
      'option-invalid',
      `Pictures can be made 1 to ${MAX_SCALE} times as large, not ${value} times.`,
      `Choose a scale from 1 to ${MAX_SCALE}.`,
    );
  }
  const sides: Record<string, readonly [string, number]> = {
    width: ['wide', width],
    height: ['high', height],
    longSide: ['long', Math.max(width, height)],
    shortSide: ['wide along its short side', Math.min(width, height)],
  };
  const [word, length] = sides[name];
  return new EnlargerError(
    'option-invalid',
    value < length
      ? `The picture is already larger than ${value} pixels: it is ${length} pixels ${word}.`
      : `${value} pixels are more than ${MAX_SCALE} times the size of the picture, which is ${length} pixels ${word}.`,
    `Choose from ${length} to ${length * MAX_SCALE} pixels.`,
  );
}
