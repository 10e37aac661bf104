/** Image paints: which ones show a picture, and the same paints with another picture. Pure; paints come frozen. */

import type { ImagePaint, Paint } from '@figma/plugin-typings/plugin-api-standalone.js';

/** Whether anything of it is seen. */
export function isShown(paint: Paint): boolean {
  return paint.visible !== false && paint.opacity !== 0;
}

export function isImage(paint: Paint): paint is ImagePaint {
  return paint.type === 'IMAGE';
}

/** A picture of a list of paints: the same stored file, repeated edge to edge or not. */
export interface PaintedPicture {
  readonly hash: string;
  readonly tiles: boolean;
}

/** The pictures that a list of paints shows, each once, bottom first. */
export function picturesOf(paints: readonly Paint[]): PaintedPicture[] {
  const found = new Map<string, PaintedPicture>();
  for (const paint of paints) {
    if (!isImage(paint) || !isShown(paint) || paint.imageHash === null) continue;
    const tiles = paint.scaleMode === 'TILE';
    found.set(`${paint.imageHash} ${tiles}`, { hash: paint.imageHash, tiles });
  }
  return [...found.values()];
}

function shows(paint: Paint, { hash, tiles }: PaintedPicture): paint is ImagePaint {
  return isImage(paint) && paint.imageHash === hash && (paint.scaleMode === 'TILE') === tiles;
}

/** The topmost paint that shows the picture. */
export function paintOf(paints: readonly Paint[], picture: PaintedPicture): ImagePaint | null {
  const matching = paints.filter((paint): paint is ImagePaint => shows(paint, picture));
  return matching.filter(isShown).pop() ?? matching.pop() ?? null;
}

/** The paints with a picture out of sight; null when none shows it. */
export function withoutPicture(paints: readonly Paint[], picture: PaintedPicture): Paint[] | null {
  if (!paints.some((paint) => shows(paint, picture))) return null;
  return paints.map((paint): Paint => (shows(paint, picture) ? { ...paint, visible: false } : paint));
}

/**
 * The paints with `imageHash` in place of a picture, which is `scale` times larger per side; null when none shows it.
 * Nothing else changes, except how far a repeating picture is enlarged: its tiles stay as large as they were.
 */
export function withPicture(
  paints: readonly Paint[],
  picture: PaintedPicture,
  imageHash: string,
  scale: number,
): Paint[] | null {
  let found = false;
  const changed = paints.map((paint): Paint => {
    if (!shows(paint, picture)) return paint;
    found = true;
    return paint.scaleMode === 'TILE'
      ? { ...paint, imageHash, scalingFactor: (paint.scalingFactor ?? 1) / scale }
      : { ...paint, imageHash };
  });
  return found ? changed : null;
}
