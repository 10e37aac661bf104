import { createLocalStore, keepsAnything, type StorageLike } from '../../plugin/local-store.js';

function memory(limit = 1000): StorageLike & { data: Map<string, string> } {
  const data = new Map<string, string>([['theirs', 'x']]);
  return {
    data,
    get length() {
      return data.size;
    },
    key: (index) => [...data.keys()][index] ?? null,
    getItem: (key) => data.get(key) ?? null,
    setItem(key, value) {
      if (value.length > limit) throw new Error('QuotaExceededError');
      data.set(key, value);
    },
    removeItem: (key) => void data.delete(key),
  };
}

const forbidden = (): StorageLike => {
  throw new Error('SecurityError');
};

describe('local store', () => {
  it('keeps, lists and deletes its own keys and leaves those of the page alone', async () => {
    const storage = memory();
    const store = createLocalStore(() => storage);
    await store.set('a', '1');
    await store.set('b', '2');
    await store.set('a', '');
    expect(await store.keys()).toEqual(['b']);
    expect(await store.get('b')).toBe('2');
    expect(await store.get('a')).toBeNull();
    expect(storage.data.get('theirs')).toBe('x');
  });

  it('fails with a sentence when the browser forbids it or it is full', async () => {
    const store = createLocalStore(forbidden);
    await expect(store.keys()).rejects.toMatchObject({ code: 'store-failed' });
    await expect(store.get('a')).rejects.toMatchObject({ code: 'store-failed' });
    const full = createLocalStore(() => memory(3));
    await expect(full.set('a', 'long')).rejects.toMatchObject({
      code: 'store-failed',
      hint: expect.stringContaining('file'),
    });
  });

  it('finds out by writing whether anything is kept', () => {
    const storage = memory();
    expect(keepsAnything(() => storage)).toBe(true);
    expect([...storage.data.keys()]).toEqual(['theirs']);
    expect(keepsAnything(forbidden)).toBe(false);
    expect(keepsAnything(() => memory(0))).toBe(false);
  });
});
