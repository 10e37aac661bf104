/** Putting enlarged pictures into a Photopea document: same place, right above, nothing lost, all or nothing. */

import { type FakeDocument, FakeLayer, LayerKind } from './fake-document.js';
import type { FakePhotopea } from './fake-photopea.js';
import { enlarged, firstRef, how, picture, setUp, tearDown } from './set-up.js';

afterEach(tearDown);

const values = (bounds: readonly { value: number }[]) => bounds.map(({ value }) => value);
const names = ({ layers }: { layers?: FakeLayer[] | undefined }) => (layers ?? []).map(({ name }) => name);

function openPhoto(pea: FakePhotopea, options: ConstructorParameters<typeof FakeLayer>[0] = {}) {
  const photo = new FakeLayer({ name: 'photo', raster: picture(6, 4), x: 3, y: 2, ...options });
  const top = new FakeLayer({ name: 'top', raster: picture(2, 2) });
  const below = new FakeLayer({ name: 'below', raster: picture(16, 12) });
  const doc = pea.open('art.psd', 16, 12, [top, photo, below]);
  doc.selectedLayers = [photo];
  return { doc, photo };
}

/** Everything about a document that a person could notice. */
function state(doc: FakeDocument) {
  const describe = (layer: FakeLayer): unknown => [
    layer.id,
    { ...layer.values },
    [...layer.place],
    (layer.layers ?? []).map(describe),
  ];
  return JSON.stringify([doc.layers.map(describe), doc.selectionBox, doc.activeLayer.id, doc.width]);
}

describe('placing above', () => {
  it.each([
    ['smaller than the canvas', {}, [12, 8]],
    ['larger than the canvas', {}, [60, 40]],
    ['partly outside', { x: -4, y: 10 }, [24, 16]],
    ['wide', { raster: picture(14, 1) }, [56, 4]],
  ])('fills the box of the layer: %s', async (_, options, [width, height]) => {
    const { pea, host } = setUp();
    const { doc, photo } = openPhoto(pea, options);
    const box = values(photo.bounds);
    const report = await host.write(await firstRef(host), enlarged(width, height), how('layer'));
    expect(names(doc)).toEqual(['top', 'photo, enlarged', 'photo', 'below']);
    expect(values(doc.layers[1].bounds)).toEqual(box);
    expect(doc.layers[1].raster).toMatchObject({ width, height });
    expect(doc.layers[1].kind).toBe(LayerKind.SMARTOBJECT);
    expect(values(photo.bounds)).toEqual(box);
    expect(doc.activeLayer).toBe(doc.layers[1]);
    expect(report.notices).toEqual([expect.stringContaining(`${width} x ${height}`)]);
  });

  it.each([
    ['an opaque picture', {}, 255, 'layer', true],
    ['a picture with transparency', {}, 99, 'layer', false],
    ['a faint layer', { opacity: 40 }, 255, 'layer', false],
    ['a mixed layer', { blendMode: 'mul' }, 255, 'layer', false],
    ['what could not be replaced', { kind: LayerKind.TEXT }, 99, 'replace', false],
  ] as const)(
    'hides its layer only where that would show through: %s',
    async (_, options, alpha, way, seen) => {
      const { pea, host } = setUp();
      const { doc, photo } = openPhoto(pea, options);
      const { notices } = await host.write(await firstRef(host), enlarged(12, 8, 0, alpha), how(way));
      expect(doc.layers).toHaveLength(4);
      expect(photo.visible).toBe(seen);
      expect(doc.layers[1].visible).toBe(true);
      expect(notices.some((notice) => notice.includes('hidden because it would show through'))).toBe(!seen);
    },
  );

  it('goes into the group of its layer and is mixed like it', async () => {
    const { pea, host } = setUp();
    const photo = new FakeLayer({
      name: 'photo',
      raster: picture(4, 4),
      opacity: 40,
      blendMode: 'mul',
      grouped: true,
    });
    const base = new FakeLayer({ name: 'base', raster: picture(4, 4) });
    const group = new FakeLayer({ name: 'group', layers: [photo, base] });
    const doc = pea.open('art.psd', 10, 10, [group]);
    doc.selectedLayers = [photo];
    await host.write(await firstRef(host), enlarged(8, 8), how('layer'));
    expect(names(group)).toEqual(['photo, enlarged', 'photo', 'base']);
    expect(group.layers?.[0].values).toMatchObject({ opacity: 40, blendMode: 'mul', grouped: true });
  });

  it('keeps a selection of pixels, which it is not misled by', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    doc.selectionBox = [0, 0, 5, 5];
    await host.write(await firstRef(host), enlarged(12, 8), how('layer'));
    expect(names(doc)).toEqual(['top', 'photo, enlarged', 'photo', 'below']);
    expect(doc.selectionBox).toEqual([0, 0, 5, 5]);
    doc.selectionBox = null;
    expect(values(doc.layers[1].bounds)).toEqual([3, 2, 9, 6]);
  });

  it('waits for a picture that appears late', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    pea.faults.openAfter = 3;
    await host.write(await firstRef(host), enlarged(12, 8), how('layer'));
    expect(values(doc.layers[1].bounds)).toEqual([3, 2, 9, 6]);
  });

  it('writes into its own document although another came to the front', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    const ref = await firstRef(host);
    const other = pea.open('other.psd', 10, 10, [new FakeLayer({ raster: picture(2, 2) })]);
    await host.write(ref, enlarged(12, 8), how('layer'));
    expect(doc.layers).toHaveLength(4);
    expect(other.edits).toEqual([]);
  });

  it('says when the document is deeper than the picture', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    doc.bitsPerChannel = 16;
    const { notices } = await host.write(await firstRef(host), enlarged(12, 8), how('layer'));
    expect(notices).toContainEqual(expect.stringContaining('8 bits'));
  });
});

