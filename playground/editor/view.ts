/** Geometry of the view, and the document as one picture. */

import type { Canvas, TMat2D } from 'fabric';
import { FabricImage } from 'fabric';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const MARGIN_PX = 40;
/** What browsers still draw. */
const MAX_SIDE_PX = 16_384;

/** The viewport that shows the whole box in the middle of a view. */
export function fitBox(
  { left, top, width, height }: Box,
  view: { readonly width: number; readonly height: number },
  maxZoom: number,
): TMat2D {
  const room = (length: number) => Math.max(1, length - 2 * MARGIN_PX);
  const zoom = Math.min(maxZoom, room(view.width) / width, room(view.height) / height);
  const shift = (start: number, length: number, side: number) => side / 2 - zoom * (start + length / 2);
  return [zoom, 0, 0, zoom, shift(left, width, view.width), shift(top, height, view.height)];
}

/** Draws the box without selection marks, as many pixels as its finest picture has. */
export async function renderPng(canvas: Canvas, box: Box): Promise<Blob> {
  const finest = Math.max(1, ...canvas.getObjects().map(pixelsPerUnit));
  const multiplier = Math.min(finest, MAX_SIDE_PX / Math.max(box.width, box.height));
  const before = canvas.viewportTransform;
  canvas.viewportTransform = [1, 0, 0, 1, 0, 0];
  let drawn: HTMLCanvasElement;
  try {
    drawn = canvas.toCanvasElement(multiplier, { ...box });
  } finally {
    canvas.setViewportTransform(before);
  }
  const blob = await new Promise<Blob | null>((done) => drawn.toBlob(done, 'image/png'));
  if (!blob) throw new Error('The browser cannot hold a picture of this size.');
  return blob;
}

function pixelsPerUnit(object: unknown): number {
  if (!(object instanceof FabricImage) || !object.visible) return 1;
  const { x, y } = object.getObjectScaling();
  return 1 / Math.max(1e-3, Math.min(Math.abs(x), Math.abs(y)));
}
