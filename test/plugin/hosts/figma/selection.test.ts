/** What the panel is told about a selection: pictures with their sizes, drawings, and why the rest is skipped. */

import type { Paint } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { HostEvent, SkipCode } from '../../../../plugin/host.js';
import type { DocumentSpec, LayerSpec } from './fake/entry.js';
import { pictureSize } from './fake/headers.js';
import { FigmaVm } from './vm.js';

const open: FigmaVm[] = [];
afterEach(() => {
  for (const figma of open.splice(0)) figma.close();
});

async function start(layers: readonly LayerSpec[], more: Partial<DocumentSpec> = {}) {
  const started = await FigmaVm.start({
    layers,
    images: [
      { hash: 'aa', width: 64, height: 48 },
      { hash: 'broken', width: 9, height: 9, broken: true },
    ],
    ...more,
  });
  open.push(started.figma);
  return started;
}

const image = (imageHash: string | null, more: object = {}): Paint =>
  ({ type: 'IMAGE', scaleMode: 'FILL', imageHash, ...more }) as Paint;
const VIDEO = { type: 'VIDEO', scaleMode: 'FILL', videoHash: 'vv' } as Paint;
const RED: Paint = { type: 'SOLID', color: { r: 1, g: 0, b: 0 } };

const skipped: readonly (readonly [string, SkipCode, LayerSpec])[] = [
  ['locked', 'locked', { id: '1:2', type: 'RECTANGLE', fills: [image('aa')], locked: true }],
  ['hidden', 'hidden', { id: '1:2', type: 'RECTANGLE', fills: [image('aa')], visible: false }],
  ['video', 'video', { id: '1:2', type: 'RECTANGLE', fills: [VIDEO] }],
  [
    'a picture that does not load',
    'missing-image',
    { id: '1:2', type: 'RECTANGLE', fills: [image('broken')] },
  ],
  ['a picture not in the file', 'missing-image', { id: '1:2', type: 'RECTANGLE', fills: [image('zz')] }],
  ['a paint without a picture', 'missing-image', { id: '1:2', type: 'RECTANGLE', fills: [image(null)] }],
  ['flat colour', 'unsupported', { id: '1:2', type: 'RECTANGLE', fills: [RED] }],
  ['a hidden paint', 'unsupported', { id: '1:2', type: 'ELLIPSE', fills: [image('aa', { visible: false })] }],
  ['a drawing without extent', 'empty', { id: '1:2', type: 'VECTOR', width: 10, height: 0, fills: [RED] }],
  ['a drawing beyond the limit', 'too-large', { id: '1:2', type: 'FRAME', width: 5000, height: 10 }],
];

test.each(skipped)('%s is skipped as %s', async (_what, code, layer) => {
  const { host } = await start([layer]);
  const { layers } = await host.selection();
  expect(layers).toEqual([
    { id: '1:2', name: layer.type, pictures: [], skip: { code, reason: expect.stringMatching(/\w/) } },
  ]);
});

test('parents count: a layer in a locked group or a hidden frame', async () => {
  const leaf = (id: string): LayerSpec => ({ id, type: 'RECTANGLE', fills: [image('aa')] });
  const { host } = await start(
    [
      {
        id: '1:1',
        type: 'GROUP',
        locked: true,
        children: [{ id: '1:2', type: 'GROUP', children: [leaf('1:3')] }],
      },
      { id: '2:1', type: 'FRAME', visible: false, children: [leaf('2:2')] },
    ],
    { selection: ['1:3', '2:2'] },
  );
  const { layers } = await host.selection();
  expect(layers.map(({ skip }) => skip?.code)).toEqual(['locked', 'hidden']);
});

test('one layer that cannot be enlarged does not keep the others from being', async () => {
  const { host } = await start([
    { id: '1:1', type: 'RECTANGLE', fills: [image('broken')] },
    { id: '1:2', type: 'RECTANGLE', fills: [image('broken'), image('aa'), VIDEO] },
    { id: '1:3', type: 'RECTANGLE', fills: [VIDEO] },
  ]);
  const { layers } = await host.selection();
  expect(layers.map(({ pictures, skip }) => [pictures.length, skip?.code ?? null])).toEqual([
    [0, 'missing-image'],
    [1, null],
    [0, 'video'],
  ]);
});

test.each<LayerSpec>([
  { id: '1:2', type: 'VECTOR', width: 40.4, height: 20, fills: [RED] },
  { id: '1:2', type: 'TEXT', characters: 'Hello', width: 40.4, height: 20, fills: [RED] },
  { id: '1:2', type: 'FRAME', width: 40.4, height: 20 },
  { id: '1:2', type: 'SECTION', width: 40.4, height: 20 },
  { id: '1:2', type: 'INSTANCE', width: 40.4, height: 20 },
  {
    id: '1:2',
    type: 'GROUP',
    children: [{ id: '1:3', type: 'RECTANGLE', width: 40.4, height: 20, fills: [RED] }],
  },
  {
    id: '1:2',
    type: 'RECTANGLE',
    width: 40.4,
    height: 20,
    effects: [{ type: 'DROP_SHADOW', visible: true }],
  },
])('$type is drawn by Figma at 100 %, in sRGB', async (layer) => {
  const { figma, host } = await start([layer]);
  const [selected] = (await host.selection()).layers;
  expect(selected).toMatchObject({
    skip: null,
    pictures: [{ width: 40, height: 20, source: 'rendered', tiles: false }],
  });
  const ref = selected?.pictures[0]?.ref as string;
  const { bytes, format } = await host.read(ref);
  expect([format, pictureSize(bytes)]).toEqual(['png', { width: 40, height: 20 }]);
  expect(figma.ask(`fake.nodes.exports`)).toEqual([
    {
      id: '1:2',
      settings: { format: 'PNG', constraint: { type: 'WIDTH', value: 40 }, colorProfile: 'SRGB' },
    },
  ]);
});

