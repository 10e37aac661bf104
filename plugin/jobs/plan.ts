/** Decides, before anything is read, what a job will do: which pictures are enlarged once for which layers. Pure. */

import { toEnlargerError } from '../../core/errors.js';
import { type Target, targetSize } from '../../core/pipeline/cascade.js';
import type { PictureRef, SelectedLayer, Selection } from '../host.js';
import type { ItemState } from './job.js';

/** Pixels that are enlarged once, however many layers show them. */
export interface PlannedUnit {
  readonly tiles: boolean;
  /** Pixels of the result: the unit of work. */
  readonly work: number;
}

export interface PlannedPicture {
  readonly picture: PictureRef;
  /** Key in `JobPlan.units`. */
  readonly unit: string;
}

export interface PlannedLayer {
  readonly layer: SelectedLayer;
  readonly width: number;
  readonly height: number;
  /** `waiting`, or already the end of it. */
  readonly state: ItemState;
  readonly pictures: readonly PlannedPicture[];
  readonly notices: readonly string[];
}

export interface JobPlan {
  readonly layers: readonly PlannedLayer[];
  readonly units: ReadonlyMap<string, PlannedUnit>;
}

const ALREADY_LARGE = 'already large enough';

/** Plans a job over everything selected, in the order of the selection. */
export function planJob(selection: Selection, target: Target): JobPlan {
  const units = new Map<string, PlannedUnit>();
  const layers = selection.layers.map((layer) => planLayer(layer, target));
  for (const { pictures } of layers) {
    for (const { picture, unit } of pictures) {
      const size = targetSize(picture, target);
      units.set(unit, { tiles: picture.tiles, work: size.width * size.height });
    }
  }
  return { layers, units };
}

function planLayer(layer: SelectedLayer, target: Target): PlannedLayer {
  const largest = layer.pictures.reduce<PictureRef | null>(
    (best, next) => (best && best.width * best.height >= next.width * next.height ? best : next),
    null,
  );
  const facts = { layer, width: largest?.width ?? 0, height: largest?.height ?? 0, notices: [] };
  const end = (state: ItemState): PlannedLayer => ({ ...facts, state, pictures: [] });
  if (layer.skip) return end({ kind: 'skipped', reason: layer.skip.reason });
  if (layer.pictures.length === 0) return end({ kind: 'skipped', reason: 'no picture inside' });
  const wanting = layer.pictures.filter((picture) => !isLargeEnough(picture, target));
  if (wanting.length === 0) return end({ kind: 'skipped', reason: ALREADY_LARGE });
  try {
    for (const picture of wanting) targetSize(picture, target);
  } catch (error) {
    const { message, hint } = toEnlargerError(error);
    return end({ kind: 'failed', message, hint, rescued: null });
  }
  const left = layer.pictures.length - wanting.length;
  return {
    ...facts,
    state: { kind: 'waiting' },
    // A picture that repeats is enlarged with its borders joined, so equal pixels may still be two units.
    pictures: wanting.map((picture) => ({
      picture,
      unit: `${picture.tiles ? 'tiles' : 'plain'}:${picture.key}`,
    })),
    notices: left > 0 ? [`${left} of its ${layer.pictures.length} pictures: ${ALREADY_LARGE}.`] : [],
  };
}

/** Whether a size (not a factor) is wanted that the picture has already. */
function isLargeEnough({ width, height }: PictureRef, target: Target): boolean {
  if ('scale' in target) return false;
  if ('width' in target) return width >= target.width;
  if ('height' in target) return height >= target.height;
  if ('longSide' in target) return Math.max(width, height) >= target.longSide;
  return Math.min(width, height) >= target.shortSide;
}
