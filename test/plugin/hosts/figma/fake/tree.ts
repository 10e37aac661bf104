/**
 * The document of the fake Figma: plain records, where they lie, and a journal of every change, so that undo steps can
 * be counted and taken back. What a plugin sees of it is proxies.ts.
 */

import type { BlendMode, Paint, Rect, Transform } from '@figma/plugin-typings/plugin-api-standalone.js';

export type FakeType =
  | 'DOCUMENT'
  | 'PAGE'
  | 'FRAME'
  | 'GROUP'
  | 'COMPONENT'
  | 'COMPONENT_SET'
  | 'INSTANCE'
  | 'SECTION'
  | 'BOOLEAN_OPERATION'
  | 'RECTANGLE'
  | 'ELLIPSE'
  | 'VECTOR'
  | 'TEXT';

/** Fills of a text or a vector that differ from run to run or region to region. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly fills: readonly Paint[];
  readonly fillStyleId?: string;
}

export interface Layer {
  readonly id: string;
  readonly type: FakeType;
  name: string;
  removed: boolean;
  parent: Layer | null;
  children: Layer[];
  visible: boolean;
  locked: boolean;
  width: number;
  height: number;
  /** Relative to the container; of a group, that of its children counts. */
  transform: Transform;
  fills: readonly Paint[];
  strokes: readonly Paint[];
  strokeWeight: number;
  fillStyleId: string;
  strokeStyleId: string;
  /** Present: `fills` reads as mixed. */
  parts: readonly Part[] | null;
  characters: string;
  hasMissingFont: boolean;
  opacity: number;
  blendMode: BlendMode;
  isMask: boolean;
  effects: readonly { readonly type: 'DROP_SHADOW'; readonly visible: boolean }[];
  radii: readonly [number, number, number, number];
  layoutMode: 'NONE' | 'HORIZONTAL' | 'VERTICAL';
  itemReverseZIndex: boolean;
  layoutPositioning: 'AUTO' | 'ABSOLUTE';
  constraints: { readonly horizontal: string; readonly vertical: string };
  /** How far it is drawn beyond its box (shadows). */
  renderMargin: number;
  /** What no plugin can give a relaunch button. */
  refusesRelaunch: boolean;
  pluginData: Record<string, string>;
  sharedData: Record<string, string>;
  relaunch: Record<string, string>;
}

export function newLayer(id: string, type: FakeType): Layer {
  return {
    id,
    type,
    name: type,
    removed: false,
    parent: null,
    children: [],
    visible: true,
    locked: false,
    width: 100,
    height: 100,
    transform: [
      [1, 0, 0],
      [0, 1, 0],
    ],
    fills: [],
    strokes: [],
    strokeWeight: 1,
    fillStyleId: '',
    strokeStyleId: '',
    parts: null,
    characters: '',
    hasMissingFont: false,
    opacity: 1,
    blendMode: 'PASS_THROUGH',
    isMask: false,
    effects: [],
    radii: [0, 0, 0, 0],
    layoutMode: 'NONE',
    itemReverseZIndex: false,
    layoutPositioning: 'AUTO',
    constraints: { horizontal: 'MIN', vertical: 'MIN' },
    renderMargin: 0,
    refusesRelaunch: false,
    pluginData: {},
    sharedData: {},
    relaunch: {},
  };
}

/** Changes since the plugin started, in undo steps. */
export class Journal {
  private readonly steps: (() => void)[][] = [];
  private open: (() => void)[] = [];

  /** Makes a change to a record that can be taken back. */
  change<K extends keyof Layer>(record: Layer, key: K, value: Layer[K]): void {
    const before = record[key];
    record[key] = value;
    this.open.push(() => {
      record[key] = before;
    });
  }

  commit(): void {
    this.steps.push(this.open);
    this.open = [];
  }

  /** As the user's undo: the last step, or what was done since. */
  undo(): void {
    const step = this.open.length > 0 ? this.open : (this.steps.pop() ?? []);
    this.open = [];
    for (const revert of [...step].reverse()) revert();
  }