test('a drawing includes what lies outside the box, such as a shadow', async () => {
  const { host } = await start([{ id: '1:2', type: 'FRAME', width: 40, height: 20, renderMargin: 5 }]);
  expect((await host.selection()).layers[0]?.pictures).toMatchObject([{ width: 50, height: 30 }]);
});

test('thumbnails are drawn small, along the longer side; none of what is gone from view', async () => {
  const { figma, host } = await start([
    { id: '1:2', type: 'RECTANGLE', width: 100, height: 400, fills: [image('aa')] },
    { id: '1:3', type: 'RECTANGLE', width: 20, height: 10, fills: [image('aa')] },
  ]);
  const [tall, small] = (await host.selection()).layers.map(({ pictures }) => pictures[0]?.ref as string);
  const size = async (ref: string | undefined) => {
    const file = await host.thumbnail(ref as string, 96);
    return file && pictureSize(file.bytes);
  };
  expect(await size(tall)).toEqual({ width: 24, height: 96 });
  expect(await size(small)).toEqual({ width: 20, height: 10 });
  figma.evaluate(`fake.nodes.layers.get('1:2').visible = false`);
  expect(await size(tall)).toBeNull();
});

test('a drawing that Figma cannot make, or of a layer that is gone, is an error with a sentence', async () => {
  const { figma, host } = await start([{ id: '1:2', type: 'FRAME', name: 'Card' }]);
  const ref = (await host.selection()).layers[0]?.pictures[0]?.ref as string;
  figma.evaluate(`fake.nodes.layers.get('1:2').visible = false`);
  await expect(host.read(ref)).rejects.toMatchObject({ code: 'layer-gone' });
  figma.evaluate(
    `fake.nodes.layers.get('1:2').visible = true; fake.nodes.export = () => { throw new Error('memory') }`,
  );
  await expect(host.read(ref)).rejects.toMatchObject({
    code: 'input-unreadable',
    message: 'Figma could not draw "Card".',
  });
  figma.evaluate(`fake.nodes.remove(fake.nodes.layers.get('1:2'))`);
  await expect(host.read(ref)).rejects.toMatchObject({ code: 'layer-gone' });
});

test('a stored file of an unknown format is refused with a way out', async () => {
  const { figma, host } = await start([{ id: '1:2', type: 'RECTANGLE', fills: [image('aa')] }]);
  const ref = (await host.selection()).layers[0]?.pictures[0]?.ref as string;
  figma.evaluate(`fake.images.stored.get('aa').bytes = Uint8Array.of(1, 2, 3)`);
  await expect(host.read(ref)).rejects.toMatchObject({
    code: 'input-unreadable',
    hint: expect.stringContaining('PNG'),
  });
  figma.evaluate(`fake.images.stored.delete('aa')`);
  await expect(host.read(ref)).rejects.toMatchObject({ code: 'input-unreadable' });
});

test('a very long name is shortened for the list', async () => {
  const { host } = await start([{ id: '1:2', type: 'TEXT', name: 'x'.repeat(150_000), fills: [RED] }]);
  expect((await host.selection()).layers[0]?.name).toHaveLength(200);
});

test('the panel hears of every change of selection or page, and may ask at any time', async () => {
  const { figma, host } = await start([
    { id: '1:2', type: 'RECTANGLE', fills: [image('aa')] },
    { id: '1:3', type: 'RECTANGLE', fills: [VIDEO] },
  ]);
  const seen: HostEvent[] = [];
  host.subscribe((event) => seen.push(event));
  figma.evaluate(`fake.select(['1:3'])`);
  figma.evaluate(`fake.emit('currentpagechange')`);
  expect((await host.selection()).layers.map(({ id }) => id)).toEqual(['1:3']);
  expect(seen).toEqual([{ kind: 'selection' }, { kind: 'selection' }]);
  figma.evaluate(`fake.select([])`);
  expect(await host.selection()).toEqual({ layers: [], generated: null });
});

test('a layer removed while the selection is read is left out or called removed', async () => {
  const { figma, host } = await start([
    { id: '1:2', type: 'RECTANGLE', fills: [image('aa')] },
    { id: '1:3', type: 'RECTANGLE', fills: [image('aa')] },
  ]);
  // The size of the first picture arrives only after both layers are gone.
  figma.evaluate(`
    const real = fake.images.getImageByHash;
    figma.getImageByHash = (hash) => ({
      ...real(hash),
      getSizeAsync: async () => {
        for (const id of ['1:2', '1:3']) {
          const layer = fake.nodes.layers.get(id);
          if (!layer.removed) fake.nodes.remove(layer);
        }
        return { width: 1, height: 1 };
      },
    })`);
  const { layers } = await host.selection();
  expect(layers).toMatchObject([{ id: '1:2', pictures: [], skip: { code: 'removed' } }]);
});
