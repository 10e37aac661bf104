/** What this editor adds to Fabric's objects: a name, an id that survives undo, a lock. */

import { FabricImage, FabricObject } from 'fabric';
import { GENERATED_PROPERTY } from '../../plugin/hosts/web/fabric/index.js';

export type Layer = FabricObject & { name?: string; layerId?: string };

/** A layer as the list shows it. */
export interface LayerInfo {
  readonly id: string;
  readonly name: string;
  /** Of its picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly locked: boolean;
  readonly hidden: boolean;
  readonly selected: boolean;
  /** Data URL; null for what is no picture. */
  readonly thumbnail: string | null;
}

const LOCKS = ['lockMovementX', 'lockMovementY', 'lockScalingX', 'lockScalingY', 'lockRotation'] as const;
const THUMBNAIL_PX = 72;

FabricObject.customProperties = ['name', 'layerId', GENERATED_PROPERTY, 'hasControls', ...LOCKS];

export function isLocked(layer: Layer): boolean {
  return layer.lockMovementX && layer.lockMovementY;
}

export function setLocked(layer: Layer, locked: boolean): void {
  layer.set({ ...Object.fromEntries(LOCKS.map((name) => [name, locked])), hasControls: !locked });
}

export function describeLayer(layer: Layer, selected: boolean): LayerInfo {
  const element = layer instanceof FabricImage ? layer.getElement() : null;
  const image = element instanceof HTMLImageElement ? element : null;
  return {
    id: layer.layerId ?? '',
    name: layer.name ?? 'Layer',
    width: image?.naturalWidth ?? Math.round(layer.getScaledWidth()),
    height: image?.naturalHeight ?? Math.round(layer.getScaledHeight()),
    locked: isLocked(layer),
    hidden: !layer.visible,
    selected,
    thumbnail: image && thumbnailOf(image),
  };
}

const thumbnails = new WeakMap<HTMLImageElement, string>();

function thumbnailOf(image: HTMLImageElement): string {
  let url = thumbnails.get(image);
  if (url === undefined) {
    const scale = THUMBNAIL_PX / Math.max(image.naturalWidth, image.naturalHeight, 1);
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    url = canvas.toDataURL();
    thumbnails.set(image, url);
  }
  return url;
}
