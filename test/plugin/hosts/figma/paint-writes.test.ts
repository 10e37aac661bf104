/** Enlarging image fills and strokes: the bundled main code in its VM, asked through the bridge as the panel asks. */

import type { Paint } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { WriteOptions } from '../../../../plugin/host.js';
import type { DocumentSpec, LayerSpec } from './fake/entry.js';
import { webpHeader } from './fake/headers.js';
import { whole } from './pieces-of.js';
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
      { hash: 'bb', width: 30, height: 30, format: 'jpeg' },
    ],
    ...more,
  });
  open.push(started.figma);
  return started;
}

const OPTIONS: WriteOptions = { placement: 'replace', job: 'job', scale: 2 };

const fill = (imageHash: string, more: object = {}): Paint =>
  ({ type: 'IMAGE', scaleMode: 'FILL', imageHash, ...more }) as Paint;

const RED: Paint = { type: 'SOLID', color: { r: 1, g: 0, b: 0 } };

const CROP = fill('aa', {
  scaleMode: 'CROP',
  imageTransform: [
    [0.5, 0.1, 0.25],
    [-0.1, 0.5, 0.3],
  ],
  filters: { exposure: 0.5, tint: -0.25 },
  opacity: 0.75,
  blendMode: 'MULTIPLY',
});

const fillsOf = (figma: FigmaVm, id: string, list: 'fills' | 'strokes' = 'fills') =>
  figma.ask<Paint[]>(`fake.nodes.layers.get('${id}').${list}`);

test('only imageHash changes: crop, filters, opacity, blend mode and order stay; tiles stay as large', async () => {
  const tile = fill('aa', { scaleMode: 'TILE', scalingFactor: 0.5, rotation: 90 });
  const before = [RED, CROP, tile, fill('bb'), { type: 'VIDEO', scaleMode: 'FIT', videoHash: 'aa' } as Paint];
  const { figma, host } = await start([{ id: '1:2', type: 'RECTANGLE', name: 'Bird', fills: before }]);
  const { layers } = await host.selection();
  expect(layers[0]?.pictures).toEqual([
    { ref: expect.any(String), key: 'aa', width: 64, height: 48, source: 'original', tiles: false },
    { ref: expect.any(String), key: 'aa tiles', width: 64, height: 48, source: 'original', tiles: true },
    { ref: expect.any(String), key: 'bb', width: 30, height: 30, source: 'original', tiles: false },
  ]);
  const [cropped, tiled] = layers[0]?.pictures ?? [];
  expect(await host.write(cropped?.ref as string, whole(128, 96), OPTIONS)).toEqual({ notices: [] });
  expect(await host.write(tiled?.ref as string, whole(256, 192), { ...OPTIONS, scale: 4 })).toEqual({
    notices: [],
  });
  const after = fillsOf(figma, '1:2');
  const hashes = after.map((paint) => (paint.type === 'IMAGE' ? paint.imageHash : null));
  expect(hashes[1]).toMatch(/^[0-9a-f]{40}$/);
  expect(hashes[2]).not.toBe(hashes[1]);
  expect(after).toStrictEqual([
    RED,
    { ...CROP, imageHash: hashes[1] },
    { ...tile, imageHash: hashes[2], scalingFactor: 0.125 },
    before[3],
    before[4],
  ]);
});

test('the original file is read by its hash, untouched', async () => {
  const { figma, host } = await start([{ id: '1:2', type: 'RECTANGLE', fills: [fill('aa'), fill('bb')] }]);
  const [png, jpeg] = (await host.selection()).layers[0]?.pictures ?? [];
  const file = await host.read(png?.ref as string);
  expect(file.format).toBe('png');
  expect([...file.bytes]).toEqual(figma.ask<number[]>(`[...fake.images.stored.get('aa').bytes]`));
  expect((await host.read(jpeg?.ref as string)).format).toBe('jpeg');
  expect(figma.ask(`fake.images.reads`)).toEqual(['aa', 'bb']);
  expect(figma.ask(`fake.nodes.exports`)).toEqual([]);
});

