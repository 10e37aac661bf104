/** The line to Photopea when it is late, silent, repetitive or not Photopea at all; stores and watching. */

import vm from 'node:vm';
import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { PHOTOPEA_ORIGIN } from '../../../../plugin/hosts/photopea/index.js';
import * as scripts from '../../../../plugin/hosts/photopea/scripts.js';
import type { StorageLike } from '../../../../plugin/local-store.js';
import { FakeLayer } from './fake-document.js';
import type { Faults } from './fake-photopea.js';
import { enlarged, firstRef, how, picture, selected, setUp, TIMES, tearDown } from './set-up.js';

afterEach(tearDown);

const photo = (name = 'photo') => new FakeLayer({ name, raster: picture(4, 3), x: 1, y: 1 });
const key: scripts.DocumentKey = { name: 'a', source: '', width: 1, height: 1, index: 0 };

const every = (text: string): string[] => {
  const named = { ...key, name: text };
  return [
    scripts.ping(),
    scripts.inspect(),
    scripts.listLayers(),
    scripts.measure(named, [[0, 1]], text),
    scripts.exportLayer(named, 1, text, 10),
    scripts.tidy(named, text),
    scripts.prepare(named, 1, text),
    scripts.openPicture(named, text),
    scripts.openDocument(text),
    scripts.findNew(named, [1]),
    scripts.giveUp(named, 1, null, text),
    scripts.nameLayer(named, 1, text),
    scripts.fitAbove({
      key: named,
      sourceId: 1,
      freshId: 2,
      box: [0, 0, 1, 1],
      name: text,
      keeper: text,
      placement: 'layer',
      width: 4,
      height: 4,
      seeThrough: true,
    }),
  ];
};

