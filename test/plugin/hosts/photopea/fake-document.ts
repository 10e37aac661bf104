/** Photopea's object model as far as it is documented: documents, layers, groups, selections, bounds that are edges. */

import { createRaster, type Raster } from '../../../../core/raster/raster.js';

export const LayerKind = { NORMAL: 0, SMARTOBJECT: 1, TEXT: 2, SOLIDFILL: 3, CURVES: 10, VIDEO: 20 } as const;
export const AnchorPosition = { MIDDLECENTER: 'middle', TOPLEFT: 'top left' } as const;
export const ElementPlacement = { PLACEBEFORE: 'before', INSIDE: 'inside' } as const;
export const BlendMode = { NORMAL: 'norm', MULTIPLY: 'mul' } as const;

export type Edges = [number, number, number, number];

/** What a document tells the application: an act on it, which may be forbidden now. */
export interface Owner {
  act(doc: FakeDocument, what: string): void;
  adopt(doc: FakeDocument): void;
  release(doc: FakeDocument): void;
  send(picture: Raster): void;
}

let nextId = 1;

export interface LayerOptions {
  name?: string;
  raster?: Raster;
  x?: number;
  y?: number;
  kind?: number;
  layers?: FakeLayer[];
  visible?: boolean;
  opacity?: number;
  blendMode?: string;
  allLocked?: boolean;
  grouped?: boolean;
  isBackgroundLayer?: boolean;
  /** What a mask shows, in the document's pixels. */
  mask?: Edges;
}

const unit = (value: number) => ({ value, type: 'px' });

export class FakeLayer {
  readonly id = nextId++;
  doc!: FakeDocument;
  parent!: FakeLayer | FakeDocument;
  readonly raster: Raster | null;
  /** Where the raster is drawn to, edges in the document's pixels, fractions allowed. */
  place: Edges;
  mask: Edges | null;
  keptSelection: Edges | null = null;
  readonly contents: FakeLayer[] = [];
  readonly values: Required<
    Pick<LayerOptions, 'name' | 'visible' | 'opacity' | 'blendMode' | 'allLocked' | 'grouped'>
  >;
  readonly isBackgroundLayer: boolean;
  readonly layers: FakeLayer[] | undefined;
  readonly kind: number | undefined;

  constructor(options: LayerOptions = {}) {
    const { raster = null, x = 0, y = 0 } = options;
    this.raster = raster;
    this.place = [x, y, x + (raster?.width ?? 0), y + (raster?.height ?? 0)];
    this.mask = options.mask ?? null;
    this.layers = options.layers;
    this.kind = options.layers ? undefined : (options.kind ?? LayerKind.NORMAL);
    this.isBackgroundLayer = options.isBackgroundLayer ?? false;
    this.values = {
      name: options.name ?? `Layer ${this.id}`,
      visible: options.visible ?? true,
      opacity: options.opacity ?? 100,
      blendMode: options.blendMode ?? BlendMode.NORMAL,
      allLocked: options.allLocked ?? false,
      grouped: options.grouped ?? false,
    };
  }

  get typename() {
    return this.layers ? 'LayerSet' : 'ArtLayer';
  }

  get selected() {
    return this.doc.selectedLayers.includes(this);
  }

  /** Edges of the opaque part; those of the selection while there is one. */
  get bounds() {
    const selected = this.doc.selectionBox;
    return (selected ?? this.opaque() ?? [0, 0, 0, 0]).map(unit);
  }

  resize(across: number, down: number, anchor: string) {
    this.change('resize');
    if (anchor !== AnchorPosition.MIDDLECENTER) throw new Error('Unknown anchor.');
    const box = this.opaque();
    if (!box) throw new Error('Nothing to resize.');
    const [cx, cy] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    const scale = (value: number, centre: number, percent: number) =>
      centre + ((value - centre) * percent) / 100;
    this.place = this.place.map((value, i) =>
      i % 2 === 0 ? scale(value, cx, across) : scale(value, cy, down),
    ) as Edges;
  }

  translate(dx: number, dy: number) {
    this.change('translate');
    if (this.layers) throw new Error('Groups cannot be moved by scripts.');
    if (this.allLocked || this.isBackgroundLayer) throw new Error('The layer is locked.');
    const by = (edges: Edges) => edges.map((value, i) => value + (i % 2 === 0 ? dx : dy)) as Edges;
    this.place = by(this.place);
    if (this.mask) this.mask = by(this.mask);
  }

