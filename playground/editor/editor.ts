/**
 * The layer editor: a Fabric canvas with layers, history and files. Owns the document; knows nothing of Enlarger, which
 * comes to it through the Fabric host like into any other page.
 */

import { type ReadonlySignal, signal } from '@preact/signals';
import * as fabric from 'fabric';
import { History } from './history.js';
import { describeLayer, isLocked, type Layer, type LayerInfo, setLocked } from './layer.js';
import { type Box, fitBox, renderPng } from './view.js';

/** New pictures are shown as large as this share of the view at most. */
const SHARE_OF_VIEW = 0.7;
const ZOOM = { min: 0.05, max: 32 } as const;
const LOOK = {
  borderColor: '#3f6df2',
  cornerColor: '#ffffff',
  cornerStrokeColor: '#3f6df2',
  transparentCorners: false,
  cornerSize: 10,
  borderScaleFactor: 2,
};

export class Editor {
  readonly canvas: fabric.Canvas;
  readonly history: History;
  private readonly list = signal<readonly LayerInfo[]>([]);
  private readonly scale = signal(1);
  private ids = 0;

  constructor(element: HTMLCanvasElement) {
    this.canvas = new fabric.Canvas(element, {
      preserveObjectStacking: true,
    });
    const { canvas } = this;
    canvas.on('object:added', ({ target }) => this.adopt(target));
    for (const name of ['object:added', 'object:removed', 'object:modified'] as const)
      canvas.on(name, () => this.changed());
    for (const name of ['selection:created', 'selection:updated', 'selection:cleared'] as const)
      canvas.on(name, () => this.refresh());
    canvas.on('mouse:wheel', ({ e, viewportPoint }) => {
      e.preventDefault();
      if (e.ctrlKey || e.metaKey) this.zoomTo(canvas.getZoom() * 0.998 ** e.deltaY, viewportPoint);
      else canvas.relativePan(new fabric.Point(-e.deltaX, -e.deltaY));
    });
    this.history = new History({
      capture: () => JSON.stringify(canvas.toObject().objects),
      restore: (snapshot) => this.restore(snapshot),
    });
  }

  /** Top layer first. */
  get layers(): ReadonlySignal<readonly LayerInfo[]> {
    return this.list;
  }

  get zoom(): ReadonlySignal<number> {
    return this.scale;
  }

  /** Adds a picture in the middle of the view and selects it. @throws Error when the browser cannot show it. */
  async add(picture: Blob, name: string): Promise<void> {
    // Kept until the page is left: undo may need it at any time.
    const url = URL.createObjectURL(picture);
    const image: fabric.FabricImage & Layer = await fabric.FabricImage.fromURL(url);
    if (image.width === 0) throw new Error('empty picture');
    const { canvas } = this;
    const { tl, br } = canvas.calcViewportBoundaries();
    const room = { width: (br.x - tl.x) * SHARE_OF_VIEW, height: (br.y - tl.y) * SHARE_OF_VIEW };
    image.scale(Math.min(1, room.width / image.width, room.height / image.height));
    image.name = name;
    const step = 24 * (canvas.getObjects().length % 8);
    this.history.begin();
    canvas.add(image);
    canvas.viewportCenterObject(image);
    image.set({ left: image.left + step, top: image.top + step });
    image.setCoords();
    canvas.setActiveObject(image);
    this.history.end();
    canvas.requestRenderAll();
    this.refresh();
  }

  /** Selects a layer alone, or adds it to what is selected and takes it out again. */
  select(id: string, add = false): void {
    const layer = this.find(id);
    if (!layer) return;
    const before = add ? this.canvas.getActiveObjects() : [];
    const wanted = before.includes(layer) ? before.filter((each) => each !== layer) : [...before, layer];
    this.selectAll(wanted);
  }

  selectAll(layers: readonly fabric.FabricObject[] = this.canvas.getObjects()): void {
    const { canvas } = this;
    canvas.discardActiveObject();
    if (layers.length === 1) canvas.setActiveObject(layers[0]);
    else if (layers.length > 1) canvas.setActiveObject(new fabric.ActiveSelection([...layers], { canvas }));
    canvas.requestRenderAll();
    this.refresh();
  }

  /** Moves a layer up (1) or down (-1) among the others. */
  reorder(id: string, by: 1 | -1): void {
    this.change(id, (layer) => {
      if (by > 0) this.canvas.bringObjectForward(layer);
      else this.canvas.sendObjectBackwards(layer);
    });
  }

