/** Objects that hold no picture of their own (text, shapes, groups) drawn into one, and where that picture belongs. */

import type { FabricImage, FabricObject } from 'fabric';
import type { PixelSize } from '../picture-source.js';
import { pictureSize } from './swap-picture.js';

type Fabric = typeof import('fabric');

/** Longest side drawn. */
const MAX_SIDE_PX = 4096;

export interface RenderedObject {
  readonly canvas: HTMLCanvasElement;
  /** In the canvas's own units, whatever group or selection the object is in. */
  readonly center: { readonly x: number; readonly y: number };
  readonly box: PixelSize;
}

/** Pixels of the picture that `renderObject` draws. */
export function renderedSize(fabric: Fabric, object: FabricObject): PixelSize {
  const { width, height } = drawnBox(object);
  const pixelsPerUnit = resolution(fabric, object);
  return {
    width: Math.max(1, Math.floor(width * pixelsPerUnit)),
    height: Math.max(1, Math.floor(height * pixelsPerUnit)),
  };
}

/** Draws the object as it looks on the canvas, but opaque and unmixed: the layer put above it carries that again. */
export async function renderObject(fabric: Fabric, object: FabricObject): Promise<RenderedObject> {
  const copy = await object.clone();
  fabric.util.applyTransformToObject(copy, object.calcTransformMatrix());
  copy.set({ opacity: 1, globalCompositeOperation: 'source-over' });
  const canvas = copy.toCanvasElement({ multiplier: resolution(fabric, object), enableRetinaScaling: false });
  const { x, y } = copy.getCenterPoint();
  const rendered = { canvas, center: { x, y }, box: drawnBox(object) };
  copy.dispose();
  return rendered;
}

/** What Fabric draws an object into: its bounding box and room for its shadow, in whole units. */
function drawnBox(object: FabricObject): PixelSize {
  const { width, height } = object.getBoundingRect();
  const { shadow } = object;
  const scaling = !shadow || shadow.nonScaling ? { x: 1, y: 1 } : object.getObjectScaling();
  const room = (offset: number, scale: number) =>
    shadow ? 2 * Math.round(Math.abs(offset) + shadow.blur) * Math.abs(scale) : 0;
  return {
    width: Math.max(1, Math.ceil(width + room(shadow?.offsetX ?? 0, scaling.x))),
    height: Math.max(1, Math.ceil(height + room(shadow?.offsetY ?? 0, scaling.y))),
  };
}

/** Pixels per unit: one, or as many as the sharpest picture inside a group has, so that nothing is lost by drawing. */
function resolution(fabric: Fabric, object: FabricObject): number {
  const { width, height } = drawnBox(object);
  const sharpest = Math.max(1, ...imagesInside(fabric, object).map(pixelsPerUnit));
  return Math.min(sharpest, Math.max(1, MAX_SIDE_PX / Math.max(width, height)));
}

function imagesInside(fabric: Fabric, object: FabricObject): FabricImage[] {
  if (object instanceof fabric.FabricImage) return [object];
  if (!(object instanceof fabric.Group)) return [];
  return object.getObjects().flatMap((child) => imagesInside(fabric, child));
}

function pixelsPerUnit(image: FabricImage): number {
  const { x, y } = image.getObjectScaling();
  const { width } = pictureSize(image);
  return width === 0 ? 1 : 1 / Math.max(1e-3, Math.min(Math.abs(x), Math.abs(y)));
}