  move(target: FakeLayer, placement: string) {
    this.change('move');
    this.detach();
    if (placement === ElementPlacement.INSIDE) {
      target.layers!.unshift(this);
      this.parent = target;
    } else {
      const siblings = target.parent.layers!;
      siblings.splice(siblings.indexOf(target), 0, this);
      this.parent = target.parent;
    }
  }

  remove() {
    this.change('remove');
    this.detach();
    const { doc } = this;
    doc.selectedLayers = doc.selectedLayers.filter((layer) => layer !== this);
    if (doc.selectedLayers.length === 0 && doc.layers.length > 0) doc.selectedLayers = [doc.layers[0]];
  }

  detach() {
    const siblings = this.parent.layers!;
    siblings.splice(siblings.indexOf(this), 1);
  }

  /** Edges, in whole pixels, of what is not transparent. */
  opaque(): Edges | null {
    if (this.layers) {
      const boxes = this.layers.filter(({ visible }) => visible).flatMap((layer) => layer.opaque() ?? []);
      if (boxes.length === 0) return null;
      const side = (i: number) => boxes.filter((_, k) => k % 4 === i);
      return [Math.min(...side(0)), Math.min(...side(1)), Math.max(...side(2)), Math.max(...side(3))];
    }
    const box: Edges = [Infinity, Infinity, -Infinity, -Infinity];
    const [left, top, right, bottom] = this.place;
    for (let y = Math.floor(top); y < Math.ceil(bottom - 1e-6); y++) {
      for (let x = Math.floor(left); x < Math.ceil(right - 1e-6); x++) {
        if (this.pixel(x, y)[3] === 0) continue;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x + 1);
        box[3] = Math.max(box[3], y + 1);
      }
    }
    return box[0] === Infinity ? null : box;
  }

  /** RGBA at a pixel of the document, without opacity. */
  pixel(x: number, y: number): ArrayLike<number> {
    const { raster, mask } = this;
    const [left, top, right, bottom] = this.place;
    if (!raster) return [0, 0, 0, 0];
    if (mask && (x < mask[0] || y < mask[1] || x >= mask[2] || y >= mask[3])) return [0, 0, 0, 0];
    const [eps, nearest] = [1e-6, (at: number, from: number, to: number) => Math.min(to, Math.max(from, at))];
    // A pixel shows what lies in it even when only partly, as smooth edges do.
    if (x + 1 <= left + eps || y + 1 <= top + eps || x >= right - eps || y >= bottom - eps)
      return [0, 0, 0, 0];
    const u = Math.floor(((nearest(x + 0.5, left, right - eps) - left) / (right - left)) * raster.width);
    const v = Math.floor(((nearest(y + 0.5, top, bottom - eps) - top) / (bottom - top)) * raster.height);
    const at = (v * raster.width + u) * 4;
    return raster.data.subarray(at, at + 4);
  }

  copy(): FakeLayer {
    const { values, raster, kind, isBackgroundLayer, mask, layers } = this;
    const copy = new FakeLayer({
      ...values,
      isBackgroundLayer,
      ...(raster ? { raster } : {}),
      ...(kind === undefined ? {} : { kind }),
      ...(mask ? { mask: [...mask] } : {}),
      ...(layers ? { layers: layers.map((layer) => layer.copy()) } : {}),
    });
    copy.place = [...this.place];
    return copy;
  }

  belongTo(doc: FakeDocument, parent: FakeLayer | FakeDocument) {
    this.doc = doc;
    this.parent = parent;
    for (const layer of this.layers ?? []) layer.belongTo(doc, this);
  }

  change(what: string) {
    this.doc.owner.act(this.doc, `${what} ${this.values.name}`);
  }

  declare name: string;
  declare visible: boolean;
  declare opacity: number;
  declare blendMode: string;
  declare allLocked: boolean;
  declare grouped: boolean;
}

for (const key of ['name', 'visible', 'opacity', 'blendMode', 'allLocked', 'grouped'] as const) {
  Object.defineProperty(FakeLayer.prototype, key, {
    get(this: FakeLayer) {
      return this.values[key];
    },
    set(this: FakeLayer, value: never) {
      this.change(`set ${key} of`);
      this.values[key] = value;
    },
  });
}

