/**
 * Puts results into the document. Everything that can fail or wait comes first (storing the picture, looking the layer
 * up); then the layer is checked once more and changed in one go.
 */

import type {
  ImagePaint,
  PluginAPI,
  Rect,
  SceneNode,
  Transform,
} from '@figma/plugin-typings/plugin-api-standalone.js';
import { EnlargerError } from '../../../core/errors.js';
import { beneathNotice, isSeeThrough } from '../../beneath.js';
import type { EnlargedPicture, WriteReport } from '../../host.js';
import { drawnBox } from './drawing.js';
import { type Lying, multiply, pixelsToBox, scaling, translation } from './geometry.js';
import { type StoredPiece, storePieces } from './images.js';
import { addButtons } from './marks.js';
import { checkChangeable, gone, isBox, layerById, placeAbove, placeAboveFill } from './nodes.js';
import { paintOf, withoutPicture, withPicture } from './paints.js';
import { cannotLie, maskRectangle, show } from './rectangles.js';
import { type Place, placeOf } from './refs.js';
import { paintLists, repaint, styledBy } from './slots.js';
import { hideSource, isMixed } from './source.js';

/** @throws EnlargerError `layer-gone`, `output-too-large`, `placement-failed`; then nothing has changed. */
export async function writePicture(
  figma: PluginAPI,
  ref: string,
  picture: EnlargedPicture,
  scale: number,
): Promise<WriteReport> {
  const place = placeOf(ref);
  const node = await layerById(figma, place.nodeId);
  checkChangeable(node);
  const stored = storePieces(figma, picture);
  const notices =
    place.kind === 'drawing'
      ? placeDrawing(figma, node, picture, stored)
      : stored.length === 1
        ? await repaintLayer(figma, node, place, (stored[0] as StoredPiece).image.hash, scale)
        : await placePieces(figma, node, place, picture, stored);
  return { notices: [...notices, ...profileNotice(figma)] };
}

type PaintPlace = Place & { readonly kind: 'paint' };

async function repaintLayer(
  figma: PluginAPI,
  node: SceneNode,
  { slot, picture }: PaintPlace,
  imageHash: string,
  scale: number,
): Promise<string[]> {
  const styled = styledBy(figma, node, slot);
  let done: boolean;
  try {
    done = await repaint(figma, node, slot, (paints) => withPicture(paints, picture, imageHash, scale));
  } catch (cause) {
    if (cause instanceof EnlargerError) throw cause;
    if (node.removed) throw gone();
    throw new EnlargerError(
      'placement-failed',
      `Figma did not let the picture of "${node.name}" be changed: ${cause instanceof Error ? cause.message : cause}`,
      'Save the result as a file instead.',
      { cause },
    );
  }
  if (!done) throw gone();
  addButtons(node, ['upscale-2x', 'upscale-last-preset']);
  return detachedNotice(node, styled);
}

function placeDrawing(
  figma: PluginAPI,
  node: SceneNode,
  picture: EnlargedPicture,
  pieces: readonly StoredPiece[],
): string[] {
  const box = drawnBox(node);
  if (!box) throw gone();
  const shown = show(figma, placeAbove(node), {
    name: `${node.name} (enlarged)`,
    pieces,
    toPage: pixelsToRect(box, picture),
    look: {},
  });
  keepConstraints(node, shown);
  // A drawing has the layer's opacity in it, but nothing to be mixed with.
  const mixed = isMixed(node);
  if (mixed && 'blendMode' in node && 'blendMode' in shown) shown.blendMode = node.blendMode;
  addButtons(shown, ['upscale-2x', 'upscale-last-preset']);
  const beneath = mixed || isSeeThrough(picture) ? hideSource(figma, node, shown) : 'covered';
  return [beneathNotice(node.name, beneath)];
}

