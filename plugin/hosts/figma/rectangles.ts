/**
 * Rectangles that show stored pictures: how results that are not a paint of the source come into the document. Whoever
 * makes some and fails afterwards removes them again; nothing half-done stays.
 */

import type {
  ImagePaint,
  PluginAPI,
  RectangleNode,
  SceneNode,
  Transform,
} from '@figma/plugin-typings/plugin-api-standalone.js';
import { EnlargerError, toEnlargerError } from '../../../core/errors.js';
import { boundsOf, IDENTITY, invert, type Lying, multiply, pieceLying, unionOf } from './geometry.js';
import type { StoredPiece } from './images.js';
import { containerTransform, flows, gone, type Spot } from './nodes.js';

/** Figma makes nothing smaller. */
const LEAST_SIZE = 0.01;

export interface Showing {
  readonly name: string;
  readonly pieces: readonly StoredPiece[];
  /** How pixels of the whole picture lie on the page. */
  readonly toPage: Transform;
  /** Of the paint that the picture comes from; nothing for a drawing. */
  readonly look: Pick<ImagePaint, 'filters' | 'opacity' | 'blendMode'>;
  /** Whether the picture is cut to fill its rectangle instead of lying edge to edge. */
  readonly covers?: boolean;
  /** Makes a shape, lying on the page, that the pieces are cut to; absent where they are whole. */
  readonly mask?: () => { readonly node: SceneNode; readonly lying: Lying };
}

/**
 * Shows a picture at a spot: one rectangle, or a group of one for each piece.
 * @throws EnlargerError `layer-gone`, `placement-failed`; then nothing is left behind.
 */
export function show(figma: PluginAPI, spot: Spot, showing: Showing): SceneNode {
  if (spot.parent.removed) throw gone();
  const made: SceneNode[] = [];
  try {
    return build(figma, spot, showing, made);
  } catch (cause) {
    for (const node of made) if (!node.removed) node.remove();
    if (cause instanceof EnlargerError) throw cause;
    throw new EnlargerError(
      'placement-failed',
      `Figma did not take the picture: ${toEnlargerError(cause).message}`,
      'Save the result as a file instead.',
      { cause },
    );
  }
}

function build(figma: PluginAPI, spot: Spot, showing: Showing, made: SceneNode[]): SceneNode {
  const { name, pieces, toPage, look } = showing;
  const toContainer = invert(containerTransform(spot.parent));
  if (!toContainer) throw cannotLie();
  const lyings: Lying[] = [];
  const add = (node: SceneNode, lying: Lying) => {
    spot.parent.insertChild(spot.index + lyings.length, node);
    lyings.push(lie(node, spot, { ...lying, transform: multiply(toContainer, lying.transform) }));
  };
  if (showing.mask) {
    const { node, lying } = showing.mask();
    made.push(node);
    add(node, lying);
  }
  pieces.forEach(({ piece, image }, index) => {
    const lying = pieceLying(piece, toPage);
    if (!lying) throw cannotLie();
    const node = figma.createRectangle();
    made.push(node);
    node.resize(Math.max(LEAST_SIZE, lying.width), Math.max(LEAST_SIZE, lying.height));
    node.name = pieces.length === 1 ? name : `${name}, piece ${index + 1} of ${pieces.length}`;
    node.strokes = [];
    // Edge to edge: the rectangle has the picture's shape but for rounding.
    const fit = showing.covers
      ? { scaleMode: 'FILL' as const }
      : { scaleMode: 'CROP' as const, imageTransform: IDENTITY };
    node.fills = [{ type: 'IMAGE', ...fit, imageHash: image.hash, ...look }];
    add(node, lying);
  });
  const [only] = made;
  if (made.length === 1 && only) return only;

  const group = figma.group(made, spot.parent, spot.index);
  made.push(group);
  group.name = name;
  // Only inside the group: a mask acts on everything above it in what contains it.
  const [lowest] = group.children;
  if (showing.mask && lowest && 'isMask' in lowest) lowest.isMask = true;
  if (flows(spot.parent)) {
    group.layoutPositioning = 'ABSOLUTE';
    const box = unionOf(lyings.map(boundsOf));
    group.x = box.x;
    group.y = box.y;
  }
  return group;
}

/** Puts a node where it lies in its container, out of the flow of a parent that lays its children out. */
function lie(node: SceneNode, spot: Spot, lying: Lying): Lying {
  if (flows(spot.parent) && 'layoutPositioning' in node) node.layoutPositioning = 'ABSOLUTE';
  if ('relativeTransform' in node) node.relativeTransform = lying.transform;
  return lying;
}

/** A rectangle for a mask, with nothing but its form. */
export function maskRectangle(figma: PluginAPI, width: number, height: number): RectangleNode {
  const node = figma.createRectangle();
  node.resize(Math.max(LEAST_SIZE, width), Math.max(LEAST_SIZE, height));
  node.name = 'Mask';
  return node;
}

export function cannotLie(): EnlargerError {
  return new EnlargerError(
    'placement-failed',
    'This picture is turned, skewed or repeated in a way that pieces cannot follow.',
    'Let the result be reduced to what Figma stores instead of cutting it into pieces.',
  );
}
