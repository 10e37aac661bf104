/** Results that become new layers: drawings over their source, pieces of large pictures, pictures that are placed. */

import type { Paint } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { EnlargedPicture, NewPicture, WriteOptions } from '../../../../plugin/host.js';
import type { DocumentSpec, LayerSpec } from './fake/entry.js';
import type { Layer } from './fake/tree.js';
import { columns, whole } from './pieces-of.js';
import { FigmaVm } from './vm.js';

const open: FigmaVm[] = [];
afterEach(() => {
  for (const figma of open.splice(0)) figma.close();
});

async function start(layers: readonly LayerSpec[], more: Partial<DocumentSpec> = {}, generator = true) {
  const started = await FigmaVm.start(
    { layers, images: [{ hash: 'aa', width: 1000, height: 500 }], ...more },
    { generator },
  );
  open.push(started.figma);
  return started;
}

const OPTIONS: WriteOptions = { placement: 'replace', job: 'job', scale: 2 };
const RED: Paint = { type: 'SOLID', color: { r: 1, g: 0, b: 0 } };

async function enlarge(
  { host }: Awaited<ReturnType<typeof start>>,
  picture: EnlargedPicture = whole(200, 100),
) {
  const ref = (await host.selection()).layers[0]?.pictures[0]?.ref as string;
  const report = await host.write(ref, picture, OPTIONS);
  await host.finishJob('job');
  return report;
}

const childrenOf = (figma: FigmaVm, id: string) =>
  figma.ask<Layer[]>(`fake.nodes.layers.get('${id}').children.map((child) => fake.tree(child))`);

/** The box on the page of the layer that was made last in a parent. */
const boxOf = (figma: FigmaVm, id: string) =>
  figma.ask<object>(`(() => {
    const node = fake.nodes.view(fake.nodes.layers.get('${id}'));
    return node.absoluteBoundingBox;
  })()`);

test('a drawing is placed over its source, in the same box, and the source stays as it was', async () => {
  const source: LayerSpec = {
    id: '1:2',
    type: 'VECTOR',
    name: 'Logo',
    x: 30,
    y: 40,
    width: 100,
    height: 50,
    fills: [RED],
  };
  const above: LayerSpec = { id: '1:3', type: 'RECTANGLE', fills: [RED] };
  const started = await start([source, above], { selection: ['1:2'] });
  const before = started.figma.ask(`fake.tree(fake.nodes.layers.get('1:2'))`);
  const { notices } = await enlarge(started);
  const [beneath, made, last] = childrenOf(started.figma, '0:1');
  expect([beneath?.id, last?.id]).toEqual(['1:2', '1:3']);
  expect(started.figma.ask(`fake.tree(fake.nodes.layers.get('1:2'))`)).toEqual(before);
  expect(made).toMatchObject({
    type: 'RECTANGLE',
    name: 'Logo (enlarged)',
    strokes: [],
    fills: [
      {
        type: 'IMAGE',
        scaleMode: 'CROP',
        imageTransform: [
          [1, 0, 0],
          [0, 1, 0],
        ],
      },
    ],
  });
  expect(boxOf(started.figma, made?.id as string)).toEqual({ x: 30, y: 40, width: 100, height: 50 });
  expect(notices).toEqual([expect.stringContaining('over "Logo"')]);
});

test('the box is what was drawn, shadow and all, also of a turned layer in a turned frame', async () => {
  const [cos, sin] = [Math.cos(0.5), Math.sin(0.5)];
  const started = await start(
    [
      {
        id: '1:1',
        type: 'FRAME',
        width: 500,
        height: 500,
        transform: [
          [cos, -sin, 100],
          [sin, cos, 20],
        ],
        children: [
          {
            id: '1:2',
            type: 'TEXT',
            renderMargin: 7,
            constraints: { horizontal: 'MAX', vertical: 'CENTER' },
            fills: [RED],
            transform: [
              [0, -1, 60],
              [1, 0, 30],
            ],
          },
        ],
      },
    ],
    { selection: ['1:2'] },
  );
  const box = started.figma.ask<{ x: number; y: number; width: number; height: number }>(
    `fake.nodes.view(fake.nodes.layers.get('1:2')).absoluteRenderBounds`,
  );
  await enlarge(started);
  const made = childrenOf(started.figma, '1:1')[1];
  const now = boxOf(started.figma, made?.id as string) as typeof box;
  for (const key of ['x', 'y', 'width', 'height'] as const) expect(now[key]).toBeCloseTo(box[key], 6);
  expect(made?.constraints).toEqual({ horizontal: 'MAX', vertical: 'CENTER' });
});

