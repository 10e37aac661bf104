/** The properties of every type of node that the fake knows; the compiler holds them to the typings. */

import type { BaseNode } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { FakeType } from './tree.js';

type NodeOf<T extends FakeType> = Extract<BaseNode, { type: T }>;
type Keys<T extends FakeType> = readonly (keyof NodeOf<T> & string)[];

const base = [
  'id',
  'type',
  'name',
  'removed',
  'parent',
  'getPluginData',
  'setPluginData',
  'getRelaunchData',
  'setRelaunchData',
] as const;
const scene = ['visible', 'locked', 'remove', 'x', 'y', 'width', 'height', 'absoluteTransform'] as const;
const placed = [...base, ...scene, 'relativeTransform', 'absoluteBoundingBox'] as const;
const exported = [...placed, 'absoluteRenderBounds', 'exportAsync', 'clone'] as const;
const blended = [...exported, 'opacity', 'blendMode', 'isMask', 'effects', 'layoutPositioning'] as const;
const filled = ['fills', 'fillStyleId', 'setFillsAsync'] as const;
const stroked = ['strokes', 'strokeStyleId', 'strokeWeight', 'setStrokesAsync'] as const;
const radii = [
  'cornerRadius',
  'topLeftRadius',
  'topRightRadius',
  'bottomLeftRadius',
  'bottomRightRadius',
] as const;
const parent = ['children', 'appendChild', 'insertChild'] as const;
const shape = [...blended, ...filled, ...stroked, 'constraints', 'resize'] as const;
const frame = [...shape, ...parent, ...radii, 'layoutMode', 'itemReverseZIndex', 'clipsContent'] as const;

export const PROPERTIES: { readonly [T in FakeType]: Keys<T> } = {
  DOCUMENT: [
    ...base,
    'children',
    'documentColorProfile',
    'getSharedPluginData',
    'setSharedPluginData',
    'getSharedPluginDataKeys',
  ],
  PAGE: [...base, ...parent, 'selection', 'backgrounds', 'loadAsync'],
  FRAME: frame,
  COMPONENT: frame,
  COMPONENT_SET: frame,
  INSTANCE: [...frame, 'mainComponent', 'getMainComponentAsync'],
  SECTION: [...placed, 'exportAsync', 'clone', ...filled, ...parent, 'resizeWithoutConstraints'],
  GROUP: [...blended, ...parent, 'resize'],
  BOOLEAN_OPERATION: [...blended, ...filled, ...stroked, ...parent, 'cornerRadius', 'resize'],
  RECTANGLE: [...shape, ...radii],
  ELLIPSE: [...shape, 'cornerRadius'],
  VECTOR: [...shape, 'cornerRadius', 'vectorNetwork', 'setVectorNetworkAsync'],
  TEXT: [
    ...shape,
    'characters',
    'hasMissingFont',
    'getStyledTextSegments',
    'getRangeAllFontNames',
    'setRangeFills',
  ],
};
