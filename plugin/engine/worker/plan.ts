/**
 * What exactly is to be made of a picture: which part goes through the cascade with how much around it, how large
 * it becomes, what is cut from it and in which pieces. Pure arithmetic.
 */

import { EnlargerError } from '../../../core/errors.js';
import { MAX_SCALE, type Size, type Target, targetSize } from '../../../core/pipeline/cascade.js';
import type { PicturePlace } from '../../../core/pipeline/upscale.js';
import type { Rect } from '../../../core/raster/raster.js';

export interface Wish {
  readonly target: Target;
  readonly maxSidePx: number | null;
  readonly beyondLimit: 'clamp' | 'pieces';
  readonly crop?: Rect | undefined;
  readonly tiles?: boolean | undefined;
}

export interface Plan {
  /** The part of the picture that goes in; it may reach beyond a picture that repeats. */
  readonly window: Rect;
  /** Null when the window is the whole picture and nothing repeats. */
  readonly place: PicturePlace | null;
  /** Enlarges the window. */
  readonly target: Target;
  /** What is kept of the enlarged window. */
  readonly cut: Rect;
  /** Rectangles that cover the result, row by row; one unless it is larger than a piece may be. */
  readonly pieces: readonly Rect[];
  readonly notices: readonly string[];
}

/** Windows begin at multiples of this, so that they share the latent grid of the whole picture. */
const GRID_PX = 8;
/** Most that a margin is widened to make an edge of the result fall on a whole pixel. */
const SEARCH_STEPS = 16;

/**
 * @param reach Pixels of the picture around a place that can change its enlargement.
 * @throws EnlargerError `option-invalid` for targets and crops that make no sense, `output-too-large` when the
 *   picture already has the largest size the editor takes.
 */
export function planPicture(picture: Size, wish: Wish, reach: number): Plan {
  const { target, notices } = limitTarget(picture, wish);
  const size = targetSize(picture, target);
  const wholePx = { x: 0, y: 0, ...picture };
  const crop = wish.crop ?? wholePx;
  if (crop.x + crop.width > picture.width || crop.y + crop.height > picture.height) {
    throw new EnlargerError('option-invalid', 'The part to enlarge reaches beyond the picture.');
  }
  if (!wish.crop && !wish.tiles) {
    const pieces = cutPieces(size, wish);
    return { window: wholePx, place: null, target, cut: { x: 0, y: 0, ...size }, pieces, notices };
  }
  const scale = exactScale(picture, size);
  const margin = chooseMargin(reach, scale);
  const window = wish.tiles ? around(crop, margin) : within(around(crop, margin), picture);
  const cut = scaled(crop, window, scale);
  return {
    window,
    place: { x: window.x, y: window.y, repeats: wish.tiles ? picture : undefined },
    target: { scale },
    cut,
    pieces: cutPieces(cut, wish),
    notices,
  };
}

/** The target, reduced to what the editor takes. */
function limitTarget(picture: Size, wish: Wish): { target: Target; notices: string[] } {
  const { target, maxSidePx } = wish;
  const wanted = targetSize(picture, target);
  if (maxSidePx === null || wish.beyondLimit === 'pieces' || longest(wanted) <= maxSidePx) {
    return { target, notices: [] };
  }
  if (longest(picture) >= maxSidePx) {
    throw new EnlargerError(
      'output-too-large',
      `The editor takes pictures of at most ${maxSidePx} pixels a side, and this one is already that large.`,
      'Ask for a group of pieces instead.',
    );
  }
  const limited = { longSide: maxSidePx };
  const { width, height } = targetSize(picture, limited);
  return {
    target: limited,
    notices: [
      `The editor takes pictures of at most ${maxSidePx} pixels a side, so this one was made ` +
        `${width} x ${height} instead of ${wanted.width} x ${wanted.height}.`,
    ],
  };
}

/** Equal pieces, as few as fit, without overlap; one for results within the limit. */
function cutPieces({ width, height }: Size, { maxSidePx }: Wish): Rect[] {
  const edges = (length: number) => {
    const count = maxSidePx === null ? 1 : Math.ceil(length / maxSidePx);
    return Array.from({ length: count + 1 }, (_, i) => Math.round((i * length) / count));
  };
  const [columns, rows] = [edges(width), edges(height)];
  return rows.slice(1).flatMap((bottom, j) =>
    columns.slice(1).map((right, i) => ({
      x: columns[i],
      y: rows[j],
      width: right - columns[i],
      height: bottom - rows[j],
    })),
  );
}

const longest = ({ width, height }: Size): number => Math.max(width, height);

/** The scale by the longer side, where rounding matters least. */
function exactScale(picture: Size, size: Size): number {
  const scale = picture.width >= picture.height ? size.width / picture.width : size.height / picture.height;
  return Math.min(MAX_SCALE, Math.max(1, scale));
}

/** At least `reach`, on the grid, such that it becomes (nearly) a whole number of pixels. */
function chooseMargin(reach: number, scale: number): number {
  const least = Math.ceil(reach / GRID_PX) * GRID_PX;
  let best = least;
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const margin = least + step * GRID_PX;
    if (fraction(margin * scale) < fraction(best * scale) - 1e-9) best = margin;
  }
  return best;
}

const fraction = (value: number): number => Math.abs(value - Math.round(value));

function around({ x, y, width, height }: Rect, margin: number): Rect {
  const left = Math.floor((x - margin) / GRID_PX) * GRID_PX;
  const top = Math.floor((y - margin) / GRID_PX) * GRID_PX;
  return { x: left, y: top, width: x + width + margin - left, height: y + height + margin - top };
}

function within({ x, y, width, height }: Rect, size: Size): Rect {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(size.width, x + width);
  const bottom = Math.min(size.height, y + height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Where a part of the picture lies in the enlarged window, in whole pixels. */
function scaled(crop: Rect, window: Rect, scale: number): Rect {
  const edge = (position: number, origin: number) => Math.round((position - origin) * scale);
  const [left, top] = [edge(crop.x, window.x), edge(crop.y, window.y)];
  const width = Math.max(1, Math.round((crop.x + crop.width) * scale) - Math.round(crop.x * scale));
  const height = Math.max(1, Math.round((crop.y + crop.height) * scale) - Math.round(crop.y * scale));
  const most = { width: Math.round(window.width * scale), height: Math.round(window.height * scale) };
  return {
    x: Math.min(left, most.width - width),
    y: Math.min(top, most.height - height),
    width: Math.min(width, most.width),
    height: Math.min(height, most.height),
  };
}
