/** The objects of a Fabric canvas as layers: names for them that last, what may be done to them, where they stand. */

import type { Canvas, FabricImage, FabricObject, Group } from 'fabric';
import { sha256Hex } from '../../../../core/pack/hash.js';
import type { Skip } from '../../../host.js';
import { pictureSize } from './swap-picture.js';

type Fabric = typeof import('fabric');

/** Names objects and finds them again as long as they are on the canvas. */
export class ObjectRegistry {
  private readonly ids = new WeakMap<FabricObject, string>();
  private readonly keys = new WeakMap<object, Promise<string>>();
  private count = 0;

  constructor(private readonly canvas: Canvas) {}

  idOf(object: FabricObject): string {
    let id = this.ids.get(object);
    if (id === undefined) this.ids.set(object, (id = this.next('object')));
    return id;
  }

  /** The object of that name, or null once it has left the canvas. */
  find(id: string): FabricObject | null {
    const search = (objects: readonly FabricObject[]): FabricObject | null => {
      for (const object of objects) {
        if (this.ids.get(object) === id) return object;
        const inside = 'getObjects' in object ? search((object as Group).getObjects()) : null;
        if (inside) return inside;
      }
      return null;
    };
    return search(this.canvas.getObjects());
  }

  /** Equal for images that show the same address; an element that anybody may redraw is only equal to itself. */
  async keyOf(image: FabricImage): Promise<string> {
    const element = image._originalElement;
    let key = this.keys.get(element);
    if (!key) {
      key =
        element instanceof HTMLImageElement && element.src
          ? sha256Hex(new TextEncoder().encode(element.src))
          : Promise.resolve(this.next('element'));
      this.keys.set(element, key);
    }
    return key;
  }

  private next(kind: string): string {
    this.count++;
    return `${kind}-${this.count}`;
  }
}

/** Why an object cannot be enlarged, or null. Fabric has no lock of its own: one that cannot be moved counts as locked. */
export function skipOf(fabric: Fabric, object: FabricObject): Skip | null {
  for (let next: FabricObject | undefined = object; next; next = next.parent) {
    if (next.lockMovementX && next.lockMovementY) return { code: 'locked', reason: 'locked' };
    if (!next.visible) return { code: 'hidden', reason: 'hidden' };
  }
  if (!(object instanceof fabric.FabricImage)) {
    const { width, height } = object.getBoundingRect();
    return width < 1 || height < 1 ? { code: 'empty', reason: 'empty' } : null;
  }
  if (object._originalElement instanceof HTMLVideoElement) return { code: 'video', reason: 'video' };
  return pictureSize(object).width > 0 ? null : { code: 'missing-image', reason: 'picture missing' };
}

/** What a person may recognise the object by. */
export function nameOf(object: FabricObject): string {
  const { name } = object as { name?: unknown };
  if (typeof name === 'string' && name !== '') return name;
  const { text } = object as { text?: unknown };
  if (typeof text === 'string' && text.trim() !== '') return text.trim().slice(0, 40);
  return object.type.charAt(0).toUpperCase() + object.type.slice(1);
}

/** Puts an object, placed in the canvas's own units, directly above another one and into the same group. */
export function insertAbove(canvas: Canvas, below: FabricObject, added: FabricObject): void {
  const collection = below.parent ?? canvas;
  const index = collection.getObjects().indexOf(below);
  collection.insertAt(index + 1, added);
}

/** Whether two of the object look heavier than one, whatever its picture: faint, mixed, or with a shadow of its own. */
export function isMixed({ opacity, globalCompositeOperation, shadow }: FabricObject): boolean {
  return opacity < 1 || globalCompositeOperation !== 'source-over' || shadow !== null;
}

/** Hides an object beneath the one that stands in for it, also in what is selected. */
export function hideBeneath(fabric: Fabric, canvas: Canvas, object: FabricObject, above: FabricObject): void {
  const selected = canvas.getActiveObjects();
  if (selected.includes(object)) {
    const instead = selected.map((each) => (each === object ? above : each));
    canvas.discardActiveObject();
    canvas.setActiveObject(instead.length === 1 ? above : new fabric.ActiveSelection(instead, { canvas }));
  }
  object.set({ visible: false });
  object.parent?.set('dirty', true);
  canvas.fire('object:modified', { target: object });
}
