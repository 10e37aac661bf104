import { VersionStore } from '../../../plugin/presets/version-store.js';
import { FakeStore, testChance } from './fake-store.js';

function open(store: FakeStore, chance = testChance(), timeoutMs = 5000): VersionStore {
  return new VersionStore({
    store,
    prefix: 'preset',
    maxLength: 10_000,
    place: 'this document',
    ...chance,
    timeoutMs,
  });
}

async function read(versions: VersionStore, id: string) {
  const head = await versions.head(id);
  return head === null ? null : versions.read(id, head, await versions.list());
}

const LONG = JSON.stringify({ text: 'ä🎈'.repeat(400) });

describe('VersionStore', () => {
  it('keeps texts longer than a value of the store, whatever their characters', async () => {
    const store = new FakeStore(64);
    const versions = open(store);
    await versions.write('a', LONG);
    await versions.write('b', '{}');
    const found = await read(versions, 'a');
    expect(JSON.parse(found!.text)).toEqual(JSON.parse(LONG));
    expect(found!.recovered).toBe(false);
    expect((await versions.list()).ids).toEqual(['a', 'b']);
    for (const value of store.values.values()) expect(value.length).toBeLessThanOrEqual(64);
  });

  it('gives ids no key in common', async () => {
    const store = new FakeStore(100);
    const versions = open(store);
    await versions.write('a', LONG);
    const before = new Set(store.values.keys());
    await versions.write('a-b', LONG);
    const added = [...store.values.keys()].filter((key) => !before.has(key));
    expect(added.every((key) => key.startsWith('preset.a-b'))).toBe(true);
    expect([...before].every((key) => store.values.has(key))).toBe(true);
  });

  it('keeps the version before, and no more than that', async () => {
    const store = new FakeStore(100);
    const versions = open(store);
    for (let i = 0; i < 5; i++) await versions.write('a', `"${i}"`);
    expect(store.keysOf('a')).toHaveLength(3);
    expect((await read(versions, 'a'))!.text).toBe('"4"');
  });

  it('loads the version before when a write stops anywhere', async () => {
    const writes = 3 + Math.ceil(LONG.length / 50);
    for (let at = 0; at < writes; at++) {
      const store = new FakeStore(200);
      const versions = open(store);
      await versions.write('a', '"old"');
      let left = at;
      store.before = (call) => {
        if (call === 'set' && left-- <= 0) throw new Error('gone');
      };
      const done = await versions.write('a', LONG).catch(({ code }) => code);
      store.heal();
      const found = await read(open(store), 'a');
      // Whoever is told that it failed finds the old one, whoever is not finds the new one.
      expect(found!.text === '"old"').toBe(done === 'store-failed');
      expect(found!.recovered).toBe(false);
    }
  });

  it.each<[string, (store: FakeStore, key: string) => void]>([
    ['lost', (store, key) => store.values.delete(key)],
    ['cut off', (store, key) => store.values.set(key, store.values.get(key)!.slice(0, -1))],
    ['another one', (store, key) => store.values.set(key, store.values.get(key)!.replace(/u00e4/, 'u00e5'))],
  ])('finds out that a part is %s, and loads the version before', async (_, damage) => {
    const store = new FakeStore(300);
    const versions = open(store);
    await versions.write('a', '"old"');
    const version = await versions.write('a', LONG);
    damage(store, `preset.a.${version}.1`);
    expect(await read(open(store), 'a')).toEqual({
      text: '"old"',
      version: expect.not.stringContaining(version),
      recovered: true,
    });
  });

  it('loads the newest whole version when the head is rubbish, and none when there is none', async () => {
    const store = new FakeStore(300);
    const versions = open(store);
    await versions.write('a', '"old"');
    await versions.write('a', '"new"');
    store.values.set('preset.a', 'rub.bish');
    expect(await read(versions, 'a')).toMatchObject({ text: '"new"', recovered: true });
    for (const key of store.keysOf('a')) if (key !== 'preset.a') store.values.delete(key);
    expect(await read(versions, 'a')).toBeNull();
  });

  it('does not believe a store that forgets what it took', async () => {
    const store = new FakeStore(300);
    store.set = async () => undefined;
    await expect(open(store).write('a', '"x"')).rejects.toMatchObject({ code: 'store-failed' });
  });

  it('leaves alone what somebody else is just writing, and sweeps what was never finished', async () => {
    const store = new FakeStore(300);
    const chance = testChance();
    const mine = open(store, chance);
    const theirs = open(store, chance);
    await mine.write('a', '"one"');
    // Their write has made its part but not moved the head when mine comes and sweeps.
    let between: (() => Promise<unknown>) | null = () => mine.write('a', '"mine"');
    store.before = async (call, key) => {
      if (call === 'set' && key === 'preset.a' && between) {
        const then = between;
        between = null;
        await then();
      }
    };
    await theirs.write('a', '"theirs"');
    store.heal();
    expect(await read(mine, 'a')).toMatchObject({ text: '"theirs"', recovered: false });
    chance.wait(3600_000);
    await open(store, chance).write('a', '"last"');
    expect(store.keysOf('a')).toHaveLength(3);
  });

  it('removes; a later write sweeps what was left', async () => {
    const store = new FakeStore(300);
    const chance = testChance();
    await open(store, chance).write('a', LONG);
    const versions = open(store, chance);
    await versions.remove('a');
    expect(await versions.head('a')).toBeNull();
    chance.wait(3600_000);
    await versions.write('b', '"x"');
    expect(store.keysOf('a')).toEqual([]);
  });

  it('says so when the store fails, throws, or never answers', async () => {
    const store = new FakeStore();
    store.fail();
    await expect(open(store).list()).rejects.toMatchObject({ code: 'store-failed' });
    await expect(open(store).write('a', '"x"')).rejects.toMatchObject({ code: 'store-failed' });
    store.get = () => {
      throw new Error('at once');
    };
    await expect(open(store).head('a')).rejects.toMatchObject({ code: 'store-failed' });
    store.keys = () => new Promise(() => undefined);
    await expect(open(store, testChance(), 20).list()).rejects.toMatchObject({ code: 'store-failed' });
  });

  it('refuses texts that are too long, and stores without room', async () => {
    await expect(open(new FakeStore()).write('a', `"${'x'.repeat(10_000)}"`)).rejects.toMatchObject({
      code: 'preset-invalid',
    });
    await expect(open(new FakeStore(10)).write('a', '"x"')).rejects.toMatchObject({ code: 'store-failed' });
  });
});