describe('scripts', () => {
  it('are ES5 and avoid what Photopea does wrong', () => {
    for (const script of every('x')) {
      expect(() => transformSync(script, { target: 'es5' })).not.toThrow();
      expect(script).not.toMatch(/\b(let|const|class|finally|await|async|eval|setTimeout)\b|=>|`/);
      // A `return` in the same braces as a `try`: blocks of one nesting are enough to look through here.
      expect(script).not.toMatch(/try \{(?:[^{}]|\{[^{}]*\})*\breturn\b/);
    }
  });

  it('take any text as a value and never as code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        for (const script of every(`${text}"'\\\u2028\u2029</script>\${x}`)) {
          expect(() => new vm.Script(script)).not.toThrow();
          expect(script).not.toMatch(/[\u2028\u2029]/);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('bring hostile names through unharmed', async () => {
    const name = ['"); app.echoToOE("x`$', "{1}`\u2028\n\\';"].join('');
    const { pea, host } = setUp();
    const doc = pea.open(name, 10, 10, [photo(name)], `source ${name}`);
    expect((await selected(host))[0].name).toBe(name);
    await host.write(await firstRef(host), enlarged(8, 6), how('layer'));
    expect(doc.layers[0].name).toBe(`${name}, enlarged`);
  });
});

describe('messages', () => {
  it.each<[string, Faults]>([
    ['missing', { dones: 0 }],
    ['doubled', { dones: 2 }],
    ['early', { earlyDone: true }],
    ['late', { lateDoneMs: 15 }],
    ['missing, with late files', { dones: 0, lateFilesMs: 30 }],
  ])('do not depend on “done”: %s', async (_, faults) => {
    const { pea, host } = setUp();
    const doc = pea.open('art.psd', 10, 10, [photo()]);
    pea.faults = faults;
    const ref = await firstRef(host);
    const [first, second] = await Promise.all([host.read(ref), host.read(ref)]);
    expect(first.bytes).toEqual(second.bytes);
    await host.write(ref, enlarged(8, 6), how('layer'));
    expect(doc.layers).toHaveLength(2);
  });

  it('are sent to Photopea only, one at a time', async () => {
    const { pea, host } = setUp();
    pea.open('art.psd', 10, 10, [photo()]);
    const ref = await firstRef(host);
    await Promise.all([
      host.selection(),
      host.read(ref),
      host.write(ref, enlarged(8, 6), how('layer')),
      host.read(ref),
    ]);
    expect(pea.mostInFlight).toBe(1);
    expect([...pea.addressed]).toEqual([PHOTOPEA_ORIGIN]);
  });

  it('from other windows and origins do not count', async () => {
    const { pea, host } = setUp();
    pea.open('art.psd', 10, 10, [photo()]);
    pea.faults.slowMs = 30;
    const reading = host.selection();
    await new Promise((done) => setTimeout(done, 5));
    const id = /"(enlarger-[^":]+):begin"/.exec(pea.scripts[0])?.[1];
    expect(id).toBeDefined();
    for (const [origin, source] of [
      ['https://evil.example', pea.window],
      [PHOTOPEA_ORIGIN, {}],
      ['null', pea.window],
    ] as const) {
      pea.say(`${id}:{"value":null}`, origin, source);
      pea.say(`${id}:end`, origin, source);
    }
    expect((await reading).layers).toHaveLength(1);
  });

  it('of nonsense do no harm', async () => {
    const { pea, host } = setUp();
    pea.open('art.psd', 10, 10, [photo()]);
    pea.faults.slowMs = 30;
    const reading = host.selection();
    await new Promise((done) => setTimeout(done, 5));
    for (const nonsense of [null, 7, {}, [], 'done', 'enlarger-1:end', new ArrayBuffer(4), { data: 1 }]) {
      pea.say(nonsense);
    }
    expect((await reading).layers).toHaveLength(1);
  });

  it('that are late are still taken while Photopea is asked whether it lives', async () => {
    const { pea, host } = setUp();
    pea.open('art.psd', 10, 10, [photo()]);
    pea.faults.slowMs = TIMES.scriptMs + 100;
    expect((await host.selection()).layers).toHaveLength(1);
  });

  it('of files that belong to a script given up are not mistaken for the next one', async () => {
    const { pea, host } = setUp();
    pea.open('art.psd', 10, 10, [photo()]);
    const ref = await firstRef(host);
    pea.faults.lateFilesMs = TIMES.exportMs + 100;
    await expect(host.read(ref)).rejects.toMatchObject({ code: 'input-unreadable' });
    pea.faults = { slowMs: 150 };
    const { bytes } = await host.read(ref);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([4, 3]);
  });

  it('that never come end in a sentence, and Photopea is found again when it is back', async () => {
    const { pea, host } = setUp();
    const doc = pea.open('art.psd', 10, 10, [photo()]);
    const ref = await firstRef(host);
    pea.faults.silent = true;
    for (const call of [host.selection(), host.read(ref), host.write(ref, enlarged(8, 6), how('layer'))]) {
      await expect(call).rejects.toMatchObject({
        code: 'host-unavailable',
        hint: expect.stringContaining('dialog'),
      });
    }
    await expect(
      host.place({ name: 'x', picture: enlarged(4, 4), generated: null, job: 'j' }),
    ).rejects.toMatchObject({
      code: 'host-unavailable',
    });
    pea.faults = {};
    expect((await host.selection()).layers).toHaveLength(1);
    expect(doc.layers).toHaveLength(1);
  });
});

describe('info and stores', () => {
  it('promise what there is', async () => {
    const { host } = setUp();
    const { abilities, maxSidePx } = await host.info();
    expect(abilities).toMatchObject({
      documentStore: false,
      personalStore: false,
      groupedUndo: false,
      pieces: false,
    });
    expect(abilities.placements[0]).toBe('layer');
    expect(maxSidePx).toBe(8192);
    await expect(host.store('document').set('a', 'b')).rejects.toMatchObject({ code: 'store-failed' });
    await expect(host.store('personal').get('a')).rejects.toMatchObject({ code: 'store-failed' });
  });

  it('keep personal presets in the storage of the page', async () => {
    const data = new Map<string, string>();
    const storage: StorageLike = {
      get length() {
        return data.size;
      },
      key: (index) => [...data.keys()][index] ?? null,
      getItem: (name) => data.get(name) ?? null,
      setItem: (name, value) => void data.set(name, value),
      removeItem: (name) => void data.delete(name),
    };
    const { host } = setUp({ storage: () => storage });
    expect((await host.info()).abilities.personalStore).toBe(true);
    await host.store('personal').set('a', 'b');
    expect(await host.store('personal').keys()).toEqual(['a']);
  });
});

describe('watching the selection', () => {
  const until = async (true_: () => boolean) => {
    for (let i = 0; i < 500 && !true_(); i++) await new Promise((done) => setTimeout(done, 10));
    expect(true_()).toBe(true);
  };

  it('tells of changes until nobody listens', async () => {
    const { pea, host } = setUp();
    const doc = pea.open('art.psd', 10, 10, [photo('a'), photo('b')]);
    const events: string[] = [];
    const stop = host.subscribe(({ kind }) => events.push(kind));
    await host.selection();
    doc.selectedLayers = [doc.layers[1]];
    await until(() => events.length > 0);
    expect(events).toEqual(['selection']);
    stop();
    await pea.settled();
    const asked = pea.scripts.length;
    await new Promise((done) => setTimeout(done, 10 * TIMES.watchMs));
    expect(pea.scripts.length).toBeLessThanOrEqual(asked + 1);
  });

  it('rests while the panel is not seen, and survives silence', async () => {
    let visible = false;
    const { pea, host } = setUp({ visible: () => visible, times: { scriptMs: 20, pingMs: 20 } });
    const doc = pea.open('art.psd', 10, 10, [photo('a'), photo('b')]);
    const events: string[] = [];
    host.subscribe(({ kind }) => events.push(kind));
    await new Promise((done) => setTimeout(done, 10 * TIMES.watchMs));
    expect(pea.scripts).toHaveLength(0);
    visible = true;
    pea.faults.silent = true;
    await until(() => pea.scripts.length > 2);
    pea.faults = {};
    await host.selection().catch(() => undefined);
    await until(() => pea.scripts.length > 5);
    doc.selectedLayers = [doc.layers[1]];
    await until(() => events.length > 0);
  });
});
