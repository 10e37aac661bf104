/** The page of fabric.test.ts: an editor on Fabric.js, and pictures of how it looks before and after a change. */

import * as fabric from 'fabric';
import type { EnlargedPicture } from '../../../plugin/host.js';
import { createFabricHost } from '../../../plugin/hosts/web/fabric/index.js';

const SIZE = { width: 320, height: 240 };

const element = document.createElement('canvas');
document.body.append(element);
const canvas = new fabric.Canvas(element, { ...SIZE, backgroundColor: '#dde' });
const steps: string[] = [];
const history = { begin: () => void steps.push('begin'), end: () => void steps.push('end') };
const host = createFabricHost({ canvas, fabric, history });
const events: string[] = [];
host.subscribe(({ kind }) => events.push(kind));
canvas.on('object:modified', () => events.push('object:modified'));

/** A smooth picture without symmetry, so that every turn, flip and shift of it shows. */
function drawSample(width: number, height: number): HTMLCanvasElement {
  const sample = document.createElement('canvas');
  Object.assign(sample, { width, height });
  const context = sample.getContext('2d')!;
  const colours = context.createLinearGradient(0, 0, width, height * 0.3);
  colours.addColorStop(0, '#c02010');
  colours.addColorStop(0.5, '#20a040');
  colours.addColorStop(1, '#1020d0');
  context.fillStyle = colours;
  context.fillRect(0, 0, width, height);
  const light = context.createRadialGradient(
    width * 0.2,
    height * 0.3,
    0,
    width * 0.2,
    height * 0.3,
    height * 0.6,
  );
  light.addColorStop(0, '#ffffff');
  light.addColorStop(1, '#ffffff00');
  context.fillStyle = light;
  context.fillRect(0, 0, width, height);
  return sample;
}