export class FakeDocument {
  readonly typename = 'Document';
  selectedLayers: FakeLayer[];
  selectionBox: Edges | null = null;
  bitsPerChannel: unknown = 8;
  /** Everything that was ever changed in it. */
  readonly edits: string[] = [];
  readonly selection: { readonly bounds: unknown; deselect(): void };
  readonly artLayers: { add(): FakeLayer };
  readonly layerSets: { add(): FakeLayer };

  constructor(
    readonly owner: Owner,
    public name: string,
    public width: number,
    public height: number,
    public layers: FakeLayer[],
    public source = '',
  ) {
    for (const layer of layers) layer.belongTo(this, this);
    this.selectedLayers = layers.slice(0, 1);
    const doc = this;
    this.selection = {
      get bounds() {
        return doc.selectionBox?.map(unit) ?? null;
      },
      deselect() {
        owner.act(doc, 'deselect');
        doc.selectionBox = null;
      },
    };
    const add = (layer: FakeLayer) => {
      owner.act(this, 'add layer');
      this.insert(layer);
      return layer;
    };
    this.artLayers = { add: () => add(new FakeLayer()) };
    this.layerSets = { add: () => add(new FakeLayer({ layers: [] })) };
  }

  get activeLayer() {
    if (this.selectedLayers.length === 0) throw new Error('No layer is active.');
    return this.selectedLayers[0];
  }
  set activeLayer(layer: FakeLayer) {
    this.owner.act(this, 'choose layer');
    if (layer.doc !== this) throw new Error('The layer belongs to another document.');
    this.selectedLayers = [layer];
  }

  /** Above the active layer, which it becomes itself. */
  insert(layer: FakeLayer) {
    const active = this.selectedLayers[0];
    const parent = active ? active.parent : this;
    const siblings = parent.layers!;
    siblings.splice(active ? siblings.indexOf(active) : 0, 0, layer);
    layer.belongTo(this, parent);
    this.selectedLayers = [layer];
  }

  duplicate(): FakeDocument {
    const layers = this.layers.map((layer) => layer.copy());
    const copy = new FakeDocument(this.owner, `${this.name} copy`, this.width, this.height, layers);
    copy.selectionBox = this.selectionBox;
    this.owner.adopt(copy);
    return copy;
  }

  close() {
    this.owner.act(this, 'close');
    this.owner.release(this);
  }

  resizeCanvas(width: number, height: number, anchor: string) {
    this.owner.act(this, 'resize canvas');
    if (anchor !== AnchorPosition.TOPLEFT) throw new Error('Unknown anchor.');
    Object.assign(this, { width, height });
  }

  resizeImage(width: number, height: number) {
    this.owner.act(this, 'resize image');
    const [sx, sy] = [width / this.width, height / this.height];
    const scale = (layers: FakeLayer[]) => {
      for (const layer of layers) {
        layer.place = layer.place.map((value, i) => value * (i % 2 === 0 ? sx : sy)) as Edges;
        scale(layer.layers ?? []);
      }
    };
    scale(this.layers);
    Object.assign(this, { width, height });
  }

  saveToOE(format: string) {
    if (format !== 'png') throw new Error('Only PNG here.');
    this.owner.act(this, 'save');
    this.owner.send(this.compose());
  }

  compose(): Raster {
    const picture = createRaster(this.width, this.height);
    const draw = (layers: FakeLayer[], opacity: number) => {
      for (let i = layers.length - 1; i >= 0; i--) {
        const layer = layers[i];
        if (!layer.visible) continue;
        const strength = (opacity * layer.opacity) / 100;
        if (layer.layers) draw(layer.layers, strength);
        // A clipped layer shows nothing without what it is clipped to.
        else if (!layer.grouped || layers[i + 1]?.visible) this.over(picture, layer, strength);
      }
    };
    draw(this.layers, 1);
    return picture;
  }

  private over({ data, width, height }: Raster, layer: FakeLayer, opacity: number) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = layer.pixel(x, y);
        const [at, alpha] = [(y * width + x) * 4, (pixel[3] * opacity) / 255];
        const below = data[at + 3] / 255;
        const whole = alpha + below * (1 - alpha);
        if (whole === 0) continue;
        for (let c = 0; c < 3; c++) {
          data[at + c] = (pixel[c] * alpha + data[at + c] * below * (1 - alpha)) / whole;
        }
        data[at + 3] = whole * 255;
      }
    }
  }
}
