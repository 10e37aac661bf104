/** Every property of a node of the fake: how it is read, and set where Figma lets it be set. */

import type { BaseNode, SceneNode, Transform } from '@figma/plugin-typings/plugin-api-standalone.js';
import { dataMembers, textMembers } from './data-members.js';
import type { ExportSettings, Nodes } from './nodes.js';
import { freeze, takePaints } from './paints.js';
import { absolute, boundingBox, type Layer, relative, renderBox, sizeOf } from './tree.js';

export interface Member {
  get(): unknown;
  set?(value: unknown): void;
}

export function membersOf(nodes: Nodes, layer: Layer): Readonly<Record<string, Member>> {
  const { journal } = nodes;
  const plain = <K extends keyof Layer>(key: K, get: () => unknown = () => freeze(layer[key])): Member => ({
    get,
    set: (value) => journal.change(layer, key, value as Layer[K]),
  });
  const fixed = (get: () => unknown): Member => ({ get });
  const method = (call: (...given: never[]) => unknown): Member => ({ get: () => call });
  const paints = (key: 'fills' | 'strokes', style: 'fillStyleId' | 'strokeStyleId') => ({
    get: () => (key === 'fills' && layer.parts ? nodes.mixed : freeze(layer[key])),
    set: (value: unknown, waiting = false) => {
      journal.change(layer, key, takePaints(key, value, waiting));
      if (key === 'fills' && layer.parts) journal.change(layer, 'parts', null);
      // Paints of one's own cut the link to a style.
      if (layer[style] !== '') journal.change(layer, style, '');
    },
  });
  const fills = paints('fills', 'fillStyleId');
  const strokes = paints('strokes', 'strokeStyleId');
  const inDynamicPage = (name: string, use: string) => () => {
    throw new Error(`in ${name}: Cannot call with documentAccess: dynamic-page. Use ${use} instead.`);
  };
  const place = (at: 0 | 1): Member => ({
    get: () => relative(layer)[at][2],
    set: (value) => nodes.move(layer, at === 0 ? [Number(value), null] : [null, Number(value)]),
  });
  return {
    id: fixed(() => layer.id),
    type: fixed(() => layer.type),
    removed: fixed(() => layer.removed),
    parent: fixed(() => layer.parent && nodes.view(layer.parent)),
    children: fixed(() => Object.freeze(layer.children.map((child) => nodes.view(child)))),
    name: plain('name'),
    visible: plain('visible'),
    locked: plain('locked'),
    opacity: plain('opacity'),
    blendMode: plain('blendMode'),
    isMask: plain('isMask'),
    effects: plain('effects'),
    constraints: plain('constraints'),
    layoutMode: plain('layoutMode'),
    itemReverseZIndex: plain('itemReverseZIndex'),
    strokeWeight: plain('strokeWeight'),
    layoutPositioning: {
      get: () => layer.layoutPositioning,
      set: (value) => {
        if (value === 'ABSOLUTE' && (!layer.parent || layer.parent.layoutMode === 'NONE'))
          throw new Error(
            'in set_layoutPositioning: Can only set layoutPositioning = ABSOLUTE if the parent node has layoutMode !== NONE',
          );
        // It stays where the layout had put it.
        journal.change(layer, 'transform', relative(layer));
        journal.change(layer, 'layoutPositioning', value as Layer['layoutPositioning']);
      },
    },
    width: fixed(() => sizeOf(layer).width),
    height: fixed(() => sizeOf(layer).height),
    x: place(0),
    y: place(1),
    relativeTransform: {
      get: () => freeze(relative(layer)),
      set: (value) => nodes.transform(layer, value as Transform),
    },
    absoluteTransform: fixed(() => freeze(absolute(layer))),
    absoluteBoundingBox: fixed(() => freeze(boundingBox(layer))),
    absoluteRenderBounds: fixed(() => freeze(renderBox(layer))),
    resize: method((width: number, height: number) => {
      if (!(width >= 0.01) || !(height >= 0.01)) throw new Error('in resize: Expected at least 0.01');
      journal.change(layer, 'width', width);
      journal.change(layer, 'height', height);
    }),
    fills,
    fillStyleId: {
      get: () => (layer.parts?.some(({ fillStyleId }) => fillStyleId) ? nodes.mixed : layer.fillStyleId),
      set: inDynamicPage('set_fillStyleId', 'setFillStyleIdAsync'),
    },
    setFillsAsync: method(async (value: unknown) => fills.set(value, true)),
    strokes,
    strokeStyleId: {
      get: () => layer.strokeStyleId,
      set: inDynamicPage('set_strokeStyleId', 'setStrokeStyleIdAsync'),
    },
    setStrokesAsync: method(async (value: unknown) => strokes.set(value, true)),
    cornerRadius: fixed(() =>
      layer.radii.every((radius) => radius === layer.radii[0]) ? layer.radii[0] : nodes.mixed,
    ),
    ...Object.fromEntries(
      (['topLeftRadius', 'topRightRadius', 'bottomRightRadius', 'bottomLeftRadius'] as const).map(
        (key, at) => [
          key,
          {
            get: () => layer.radii[at],
            set: (value: unknown) => {
              const next = [...layer.radii] as [number, number, number, number];
              next[at] = Number(value);
              journal.change(layer, 'radii', next);
            },
          },
        ],
      ),
    ),
    mainComponent: fixed(inDynamicPage('get_mainComponent', 'getMainComponentAsync')),
    appendChild: method((child: BaseNode) => nodes.insert(layer, layer.children.length, nodes.layer(child))),
    insertChild: method((index: number, child: BaseNode) => nodes.insert(layer, index, nodes.layer(child))),
    remove: method(() => nodes.remove(layer)),
    clone: method(() => nodes.view(nodes.clone(layer))),
    exportAsync: method(async (settings: ExportSettings) => nodes.export(layer, settings)),
    selection: {
      get: () => Object.freeze(nodes.selected().map((each) => nodes.view(each))),
      set: (value) => {
        nodes.selection = (value as SceneNode[]).map(({ id }) => id);
      },
    },
    ...textMembers(nodes, layer),
    ...dataMembers(nodes, layer),
  };
}