describe('right parent and index', () => {
  const leaf = (id: string, more: Partial<LayerSpec> = {}): LayerSpec => ({
    id,
    type: 'VECTOR',
    fills: [RED],
    ...more,
  });

  test('in an auto-layout frame: out of the flow, which stays as it was', async () => {
    const started = await start(
      [
        {
          id: '1:1',
          type: 'FRAME',
          x: 10,
          y: 20,
          layoutMode: 'HORIZONTAL',
          children: [leaf('1:2'), leaf('1:3'), leaf('1:4')],
        },
      ],
      { selection: ['1:3'] },
    );
    const flow = ['1:2', '1:3', '1:4'].map((id) => boxOf(started.figma, id));
    await enlarge(started);
    const children = childrenOf(started.figma, '1:1');
    const made = children[2];
    expect(children.map(({ id }) => id)).toEqual(['1:2', '1:3', made?.id, '1:4']);
    expect(made?.layoutPositioning).toBe('ABSOLUTE');
    expect(boxOf(started.figma, made?.id as string)).toEqual({ x: 110, y: 20, width: 100, height: 100 });
    expect(['1:2', '1:3', '1:4'].map((id) => boxOf(started.figma, id))).toEqual(flow);
  });

  test('in an auto-layout frame whose first child is on top: before the source', async () => {
    const started = await start(
      [
        {
          id: '1:1',
          type: 'FRAME',
          layoutMode: 'VERTICAL',
          itemReverseZIndex: true,
          children: [leaf('1:2'), leaf('1:3')],
        },
      ],
      { selection: ['1:3'] },
    );
    await enlarge(started);
    const ids = childrenOf(started.figma, '1:1').map(({ id }) => id);
    expect(ids.indexOf('1:3')).toBe(2);
    expect(ids[0]).toBe('1:2');
  });

  test('in a group: beside the source', async () => {
    const started = await start(
      [{ id: '1:1', type: 'GROUP', children: [leaf('1:2', { x: 5, y: 6 }), leaf('1:3', { x: 300 })] }],
      { selection: ['1:2'] },
    );
    await enlarge(started);
    const children = childrenOf(started.figma, '1:1');
    expect(children).toHaveLength(3);
    expect(boxOf(started.figma, children[1]?.id as string)).toEqual({ x: 5, y: 6, width: 100, height: 100 });
  });

  test.each([
    ['an instance', 'INSTANCE'],
    ['a boolean operation', 'BOOLEAN_OPERATION'],
    ['a component set', 'COMPONENT_SET'],
  ] as const)('in %s: above it, as nothing may be put inside', async (_what, type) => {
    const inner: LayerSpec =
      type === 'COMPONENT_SET' ? { ...leaf('1:2'), type: 'COMPONENT' } : leaf('1:2', { x: 9 });
    const nested: LayerSpec =
      type === 'INSTANCE'
        ? { id: '1:5', type: 'FRAME', x: 50, children: [{ id: '1:6', type: 'INSTANCE', children: [inner] }] }
        : inner;
    const started = await start(
      [
        { id: '1:1', type, x: 70, y: 80, children: [nested] },
        { id: '1:9', type: 'FRAME' },
      ],
      { selection: ['1:2'] },
    );
    const box = boxOf(started.figma, '1:2');
    await enlarge(started);
    const children = childrenOf(started.figma, '0:1');
    expect(children.map(({ id }) => id)).toEqual(['1:1', children[1]?.id, '1:9']);
    expect(boxOf(started.figma, children[1]?.id as string)).toEqual(box);
  });
});

