/** The layer that a drawing was made of, once the enlarged drawing lies over it. */

import type { ImagePaint, PluginAPI, SceneNode } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { Beneath } from '../../beneath.js';
import { flows, withParents } from './nodes.js';

/** Hiding these changes other layers: instances follow components, and a mask shows what it covers. */
const FOLLOWED: readonly string[] = ['COMPONENT', 'COMPONENT_SET'];
/** Blend modes that mix nothing. */
const UNMIXED: readonly string[] = ['NORMAL', 'PASS_THROUGH'];

/** Whether a layer or a paint is mixed with what lies beneath it, so that twice of it is not once. */
export function isMixed(what: SceneNode | ImagePaint): boolean {
  return 'blendMode' in what && what.blendMode !== undefined && !UNMIXED.includes(what.blendMode);
}

/**
 * Takes the source out of sight, where that can be done without changing anything else, and selects the picture in its
 * stead.
 */
export function hideSource(figma: PluginAPI, node: SceneNode, shown: SceneNode): Beneath {
  if (FOLLOWED.includes(node.type) || isFormOfOthers(node)) return 'shown';
  try {
    const beneath = leaveSight(node);
    selectInstead(figma, node, shown);
    return beneath;
  } catch {
    // Some parts of instances take no changes.
    return 'shown';
  }
}

/** A layer that counts in its parent's form or masks its neighbours. */
function isFormOfOthers(node: SceneNode): boolean {
  return (
    ('isMask' in node && node.isMask) || withParents(node).some(({ type }) => type === 'BOOLEAN_OPERATION')
  );
}

function leaveSight(node: SceneNode): Beneath {
  const inFlow =
    node.parent !== null &&
    flows(node.parent) &&
    (!('layoutPositioning' in node) || node.layoutPositioning === 'AUTO');
  if (inFlow && 'opacity' in node) {
    node.opacity = 0;
    return 'clear';
  }
  node.visible = false;
  return 'hidden';
}

function selectInstead(figma: PluginAPI, node: SceneNode, shown: SceneNode): void {
  const { selection } = figma.currentPage;
  if (!selection.some(({ id }) => id === node.id)) return;
  figma.currentPage.selection = selection.map((each) => (each.id === node.id ? shown : each));
}
