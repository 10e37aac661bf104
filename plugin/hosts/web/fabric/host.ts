/**
 * `Host` for an editor made with Fabric.js 7. Images keep their look to the pixel (crop, scale, rotation, flips, skew,
 * filters, opacity, shadow, stroke, clip path); other objects get their enlarged picture above them. The page's own
 * history undoes it.
 */

import type { Canvas, FabricImage, FabricObject } from 'fabric';
import { EnlargerError } from '../../../../core/errors.js';
import { beneathNotice, isSeeThrough } from '../../../beneath.js';
import type { GeneratedFrom, HostStore, PictureRef, SelectedLayer } from '../../../host.js';
import { createHostChannel } from '../channel.js';
import type { WebHost } from '../host.js';
import { toBlob, toPictureFile, toThumbnail } from '../picture-source.js';
import { hasPersonalStore, pageStore } from '../stores.js';
import { hideBeneath, insertAbove, isMixed, nameOf, ObjectRegistry, skipOf } from './objects.js';
import { renderedSize, renderObject } from './render-object.js';
import { pictureSize, swapPicture } from './swap-picture.js';

type Fabric = typeof import('fabric');

export interface FabricPage {
  readonly canvas: Canvas;
  /** The page's own Fabric module: two copies of it do not know each other's objects. */
  readonly fabric: Fabric;
  /**
   * The page's history. `begin` comes before the first change of a job and `end` after its last: what lies between is
   * one step. Without it, changes are told by Fabric's own events (`object:modified`, `object:added`) only.
   */
  readonly history?: { begin(): void; end(): void };
  /** Where a result lives; default a data URL, which stays valid in saved documents. */
  readonly toUrl?: (picture: Blob) => Promise<string>;
  readonly notify?: (message: string, error: boolean) => void;
  /** Kept with the document, for everybody who opens it. */
  readonly documentStore?: HostStore;
  readonly title?: string;
  /** Longest side of a result in pixels; default 16384, which current browsers still draw. */
  readonly maxSidePx?: number;
}

/** Property of placed objects that says what they were generated from; save it with the document to keep it. */
export const GENERATED_PROPERTY = 'enlargerGenerated';

const MAX_SIDE_PX = 16_384;
/** New pictures leave a margin in the view. */
const FILL_OF_VIEW = 0.9;