describe('beyond 4096 pixels: a group of exact pieces', () => {
  test('of a drawing', async () => {
    const started = await start([
      { id: '1:2', type: 'FRAME', name: 'Poster', x: 10, y: 20, width: 300, height: 100 },
    ]);
    const { notices } = await enlarge(started, columns(9000, 3000, 4096));
    const group = childrenOf(started.figma, '0:1')[1];
    expect(group).toMatchObject({ type: 'GROUP', name: 'Poster (enlarged)' });
    expect(group?.children.map(({ name }) => name)).toEqual(
      [1, 2, 3].map((piece) => `Poster (enlarged), piece ${piece} of 3`),
    );
    expect(boxOf(started.figma, group?.id as string)).toEqual({ x: 10, y: 20, width: 300, height: 100 });
    const edges = group?.children.map(({ id }) => boxOf(started.figma, id) as { x: number; width: number });
    expect(edges?.[1]?.x).toBeCloseTo(10 + (4096 * 300) / 9000, 6);
    expect((edges?.[2]?.x ?? 0) + (edges?.[2]?.width ?? 0)).toBeCloseTo(310, 6);
    expect(notices).toHaveLength(1);
  });

  test('of a cropped fill: cut to the form of the layer, looking as its paint does', async () => {
    const paint = {
      type: 'IMAGE',
      scaleMode: 'CROP',
      imageHash: 'aa',
      imageTransform: [
        [0.5, 0, 0.25],
        [0, 1, 0],
      ],
      filters: { exposure: 0.5 },
      opacity: 0.5,
    } as Paint;
    const started = await start([
      {
        id: '1:2',
        type: 'ELLIPSE',
        name: 'Face',
        x: 10,
        y: 20,
        fills: [paint],
        opacity: 0.8,
        strokes: [RED],
      },
    ]);
    const before = started.figma.ask(`fake.tree(fake.nodes.layers.get('1:2'))`);
    const { notices } = await enlarge(started, columns(8000, 4000, 4096));
    const group = childrenOf(started.figma, '0:1')[1];
    const [mask, left, right] = group?.children ?? [];
    expect(group).toMatchObject({ type: 'GROUP', opacity: 0.8 });
    expect(mask).toMatchObject({ type: 'ELLIPSE', isMask: true, fills: [{ type: 'SOLID' }], strokes: [] });
    expect(boxOf(started.figma, mask?.id as string)).toEqual({ x: 10, y: 20, width: 100, height: 100 });
    // The middle half of the picture fills the 100 wide layer, so all of it is 200 wide and begins 50 to the left.
    expect(boxOf(started.figma, left?.id as string)).toEqual({ x: -40, y: 20, width: 102.4, height: 100 });
    expect((boxOf(started.figma, right?.id as string) as { x: number }).x).toBeCloseTo(62.4, 6);
    expect(left?.fills).toMatchObject([{ filters: { exposure: 0.5 }, opacity: 0.5 }]);
    expect(started.figma.ask(`fake.tree(fake.nodes.layers.get('1:2'))`)).toEqual(before);
    expect(notices).toEqual([expect.stringContaining('2 pieces')]);
  });

  test('of a frame: cut by a rectangle with its corners; in a layout, out of the flow', async () => {
    const paint = { type: 'IMAGE', scaleMode: 'FILL', imageHash: 'aa' } as Paint;
    const started = await start(
      [
        {
          id: '1:1',
          type: 'FRAME',
          x: 5,
          y: 5,
          layoutMode: 'HORIZONTAL',
          children: [
            { id: '1:8', type: 'RECTANGLE', width: 40 },
            {
              id: '1:2',
              type: 'FRAME',
              fills: [paint],
              radii: [8, 8, 0, 0],
              children: [{ id: '1:3', type: 'TEXT' }],
            },
          ],
        },
      ],
      { selection: ['1:2'] },
    );
    await enlarge(started, columns(8000, 4000, 4096));
    const group = childrenOf(started.figma, '1:1')[2];
    expect(group).toMatchObject({ type: 'GROUP', layoutPositioning: 'ABSOLUTE' });
    expect(group?.children[0]).toMatchObject({ type: 'RECTANGLE', isMask: true, radii: [8, 8, 0, 0] });
    expect(boxOf(started.figma, group?.children[0]?.id as string)).toEqual({
      x: 45,
      y: 5,
      width: 100,
      height: 100,
    });
  });

  test.each([
    ['a tiling fill', { fills: [{ type: 'IMAGE', scaleMode: 'TILE', imageHash: 'aa', scalingFactor: 1 }] }],
    [
      'a fill turned by a quarter',
      { fills: [{ type: 'IMAGE', scaleMode: 'FILL', imageHash: 'aa', rotation: 90 }] },
    ],
    [
      'a skewed crop',
      {
        width: 300,
        fills: [
          {
            type: 'IMAGE',
            scaleMode: 'CROP',
            imageHash: 'aa',
            imageTransform: [
              [0.7, 0.7, 0],
              [-0.7, 0.7, 0.5],
            ],
          },
        ],
      },
    ],
    ['a stroke', { strokes: [{ type: 'IMAGE', scaleMode: 'FILL', imageHash: 'aa' }] }],
  ])('not of %s: said so, and nothing stays behind', async (_what, paints) => {
    const started = await start([{ id: '1:2', type: 'RECTANGLE', ...paints } as LayerSpec]);
    const before = started.figma.ask(`fake.tree()`);
    await expect(enlarge(started, columns(8000, 4000, 4096))).rejects.toMatchObject({
      code: 'placement-failed',
      hint: expect.stringMatching(/reduced/),
    });
    expect(started.figma.ask(`fake.tree()`)).toEqual(before);
  });
});