describe('replacing', () => {
  it('takes the place and the name of a layer of pixels', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    await host.write(await firstRef(host), enlarged(12, 8), how('replace'));
    expect(names(doc)).toEqual(['top', 'photo', 'below']);
    expect(doc.layers[1].raster).toMatchObject({ width: 12 });
  });

  it.each([
    ['text', { kind: LayerKind.TEXT }],
    ['clipped layers', { grouped: true }],
  ])('keeps the original where removing would lose something: %s', async (_, options) => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea, options);
    const { notices } = await host.write(await firstRef(host), enlarged(12, 8), how('replace'));
    expect(names(doc)).toEqual(['top', 'photo, enlarged', 'photo', 'below']);
    expect(notices).toContainEqual(expect.stringContaining('stays beneath'));
  });

  it('keeps a layer that others are clipped to, and the background', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    doc.layers[0].values.grouped = true;
    await host.write(await firstRef(host), enlarged(12, 8), how('replace'));
    expect(doc.layers).toHaveLength(4);
    const background = new FakeLayer({ name: 'Background', raster: picture(4, 4), isBackgroundLayer: true });
    const photograph = pea.open('photo.jpg', 4, 4, [background]);
    await host.write(await firstRef(host), enlarged(8, 8), how('replace'));
    expect(names(photograph)).toEqual(['Background, enlarged', 'Background']);
  });
});

describe('smart objects', () => {
  it('hold the original and the enlarged picture', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    await host.write(await firstRef(host), enlarged(12, 8), how('smart-object'));
    expect(names(doc)).toEqual(['top', 'photo', 'below']);
    expect(doc.layers[1].kind).toBe(LayerKind.SMARTOBJECT);
    expect(doc.layers[1].contents.map(({ name }) => name)).toEqual(['photo, enlarged', 'photo']);
    expect(doc.layers[1].contents.map(({ visible }) => visible)).toEqual([true, true]);
  });

  it('show only the enlarged picture where the original would show through', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    await host.write(await firstRef(host), enlarged(12, 8, 0, 99), how('smart-object'));
    expect(doc.layers[1].visible).toBe(true);
    expect(doc.layers[1].contents.map(({ visible }) => visible)).toEqual([true, false]);
  });

  it('are not made of the background', async () => {
    const { pea, host } = setUp();
    const background = new FakeLayer({ name: 'Background', raster: picture(4, 4), isBackgroundLayer: true });
    const doc = pea.open('photo.jpg', 4, 4, [background]);
    const { notices } = await host.write(await firstRef(host), enlarged(8, 8), how('smart-object'));
    expect(names(doc)).toEqual(['Background, enlarged', 'Background']);
    expect(notices).toContainEqual(expect.stringContaining('could not be joined'));
  });
});