async function placePieces(
  figma: PluginAPI,
  node: SceneNode,
  { slot, picture: painted }: PaintPlace,
  picture: EnlargedPicture,
  pieces: readonly StoredPiece[],
): Promise<string[]> {
  // Strokes, runs of text and regions fill no box that can be known from outside.
  if (slot !== 'fills' || !('absoluteTransform' in node)) throw cannotLie();
  const list = paintLists(figma, node).find((each) => each.slot === 'fills');
  const paint = list && paintOf(list.paints, painted);
  if (!paint) throw gone();
  const toBox = pixelsToBox(paint, node, picture);
  if (!toBox) throw cannotLie();
  const lying: Lying = { width: node.width, height: node.height, transform: node.absoluteTransform };
  const spot = placeAboveFill(node);
  if (!spot)
    throw new EnlargerError(
      'placement-failed',
      `Pieces over "${node.name}" would cover what it contains.`,
      'Let the result be reduced to what Figma stores instead of cutting it into pieces.',
    );
  const shown = show(figma, spot, {
    name: `${node.name} (enlarged)`,
    pieces,
    toPage: multiply(node.absoluteTransform, toBox),
    look: lookOf(paint),
    ...(needsMask(node, paint) ? { mask: () => ({ node: maskFor(figma, node), lying }) } : {}),
  });
  keepConstraints(node, shown);
  // Inside a box these hold already.
  if (spot.parent.id !== node.id && 'opacity' in node && 'opacity' in shown) {
    shown.opacity = node.opacity;
    shown.blendMode = node.blendMode;
  }
  addButtons(shown, ['upscale-last-preset']);
  const faint = (paint.opacity ?? 1) < 1 || ('opacity' in node && node.opacity < 1);
  const through = faint || isSeeThrough(picture) || isMixed(node) || isMixed(paint);
  return [
    `The picture lies over "${node.name}" in ${pieces.length} pieces, because Figma stores none so large.`,
    ...(through ? await hideFill(figma, node, painted) : []),
  ];
}

/** The pieces are in place; whatever happens to the fill beneath them is only told. */
async function hideFill(
  figma: PluginAPI,
  node: SceneNode,
  painted: PaintPlace['picture'],
): Promise<string[]> {
  const styled = styledBy(figma, node, 'fills');
  const hidden = await repaint(figma, node, 'fills', (paints) => withoutPicture(paints, painted)).catch(
    () => false,
  );
  return hidden
    ? [
        `The fill of "${node.name}" is hidden beneath them, because it would show through.`,
        ...detachedNotice(node, styled),
      ]
    : [`The fill of "${node.name}" shows through them, because Figma did not let it be hidden.`];
}

function detachedNotice(node: SceneNode, styled: ReturnType<typeof styledBy>): string[] {
  return styled
    ? [`The ${styled} style of "${node.name}" was detached from it; the style itself is as it was.`]
    : [];
}

/** A resting `undefined` is not the same to Figma as nothing. */
function lookOf({
  filters,
  opacity,
  blendMode,
}: ImagePaint): Pick<ImagePaint, 'filters' | 'opacity' | 'blendMode'> {
  return {
    ...(filters ? { filters } : {}),
    ...(opacity === undefined ? {} : { opacity }),
    ...(blendMode ? { blendMode } : {}),
  };
}

/** Whether the whole picture shows more than the layer does: it was cropped, or the layer is no plain box. */
function needsMask(node: SceneNode, { scaleMode }: ImagePaint): boolean {
  if (scaleMode !== 'FIT') return true;
  const square = !('cornerRadius' in node) || node.cornerRadius === 0;
  return !square || (node.type !== 'RECTANGLE' && !isBox(node));
}

/** The form of a layer: a rectangle with its corners for boxes, its own for shapes and text. */
function maskFor(figma: PluginAPI, node: SceneNode): SceneNode {
  if (isBox(node) && 'width' in node) {
    const mask = maskRectangle(figma, node.width, node.height);
    if ('topLeftRadius' in node) {
      mask.topLeftRadius = node.topLeftRadius;
      mask.topRightRadius = node.topRightRadius;
      mask.bottomLeftRadius = node.bottomLeftRadius;
      mask.bottomRightRadius = node.bottomRightRadius;
    }
    return mask;
  }
  if (!('clone' in node)) throw cannotLie();
  const clone = node.clone() as SceneNode;
  clone.name = 'Mask';
  // Only its form may count: masks work by what they cover and how strongly.
  if ('fills' in clone) clone.fills = [{ type: 'SOLID', color: { r: 0, g: 0, b: 0 } }];
  if ('strokes' in clone) clone.strokes = [];
  if ('effects' in clone) clone.effects = [];
  if ('opacity' in clone) clone.opacity = 1;
  return clone;
}

/** How the pixels of a picture fill a box on the page. */
export function pixelsToRect(box: Rect, picture: EnlargedPicture): Transform {
  return multiply(translation(box.x, box.y), scaling(box.width / picture.width, box.height / picture.height));
}

/** What lies beside the source moves with it when their frame is resized. */
function keepConstraints(node: SceneNode, shown: SceneNode): void {
  if ('constraints' in node && 'constraints' in shown && node.parent?.id === shown.parent?.id)
    shown.constraints = node.constraints;
}

function profileNotice(figma: PluginAPI): string[] {
  return figma.root.documentColorProfile === 'DISPLAY_P3'
    ? ['This document is in Display P3; the enlarged picture is in sRGB, so strong colours may look calmer.']
    : [];
}