describe('placing a new picture', () => {
  const apple = (picture: EnlargedPicture): NewPicture => ({
    name: 'red apple',
    picture,
    generated: { prompt: 'red apple', seed: 7, guidance: 3.5 },
    job: 'job',
  });

  test('at the centre of the view, selected, with prompt, seed and a button to vary it', async () => {
    const { figma, host } = await start([{ id: '1:2', type: 'RECTANGLE', fills: [RED] }], { selection: [] });
    expect(await host.place(apple(whole(200, 100)))).toEqual({ notices: [] });
    const made = childrenOf(figma, '0:1')[1];
    expect(boxOf(figma, made?.id as string)).toEqual({ x: 400, y: 250, width: 200, height: 100 });
    expect(made).toMatchObject({ name: 'red apple', relaunch: { vary: expect.any(String) } });
    expect(await host.selection()).toMatchObject({
      layers: [{ id: made?.id }],
      generated: { prompt: 'red apple', seed: 7, guidance: 3.5 },
    });
    await host.finishJob('job');
    figma.evaluate('fake.journal.undo()');
    expect(childrenOf(figma, '0:1')).toHaveLength(1);
  });

  test('filling the one selected frame, out of its layout', async () => {
    const { figma, host } = await start([
      { id: '1:2', type: 'FRAME', x: 10, y: 20, width: 80, height: 60, layoutMode: 'VERTICAL' },
    ]);
    await host.place(apple(whole(200, 100)));
    const [made] = childrenOf(figma, '1:2');
    expect(boxOf(figma, made?.id as string)).toEqual({ x: 10, y: 20, width: 80, height: 60 });
    expect(made).toMatchObject({
      layoutPositioning: 'ABSOLUTE',
      fills: [{ scaleMode: 'FILL' }],
      constraints: { horizontal: 'STRETCH', vertical: 'STRETCH' },
    });
  });

  test('a locked frame, an instance or two frames are not filled', async () => {
    for (const layers of [
      [{ id: '1:2', type: 'FRAME', locked: true }],
      [{ id: '1:2', type: 'INSTANCE' }],
      [
        { id: '1:2', type: 'FRAME' },
        { id: '1:3', type: 'FRAME' },
      ],
    ] as LayerSpec[][]) {
      const { figma, host } = await start(layers);
      await host.place(apple(whole(200, 100)));
      expect(childrenOf(figma, '0:1')).toHaveLength(layers.length + 1);
    }
  });

  test('in pieces when it is larger than Figma stores', async () => {
    const { figma, host } = await start([], {});
    const { notices } = await host.place(apple(columns(8192, 100, 4096)));
    expect(notices).toEqual([expect.stringContaining('2 pieces')]);
    expect(childrenOf(figma, '0:1')).toMatchObject([{ type: 'GROUP', name: 'red apple' }]);
    await expect(host.place(apple(whole(5000, 5000)))).rejects.toMatchObject({ code: 'output-too-large' });
    expect(childrenOf(figma, '0:1')).toHaveLength(1);
  });

  test('what is written on a layer by others is not believed', async () => {
    for (const generated of [
      '{',
      '{"prompt":1}',
      '[]',
      '"x"',
      JSON.stringify({ prompt: 'x'.repeat(5000), seed: 1, guidance: 1 }),
    ]) {
      const { host } = await start([{ id: '1:2', type: 'FRAME', pluginData: { generated } }]);
      expect((await host.selection()).generated).toBeNull();
    }
  });
});
