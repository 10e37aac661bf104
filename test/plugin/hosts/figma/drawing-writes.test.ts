/** Drawings of layers become new layers over their source, in the same box, at the right place among others. */

import type { LayerSpec } from './fake/entry.js';
import { seeThrough } from './pieces-of.js';
import { boxOf, childrenOf, closeAll, enlarge, RED, start } from './scene.js';

afterEach(closeAll);

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
  expect(notices).toEqual([
    expect.stringContaining('“Logo” is still there beneath its picture, which covers'),
  ]);
});

describe('a source that would show through', () => {
  const logo: LayerSpec = { id: '1:2', type: 'VECTOR', name: 'Logo', x: 30, y: 40, fills: [RED] };
  const layer = (started: Awaited<ReturnType<typeof start>>, id = '1:2') =>
    started.figma.ask<Record<string, unknown>>(`fake.tree(fake.nodes.layers.get('${id}'))`);

  test('is hidden beneath the picture, which is selected in its stead; one undo brings it back', async () => {
    const started = await start([logo], { selection: ['1:2'] });
    const before = layer(started);
    const { notices } = await enlarge(started, seeThrough(200, 200));
    const [beneath, made] = childrenOf(started.figma, '0:1');
    expect(beneath).toMatchObject({ id: '1:2', visible: false, opacity: 1 });
    expect(made?.visible).toBe(true);
    expect(notices).toEqual([expect.stringContaining('hidden because it would show through')]);
    expect(started.figma.ask('fake.nodes.selection')).toEqual([made?.id]);
    started.figma.ask('fake.journal.undo()');
    expect(layer(started)).toEqual(before);
    expect(childrenOf(started.figma, '0:1')).toHaveLength(1);
  });

  test('is hidden when it is mixed with what is beneath it, and its picture is mixed alike', async () => {
    const started = await start([{ ...logo, blendMode: 'MULTIPLY' }], { selection: ['1:2'] });
    await enlarge(started);
    const [beneath, made] = childrenOf(started.figma, '0:1');
    expect(beneath?.visible).toBe(false);
    expect(made?.blendMode).toBe('MULTIPLY');
  });

  test('keeps its place in the flow of an auto-layout frame', async () => {
    const started = await start(
      [
        {
          id: '1:1',
          type: 'FRAME',
          layoutMode: 'HORIZONTAL',
          children: [logo, { id: '1:3', type: 'RECTANGLE', fills: [RED] }],
        },
      ],
      { selection: ['1:2'] },
    );
    const neighbour = boxOf(started.figma, '1:3');
    const { notices } = await enlarge(started, seeThrough(200, 200));
    expect(layer(started)).toMatchObject({ visible: true, opacity: 0 });
    expect(boxOf(started.figma, '1:3')).toEqual(neighbour);
    expect(notices).toEqual([expect.stringContaining('at opacity 0')]);
  });

  test.each<[string, LayerSpec[], string]>([
    ['a mask', [{ id: '1:1', type: 'GROUP', children: [{ ...logo, isMask: true }] }], '1:2'],
    ['part of a form', [{ id: '1:1', type: 'BOOLEAN_OPERATION', children: [logo] }], '1:2'],
    ['a component', [{ ...logo, type: 'COMPONENT' }], '1:2'],
  ])('stays as it was where others follow it, and the summary says so: %s', async (_, layers, id) => {
    const started = await start(layers, { selection: [id] });
    const before = layer(started, id);
    const { notices } = await enlarge(started, seeThrough(200, 200));
    expect(layer(started, id)).toEqual(before);
    expect(notices).toEqual([expect.stringContaining('shows through its picture')]);
  });
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
