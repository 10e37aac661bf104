/** What Figma keeps: with the document and for the person, within its limits, and the presets that live there. */

import fc from 'fast-check';
import type { HostStore } from '../../../../plugin/host.js';
import { presetNames } from '../../../../plugin/hosts/figma/preset-names.js';
import { utf8Length } from '../../../../plugin/hosts/figma/stores.js';
import { openPresetLibrary } from '../../../../plugin/presets/library.js';
import type { DocumentSpec } from './fake/entry.js';
import { FigmaVm } from './vm.js';

const open: FigmaVm[] = [];
afterEach(() => {
  for (const figma of open.splice(0)) figma.close();
});

async function start(more: Pick<DocumentSpec, 'storageFails' | 'storageQuotaBytes'> = {}) {
  const started = await FigmaVm.start({ layers: [], ...more });
  open.push(started.figma);
  return started;
}

const DRAFT = {
  author: 'Ada',
  target: { scale: 4 },
  detail: 0.3,
  seedPolicy: { kind: 'random' as const },
  pack: 'enlarger-1',
};

test.each(['document', 'personal'] as const)('the %s store keeps, lists and deletes', async (scope) => {
  const { host } = await start();
  const store = host.store(scope);
  expect(await store.get('a')).toBeNull();
  await store.set('a', 'one');
  await store.set('b', 'zwei – 二 🐦');
  expect((await store.keys()).slice().sort()).toEqual(['a', 'b']);
  expect(await store.get('b')).toBe('zwei – 二 🐦');
  await store.set('a', '');
  expect(await store.keys()).toEqual(['b']);
  expect(await store.get('a')).toBeNull();
});

test('the stores are apart, and the document keeps ours under our namespace', async () => {
  const { figma, host } = await start();
  await host.store('document').set('k', 'shared');
  await host.store('personal').set('k', 'mine');
  expect(figma.ask(`fake.document.sharedData`)).toEqual({ 'enlarger k': 'shared' });
  expect(figma.ask(`[...fake.storage]`)).toEqual([['k', 'mine']]);
});

test.each(['document', 'personal'] as const)(
  'the longest value fits into the %s store, a longer one is refused',
  async (scope) => {
    const { host } = await start();
    const store = host.store(scope);
    await store.set('key-of-some-length', 'é'.repeat(store.maxValueBytes / 2));
    expect((await store.get('key-of-some-length'))?.length).toBe(store.maxValueBytes / 2);
    await expect(store.set('k', 'é'.repeat(store.maxValueBytes / 2 + 1))).rejects.toMatchObject({
      code: 'store-failed',
    });
  },
);

test('a full or forbidden personal store fails with a way out; the document still works', async () => {
  const { host } = await start({ storageQuotaBytes: 10_000 });
  const personal = host.store('personal');
  const big = 'x'.repeat(3_000);
  for (let index = 0; index < 3; index++) await personal.set(`big-${index}`, big);
  await expect(personal.set('one-more', big)).rejects.toMatchObject({
    code: 'store-failed',
    hint: expect.stringContaining('delete'),
  });
  const failing = await start({ storageFails: true });
  for (const call of [
    failing.host.store('personal').keys(),
    failing.host.store('personal').get('k'),
    failing.host.store('personal').set('k', 'v'),
  ])
    await expect(call).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringMatching(/machine/),
    });
  await failing.host.store('document').set('k', 'v');
  expect(await failing.host.store('document').get('k')).toBe('v');
});

test('presets saved by the panel are there for the next person, and the quick action suggests them', async () => {
  const { figma, host } = await start();
  const library = await openPresetLibrary(host);
  await library.create({ ...DRAFT, name: 'Crisp logo – 二' }, 'document');
  await library.create({ ...DRAFT, name: 'photo' }, 'personal');
  await library.create({ ...DRAFT, name: 'gone' }, 'personal');
  await library.remove(library.byName('gone') as NonNullable<ReturnType<typeof library.byName>>);
  expect(library.state.notices).toEqual([]);

  const again = await openPresetLibrary(await figma.connect());
  expect(again.state.entries.map(({ preset }) => preset.name).sort()).toEqual(['Crisp logo – 二', 'photo']);

  figma.evaluate(`fake.type('how', 'o')`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const told = figma.ask<{ name: string }[][]>(`fake.suggested.filter((each) => !each.loading)`);
  expect(told[0]?.map(({ name }) => name)).toEqual(['Crisp logo – 二', 'photo']);
});

test('names are read from any store without harm', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('v1', '{"name":"ok"}', '{"name":5}', '[1]', 'null', '{"na', 'me":"x"}'),
  );
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom('preset.a', 'preset.b', 'preset.a.v1.0', 'preset.a.v1.1', 'preset.b.v1.0'),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, text), fc.boolean(), async (values, fails) => {
      const store: HostStore = {
        maxValueBytes: 100,
        keys: async () => Object.keys(values),
        get: async (name) => {
          if (fails) throw new Error('no');
          return values[name] ?? null;
        },
        set: async () => {},
      };
      const names = await presetNames([store, store]);
      expect(names.every((name) => typeof name === 'string' && name !== '' && name.length <= 200)).toBe(true);
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: 500 },
  );
});

test('bytes are counted as UTF-8 counts them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text, 'utf8'));
    }),
  );
});
