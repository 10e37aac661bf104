/**
 * Nodes of the fake as a plugin sees them: proxies that know exactly the properties of their type, refuse what
 * dynamic-page refuses, throw for a removed node as Figma does, and hand out frozen copies.
 */

import type { BaseNode, PluginAPI, Transform } from '@figma/plugin-typings/plugin-api-standalone.js';
import { membersOf } from './members.js';
import { PROPERTIES } from './properties.js';
import {
  absolute,
  containerOf,
  type FakeType,
  inverse,
  type Journal,
  type Layer,
  line,
  multiply,
  newLayer,
  relative,
  renderBox,
} from './tree.js';

/** Kept for tests: exports asked for, by node. */
export interface ExportCall {
  readonly id: string;
  readonly settings: unknown;
}

export class Nodes {
  readonly layers = new Map<string, Layer>();
  readonly exports: ExportCall[] = [];
  readonly loadedFonts = new Set<string>();
  selection: string[] = [];
  private readonly views = new Map<Layer, BaseNode>();
  private made = 0;

  constructor(
    readonly mixed: PluginAPI['mixed'],
    readonly journal: Journal,
    private readonly drawPng: (width: number, height: number) => Uint8Array,
    readonly colorProfile: 'LEGACY' | 'SRGB' | 'DISPLAY_P3',
  ) {}

  /** A new layer, as `createRectangle` makes it, in the current page. */
  create(type: FakeType, page: Layer): Layer {
    this.made += 1;
    const layer = newLayer(`9:${this.made}`, type);
    layer.fills = [{ type: 'SOLID', color: { r: 0.85, g: 0.85, b: 0.85 } }];
    this.layers.set(layer.id, layer);
    this.insert(page, page.children.length, layer);
    return layer;
  }

  layer(view: BaseNode): Layer {
    for (const [layer, known] of this.views) if (known === view) return layer;
    throw new Error('Expected node');
  }

  /** Moves or adds; what contains it changes, its transform does not. */
  insert(into: Layer, index: number, layer: Layer): void {
    if (line(into).some(({ type }) => type === 'INSTANCE'))
      throw new Error('Cannot move node. New parent is an instance or is inside of an instance');
    if (!(PROPERTIES[into.type] as readonly string[]).includes('insertChild'))
      throw new Error('Cannot move node. New parent has no children');
    if (index < 0 || index > into.children.length) throw new Error('Invalid index');
    const { parent: from } = layer;
    const old = from?.children.indexOf(layer) ?? -1;
    if (from) this.journal.change(from, 'children', without(from.children, layer));
    const at = from === into && old < index ? index - 1 : index;
    const children = [...into.children.slice(0, at), layer, ...into.children.slice(at)];
    this.journal.change(into, 'children', children);
    this.journal.change(layer, 'parent', into);
  }

  /** The proxy of a layer, always the same. */
  view(layer: Layer): BaseNode {
    const known = this.views.get(layer);
    if (known) return known;
    const properties: readonly string[] = PROPERTIES[layer.type];
    const members = membersOf(this, layer);
    const made = new Proxy({} as BaseNode, {
      has: (_target, key) => properties.includes(String(key)),
      get: (_target, key) => {
        if (typeof key === 'symbol' || key === 'then' || key === 'toJSON') return undefined;
        if (!properties.includes(key)) throw new Error(`no such property '${key}' on ${layer.type} node`);
        if (layer.removed && key !== 'removed' && key !== 'id')
          throw new Error(`in get_${key}: The node with id "${layer.id}" does not exist`);
        const member = members[key];
        if (member) return member.get();
        throw new Error(`The fake does not know ${layer.type}.${key}`);
      },
      set: (_target, key, value) => {
        const name = String(key);
        if (layer.removed) throw new Error(`in set_${name}: The node with id "${layer.id}" does not exist`);
        const member = properties.includes(name) ? members[name] : undefined;
        if (!member?.set) throw new TypeError(`Cannot assign to read only property '${name}'`);
        member.set(value);
        return true;
      },
    });
    this.views.set(layer, made);
    return made;
  }

  selected(): Layer[] {
    return this.selection
      .map((id) => this.layers.get(id))
      .filter((each): each is Layer => !!each && !each.removed);
  }

