/** What Figma says about a layer before anything is done to it: whether it can be changed, and where things beside it go. */

import type {
  BaseNode,
  ChildrenMixin,
  PluginAPI,
  SceneNode,
  Transform,
} from '@figma/plugin-typings/plugin-api-standalone.js';
import { EnlargerError } from '../../../core/errors.js';
import type { Skip } from '../../host.js';
import { IDENTITY } from './geometry.js';

/** Why nothing may be done to a layer; its parents count too. */
export function blockOf(node: SceneNode): Skip | null {
  if (node.removed) return { code: 'removed', reason: 'removed' };
  const line = withParents(node);
  if (line.some((each) => 'locked' in each && each.locked)) return { code: 'locked', reason: 'locked' };
  if (line.some((each) => 'visible' in each && !each.visible)) return { code: 'hidden', reason: 'hidden' };
  return null;
}

/** The layer, as it is now. @throws EnlargerError `layer-gone`. */
export async function layerById(figma: PluginAPI, id: string): Promise<SceneNode> {
  const node = await figma.getNodeByIdAsync(id);
  if (node === null || node.removed || node.type === 'DOCUMENT' || node.type === 'PAGE') throw gone();
  return node;
}

/** Checks a layer again, after a wait. @throws EnlargerError `layer-gone`, `placement-failed`. */
export function checkChangeable(node: SceneNode): void {
  const block = blockOf(node);
  if (block === null) return;
  if (block.code === 'removed') throw gone();
  throw new EnlargerError(
    'placement-failed',
    `"${node.name}" is ${block.reason} now, so it was left alone.`,
    block.code === 'locked' ? 'Unlock it and try again.' : 'Show it and try again.',
  );
}

export function gone(): EnlargerError {
  return new EnlargerError(
    'layer-gone',
    'The layer has been removed, or its picture replaced.',
    'Select the layer again.',
  );
}

/** A place among layers: `child` is put at `index` of `parent`. */
export interface Spot {
  readonly parent: BaseNode & ChildrenMixin;
  readonly index: number;
}

/** What takes new layers. Instances take none, and in boolean operations and component sets a layer means more. */
const TAKES_LAYERS: readonly string[] = ['PAGE', 'FRAME', 'GROUP', 'COMPONENT', 'SECTION', 'SLIDE'];

/** The place just above a layer, or above the nearest ancestor that may have a neighbour. */
export function placeAbove(node: SceneNode): Spot {
  const line = withParents(node);
  let at = Math.max(0, line.map(({ type }) => type).lastIndexOf('INSTANCE'));
  while (at + 1 < line.length && !TAKES_LAYERS.includes((line[at + 1] as BaseNode).type)) at += 1;
  const child = line[at];
  const parent = line[at + 1];
  if (child === undefined || parent === undefined || !('insertChild' in parent)) throw gone();
  const taking = parent as BaseNode & ChildrenMixin;
  const index = taking.children.findIndex(({ id }) => id === child.id);
  return { parent: taking, index: firstIsOnTop(taking) ? index : index + 1 };
}

/** Frames and their like: boxes that are filled, with layers above the fill. */
const BOXES: readonly string[] = [
  'FRAME',
  'COMPONENT',
  'COMPONENT_SET',
  'INSTANCE',
  'SECTION',
  'SLIDE',
  'SLOT',
];

export function isBox(node: SceneNode): boolean {
  return BOXES.includes(node.type);
}

/**
 * The place just above a layer's fill: above the layer, or inside a box beneath what it contains; null where the box
 * contains something and takes nothing.
 */
export function placeAboveFill(node: SceneNode): Spot | null {
  if (!isBox(node) || !('children' in node) || node.children.length === 0) return placeAbove(node);
  const inInstance = withParents(node).some(({ type }) => type === 'INSTANCE');
  if (inInstance || !TAKES_LAYERS.includes(node.type)) return null;
  return { parent: node, index: firstIsOnTop(node) ? node.children.length : 0 };
}

function firstIsOnTop(parent: BaseNode): boolean {
  return 'itemReverseZIndex' in parent && flows(parent) && parent.itemReverseZIndex;
}

/** Whether a parent lays its children out by itself. */
export function flows(parent: BaseNode): boolean {
  return 'layoutMode' in parent && parent.layoutMode !== 'NONE';
}

/** How the space that a child's transform leads to lies on the page: groups and boolean operations have none of their own. */
export function containerTransform(parent: BaseNode): Transform {
  let at: BaseNode | null = parent;
  while (
    at !== null &&
    (at.type === 'GROUP' || at.type === 'BOOLEAN_OPERATION' || at.type === 'TRANSFORM_GROUP')
  )
    at = at.parent;
  return at !== null && 'absoluteTransform' in at ? at.absoluteTransform : IDENTITY;
}

/** A node and all that contains it, up to its page. */
export function withParents(node: BaseNode): BaseNode[] {
  const line: BaseNode[] = [];
  for (let at: BaseNode | null = node; at !== null && at.type !== 'DOCUMENT'; at = at.parent) line.push(at);
  return line;
}