  setLocked(id: string, locked: boolean): void {
    this.change(id, (layer) => setLocked(layer, locked));
  }

  setHidden(id: string, hidden: boolean): void {
    this.change(id, (layer) => layer.set({ visible: !hidden }));
  }

  remove(id: string): void {
    const layer = this.find(id);
    if (layer) this.removeAll([layer]);
  }

  /** Deletes what is selected; locked layers stay. */
  removeSelected(): void {
    this.removeAll(this.canvas.getActiveObjects().filter((layer) => !isLocked(layer)));
  }

  /** Moves what is selected, in units of the canvas; locked layers stay. */
  nudge(dx: number, dy: number): void {
    const target = this.canvas.getActiveObject();
    if (!target || this.canvas.getActiveObjects().some(isLocked)) return;
    target.set({ left: target.left + dx, top: target.top + dy });
    target.setCoords();
    this.canvas.fire('object:modified', { target });
    this.canvas.requestRenderAll();
  }

  resize(width: number, height: number): void {
    this.canvas.setDimensions({ width, height });
  }

  zoomTo(zoom: number, around = this.canvas.getCenterPoint()): void {
    this.canvas.zoomToPoint(around, Math.min(ZOOM.max, Math.max(ZOOM.min, zoom)));
    this.scale.value = this.canvas.getZoom();
  }

  /** Shows everything. */
  fit(): void {
    const box = this.bounds();
    if (!box) return;
    const { width, height } = this.canvas;
    this.canvas.setViewportTransform(fitBox(box, { width, height }, ZOOM.max));
    this.scale.value = this.canvas.getZoom();
  }

  /** All visible layers as a PNG, as fine as the finest of them. @throws Error when there is nothing to save. */
  async save(): Promise<Blob> {
    const box = this.bounds();
    if (!box) throw new Error('There is nothing to save: no layer is visible.');
    return renderPng(this.canvas, box);
  }

  private bounds(): Box | null {
    const boxes = this.canvas
      .getObjects()
      .filter(({ visible }) => visible)
      .map((each) => each.getBoundingRect());
    if (boxes.length === 0) return null;
    const left = Math.min(...boxes.map((box) => box.left));
    const top = Math.min(...boxes.map((box) => box.top));
    const right = Math.max(...boxes.map((box) => box.left + box.width));
    const bottom = Math.max(...boxes.map((box) => box.top + box.height));
    return { left, top, width: right - left, height: bottom - top };
  }

  private removeAll(layers: readonly fabric.FabricObject[]): void {
    if (layers.length === 0) return;
    this.canvas.discardActiveObject();
    this.history.begin();
    this.canvas.remove(...layers);
    this.history.end();
    this.canvas.requestRenderAll();
    this.refresh();
  }

  private change(id: string, change: (layer: Layer) => void): void {
    const layer = this.find(id);
    if (!layer) return;
    change(layer);
    this.canvas.fire('object:modified', { target: layer });
    this.canvas.requestRenderAll();
  }

  private find(id: string): Layer | undefined {
    return this.canvas.getObjects().find((layer: Layer) => layer.layerId === id);
  }

  /** Gives a new layer its look and an id of its own; a copy comes with that of the original. */
  private adopt(layer: Layer): void {
    layer.set(LOOK);
    const taken = this.canvas
      .getObjects()
      .some((each: Layer) => each !== layer && each.layerId === layer.layerId);
    if (!layer.layerId || taken) layer.layerId = `layer-${Date.now().toString(36)}-${++this.ids}`;
  }

  private async restore(snapshot: string): Promise<void> {
    const { canvas } = this;
    const selected = canvas.getActiveObjects().map(({ layerId }: Layer) => layerId);
    canvas.discardActiveObject();
    await canvas.loadFromJSON({ objects: JSON.parse(snapshot) });
    this.selectAll(canvas.getObjects().filter(({ layerId }: Layer) => selected.includes(layerId)));
    // Whoever follows the document should look again, whatever is selected.
    const [target] = canvas.getObjects();
    if (target) canvas.fire('object:modified', { target });
  }

  private changed(): void {
    this.history.commit();
    this.refresh();
  }

  private refresh(): void {
    const active = this.canvas.getActiveObjects();
    const layers = this.canvas.getObjects().map((layer) => describeLayer(layer, active.includes(layer)));
    this.list.value = layers.reverse();
  }
}
