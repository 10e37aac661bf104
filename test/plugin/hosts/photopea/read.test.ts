/** What the host tells and reads of a Photopea document, and that looking never changes it. */

import { decode } from 'fast-png';
import type { Raster } from '../../../../core/raster/raster.js';
import type { PhotopeaHost } from '../../../../plugin/hosts/photopea/index.js';
import { BlendMode, FakeLayer, LayerKind } from './fake-document.js';
import { firstRef, picture, selected, setUp, tearDown } from './set-up.js';

afterEach(tearDown);

const layer = (raster: Raster, options: ConstructorParameters<typeof FakeLayer>[0] = {}) =>
  new FakeLayer({ raster, ...options });

async function pixels(host: PhotopeaHost, ref: string) {
  const { bytes, format } = await host.read(ref);
  expect(format).toBe('png');
  const { width, height, data, channels } = decode(bytes);
  const samples = channels === 4 ? [...data] : [...data].flatMap((v, at) => (at % 3 === 2 ? [v, 255] : [v]));
  return { width, height, data: samples };
}

const same = ({ width, height, data }: Raster) => ({ width, height, data: [...data] });

describe('selection', () => {
  it('lists what is selected with its edges, or the active layer', async () => {
    const { pea, host } = setUp();
    const [a, b] = [layer(picture(4, 3), { name: 'a', x: 2, y: 1 }), layer(picture(5, 5), { name: 'b' })];
    const doc = pea.open('art.psd', 20, 10, [a, b]);
    expect(await selected(host)).toMatchObject([
      { name: 'a', skip: null, pictures: [{ width: 4, height: 3, source: 'original', tiles: false }] },
    ]);
    doc.selectedLayers = [a, b];
    expect((await selected(host)).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is empty without a document', async () => {
    expect(await setUp().host.selection()).toEqual({ layers: [], generated: null });
  });

  it('says why layers cannot be enlarged, through the groups around them', async () => {
    const { pea, host } = setUp();
    const inside = layer(picture(2, 2), { name: 'inside hidden' });
    const bound = layer(picture(2, 2), { name: 'inside locked' });
    const layers = [
      layer(picture(2, 2), { name: 'locked', allLocked: true }),
      layer(picture(2, 2), { name: 'hidden', visible: false }),
      new FakeLayer({ name: 'curves', kind: LayerKind.CURVES }),
      layer(picture(2, 2), { name: 'video', kind: LayerKind.VIDEO }),
      new FakeLayer({ name: 'empty' }),
      new FakeLayer({ layers: [inside], visible: false }),
      new FakeLayer({ layers: [bound], allLocked: true }),
    ];
    const doc = pea.open('art.psd', 20, 10, layers);
    doc.selectedLayers = [...layers.slice(0, 5), inside, bound];
    expect((await selected(host)).map(({ skip }) => skip?.reason)).toEqual([
      'locked',
      'hidden',
      'adjustment layer',
      'video',
      'empty',
      'hidden',
      'locked',
    ]);
  });

  it('takes the background of a photograph although Photopea locks it', async () => {
    const { pea, host } = setUp();
    pea.open('photo.jpg', 4, 3, [
      layer(picture(4, 3), { name: 'Background', isBackgroundLayer: true, allLocked: true }),
    ]);
    expect(await selected(host)).toMatchObject([{ skip: null, pictures: [{ width: 4, height: 3 }] }]);
  });

  it('draws text, fills and groups, and lists a group instead of what is selected inside', async () => {
    const { pea, host } = setUp();
    const child = layer(picture(3, 3), { x: 4 });
    const group = new FakeLayer({ name: 'group', layers: [layer(picture(2, 2)), child] });
    const text = layer(picture(6, 2), { name: 'text', kind: LayerKind.TEXT });
    const doc = pea.open('art.psd', 20, 10, [text, group]);
    doc.selectedLayers = [text, group, child];
    expect(await selected(host)).toMatchObject([
      { name: 'text', pictures: [{ source: 'rendered', width: 6, height: 2 }] },
      { name: 'group', pictures: [{ source: 'rendered', width: 7, height: 3 }] },
    ]);
  });

  it('is not misled by a selection of pixels, which it leaves alone', async () => {
    const { pea, host } = setUp();
    const doc = pea.open('art.psd', 20, 10, [layer(picture(4, 3), { x: 2, y: 1 })]);
    doc.selectionBox = [0, 0, 9, 9];
    expect((await selected(host))[0].pictures[0]).toMatchObject({ width: 4, height: 3 });
    expect(doc.selectionBox).toEqual([0, 0, 9, 9]);
    expect(doc.edits).toEqual([]);
    expect(pea.documents).toEqual([doc]);
    expect(pea.active).toBe(0);
  });
});

describe('reading', () => {
  it.each([
    ['under others', {}],
    ['faint and mixed', { opacity: 30, blendMode: BlendMode.MULTIPLY }],
    ['clipped to what is below', { grouped: true }],
    ['outside the canvas', { x: -3, y: 8 }],
    ['a smart object', { kind: LayerKind.SMARTOBJECT, x: 1 }],
    ['text', { kind: LayerKind.TEXT, x: 2 }],
  ])('gives the whole layer alone: %s', async (_, options) => {
    const { pea, host } = setUp();
    const wanted = picture(5, 4, 1);
    const target = layer(wanted, options);
    const doc = pea.open('art.psd', 12, 10, [layer(picture(12, 10, 2)), target, layer(picture(12, 10, 3))]);
    doc.selectedLayers = [target];
    expect(await pixels(host, await firstRef(host))).toEqual(same(wanted));
    expect(doc.edits).toEqual([]);
    expect(pea.documents).toEqual([doc]);
  });

  it('finds layers deep in groups, with siblings, faint groups and a selection of pixels in the way', async () => {
    const { pea, host } = setUp();
    const wanted = picture(3, 3, 5);
    const target = layer(wanted, { x: 4, y: 2 });
    const inner = new FakeLayer({ layers: [layer(picture(9, 9, 1)), target], opacity: 50 });
    const outer = new FakeLayer({ layers: [inner, layer(picture(9, 9, 2))] });
    const doc = pea.open('art.psd', 12, 10, [layer(picture(12, 10, 3)), outer]);
    doc.selectedLayers = [target];
    doc.selectionBox = [0, 0, 2, 2];
    expect(await pixels(host, await firstRef(host))).toEqual(same(wanted));
    expect(doc.selectionBox).toEqual([0, 0, 2, 2]);
    expect(doc.edits).toEqual([]);
  });

  it('bakes masks in and cuts to what they show', async () => {
    const { pea, host } = setUp();
    pea.open('art.psd', 12, 10, [layer(picture(6, 6, 1), { x: 1, y: 1, mask: [2, 3, 5, 5] })]);
    const { width, height, data } = await pixels(host, await firstRef(host));
    expect([width, height]).toEqual([3, 2]);
    expect(data.slice(0, 4)).toEqual([...picture(6, 6, 1).data.slice((2 * 6 + 1) * 4, (2 * 6 + 2) * 4)]);
  });

  it('draws groups without what is hidden in them', async () => {
    const { pea, host } = setUp();
    const shown = picture(3, 3, 1);
    const group = new FakeLayer({
      layers: [layer(picture(3, 3, 2), { visible: false }), layer(shown, { x: 5 })],
    });
    pea.open('art.psd', 12, 10, [group]);
    expect(await pixels(host, await firstRef(host))).toEqual(same(shown));
  });

  it('gives small thumbnails', async () => {
    const { pea, host } = setUp();
    pea.open('art.psd', 40, 20, [layer(picture(40, 20))]);
    const file = await host.thumbnail(await firstRef(host), 10);
    expect(decode(file?.bytes ?? new Uint8Array())).toMatchObject({ width: 10, height: 5 });
  });

  it('reads from its own document although another is open in front, also of the same name and size', async () => {
    const { pea, host } = setUp();
    pea.open('art.psd', 8, 8, [layer(picture(4, 4, 1))]);
    const mine = pea.open('art.psd', 8, 8, [layer(picture(4, 4, 2))]);
    const ref = await firstRef(host);
    pea.open('art.psd', 8, 8, [layer(picture(4, 4, 3))]);
    expect(await pixels(host, ref)).toEqual(same(picture(4, 4, 2)));
    expect(pea.documents[pea.active]).toBe(mine);
  });

  it('says when the layer or its document is gone, and stays where it was', async () => {
    const { pea, host } = setUp();
    const doc = pea.open('art.psd', 8, 8, [layer(picture(4, 4, 1)), layer(picture(2, 2))]);
    const ref = await firstRef(host);
    doc.layers.shift();
    const other = pea.open('other.psd', 8, 8, [layer(picture(4, 4))]);
    await expect(host.read(ref)).rejects.toMatchObject({ code: 'layer-gone' });
    expect(pea.documents[pea.active]).toBe(other);
    await expect(host.read('not a ref')).rejects.toMatchObject({ code: 'layer-gone' });
  });

  it.each(['set visible', 'translate', 'resize canvas', 'save', 'deselect'])(
    'closes its copy after a script that died at “%s”, says so and goes on',
    async (act) => {
      const { pea, host } = setUp();
      const target = layer(picture(4, 4, 1), { x: 1 });
      const doc = pea.open('art.psd', 8, 8, [layer(picture(8, 8, 2)), target]);
      doc.selectedLayers = [target];
      const ref = await firstRef(host);
      let once = true;
      pea.faults.dieAt = (what) => {
        const die = once && what.startsWith(act);
        if (die) once = false;
        return die;
      };
      await expect(host.read(ref)).rejects.toMatchObject({ code: 'input-unreadable' });
      expect(pea.documents).toEqual([doc]);
      expect(doc.edits).toEqual([]);
      expect(await pixels(host, ref)).toEqual(same(picture(4, 4, 1)));
    },
  );
});
