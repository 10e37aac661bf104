/**
 * Where things lie, as pure arithmetic on Figma's transforms: 2 x 3 matrices, rows first, that map points of a node to
 * points of what contains it. Transforms carry no scale; sizes do.
 */

import type { ImagePaint, Rect, Transform } from '@figma/plugin-typings/plugin-api-standalone.js';

export const IDENTITY: Transform = [
  [1, 0, 0],
  [0, 1, 0],
];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of a node: its size and how it lies. */
export interface Lying extends Size {
  readonly transform: Transform;
}

export function translation(x: number, y: number): Transform {
  return [
    [1, 0, x],
    [0, 1, y],
  ];
}

export function scaling(x: number, y: number): Transform {
  return [
    [x, 0, 0],
    [0, y, 0],
  ];
}

/** First `inner`, then `outer`. */
export function multiply(outer: Transform, inner: Transform): Transform {
  const row = ([a, b, c]: readonly [number, number, number]): [number, number, number] => [
    a * inner[0][0] + b * inner[1][0],
    a * inner[0][1] + b * inner[1][1],
    a * inner[0][2] + b * inner[1][2] + c,
  ];
  return [row(outer[0]), row(outer[1])];
}

/** The way back; null for what has none. */
export function invert([[a, b, x], [c, d, y]]: Transform): Transform | null {
  const determinant = a * d - b * c;
  if (Math.abs(determinant) < 1e-12) return null;
  return [
    [d / determinant, -b / determinant, (b * y - d * x) / determinant],
    [-c / determinant, a / determinant, (c * x - a * y) / determinant],
  ];
}

/** The box around a lying rectangle, in the space its transform leads to. */
export function boundsOf({ transform: [[a, b, x], [c, d, y]], width, height }: Lying): Rect {
  const xs = [x, x + a * width, x + b * height, x + a * width + b * height];
  const ys = [y, y + c * width, y + d * height, y + c * width + d * height];
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** The box around boxes. */
export function unionOf(boxes: readonly Rect[]): Rect {
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  return {
    x: left,
    y: top,
    width: Math.max(...boxes.map(({ x, width }) => x + width)) - left,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) - top,
  };
}

/**
 * How pixels of a picture come to lie in the box that it fills; null where a picture in one piece shows what pieces
 * cannot: repeated, or turned by a quarter (in which direction, Figma does not document).
 */
export function pixelsToBox(
  paint: Pick<ImagePaint, 'scaleMode' | 'imageTransform' | 'rotation'>,
  box: Size,
  picture: Size,
): Transform | null {
  if (paint.scaleMode === 'TILE') return null;
  if (paint.scaleMode === 'CROP') {
    const back = invert(paint.imageTransform ?? IDENTITY);
    const unit = scaling(1 / picture.width, 1 / picture.height);
    return back && multiply(scaling(box.width, box.height), multiply(back, unit));
  }
  const turn = (((paint.rotation ?? 0) % 360) + 360) % 360;
  if (turn !== 0 && turn !== 180) return null;
  const ratios = [box.width / picture.width, box.height / picture.height];
  const scale = paint.scaleMode === 'FILL' ? Math.max(...ratios) : Math.min(...ratios);
  const signed = turn === 180 ? -scale : scale;
  return multiply(
    translation(box.width / 2, box.height / 2),
    multiply(scaling(signed, signed), translation(-picture.width / 2, -picture.height / 2)),
  );
}

/**
 * One rectangle of a picture as it lies where `toSpace` takes the picture's pixels; null when the way there skews, which
 * no rectangle can.
 */
export function pieceLying(
  piece: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  toSpace: Transform,
): Lying | null {
  const [[a, b], [c, d]] = toSpace;
  const across = Math.hypot(a, c);
  const down = Math.hypot(b, d);
  if (across === 0 || down === 0) return null;
  const skew = Math.abs(a * b + c * d) / (across * down);
  if (skew > 1e-4) return null;
  const [[, , x], [, , y]] = multiply(toSpace, translation(piece.x, piece.y));
  return {
    width: piece.width * across,
    height: piece.height * down,
    transform: [
      [a / across, b / down, x],
      [c / across, d / down, y],
    ],
  };
}
