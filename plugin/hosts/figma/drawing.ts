/** Layers that hold no picture of their own and are drawn by Figma: vectors, text, frames, groups. */

import type { Paint, PluginAPI, Rect, SceneNode } from '@figma/plugin-typings/plugin-api-standalone.js';
import { EnlargerError } from '../../../core/errors.js';
import type { PictureFile } from '../../host.js';
import type { Size } from './geometry.js';
import { MAX_SIDE_PX, pictureFile } from './images.js';
import { gone } from './nodes.js';
import { isShown } from './paints.js';

const DRAWN: readonly string[] = [
  'VECTOR',
  'TEXT',
  'TEXT_PATH',
  'FRAME',
  'GROUP',
  'TRANSFORM_GROUP',
  'COMPONENT',
  'COMPONENT_SET',
  'INSTANCE',
  'SECTION',
  'SLOT',
  'BOOLEAN_OPERATION',
  'STAR',
  'POLYGON',
];

/** Shapes that are drawn for more than flat colour: gradients, patterns, shaders, effects. */
const PLAIN: readonly string[] = ['RECTANGLE', 'ELLIPSE', 'LINE'];

/** Whether enlarging a drawing of the layer makes sense. */
export function isDrawn(figma: PluginAPI, node: SceneNode): boolean {
  if (DRAWN.includes(node.type)) return true;
  if (!PLAIN.includes(node.type)) return false;
  const paints: Paint[] = [];
  if ('fills' in node && node.fills !== figma.mixed) paints.push(...node.fills);
  if ('strokes' in node) paints.push(...node.strokes);
  const effects = 'effects' in node ? node.effects : [];
  return (
    effects.some(({ visible }) => visible) ||
    paints.some((paint) => isShown(paint) && !['SOLID', 'IMAGE', 'VIDEO'].includes(paint.type))
  );
}

/** What a layer covers when it is drawn, on its page; null when nothing of it is seen. */
export function drawnBox(node: SceneNode): Rect | null {
  const box = 'absoluteRenderBounds' in node ? node.absoluteRenderBounds : node.absoluteBoundingBox;
  return box && box.width > 0 && box.height > 0 ? box : null;
}

/** Size in pixels of a drawing at 100 %; null when it is larger than a picture may be. */
export function drawnSize(box: Rect): Size | null {
  const width = Math.max(1, Math.round(box.width));
  const height = Math.max(1, Math.round((box.height * width) / box.width));
  return Math.max(width, height) > MAX_SIDE_PX ? null : { width, height };
}

/** The layer as Figma draws it, at 100 %. @throws EnlargerError `layer-gone`, `input-unreadable`. */
export async function drawn(node: SceneNode): Promise<PictureFile> {
  const box = drawnBox(node);
  const size = box && drawnSize(box);
  if (!size) throw gone();
  return exportPng(node, 'WIDTH', size.width);
}

/** A small drawing for a list; null when there is nothing to draw. */
export async function drawnSmall(node: SceneNode, maxPx: number): Promise<PictureFile | null> {
  const box = drawnBox(node);
  if (!box) return null;
  const side = Math.max(1, Math.min(Math.round(maxPx), Math.ceil(Math.max(box.width, box.height))));
  return exportPng(node, box.width >= box.height ? 'WIDTH' : 'HEIGHT', side);
}

/** The networks know sRGB, so the drawing is asked for in it, whatever the document's profile. */
async function exportPng(node: SceneNode, type: 'WIDTH' | 'HEIGHT', value: number): Promise<PictureFile> {
  try {
    return pictureFile(
      await node.exportAsync({ format: 'PNG', constraint: { type, value }, colorProfile: 'SRGB' }),
    );
  } catch (cause) {
    if (cause instanceof EnlargerError) throw cause;
    if (node.removed) throw gone();
    throw new EnlargerError(
      'input-unreadable',
      `Figma could not draw "${node.name}".`,
      'Try a smaller layer, or close other files.',
      { cause },
    );
  }
}