  transform(layer: Layer, [[a, b, x], [c, d, y]]: Transform): void {
    if ([Math.hypot(a, c), Math.hypot(b, d)].some((length) => Math.abs(length - 1) > 1e-3))
      throw new Error('in set_relativeTransform: Transform must have unit axes');
    this.journal.change(layer, 'transform', [
      [a, b, layer.transform[0][2]],
      [c, d, layer.transform[1][2]],
    ]);
    this.move(layer, [x, y]);
  }

  /** No-op in a layout's flow; a group's children move for it. */
  move(layer: Layer, [x, y]: readonly [number | null, number | null]): void {
    if (layer.parent && layer.parent.layoutMode !== 'NONE' && layer.layoutPositioning === 'AUTO') return;
    const [[, , oldX], [, , oldY]] = relative(layer);
    if (layer.type === 'GROUP' || layer.type === 'BOOLEAN_OPERATION') {
      for (const child of layer.children) {
        const [[, , cx], [, , cy]] = relative(child);
        this.move(child, [cx + (x ?? oldX) - oldX, cy + (y ?? oldY) - oldY]);
      }
      return;
    }
    const [[a, b], [c, d]] = layer.transform;
    this.journal.change(layer, 'transform', [
      [a, b, x ?? oldX],
      [c, d, y ?? oldY],
    ]);
  }

  remove(layer: Layer): void {
    if (layer.parent && line(layer.parent).some(({ type }) => type === 'INSTANCE'))
      throw new Error('in remove: Removing this node is not allowed');
    for (const child of layer.children) this.journal.change(child, 'removed', true);
    if (layer.parent) this.journal.change(layer.parent, 'children', without(layer.parent.children, layer));
    this.journal.change(layer, 'removed', true);
  }

  clone(layer: Layer): Layer {
    const page = line(layer).find(({ type }) => type === 'PAGE') as Layer;
    const copy = this.create(layer.type, page);
    for (const key of COPIED) this.journal.change(copy, key, layer[key] as never);
    return copy;
  }

  /** As `figma.group`: what is grouped stays where it is on the page. */
  group(views: readonly BaseNode[], parent: BaseNode, index: number): Layer {
    if (views.length === 0) throw new Error('in group: First argument must be an array of at least one node');
    const into = this.layer(parent);
    const layers = views.map((view) => this.layer(view));
    const group = this.create('GROUP', line(into).find(({ type }) => type === 'PAGE') as Layer);
    group.fills = [];
    const places = layers.map(absolute);
    this.insert(into, Math.min(index, into.children.length), group);
    layers.forEach((layer, at) => {
      this.insert(group, group.children.length, layer);
      this.journal.change(layer, 'layoutPositioning', 'AUTO');
      const container = containerOf(layer);
      const above: Transform =
        container === null || container.type === 'PAGE'
          ? [
              [1, 0, 0],
              [0, 1, 0],
            ]
          : absolute(container);
      this.journal.change(layer, 'transform', multiply(inverse(above), places[at] as Transform));
    });
    return group;
  }

  export(layer: Layer, settings: ExportSettings): Uint8Array {
    this.exports.push({ id: layer.id, settings });
    const box = renderBox(layer);
    if (!box) throw new Error('Failed to export node. This node may not have any visible layers.');
    const { type, value } = settings.constraint ?? { type: 'SCALE' as const, value: 1 };
    const scale = type === 'SCALE' ? value : value / (type === 'WIDTH' ? box.width : box.height);
    const side = (length: number) => Math.max(1, Math.round(length * scale));
    return this.drawPng(side(box.width), side(box.height));
  }
}

export interface ExportSettings {
  readonly format: 'PNG' | 'JPG';
  readonly constraint?: { readonly type: 'SCALE' | 'WIDTH' | 'HEIGHT'; readonly value: number };
}

const COPIED = [
  'name',
  'width',
  'height',
  'transform',
  'fills',
  'strokes',
  'strokeWeight',
  'fillStyleId',
  'parts',
  'characters',
  'opacity',
  'blendMode',
  'effects',
  'radii',
  'pluginData',
] as const;

function without(layers: readonly Layer[], layer: Layer): Layer[] {
  return layers.filter((each) => each !== layer);
}