  /** Changes of each committed step, and of the open one at the end. */
  get counts(): number[] {
    return [...this.steps.map(({ length }) => length), this.open.length];
  }
}

const IDENTITY: Transform = [
  [1, 0, 0],
  [0, 1, 0],
];

export function multiply([[a, b, x], [c, d, y]]: Transform, [[e, f, u], [g, h, v]]: Transform): Transform {
  return [
    [a * e + b * g, a * f + b * h, a * u + b * v + x],
    [c * e + d * g, c * f + d * h, c * u + d * v + y],
  ];
}

/** Inverse of a transform with unit axes that may be mirrored. */
export function inverse([[a, b, x], [c, d, y]]: Transform): Transform {
  const det = a * d - b * c;
  return [
    [d / det, -b / det, (b * y - d * x) / det],
    [-c / det, a / det, (c * x - a * y) / det],
  ];
}

/** The nearest ancestor with a space of its own. */
export function containerOf(record: Layer): Layer | null {
  let at = record.parent;
  while (at !== null && (at.type === 'GROUP' || at.type === 'BOOLEAN_OPERATION')) at = at.parent;
  return at;
}

/** Where a record lies in its container, as laid out. */
export function relative(record: Layer): Transform {
  if (record.type === 'GROUP' || record.type === 'BOOLEAN_OPERATION') {
    const box = union(record.children.map((child) => boxIn(relative(child), child)));
    return [
      [1, 0, box.x],
      [0, 1, box.y],
    ];
  }
  const { parent } = record;
  if (parent === null || parent.layoutMode === 'NONE' || record.layoutPositioning === 'ABSOLUTE')
    return record.transform;
  // Laid out one after the other, without padding.
  const before = parent.children
    .slice(0, parent.children.indexOf(record))
    .filter(({ layoutPositioning }) => layoutPositioning === 'AUTO');
  const offset = before.reduce(
    (sum, { width, height }) => sum + (parent.layoutMode === 'HORIZONTAL' ? width : height),
    0,
  );
  const [[a, b], [c, d]] = record.transform;
  return parent.layoutMode === 'HORIZONTAL'
    ? [
        [a, b, offset],
        [c, d, 0],
      ]
    : [
        [a, b, 0],
        [c, d, offset],
      ];
}

export function absolute(record: Layer): Transform {
  const container = containerOf(record);
  const above = container === null || container.type === 'PAGE' ? IDENTITY : absolute(container);
  return multiply(above, relative(record));
}

/** Size; a group's comes from its children. */
export function sizeOf(record: Layer): { width: number; height: number } {
  if (record.type !== 'GROUP' && record.type !== 'BOOLEAN_OPERATION') return record;
  return union(record.children.map((child) => boxIn(relative(child), child)));
}

export function boundingBox(record: Layer): Rect {
  if (record.type === 'GROUP' || record.type === 'BOOLEAN_OPERATION')
    return union(record.children.map(boundingBox));
  return boxIn(absolute(record), record);
}

function boxIn([[a, b, x], [c, d, y]]: Transform, record: Layer): Rect {
  const { width, height } = sizeOf(record);
  const xs = [x, x + a * width, x + b * height, x + a * width + b * height];
  const ys = [y, y + c * width, y + d * height, y + c * width + d * height];
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function union(boxes: readonly Rect[]): Rect {
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  return {
    x: left,
    y: top,
    width: Math.max(...boxes.map(({ x, width }) => x + width)) - left,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) - top,
  };
}

/** A record and all above it. */
export function line(record: Layer): Layer[] {
  const all: Layer[] = [];
  for (let at: Layer | null = record; at !== null; at = at.parent) all.push(at);
  return all;
}

/** What is drawn of it; null when nothing is. */
export function renderBox(record: Layer): Rect | null {
  if (line(record).some(({ visible }) => !visible)) return null;
  const box = boundingBox(record);
  const margin = record.renderMargin;
  const drawn = {
    x: box.x - margin,
    y: box.y - margin,
    width: box.width + 2 * margin,
    height: box.height + 2 * margin,
  };
  return drawn.width > 0 && drawn.height > 0 ? drawn : null;
}
