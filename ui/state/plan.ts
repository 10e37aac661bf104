/** What a job would do: the size of every result, what is beyond the editor's limit, how long it takes. Pure. */

import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import { type Size, type Target, targetSize } from '../../core/pipeline/cascade.js';
import type { PictureRef, Selection } from '../../plugin/host.js';

/** One picture and what would become of it. */
export interface PlannedPicture {
  readonly picture: PictureRef;
  /** Size of the result; null when `problem` says why there is none. */
  readonly result: Size | null;
  /** The editor does not store a picture of the size that was asked for. */
  readonly beyondLimit: boolean;
  readonly problem: string;
  readonly hint: string;
}

/** One selected layer and its pictures. */
export interface PlannedLayer {
  readonly id: string;
  readonly name: string;
  readonly pictures: readonly PlannedPicture[];
  /** Why nothing is done with it; empty when something is. */
  readonly skip: string;
}

export interface Plan {
  readonly layers: readonly PlannedLayer[];
  /** Layers with at least one picture that can be enlarged. */
  readonly ready: number;
  /** Pixels to make; pictures that are the same are made once. */
  readonly pixels: number;
  /** Pictures whose result is beyond the editor's limit. */
  readonly beyondLimit: number;
}

/**
 * Plans a selection. Beyond the editor's limit a result is reduced to it, or keeps its size when it may be cut into
 * pieces.
 */
export function planSelection(
  selection: Selection,
  target: Target,
  maxSidePx: number | null,
  beyond: 'clamp' | 'pieces',
): Plan {
  const seen = new Set<string>();
  let [ready, pixels, beyondLimit] = [0, 0, 0];
  const layers = selection.layers.map((layer) => {
    const pictures = layer.pictures.map((picture) => planPicture(picture, target, maxSidePx, beyond));
    for (const { picture, result, beyondLimit: large } of pictures) {
      if (large) beyondLimit++;
      if (!result || seen.has(picture.key)) continue;
      seen.add(picture.key);
      pixels += result.width * result.height;
    }
    if (!layer.skip && pictures.some(({ result }) => result)) ready++;
    return { id: layer.id, name: layer.name, pictures, skip: layer.skip?.reason ?? '' };
  });
  return { layers, ready, pixels, beyondLimit };
}

function planPicture(
  picture: PictureRef,
  target: Target,
  maxSidePx: number | null,
  beyond: 'clamp' | 'pieces',
): PlannedPicture {
  try {
    const asked = targetSize(picture, target);
    const beyondLimit = maxSidePx !== null && Math.max(asked.width, asked.height) > maxSidePx;
    const clamped = beyondLimit && beyond === 'clamp' ? clamp(picture, maxSidePx) : asked;
    return { picture, result: clamped, beyondLimit, problem: '', hint: '' };
  } catch (error) {
    const { message, hint } = toEnlargerError(error);
    return { picture, result: null, beyondLimit: false, problem: message, hint };
  }
}

function clamp(picture: Size, maxSidePx: number): Size {
  if (Math.max(picture.width, picture.height) >= maxSidePx)
    throw new EnlargerError(
      'output-too-large',
      `The picture already is as large as the editor stores: ${maxSidePx} pixels.`,
      'Nothing has to be done.',
    );
  return targetSize(picture, { longSide: maxSidePx });
}