test('layers that share a picture share its key', async () => {
  const { host } = await start([
    { id: '1:2', type: 'RECTANGLE', fills: [fill('aa')] },
    { id: '1:3', type: 'ELLIPSE', fills: [fill('aa', { scaleMode: 'FIT' })] },
  ]);
  const keys = (await host.selection()).layers.map(({ pictures }) => pictures[0]?.key);
  expect(keys).toEqual(['aa', 'aa']);
});

test('strokes are a place of their own; one without width shows nothing', async () => {
  const { figma, host } = await start([
    { id: '1:2', type: 'RECTANGLE', fills: [RED], strokes: [fill('aa')], strokeWeight: 4 },
    { id: '1:3', type: 'RECTANGLE', fills: [RED], strokes: [fill('aa')], strokeWeight: 0 },
  ]);
  const [stroked, thin] = (await host.selection()).layers;
  expect(thin?.skip).toMatchObject({ code: 'unsupported' });
  await host.write(stroked?.pictures[0]?.ref as string, whole(128, 96), OPTIONS);
  expect(fillsOf(figma, '1:2')).toEqual([RED]);
  expect(fillsOf(figma, '1:2', 'strokes')).toMatchObject([{ type: 'IMAGE', scaleMode: 'FILL' }]);
  expect(fillsOf(figma, '1:2', 'strokes')).not.toEqual([fill('aa')]);
});

test('beside a pattern, paints go in by the setter that waits', async () => {
  const pattern = {
    type: 'PATTERN',
    sourceNodeId: '1:9',
    tileType: 'RECTANGULAR',
    scalingFactor: 1,
    spacing: { x: 0, y: 0 },
    horizontalAlignment: 'START',
  } as Paint;
  const { figma, host } = await start([
    { id: '1:2', type: 'RECTANGLE', fills: [pattern, fill('aa')], strokes: [fill('aa'), pattern] },
  ]);
  for (const { ref } of (await host.selection()).layers[0]?.pictures ?? [])
    await host.write(ref, whole(128, 96), OPTIONS);
  expect(fillsOf(figma, '1:2')[0]).toEqual(pattern);
  expect(fillsOf(figma, '1:2', 'strokes')[1]).toEqual(pattern);
  expect(JSON.stringify([fillsOf(figma, '1:2'), fillsOf(figma, '1:2', 'strokes')])).not.toContain('"aa"');
});

test('a style is detached knowingly, and said so', async () => {
  const { figma, host } = await start([
    { id: '1:2', type: 'RECTANGLE', name: 'Card', fills: [fill('aa')], fillStyleId: 'S:1' },
    { id: '1:3', type: 'RECTANGLE', name: 'Frame', strokes: [fill('aa')], strokeStyleId: 'S:2' },
  ]);
  const [card, frame] = (await host.selection()).layers;
  const filled = await host.write(card?.pictures[0]?.ref as string, whole(128, 96), OPTIONS);
  const stroked = await host.write(frame?.pictures[0]?.ref as string, whole(128, 96), OPTIONS);
  expect(filled.notices).toEqual([expect.stringMatching(/fill style of "Card" was detached/)]);
  expect(stroked.notices).toEqual([expect.stringMatching(/stroke style of "Frame" was detached/)]);
  expect(figma.ask(`fake.nodes.layers.get('1:2').fillStyleId`)).toBe('');
});

test('text filled run by run: the runs with the picture change, fonts are loaded, the rest stays', async () => {
  const parts = [
    { start: 0, end: 2, fills: [RED] },
    { start: 2, end: 5, fills: [RED, CROP] },
    { start: 5, end: 9, fills: [fill('aa')] },
  ];
  const { figma, host } = await start([{ id: '1:2', type: 'TEXT', characters: 'Enlarged!', parts }]);
  const { pictures } = (await host.selection()).layers[0] ?? { pictures: [] };
  expect(pictures).toHaveLength(1);
  await host.write(pictures[0]?.ref as string, whole(128, 96), OPTIONS);
  const after = figma.ask<typeof parts>(`fake.nodes.layers.get('1:2').parts`);
  expect(after[0]).toEqual(parts[0]);
  const [{ imageHash } = { imageHash: null }] = (after[2]?.fills ?? []) as { imageHash: string | null }[];
  expect(imageHash).toMatch(/^[0-9a-f]{40}$/);
  expect(after[1]?.fills).toStrictEqual([RED, { ...CROP, imageHash }]);
});

