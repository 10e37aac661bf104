/** Places new pictures: filling the selected frame, or at the centre of what is seen. */

import type {
  ComponentNode,
  FrameNode,
  PluginAPI,
  SceneNode,
  SectionNode,
} from '@figma/plugin-typings/plugin-api-standalone.js';
import type { NewPicture, WriteReport } from '../../host.js';
import { multiply, scaling, translation } from './geometry.js';
import { storePieces } from './images.js';
import { markGenerated } from './marks.js';
import { blockOf, withParents } from './nodes.js';
import { show } from './rectangles.js';

/** @throws EnlargerError `output-too-large`, `placement-failed`; then nothing has changed. */
export function placePicture(figma: PluginAPI, { name, picture, generated }: NewPicture): WriteReport {
  const pieces = storePieces(figma, picture);
  const frame = selectedFrame(figma);
  const base = { name, pieces, look: {} };
  let shown: SceneNode;
  if (frame) {
    // One picture is cut to the frame by its fill; pieces cover it, and the frame cuts them where it clips.
    const single = pieces.length === 1;
    const cover = Math.max(frame.width / picture.width, frame.height / picture.height);
    const across = single ? frame.width / picture.width : cover;
    const down = single ? frame.height / picture.height : cover;
    const toFrame = multiply(
      translation((frame.width - picture.width * across) / 2, (frame.height - picture.height * down) / 2),
      scaling(across, down),
    );
    shown = show(
      figma,
      { parent: frame, index: frame.children.length },
      { ...base, covers: single, toPage: multiply(frame.absoluteTransform, toFrame) },
    );
    if (single && frame.type !== 'SECTION' && 'constraints' in shown)
      shown.constraints = { horizontal: 'STRETCH', vertical: 'STRETCH' };
  } else {
    const { x, y } = figma.viewport.center;
    const page = figma.currentPage;
    shown = show(
      figma,
      { parent: page, index: page.children.length },
      {
        ...base,
        toPage: translation(Math.round(x - picture.width / 2), Math.round(y - picture.height / 2)),
      },
    );
  }
  if (generated) markGenerated(shown, generated);
  figma.currentPage.selection = [shown];
  return {
    notices:
      pieces.length > 1
        ? [`The picture is in ${pieces.length} pieces, because Figma stores none so large.`]
        : [],
  };
}

/** The one selected frame, unless nothing may be put into it. */
function selectedFrame(figma: PluginAPI): FrameNode | ComponentNode | SectionNode | null {
  const { selection } = figma.currentPage;
  const [node] = selection;
  if (selection.length !== 1 || !node || blockOf(node) !== null) return null;
  if (node.type !== 'FRAME' && node.type !== 'COMPONENT' && node.type !== 'SECTION') return null;
  if (withParents(node).some(({ type }) => type === 'INSTANCE')) return null;
  return node;
}