describe('when it cannot be done', () => {
  it.each([
    ['the picture never appears', { openNothing: true }],
    ['opening dies', { dieAt: (act: string) => act === 'open picture' }],
    [
      'scaling dies',
      { dieAt: (act: string) => act.startsWith('resize image') || act.startsWith('resize photo') },
    ],
    ['moving dies', { dieAt: (act: string) => act.startsWith('move') }],
    ['choosing dies at first', { dieAt: dieOnce('choose layer') }],
  ])('leaves the document as it was: %s', async (_, faults) => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    doc.selectionBox = [1, 1, 4, 4];
    const before = state(doc);
    const ref = await firstRef(host);
    pea.faults = faults;
    await expect(host.write(ref, enlarged(12, 8), how('layer'))).rejects.toMatchObject({
      code: 'placement-failed',
    });
    await pea.settled();
    expect(state(doc)).toBe(before);
  });

  it('takes back what was begun when the job is stopped, and begins nothing after', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    doc.selectionBox = [1, 1, 4, 4];
    const before = state(doc);
    const ref = await firstRef(host);
    const abort = new AbortController();
    pea.faults = {
      dieAt(act: string) {
        if (act === 'open picture') abort.abort();
        return false;
      },
    };
    const writing = host.write(ref, enlarged(12, 8), how('layer'), abort.signal);
    await expect(writing).rejects.toMatchObject({ code: 'cancelled' });
    await pea.settled();
    expect(state(doc)).toBe(before);
    const late = host.write(ref, enlarged(12, 8), how('layer'), abort.signal);
    await expect(late).rejects.toMatchObject({ code: 'cancelled' });
    expect(state(doc)).toBe(before);
  });

  it('changes nothing when the layer is gone, locked, or the picture too large', async () => {
    const { pea, host } = setUp();
    const { doc, photo } = openPhoto(pea);
    const ref = await firstRef(host);
    const large = { ...enlarged(4, 4), width: 9000 };
    await expect(host.write(ref, large, how('layer'))).rejects.toMatchObject({ code: 'output-too-large' });
    photo.values.allLocked = true;
    await expect(host.write(ref, enlarged(12, 8), how('layer'))).rejects.toMatchObject({
      code: 'placement-failed',
      message: expect.stringContaining('locked'),
    });
    doc.layers.splice(1, 1);
    doc.selectedLayers = [doc.layers[0]];
    const before = state(doc);
    await expect(host.write(ref, enlarged(12, 8), how('layer'))).rejects.toMatchObject({
      code: 'layer-gone',
    });
    expect(state(doc)).toBe(before);
  });
});

describe('new pictures', () => {
  const generated = { prompt: 'red apple', seed: 4, guidance: 2 };
  const place = { name: 'red apple', picture: enlarged(40, 20), generated, job: 'job' };

  it('are placed in the middle, named, and known as long as the panel is open', async () => {
    const { pea, host } = setUp();
    const { doc } = openPhoto(pea);
    await host.place(place);
    expect(doc.activeLayer.name).toBe('red apple');
    expect(values(doc.activeLayer.bounds)).toEqual([0, 2, 16, 10]);
    expect((await host.selection()).generated).toEqual(generated);
    doc.activeLayer = doc.layers[0] === doc.activeLayer ? doc.layers[1] : doc.layers[0];
    expect((await host.selection()).generated).toBeNull();
  });

  it('become a document where none is open', async () => {
    const { pea, host } = setUp();
    const { notices } = await host.place(place);
    expect(pea.documents[0]).toMatchObject({ width: 40, height: 20 });
    expect(notices).toHaveLength(1);
  });
});

/** Dies at the first act of that name and never again. */
function dieOnce(act: string): (what: string) => boolean {
  let left = 1;
  return (what) => what === act && left-- > 0;
}
