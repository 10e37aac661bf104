/** The page of web.test.ts: pictures in everything a page holds them in, and a host made of a few callbacks. */

import type { EnlargedPicture } from '../../../plugin/host.js';
import {
  createWebHost,
  openPanel,
  type PictureSource,
  type WebPage,
} from '../../../plugin/hosts/web/index.js';

function draw(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  for (let x = 0; x < width; x++) {
    context.fillStyle = `rgb(${x * 20} ${255 - x * 10} ${x * 5})`;
    context.fillRect(x, 0, 1, height);
  }
  return canvas;
}

const blobOf = (canvas: HTMLCanvasElement, type = 'image/png') =>
  new Promise<Blob>((done, fail) =>
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('No blob.'))), type),
  );

async function showing(source: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

/** A BMP of 2 x 1 pixels, red and blue: a format that browsers show and the engine does not read. */
function bmp(): Blob {
  const bytes = new Uint8Array(62);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, 62, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, 2, true);
  view.setInt32(22, 1, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  bytes.set([0, 0, 255, 255, 0, 0], 54);
  return new Blob([bytes], { type: 'image/bmp' });
}

const SVG = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20" fill="lime"/></svg>',
)}`;

const SOURCES: Record<string, () => PictureSource | Promise<PictureSource>> = {
  png: () => blobOf(draw(12, 8)),
  jpeg: () => blobOf(draw(12, 8), 'image/jpeg'),
  webp: () => blobOf(draw(12, 8), 'image/webp'),
  bytes: async () => new Uint8Array(await (await blobOf(draw(12, 8))).arrayBuffer()),
  url: () => draw(12, 8).toDataURL(),
  image: () => showing(draw(12, 8).toDataURL('image/webp')),
  canvas: () => draw(12, 8),
  bitmap: () => createImageBitmap(draw(12, 8)),
  bmp: () => bmp(),
  svg: () => showing(SVG),
  revoked: async () => {
    const url = URL.createObjectURL(await blobOf(draw(12, 8)));
    const image = await showing(url);
    URL.revokeObjectURL(url);
    return image;
  },
  foreign: () => showing('http://elsewhere.test/picture.png'),
  'another origin that permits it': () => showing('http://elsewhere.test/open.png'),
  nonsense: () => new Blob(['not a picture']),
  missing: () => 'http://elsewhere.test/missing.png',
};

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.code as string,
  );

async function sizeOf(bytes: Uint8Array): Promise<[number, number]> {
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  return [bitmap.width, bitmap.height];
}

async function result(width: number, height: number): Promise<EnlargedPicture> {
  const bytes = new Uint8Array(await (await blobOf(draw(width, height))).arrayBuffer());
  return { width, height, pieces: [{ bytes, format: 'png', x: 0, y: 0, width, height }] };
}

const how = { placement: 'replace', job: 'job', scale: 2 } as const;

Object.assign(globalThis, {
  /** What the host makes of a source: what it says is selected, and what it reads. */
  async readFrom(name: string) {
    const host = createWebHost({ read: SOURCES[name], write: () => undefined });
    const { layers } = await host.selection();
    const code = await codeOf(host.read('picture'));
    if (code !== 'none') return { layers, code };
    const { bytes, format } = await host.read('picture');
    const source = await SOURCES[name]();
    const original = source instanceof Blob ? new Uint8Array(await source.arrayBuffer()) : null;
    return {
      layers,
      code,
      format,
      size: await sizeOf(bytes),
      untouched: original ? original.join() === bytes.join() : null,
      thumbnail: await sizeOf((await host.thumbnail('picture', 6))!.bytes),
    };
  },

  /** A page of one <img>, as an integrator would write it. */
  async oneImage() {
    const image = document.createElement('img');
    image.src = draw(12, 8).toDataURL();
    document.body.append(image);
    const finished: string[] = [];
    const host = createWebHost({
      read: () => image,
      write: (picture) => {
        image.src = URL.createObjectURL(picture);
      },
      finishJob: (job) => void finished.push(job),
    });
    await host.write('picture', await result(24, 16), how);
    await host.finishJob('job');
    await image.decode();
    const { layers } = await host.selection();
    return { size: [image.naturalWidth, image.naturalHeight], layers, finished, info: await host.info() };
  },

  async refusals() {
    const page: WebPage = {
      read: () => draw(2, 2),
      write: () => {
        throw new Error('no room');
      },
    };
    const host = createWebHost(page);
    const picture = await result(4, 4);
    return [
      await codeOf(host.write('picture', picture, how)),
      await codeOf(host.place({ name: 'x', picture, generated: null, job: 'job' })),
      await codeOf(host.store('document').get('a')),
    ];
  },

  async stores() {
    const host = createWebHost({ read: () => draw(2, 2), write: () => undefined });
    await host.store('personal').set('preset', 'mine');
    return [await host.store('personal').get('preset'), localStorage.getItem('enlarger:preset')];
  },

  async joined() {
    const taken: number[][] = [];
    const host = createWebHost({
      read: () => draw(2, 2),
      write: async (picture) => {
        taken.push(await sizeOf(new Uint8Array(await picture.arrayBuffer())));
      },
    });
    const [{ bytes }] = (await result(4, 4)).pieces;
    const piece = { bytes, format: 'png', y: 0, width: 4, height: 4 } as const;
    const pieces = [
      { ...piece, x: 0 },
      { ...piece, x: 4 },
    ];
    await host.write('picture', { width: 8, height: 4, pieces }, how);
    return taken;
  },

  /** Opens a panel over two pictures of which one is locked. */
  open(html: string) {
    const taken: string[] = [];
    const host = createWebHost({
      title: 'Test page',
      pictures: () => [
        { id: 'a', name: 'A', width: 12, height: 8 },
        { id: 'b', name: 'B', skip: 'locked' },
      ],
      read: () => draw(12, 8),
      write: (picture, id, { width, height }) => void taken.push(`${id} ${width}x${height} ${picture.type}`),
    });
    const container = document.createElement('div');
    document.body.append(container);
    const opened = openPanel({ html, container, host, width: 300, onClose: () => taken.push('closed') });
    Object.assign(globalThis, { opened, taken, webHost: host });
  },

  ready: true,
});
