/**
 * The fake's entry in the VM: builds the document that a test describes and puts `figma` and `__html__` where the
 * plugin looks for them. `fake` is the test's own handle.
 */

import { FakeFigma, type FakeOptions } from './api.js';
import { jpegHeader, pngHeader, webpHeader } from './headers.js';
import { type FakeType, type Layer, newLayer } from './tree.js';

/** A layer as a test describes it: what is not said is as Figma makes it. */
export type LayerSpec = Partial<Omit<Layer, 'id' | 'type' | 'parent' | 'children'>> & {
  readonly id: string;
  readonly type: FakeType;
  readonly x?: number;
  readonly y?: number;
  readonly children?: readonly LayerSpec[];
};

export interface ImageSpec {
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly format?: 'png' | 'jpeg' | 'webp';
  /** The whole file; by default a header of the format and size. */
  readonly bytes?: readonly number[];
  /** Its file does not load. */
  readonly broken?: boolean;
}

export interface DocumentSpec extends FakeOptions {
  readonly layers: readonly LayerSpec[];
  readonly images?: readonly ImageSpec[];
  readonly selection?: readonly string[];
}

declare global {
  // Set for the plugin and for the harness; `var` is what declares a global.
  var fake: FakeFigma;
  var makeFake: (spec: DocumentSpec) => void;
}

globalThis.makeFake = ({ layers, images = [], selection, ...options }) => {
  const document = newLayer('0:0', 'DOCUMENT');
  const page = newLayer('0:1', 'PAGE');
  const fake = new FakeFigma(document, options);
  const build = ({ x = 0, y = 0, children = [], ...given }: LayerSpec, parent: Layer): Layer => {
    const layer = newLayer(given.id, given.type);
    Object.assign(
      layer,
      {
        transform: [
          [1, 0, x],
          [0, 1, y],
        ],
      },
      given,
    );
    layer.parent = parent;
    layer.children = children.map((child) => build(child, layer));
    fake.nodes.layers.set(layer.id, layer);
    return layer;
  };
  page.parent = document;
  page.children = layers.map((layer) => build(layer, page));
  document.children = [page];
  fake.nodes.layers.set('0:0', document).set('0:1', page);
  fake.page = page;
  for (const { hash, broken = false, ...image } of images)
    fake.images.stored.set(hash, { hash, bytes: fileOf(image), broken });
  fake.nodes.selection = [...(selection ?? layers.map(({ id }) => id))];
  Object.assign(globalThis, { fake, figma: fake.api(), __html__: '<p>panel</p>' });
};

function fileOf({ width, height, format, bytes }: Omit<ImageSpec, 'hash'>): Uint8Array {
  if (bytes) return Uint8Array.from(bytes);
  if (format === 'webp') return webpHeader();
  return format === 'jpeg' ? jpegHeader(width, height) : pngHeader(width, height);
}