async function loadImage(source: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

/** What an engine without imagination would give: the same picture, interpolated. */
async function enlarge(
  ref: string,
  width: number,
  height: number,
  into: 'png' | 'jpeg' = 'png',
): Promise<EnlargedPicture> {
  const { bytes, format } = await host.read(ref);
  const bitmap = await createImageBitmap(
    new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${format}` }),
  );
  const large = document.createElement('canvas');
  Object.assign(large, { width, height });
  const context = large.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((done) => large.toBlob(done, `image/${into}`, 0.98));
  const piece = { bytes: new Uint8Array(await blob!.arrayBuffer()), format: into, x: 0, y: 0 } as const;
  return { width, height, pieces: [{ ...piece, width, height }] };
}

function look(): Uint8ClampedArray {
  const drawn = canvas.toCanvasElement(1);
  return drawn.getContext('2d')!.getImageData(0, 0, SIZE.width, SIZE.height).data;
}

const corners = (object: fabric.FabricObject) => object.getCoords().map(({ x, y }) => [x, y]);

/** Mean and largest difference of two looks, and how much of the first is not background. */
function compare(before: Uint8ClampedArray, after: Uint8ClampedArray) {
  let [sum, largest, drawn] = [0, 0, 0];
  for (let i = 0; i < before.length; i++) {
    const difference = Math.abs(before[i] - after[i]);
    sum += difference;
    largest = Math.max(largest, difference);
    if (i % 4 === 0 && Math.abs(before[i] - 0xdd) > 4) drawn++;
  }
  return { mean: sum / before.length, largest, drawn };
}

type Options = Partial<fabric.FabricObjectProps> & { cropX?: number; cropY?: number; filters?: string[] };

const FILTERS: Record<string, () => fabric.filters.BaseFilter<string>> = {
  Grayscale: () => new fabric.filters.Grayscale(),
  Pixelate: () => new fabric.filters.Pixelate({ blocksize: 8 }),
  Brightness: () => new fabric.filters.Brightness({ brightness: -0.2 }),
  Blur: () => new fabric.filters.Blur({ blur: 0.2 }),
};

const CLIPS: Record<string, () => fabric.FabricObject> = {
  circle: () => new fabric.Circle({ radius: 20, left: 8, top: -4 }),
  turned: () => new fabric.Rect({ width: 50, height: 20, angle: 30, left: -6, top: 3 }),
  absolute: () => new fabric.Circle({ radius: 50, left: 150, top: 110, absolutePositioned: true }),
};

async function addImage(options: Options & { clip?: string }): Promise<fabric.FabricImage> {
  const { filters = [], clip, shadow, ...rest } = options;
  const image = new fabric.FabricImage(await loadImage(drawSample(80, 60).toDataURL()));
  image.set({ left: 150, top: 110, scaleX: 2, scaleY: 1.8, ...rest });
  if (shadow) image.set({ shadow: new fabric.Shadow(shadow as Partial<fabric.Shadow>) });
  if (clip) image.set({ clipPath: CLIPS[clip]() });
  image.filters = filters.map((name) => FILTERS[name]());
  if (filters.length > 0) image.applyFilters();
  image.setCoords();
  canvas.add(image);
  return image;
}

function reset(): void {
  void host.finishJob('job');
  canvas.clear();
  canvas.backgroundColor = '#dde';
  steps.length = 0;
  events.length = 0;
}

const write = (ref: string, picture: EnlargedPicture, placement: 'replace' | 'layer' = 'replace') =>
  host.write(ref, picture, { placement, job: 'job', scale: 4 });

async function firstRef(): Promise<string> {
  return (await host.selection()).layers[0].pictures[0].ref;
}

Object.assign(globalThis, {
  /** Enlarges an image with these properties 4x in place and says how much of its look has changed. */
  async lookAfterReplacing(options: Options & { clip?: string }) {
    reset();
    const image = await addImage(options);
    canvas.setActiveObject(image);
    const before = look();
    const placed = corners(image);
    const ref = await firstRef();
    await write(ref, await enlarge(ref, 320, 240));
    await host.finishJob('job');
    return {
      ...compare(before, look()),
      corners: [placed, corners(image)],
      picture: [image._originalElement.width, image._originalElement.height],
      size: [image.width, image.height],
      selected: (await host.selection()).layers[0].pictures[0],
      steps: [...steps],
      events: [...events],
    };
  },

  /** The same for an image inside a turned and scaled group, or selected together with another one. */
  async lookInside(kind: 'group' | 'selection', placement: 'replace' | 'layer') {
    reset();
    const image = await addImage({ angle: 15, flipX: true });
    const other = new fabric.Rect({ width: 30, height: 20, left: 60, top: 50, fill: '#a40' });
    if (kind === 'group') {
      canvas.remove(image);
      const group = new fabric.Group([other, image], { interactive: true, subTargetCheck: true });
      group.set({ angle: 20, scaleX: 0.7, scaleY: 0.8 });
      canvas.add(group);
      canvas.setActiveObject(image);
    } else {
      canvas.add(other);
      canvas.setActiveObject(new fabric.ActiveSelection([image, other], { canvas }));
    }
    const before = look();
    const { layers } = await host.selection();
    const { ref } = layers.flatMap(({ pictures }) => pictures).find(({ source }) => source === 'original')!;
    await write(ref, await enlarge(ref, 320, 240), placement);
    await host.finishJob('job');
    canvas.discardActiveObject();
    canvas.renderAll();
    const siblings = (image.parent ?? canvas).getObjects();
    return {
      ...compare(before, look()),
      layers: layers.length,
      above: siblings[siblings.indexOf(image) + 1]?.type ?? null,
      count: siblings.length,
    };
  },

  /** Enlarges a drawn object and says how the canvas has changed and where the new layer stands. */
  async lookAboveDrawn(kind: 'text' | 'shape' | 'group') {
    reset();
    const shadow = new fabric.Shadow({ blur: 6, offsetX: 5, offsetY: 4, color: '#0008' });
    const shape = new fabric.Rect({
      width: 90,
      height: 50,
      left: 160,
      top: 120,
      angle: 25,
      fill: '#174',
      shadow,
    });
    const object =
      kind === 'text'
        ? new fabric.FabricText('Enlarge me', { left: 150, top: 110, fontSize: 32, fill: '#123' })
        : kind === 'shape'
          ? shape
          : new fabric.Group([await addImage({ scaleX: 0.5, scaleY: 0.5 }), shape], { angle: 10 });
    if (kind === 'group') canvas.clear();
    canvas.backgroundColor = '#dde';
    canvas.add(object, new fabric.Rect({ width: 10, height: 10, left: 20, top: 20, fill: '#00f' }));
    canvas.setActiveObject(object);
    const before = look();
    const { layers } = await host.selection();
    const [picture] = layers[0].pictures;
    const report = await write(
      picture.ref,
      await enlarge(picture.ref, picture.width * 4, picture.height * 4),
    );
    return {
      ...compare(before, look()),
      beneath: object.visible,
      selected: canvas.getActiveObjects().map(({ type }) => type),
      picture,
      notices: report.notices,
      order: canvas.getObjects().map(({ type }) => type),
      name: layers[0].name,
    };
  },

  /** A picture put above one that lets the background through, by itself, by its opacity or by its shadow. */
  async lookAboveSoft(options: Options & { soft?: boolean }) {
    reset();
    const { soft = false, ...rest } = options;
    const image = await addImage(rest);
    if (soft) {
      const faint = drawSample(80, 60);
      const context = faint.getContext('2d')!;
      context.globalCompositeOperation = 'destination-in';
      context.fillStyle = '#0008';
      context.fillRect(0, 0, 80, 60);
      image.setElement(await loadImage(faint.toDataURL()));
    }
    canvas.setActiveObject(image);
    canvas.renderAll();
    const before = look();
    const ref = await firstRef();
    await write(ref, await enlarge(ref, 320, 240, soft ? 'png' : 'jpeg'), 'layer');
    return { ...compare(before, look()), beneath: image.visible, count: canvas.getObjects().length };
  },

  /** What the host says of objects that cannot be enlarged. */
  async skips() {
    reset();
    const locked = await addImage({ lockMovementX: true, lockMovementY: true });
    const hidden = await addImage({ visible: false });
    const empty = new fabric.Group([]);
    const video = new fabric.FabricImage(document.createElement('video'));
    canvas.add(empty, video);
    canvas.setActiveObject(new fabric.ActiveSelection([locked, hidden, empty, video], { canvas }));
    return (await host.selection()).layers.map(({ skip }) => skip?.code ?? null);
  },

  /** Errors of a layer that has gone and of a picture larger than the page takes; and whether anything changed. */
  async refusals() {
    reset();
    const image = await addImage({});
    canvas.setActiveObject(image);
    const ref = await firstRef();
    const before = JSON.stringify(canvas.toJSON());
    const picture = await enlarge(ref, 160, 120);
    const codeOf = (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        (error) => error.code as string,
      );
    const codes = [await codeOf(write(ref, { ...picture, width: 20_000 }))];
    const broken = { ...picture.pieces[0], bytes: new Uint8Array(20) };
    codes.push(await codeOf(write(ref, { ...picture, pieces: [broken] })));
    const unchanged = before === JSON.stringify(canvas.toJSON());
    canvas.remove(image);
    codes.push(await codeOf(write(ref, picture)), await codeOf(host.read(ref)));
    return { codes, unchanged, steps: [...steps] };
  },

  /** Two images that share a picture and a clip path, saved and loaded again after one was enlarged. */
  async sharing() {
    reset();
    const first = await addImage({ left: 80 });
    const clip = new fabric.Circle({ radius: 20 });
    const second = await first.clone();
    second.set({ left: 240, clipPath: clip });
    first.set({ clipPath: clip });
    canvas.add(second);
    canvas.setActiveObject(new fabric.ActiveSelection([first, second], { canvas }));
    const { layers } = await host.selection();
    const [a, b] = layers.map(({ pictures }) => pictures[0]);
    await write(a.ref, await enlarge(a.ref, 320, 240));
    await host.finishJob('job');
    canvas.discardActiveObject();
    const before = look();
    await canvas.loadFromJSON(JSON.parse(JSON.stringify(canvas.toJSON())));
    canvas.renderAll();
    return {
      sameKey: a.key === b.key,
      clipScale: clip.scaleX,
      reloaded: compare(before, look()),
    };
  },

  /** A new picture, larger than the view. */
  async placeNew() {
    reset();
    canvas.setViewportTransform([2, 0, 0, 2, -40, -30]);
    const bytes = await enlargeSample(1000, 500);
    const generated = { prompt: 'red apple', seed: 3, guidance: 2 };
    await host.place({ name: 'red apple', picture: bytes, generated, job: 'place' });
    await host.finishJob('place');
    const [image] = canvas.getObjects();
    const { left, top, width, height } = image.getBoundingRect();
    const selection = await host.selection();
    canvas.setViewportTransform([1, 0, 0, 1, 0, 0]);
    return { box: [left, top, width, height], selection, steps: [...steps] };
  },

  thumbnail: async () => {
    reset();
    canvas.setActiveObject(await addImage({}));
    const file = await host.thumbnail(await firstRef(), 40);
    const bitmap = await createImageBitmap(new Blob([file!.bytes as Uint8Array<ArrayBuffer>]));
    return [bitmap.width, bitmap.height];
  },

  /** Filters on a picture larger than Fabric's one WebGL texture: mean difference between its look and what is wanted. */
  async largeWithFilter() {
    reset();
    const image = await addImage({ filters: ['Grayscale'] });
    canvas.setActiveObject(image);
    const before = look();
    const ref = await firstRef();
    await write(ref, await enlarge(ref, 5120, 3840));
    return compare(before, look());
  },
});

async function enlargeSample(width: number, height: number): Promise<EnlargedPicture> {
  const blob = await new Promise<Blob | null>((done) => drawSample(width, height).toBlob(done, 'image/png'));
  const bytes = new Uint8Array(await blob!.arrayBuffer());
  return { width, height, pieces: [{ bytes, format: 'png', x: 0, y: 0, width, height }] };
}

Object.assign(globalThis, { ready: true });