/** Shows a Fabric canvas as a `Host`. */
export function createFabricHost(page: FabricPage): WebHost {
  const { canvas, fabric } = page;
  const registry = new ObjectRegistry(canvas);
  const channel = createHostChannel();
  const maxSidePx = page.maxSidePx ?? MAX_SIDE_PX;
  let openJob: string | null = null;

  for (const name of [
    'selection:created',
    'selection:updated',
    'selection:cleared',
    'object:modified',
  ] as const)
    canvas.on(name, () => channel.emit({ kind: 'selection' }));

  const find = (ref: string): FabricObject => {
    const object = registry.find(ref);
    if (object) return object;
    throw new EnlargerError('layer-gone', 'The layer is no longer there.', 'Select a layer and try again.');
  };

  const describe = async (object: FabricObject): Promise<SelectedLayer> => {
    const id = registry.idOf(object);
    const skip = skipOf(fabric, object);
    const facts = { id, name: nameOf(object), skip };
    if (skip) return { ...facts, pictures: [] };
    const picture: PictureRef =
      object instanceof fabric.FabricImage
        ? {
            ref: id,
            key: await registry.keyOf(object),
            ...pictureSize(object),
            source: 'original',
            tiles: false,
          }
        : { ref: id, key: id, ...renderedSize(fabric, object), source: 'rendered', tiles: false };
    return { ...facts, pictures: [picture] };
  };

  const begin = (job: string) => {
    if (openJob === job) return;
    if (openJob !== null) page.history?.end();
    openJob = job;
    page.history?.begin();
  };

  const load = async (picture: Blob): Promise<HTMLImageElement> => {
    const element = new Image();
    try {
      element.src = await (page.toUrl ?? toDataUrl)(picture);
      await element.decode();
      return element;
    } catch (cause) {
      throw new EnlargerError(
        'placement-failed',
        'The browser could not show the enlarged picture.',
        'Save it instead, or choose a smaller factor.',
        { cause },
      );
    }
  };

  const checkSize = ({ width, height }: { readonly width: number; readonly height: number }) => {
    if (Math.max(width, height) <= maxSidePx) return;
    throw new EnlargerError(
      'output-too-large',
      `The page takes pictures of at most ${maxSidePx} pixels a side.`,
      'Choose a smaller factor.',
    );
  };

  return {
    ...channel,
    async info() {
      return {
        kind: 'fabric',
        title: page.title ?? 'This page',
        maxSidePx,
        formats: ['png', 'jpeg', 'webp'],
        abilities: {
          placements: ['replace', 'layer'],
          pieces: false,
          documentStore: page.documentStore !== undefined,
          personalStore: hasPersonalStore(),
          groupedUndo: page.history !== undefined,
        },
      };
    },
    async selection() {
      const objects = canvas.getActiveObjects();
      const only = objects.length === 1 ? (objects[0] as { [GENERATED_PROPERTY]?: GeneratedFrom }) : {};
      return {
        layers: await Promise.all(objects.map(describe)),
        generated: only[GENERATED_PROPERTY] ?? null,
      };
    },
    async thumbnail(ref, maxPx) {
      const object = find(ref);
      if (!(object instanceof fabric.FabricImage)) {
        return toThumbnail((await renderObject(fabric, object)).canvas, maxPx);
      }
      const element = object._originalElement;
      return element instanceof HTMLVideoElement ? null : toThumbnail(element, maxPx);
    },
    async read(ref) {
      const object = find(ref);
      if (!(object instanceof fabric.FabricImage)) {
        return toPictureFile((await renderObject(fabric, object)).canvas);
      }
      const element = object._originalElement;
      if (!(element instanceof HTMLVideoElement)) return toPictureFile(element);
      throw new EnlargerError('input-unsupported', 'Videos cannot be enlarged.', 'Select a picture.');
    },
    async write(ref, result, { placement, job }) {
      checkSize(result);
      const element = await load(await toBlob(result));
      const object = find(ref);
      if (skipOf(fabric, object)?.code === 'locked') {
        throw new EnlargerError(
          'placement-failed',
          `“${nameOf(object)}” was locked in the meantime.`,
          'Unlock the layer and try again.',
        );
      }
      if (object instanceof fabric.FabricImage && placement !== 'layer') {
        begin(job);
        await swapPicture(fabric, object, element);
        object.group?.set('dirty', true);
        object.parent?.set('dirty', true);
        canvas.fire('object:modified', { target: object });
        canvas.requestRenderAll();
        return { notices: [] };
      }
      const above = await (object instanceof fabric.FabricImage
        ? largerCopy(fabric, object, element)
        : standIn(fabric, object, element));
      find(ref);
      begin(job);
      insertAbove(canvas, object, above);
      const hidden = isSeeThrough(result) || isMixed(object);
      if (hidden) hideBeneath(fabric, canvas, object, above);
      canvas.requestRenderAll();
      return { notices: [beneathNotice(nameOf(object), hidden ? 'hidden' : 'covered')] };
    },
    async place({ name, picture, generated, job }) {
      checkSize(picture);
      const image = new fabric.FabricImage(await load(await toBlob(picture)));
      const { tl, br } = canvas.calcViewportBoundaries();
      const fit = Math.min(
        1,
        (FILL_OF_VIEW * (br.x - tl.x)) / picture.width,
        (FILL_OF_VIEW * (br.y - tl.y)) / picture.height,
      );
      image.set({
        scaleX: fit,
        scaleY: fit,
        name,
        ...(generated ? { [GENERATED_PROPERTY]: generated } : {}),
      });
      begin(job);
      canvas.add(image);
      canvas.viewportCenterObject(image);
      image.setCoords();
      canvas.setActiveObject(image);
      canvas.requestRenderAll();
      return { notices: [] };
    },
    async finishJob(job) {
      if (openJob !== job) return;
      openJob = null;
      page.history?.end();
    },
    store: (scope) => pageStore(scope, page.documentStore),
    async notify(message, options) {
      page.notify?.(message, options?.error ?? false);
    },
  };
}

/** The same image with the larger picture, in the canvas's own units. */
async function largerCopy(
  fabric: Fabric,
  object: FabricImage,
  element: HTMLImageElement,
): Promise<FabricImage> {
  const copy = await object.clone(['name']);
  fabric.util.applyTransformToObject(copy, object.calcTransformMatrix());
  await swapPicture(fabric, copy, element);
  return copy;
}

/** An image that lies exactly over a drawn object. */
async function standIn(
  fabric: Fabric,
  object: FabricObject,
  element: HTMLImageElement,
): Promise<FabricImage> {
  const { center, box } = await renderObject(fabric, object);
  const image = new fabric.FabricImage(element);
  image.set({
    scaleX: box.width / element.naturalWidth,
    scaleY: box.height / element.naturalHeight,
    opacity: object.opacity,
    globalCompositeOperation: object.globalCompositeOperation,
    name: `${nameOf(object)}, enlarged`,
  });
  image.setPositionByOrigin(new fabric.Point(center.x, center.y), 'center', 'center');
  return image;
}

function toDataUrl(picture: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(picture);
  });
}