test('text with a missing font is left alone, with a way out', async () => {
  const parts = [
    { start: 0, end: 1, fills: [RED] },
    { start: 1, end: 2, fills: [fill('aa')] },
  ];
  const { figma, host } = await start([
    { id: '1:2', type: 'TEXT', name: 'Title', characters: 'ab', parts, hasMissingFont: true },
  ]);
  const { pictures } = (await host.selection()).layers[0] ?? { pictures: [] };
  await expect(host.write(pictures[0]?.ref as string, whole(128, 96), OPTIONS)).rejects.toMatchObject({
    code: 'placement-failed',
    message: expect.stringContaining('font'),
    hint: expect.stringContaining('font'),
  });
  expect(figma.ask(`fake.nodes.layers.get('1:2').parts`)).toEqual(parts);
});

test('vector regions filled differently: the regions with the picture change', async () => {
  const parts = [
    { start: 0, end: 1, fills: [RED] },
    { start: 1, end: 2, fills: [CROP], fillStyleId: 'S:3' },
  ];
  const { figma, host } = await start([{ id: '1:2', type: 'VECTOR', name: 'Map', parts }]);
  const { pictures } = (await host.selection()).layers[0] ?? { pictures: [] };
  expect(pictures).toMatchObject([{ source: 'original', width: 64 }]);
  const { notices } = await host.write(pictures[0]?.ref as string, whole(128, 96), OPTIONS);
  expect(notices).toEqual([expect.stringContaining('detached')]);
  const after = figma.ask<typeof parts>(`fake.nodes.layers.get('1:2').parts`);
  expect(after[0]).toEqual(parts[0]);
  expect(after[1]).toMatchObject({ fills: [{ scaleMode: 'CROP', opacity: 0.75 }] });
  expect(JSON.stringify(after)).not.toContain('"aa"');
});

test('layers of instances get the picture as an override', async () => {
  const { figma, host } = await start(
    [
      {
        id: '1:1',
        type: 'INSTANCE',
        children: [{ id: 'I1:1;2:3', type: 'RECTANGLE', fills: [fill('aa')], refusesRelaunch: true }],
      },
    ],
    { selection: ['I1:1;2:3'] },
  );
  const { pictures } = (await host.selection()).layers[0] ?? { pictures: [] };
  await host.write(pictures[0]?.ref as string, whole(128, 96), OPTIONS);
  expect(fillsOf(figma, 'I1:1;2:3')).not.toEqual([fill('aa')]);
});

test('touched layers get relaunch buttons beside those they have', async () => {
  const { figma, host } = await start([
    { id: '1:2', type: 'RECTANGLE', fills: [fill('aa')], relaunch: { vary: 'kept' } },
  ]);
  const { pictures } = (await host.selection()).layers[0] ?? { pictures: [] };
  await host.write(pictures[0]?.ref as string, whole(128, 96), OPTIONS);
  const buttons = figma.ask<Record<string, string>>(`fake.nodes.layers.get('1:2').relaunch`);
  expect(Object.keys(buttons).sort()).toEqual(['upscale-2x', 'upscale-last-preset', 'vary']);
  expect(buttons.vary).toBe('kept');
});

test('one undo takes back one job; a job that changed nothing makes no step', async () => {
  const layers: LayerSpec[] = ['1:2', '1:3', '1:4'].map((id) => ({
    id,
    type: 'RECTANGLE' as const,
    fills: [fill('aa')],
  }));
  const { figma, host } = await start(layers);
  const before = figma.ask(`fake.tree()`);
  const refs = (await host.selection()).layers.map(({ pictures }) => pictures[0]?.ref as string);
  for (const ref of refs.slice(0, 2)) await host.write(ref, whole(128, 96), { ...OPTIONS, job: 'first' });
  await host.finishJob('first');
  await host.finishJob('nothing');
  const between = figma.ask(`fake.tree()`);
  await host.write(refs[2] as string, whole(128, 96), { ...OPTIONS, job: 'second' });
  await host.finishJob('second');
  await host.finishJob('second');
  expect(figma.ask<number[]>(`fake.journal.counts`)).toHaveLength(3);
  figma.evaluate(`fake.journal.undo()`);
  expect(figma.ask(`fake.tree()`)).toEqual(between);
  figma.evaluate(`fake.journal.undo()`);
  expect(figma.ask(`fake.tree()`)).toEqual(before);
});

