/** Pieces of pictures larger than Figma stores, and pictures that are placed anew. */

import type { Paint } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { EnlargedPicture, NewPicture } from '../../../../plugin/host.js';
import type { LayerSpec } from './fake/entry.js';
import { columns, whole } from './pieces-of.js';
import { boxOf, childrenOf, closeAll, enlarge, RED, start } from './scene.js';

afterEach(closeAll);

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
    const before = started.figma.ask<object>(`fake.tree(fake.nodes.layers.get('1:2'))`);
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
    // A faint picture over itself would be stronger than it was.
    expect(started.figma.ask(`fake.tree(fake.nodes.layers.get('1:2'))`)).toEqual({
      ...before,
      fills: [{ ...paint, visible: false }],
    });
    expect(notices).toEqual([
      expect.stringContaining('2 pieces'),
      expect.stringContaining('fill of "Face" is hidden beneath them'),
    ]);
    started.figma.evaluate('fake.journal.undo()');
    expect(started.figma.ask(`fake.tree(fake.nodes.layers.get('1:2'))`)).toEqual(before);
    expect(childrenOf(started.figma, '0:1')).toHaveLength(1);
  });

  test('of a fill with transparency: it is hidden beneath them, an opaque one stays', async () => {
    const paint = { type: 'IMAGE', scaleMode: 'FILL', imageHash: 'aa' } as Paint;
    const layers: LayerSpec[] = [
      { id: '1:2', type: 'RECTANGLE', fills: [RED, paint], width: 200, height: 100 },
    ];
    const fills = (started: Awaited<ReturnType<typeof start>>) =>
      started.figma.ask<{ fills: Paint[] }>(`fake.tree(fake.nodes.layers.get('1:2'))`).fills;
    const soft = await start(layers);
    await enlarge(soft, columns(8000, 4000, 4096, true));
    expect(fills(soft)).toEqual([RED, { ...paint, visible: false }]);
    const opaque = await start(layers);
    await enlarge(opaque, columns(8000, 4000, 4096));
    expect(fills(opaque)).toEqual([RED, paint]);
  });

  test('of a frame: beneath what it contains, cut by a rectangle with its corners, out of its layout', async () => {
    const paint = { type: 'IMAGE', scaleMode: 'FILL', imageHash: 'aa' } as Paint;
    const started = await start([
      {
        id: '1:2',
        type: 'FRAME',
        x: 45,
        y: 5,
        opacity: 0.5,
        fills: [paint],
        radii: [8, 8, 0, 0],
        layoutMode: 'HORIZONTAL',
        children: [{ id: '1:3', type: 'TEXT', width: 30 }],
      },
    ]);
    const text = boxOf(started.figma, '1:3');
    await enlarge(started, columns(8000, 4000, 4096));
    const [group, last] = childrenOf(started.figma, '1:2');
    expect(last?.id).toBe('1:3');
    expect(boxOf(started.figma, '1:3')).toEqual(text);
    expect(group).toMatchObject({ type: 'GROUP', layoutPositioning: 'ABSOLUTE', opacity: 1 });
    expect(group?.children[0]).toMatchObject({ type: 'RECTANGLE', isMask: true, radii: [8, 8, 0, 0] });
    const mask = boxOf(started.figma, group?.children[0]?.id as string);
    expect(mask).toEqual({ x: 45, y: 5, width: 100, height: 100 });
  });

  test('of a layer in a layout: above it, out of the flow; of an instance with content: refused', async () => {
    const paint = { type: 'IMAGE', scaleMode: 'FIT', imageHash: 'aa' } as Paint;
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
            { id: '1:2', type: 'RECTANGLE', fills: [paint] },
          ],
        },
      ],
      { selection: ['1:2'] },
    );
    await enlarge(started, columns(8000, 4000, 4096));
    const group = childrenOf(started.figma, '1:1')[2];
    // The whole picture is seen in a plain rectangle, so nothing needs cutting.
    expect(group?.children.map(({ isMask }) => isMask)).toEqual([false, false]);
    expect(group?.layoutPositioning).toBe('ABSOLUTE');
    expect(boxOf(started.figma, group?.id as string)).toEqual({ x: 45, y: 30, width: 100, height: 50 });

    const instance = await start([
      { id: '1:2', type: 'INSTANCE', fills: [paint], children: [{ id: '1:3', type: 'TEXT' }] },
    ]);
    const before = instance.figma.ask(`fake.tree()`);
    await expect(enlarge(instance, columns(8000, 4000, 4096))).rejects.toMatchObject({
      code: 'placement-failed',
      message: expect.stringContaining('cover'),
    });
    expect(instance.figma.ask(`fake.tree()`)).toEqual(before);
  });

  test('of an ellipse that shows the whole picture: cut to its form all the same', async () => {
    const paint = { type: 'IMAGE', scaleMode: 'FIT', imageHash: 'aa' } as Paint;
    const started = await start([{ id: '1:2', type: 'ELLIPSE', fills: [paint] }]);
    await enlarge(started, columns(8000, 4000, 4096));
    expect(childrenOf(started.figma, '0:1')[1]?.children[0]).toMatchObject({ type: 'ELLIPSE', isMask: true });
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
