/** The lists of paints of a node, read and written where Figma keeps them. */

import type {
  Paint,
  PluginAPI,
  SceneNode,
  VectorRegion,
} from '@figma/plugin-typings/plugin-api-standalone.js';
import { EnlargerError } from '../../../core/errors.js';
import type { Slot } from './refs.js';

export interface SlotPaints {
  readonly slot: Slot;
  readonly paints: readonly Paint[];
}

/** Gives other paints for these, or null to leave them. */
export type Repaint = (paints: readonly Paint[]) => Paint[] | null;

/** Every list of paints of a node that can show something. */
export function paintLists(figma: PluginAPI, node: SceneNode): SlotPaints[] {
  const lists: SlotPaints[] = [];
  if ('fills' in node) {
    const { fills } = node;
    if (fills !== figma.mixed) lists.push({ slot: 'fills', paints: fills });
    else if ('getStyledTextSegments' in node)
      for (const { fills: paints } of node.getStyledTextSegments(['fills']))
        lists.push({ slot: 'text', paints });
    else if ('vectorNetwork' in node)
      for (const { fills: paints } of node.vectorNetwork.regions ?? [])
        if (paints) lists.push({ slot: 'regions', paints });
  }
  if ('strokes' in node && node.strokeWeight !== 0) lists.push({ slot: 'strokes', paints: node.strokes });
  return lists;
}

/** The style that a slot's paints come from, whose link a new paint cuts. */
export function styledBy(figma: PluginAPI, node: SceneNode, slot: Slot): 'fill' | 'stroke' | null {
  if (slot === 'strokes') return 'strokes' in node && node.strokeStyleId !== '' ? 'stroke' : null;
  if (!('fills' in node)) return null;
  const { fillStyleId } = node;
  // Mixed: some of the runs or regions have a style.
  return fillStyleId === figma.mixed || fillStyleId !== '' ? 'fill' : null;
}

/**
 * Repaints a slot. What the node holds is read at the last moment, after everything that waits.
 * @returns whether anything was repainted.
 */
export async function repaint(
  figma: PluginAPI,
  node: SceneNode,
  slot: Slot,
  change: Repaint,
): Promise<boolean> {
  switch (slot) {
    case 'fills':
      if (!('fills' in node) || node.fills === figma.mixed) return false;
      return assign(node.fills, change, (paints, waits) => {
        if (waits) return node.setFillsAsync(paints);
        node.fills = paints;
      });
    case 'strokes':
      if (!('strokes' in node)) return false;
      return assign(node.strokes, change, (paints, waits) => {
        if (waits) return node.setStrokesAsync(paints);
        node.strokes = paints;
      });
    case 'text':
      return repaintText(figma, node, change);
    case 'regions':
      return repaintRegions(figma, node, change);
  }
}

/** Patterns draw another node, which Figma loads first; only the waiting setters do. */
async function assign(
  paints: readonly Paint[],
  change: Repaint,
  set: (paints: Paint[], waits: boolean) => Promise<void> | undefined,
): Promise<boolean> {
  const changed = change(paints);
  if (changed === null) return false;
  await set(
    changed,
    changed.some(({ type }) => type === 'PATTERN'),
  );
  return true;
}

async function repaintText(figma: PluginAPI, node: SceneNode, change: Repaint): Promise<boolean> {
  if (!('getStyledTextSegments' in node) || !('setRangeFills' in node)) return false;
  if (node.hasMissingFont)
    throw new EnlargerError(
      'placement-failed',
      `"${node.name}" uses a font that is missing here, so Figma does not let its text be changed.`,
      'Install or replace the font and try again.',
    );
  const fonts = node.characters.length > 0 ? node.getRangeAllFontNames(0, node.characters.length) : [];
  await Promise.all(fonts.map((font) => figma.loadFontAsync(font)));
  if (node.removed) return false;
  let done = false;
  for (const { start, end, fills } of node.getStyledTextSegments(['fills'])) {
    const changed = change(fills);
    if (changed === null) continue;
    node.setRangeFills(start, end, changed);
    done = true;
  }
  return done;
}

async function repaintRegions(figma: PluginAPI, node: SceneNode, change: Repaint): Promise<boolean> {
  if (!('vectorNetwork' in node) || !('setVectorNetworkAsync' in node)) return false;
  if (!('fills' in node) || node.fills !== figma.mixed) return false;
  const network = node.vectorNetwork;
  let done = false;
  const regions = (network.regions ?? []).map((region): VectorRegion => {
    const changed = region.fills ? change(region.fills) : null;
    if (changed === null) return region;
    done = true;
    const { fillStyleId: _detached, ...rest } = region;
    return { ...rest, fills: changed };
  });
  if (done) await node.setVectorNetworkAsync({ ...network, regions });
  return done;
}