describe('what cannot be written changes nothing and says why', () => {
  const spec: LayerSpec = { id: '1:2', type: 'RECTANGLE', name: 'Bird', fills: [fill('aa')] };

  async function ready() {
    const { figma, host } = await start([spec]);
    const ref = (await host.selection()).layers[0]?.pictures[0]?.ref as string;
    return { figma, host, ref };
  }

  test.each([
    ['removed', `fake.nodes.remove(fake.nodes.layers.get('1:2'))`, 'layer-gone'],
    ['another picture', `fake.nodes.layers.get('1:2').fills = []`, 'layer-gone'],
    ['locked', `fake.nodes.layers.get('1:2').locked = true`, 'placement-failed'],
    ['hidden', `fake.nodes.layers.get('1:2').visible = false`, 'placement-failed'],
  ])('%s meanwhile', async (_why, change, code) => {
    const { figma, host, ref } = await ready();
    figma.evaluate(change);
    const before = figma.ask(`fake.tree()`);
    await expect(host.write(ref, whole(128, 96), OPTIONS)).rejects.toMatchObject({
      code,
      message: expect.any(String),
      hint: expect.stringMatching(/\w/),
    });
    expect(figma.ask(`fake.tree()`)).toEqual(before);
    expect(figma.ask<number[]>(`fake.journal.counts.length`)).toBe(1);
  });

  test('larger than Figma stores', async () => {
    const { host, ref } = await ready();
    await expect(host.write(ref, whole(4097, 10), OPTIONS)).rejects.toMatchObject({
      code: 'output-too-large',
    });
    expect(await host.write(ref, whole(4096, 10), OPTIONS)).toEqual({ notices: [] });
  });

  test('a file that says less than its picture is', async () => {
    const { host, ref } = await ready();
    const [piece] = whole(5000, 10).pieces;
    const lying = { width: 10, height: 10, pieces: [{ ...piece, width: 10, height: 10 }] };
    await expect(host.write(ref, lying as never, OPTIONS)).rejects.toMatchObject({
      code: 'output-too-large',
    });
  });

  test('a format that Figma does not take', async () => {
    const { host, ref } = await ready();
    const piece = { x: 0, y: 0, width: 4, height: 4, bytes: webpHeader() };
    for (const format of ['webp', 'png'] as const)
      await expect(
        host.write(ref, { width: 4, height: 4, pieces: [{ ...piece, format }] }, OPTIONS),
      ).rejects.toMatchObject({ code: 'placement-failed' });
  });

  test('a ref of nothing', async () => {
    const { host } = await ready();
    for (const ref of ['', 'fills', 'fills|once|aa|', 'drawing|', 'evil|once|aa|1:2', 'fills|maybe|aa|1:2'])
      await expect(host.write(ref || ' ', whole(4, 4), OPTIONS)).rejects.toMatchObject({
        code: 'message-invalid',
      });
    await expect(host.read('fills|once|aa|7:7')).rejects.toMatchObject({ code: 'layer-gone' });
  });
});

test('a document in Display P3 is told that the result is in sRGB', async () => {
  const { host } = await start([{ id: '1:2', type: 'RECTANGLE', fills: [fill('aa')] }], {
    colorProfile: 'DISPLAY_P3',
  });
  const ref = (await host.selection()).layers[0]?.pictures[0]?.ref as string;
  const { notices } = await host.write(ref, whole(128, 96), OPTIONS);
  expect(notices).toEqual([expect.stringContaining('sRGB')]);
});
