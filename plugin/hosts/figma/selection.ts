/** What is selected, as the panel sees it: layers with their pictures, or why there is nothing to do. */

import type { PluginAPI, SceneNode } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { PictureRef, SelectedLayer, Selection, Skip } from '../../host.js';
import { drawnBox, drawnSize, isDrawn } from './drawing.js';
import type { ImageSizes } from './images.js';
import { generatedFrom } from './marks.js';
import { blockOf } from './nodes.js';
import { isShown, type PaintedPicture, picturesOf } from './paints.js';
import { refOf, type Slot } from './refs.js';
import { paintLists } from './slots.js';

/** A list shows no more of a name than this. */
const LONGEST_NAME = 200;

export async function readSelection(figma: PluginAPI, sizes: ImageSizes): Promise<Selection> {
  const nodes = [...figma.currentPage.selection];
  const layers: SelectedLayer[] = [];
  for (const node of nodes) {
    // Waiting gives others time to remove what is next.
    if (!node.removed) layers.push(await describe(figma, sizes, node));
  }
  const only = nodes.length === 1 ? nodes[0] : undefined;
  return { layers, generated: only && !only.removed ? generatedFrom(only) : null };
}

async function describe(figma: PluginAPI, sizes: ImageSizes, node: SceneNode): Promise<SelectedLayer> {
  const { id } = node;
  const name = node.name.slice(0, LONGEST_NAME);
  const layer = (pictures: readonly PictureRef[], skip: Skip | null): SelectedLayer => ({
    id,
    name,
    pictures,
    skip,
  });
  const block = blockOf(node);
  if (block) return layer([], block);

  const lists = paintLists(figma, node);
  const places = new Map<string, { readonly slot: Slot; readonly picture: PaintedPicture }>();
  for (const { slot, paints } of lists)
    for (const picture of picturesOf(paints))
      places.set(refOf({ kind: 'paint', nodeId: id, slot, picture }), { slot, picture });
  const pictures: PictureRef[] = [];
  for (const [ref, { picture }] of places) {
    const size = await sizes.of(picture.hash);
    if (node.removed) return layer([], { code: 'removed', reason: 'removed' });
    // A repeating picture is enlarged in another way, so it does not share a result with the same file used once.
    const key = picture.tiles ? `${picture.hash} tiles` : picture.hash;
    const { width, height } = size ?? { width: 0, height: 0 };
    if (size) pictures.push({ ref, key, width, height, source: 'original', tiles: picture.tiles });
  }
  if (pictures.length > 0) return layer(pictures, null);

  const shown = lists.flatMap(({ paints }) => paints.filter(isShown));
  if (shown.some(({ type }) => type === 'IMAGE'))
    return layer([], { code: 'missing-image', reason: 'picture is missing' });
  if (shown.some(({ type }) => type === 'VIDEO')) return layer([], { code: 'video', reason: 'video' });
  return drawing(figma, node, layer);
}

function drawing(
  figma: PluginAPI,
  node: SceneNode,
  layer: (pictures: readonly PictureRef[], skip: Skip | null) => SelectedLayer,
): SelectedLayer {
  if (!isDrawn(figma, node)) return layer([], { code: 'unsupported', reason: 'has no picture' });
  const box = drawnBox(node);
  if (!box) return layer([], { code: 'empty', reason: 'nothing to see' });
  const size = drawnSize(box);
  if (!size) return layer([], { code: 'too-large', reason: 'larger than Figma stores' });
  const ref = refOf({ kind: 'drawing', nodeId: node.id });
  return layer([{ ref, key: ref, ...size, source: 'rendered', tiles: false }], null);
}
