import { openPresetLibrary, PresetLibrary } from '../../../plugin/presets/library.js';
import type { PresetEntry } from '../../../plugin/presets/library-state.js';
import { FakeStore, samplePreset, testChance } from './fake-store.js';

const { format: _, id: __, changed: ___, ...draft } = samplePreset();

/** Libraries of several people over one document; each has a personal store. */
async function team(size: number) {
  const document = new FakeStore(200);
  const chance = testChance();
  const people = [];
  for (let i = 0; i < size; i++) {
    const personal = new FakeStore();
    const library = new PresetLibrary({ document, personal, ...chance });
    await library.refresh();
    people.push({ library, personal });
  }
  return { document, chance, people, libraries: people.map(({ library }) => library) };
}

const names = ({ state }: PresetLibrary) => state.entries.map(({ preset }) => preset.name);
const messages = ({ state }: PresetLibrary) => state.notices.map(({ message }) => message);

describe('one person', () => {
  it('keeps presets with the document and personally, over sessions', async () => {
    const { document, people, chance } = await team(1);
    const [{ library, personal }] = people;
    expect(library.state).toMatchObject({ loading: false, entries: [], scopes: ['document', 'personal'] });
    await library.create({ ...draft, name: 'B' }, 'document');
    await library.create({ ...draft, name: 'a' }, 'document');
    await library.create({ ...draft, name: 'Own', steps: 3 }, 'personal');
    const again = new PresetLibrary({ document, personal, ...chance });
    expect(again.state.loading).toBe(true);
    await again.refresh();
    expect(again.state.entries).toEqual(library.state.entries);
    expect(names(again)).toEqual(['a', 'B', 'Own']);
    expect(again.state.entries.every(({ stored }) => stored)).toBe(true);
    expect(again.state.notices).toEqual([]);
  });

  it('renames, changes, duplicates, shares and searches', async () => {
    const { libraries } = await team(1);
    const [library] = libraries;
    const own = await library.create({ ...draft, name: 'Café' }, 'personal');
    expect((await library.rename(own, 'Cafe & Bar')).id).toBe(own.id);
    await expect(library.rename(own, '')).rejects.toMatchObject({ code: 'preset-invalid' });
    expect((await library.duplicate(own)).preset.name).toBe('Cafe & Bar 2');
    const shared = await library.duplicate(own, 'document');
    expect([shared.scope, shared.preset.name]).toEqual(['document', 'Cafe & Bar']);
    await library.change(shared, { target: { width: 777 }, detail: 0 });
    expect(library.entry(shared)!.preset).toMatchObject({ target: { width: 777 }, detail: 0 });
    expect(library.search('777 café ANA').map(({ scope }) => scope)).toEqual(['document']);
    expect(library.search('').length).toBe(3);
    expect(library.search('nothing')).toEqual([]);
    expect(library.byName(' cafe & bar')).toMatchObject({ scope: 'document' });
  });

  it('deletes with undo, the default included', async () => {
    const { libraries, document, chance } = await team(1);
    const [library] = libraries;
    const entry = await library.create(draft, 'document');
    await library.setDefault(entry);
    const undo = await library.remove(entry);
    expect(library.state.entries).toEqual([]);
    expect(library.defaultEntry).toBeNull();
    const fresh = new PresetLibrary({ document, ...chance });
    await fresh.refresh();
    expect(fresh.state.entries).toEqual([]);
    const back = await undo!();
    expect(back.preset).toEqual(entry.preset);
    expect(library.defaultEntry?.id).toBe(entry.id);
    await fresh.refresh();
    expect(fresh.state.entries.map(({ preset, isDefault }) => [preset, isDefault])).toEqual([
      [entry.preset, true],
    ]);
    await expect(library.rename({ scope: 'document', id: 'gone' }, 'x')).rejects.toMatchObject({
      message: 'This preset is no longer there.',
    });
  });

  it('has a default per document, and copies a personal one there', async () => {
    const { libraries } = await team(2);
    const [mine, theirs] = libraries;
    const own = await mine.create(draft, 'personal');
    const chosen = await mine.setDefault(own);
    expect(chosen).toMatchObject({ scope: 'document', isDefault: true });
    expect(chosen!.preset.name).toBe(own.preset.name);
    await theirs.refresh();
    expect(theirs.defaultEntry?.preset).toEqual(chosen!.preset);
    await theirs.setDefault(null);
    await mine.refresh();
    expect(mine.defaultEntry).toBeNull();
  });

  it('remembers what was used last, also in another document', async () => {
    const { people, chance } = await team(1);
    const [{ library, personal }] = people;
    const entry = await library.create(draft, 'document');
    await library.markUsed(entry.preset);
    const elsewhere = new PresetLibrary({ document: new FakeStore(), personal, ...chance });
    await elsewhere.refresh();
    expect(elsewhere.state.lastUsed).toEqual(entry.preset);
    expect(elsewhere.state.entries).toEqual([]);
  });

  it('imports and exports files and links', async () => {
    const { libraries } = await team(2);
    const [from, to] = libraries;
    const a = await from.create({ ...draft, name: 'A' }, 'document');
    const b = await from.create({ ...draft, name: 'B' }, 'personal');
    const text = from.exportText([a, b]);
    const report = await to.importText(text, 'personal', 'team.json');
    expect(report.problems).toEqual([]);
    expect(report.added.map(({ preset }) => preset)).toEqual([a.preset, b.preset]);
    // The same file again changes nothing.
    await to.importText(text, 'personal');
    expect(names(to)).toEqual(['A', 'B']);
    // Another preset under the same id does not replace the first.
    const changed = await from.change(b, { detail: 1 });
    const link = from.exportLink(changed, 'https://example.org/');
    const added = await to.importLink(link, 'personal');
    expect(added.preset).toMatchObject({ name: 'B 2', detail: 1 });
    expect(added.id).not.toBe(b.id);
    await expect(to.importText('{}', 'personal')).rejects.toMatchObject({ code: 'preset-invalid' });
  });

  it('tells listeners of every change, until they stop listening', async () => {
    const { libraries } = await team(1);
    const [library] = libraries;
    const seen: number[] = [];
    const stop = library.subscribe(({ entries }) => seen.push(entries.length));
    await library.create(draft, 'personal');
    expect(seen.at(-1)).toBe(1);
    stop();
    const count = seen.length;
    await library.create(draft, 'personal');
    expect(seen).toHaveLength(count);
  });

  it('does double clicks one after the other', async () => {
    const { libraries } = await team(1);
    const [library] = libraries;
    const entry = await library.create(draft, 'document');
    await Promise.all([library.duplicate(entry), library.duplicate(entry), library.remove(entry)]);
    expect(names(library)).toEqual(['Soft photos 2', 'Soft photos 3']);
  });
});

describe('a team', () => {
  it('never collides on different presets', async () => {
    const { libraries } = await team(4);
    const entries: PresetEntry[] = [];
    for (const [i, library] of libraries.entries())
      entries.push(await library.create({ ...draft, name: `Of ${i}` }, 'document'));
    await Promise.all(libraries.map((library) => library.refresh()));
    // All at once, several times, each on a preset of their own.
    for (let round = 0; round < 5; round++)
      await Promise.all(libraries.map((library, i) => library.change(entries[i], { steps: round + 1 })));
    await Promise.all(libraries.map((library) => library.refresh()));
    for (const library of libraries) {
      expect(names(library)).toEqual(['Of 0', 'Of 1', 'Of 2', 'Of 3']);
      expect(library.state.entries.map(({ preset }) => preset.steps)).toEqual([5, 5, 5, 5]);
      expect(library.state.notices).toEqual([]);
    }
  });

  it('on the same preset: the last writer wins, and both are told', async () => {
    const { libraries } = await team(2);
    const [ana, ben] = libraries;
    const entry = await ana.create(draft, 'document');
    await ben.refresh();
    await ana.change(entry, { detail: 0.1, author: 'Ana' });
    await ben.change(entry, { detail: 0.9, author: 'Ben' });
    expect(messages(ben)).toEqual([
      'Ana changed "Soft photos" while you edited it. Your version replaced theirs.',
    ]);
    await ana.refresh();
    expect(messages(ana)).toEqual(['Ben changed "Soft photos" after you. Their version replaced yours.']);
    for (const library of libraries) expect(library.entry(entry)!.preset.detail).toBe(0.9);
    // What lost is not lost.
    const [{ lost, loser, id }] = ana.state.notices;
    expect([loser, ben.state.notices[0].loser]).toEqual(['me', 'others']);
    const kept = await ana.add(lost!, 'document');
    expect(kept.preset).toMatchObject({ detail: 0.1, name: 'Soft photos 2' });
    ana.dismiss(id);
    expect(ana.state.notices).toEqual([]);
    // Told once, not at every look.
    await ana.refresh();
    expect(ana.state.notices).toEqual([]);
  });

  it('names nobody who may not have been it', async () => {
    const { libraries } = await team(2);
    const [ana, ben] = libraries;
    const entry = await ana.create({ ...draft, author: 'Ana' }, 'document');
    await ben.refresh();
    await ben.change(entry, { detail: 0.9 });
    await ana.refresh();
    expect(messages(ana)).toEqual([
      'Somebody changed "Soft photos" after you. Their version replaced yours.',
    ]);
  });

  it('at the very same time: all end with the same one', async () => {
    const { libraries } = await team(3);
    const entry = await libraries[0].create(draft, 'document');
    await Promise.all(libraries.map((library) => library.refresh()));
    await Promise.all(libraries.map((library, i) => library.change(entry, { detail: i / 10 })));
    await Promise.all(libraries.map((library) => library.refresh()));
    const details = libraries.map((library) => library.entry(entry)!.preset.detail);
    expect(new Set(details).size).toBe(1);
    expect(libraries.flatMap(messages).length).toBeGreaterThanOrEqual(2);
  });

  it('sees quietly what others change, add and delete; their own deleted work is offered back', async () => {
    const { libraries } = await team(2);
    const [ana, ben] = libraries;
    const a = await ana.create({ ...draft, name: 'A' }, 'document');
    await ben.refresh();
    const b = await ben.create({ ...draft, name: 'B' }, 'document');
    await ana.refresh();
    await ana.remove(b);
    await ana.change(a, { name: 'A!' });
    await ben.refresh();
    expect(names(ben)).toEqual(['A!']);
    expect(messages(ben)).toEqual(['Somebody deleted "B" after you changed it.']);
    await ben.add(ben.state.notices[0].lost!, 'document');
    await ana.refresh();
    expect(names(ana)).toEqual(['A!', 'B']);
    expect(messages(ana)).toEqual([]);
  });

  it('is told about damage, and has the version before', async () => {
    const { libraries, document, chance } = await team(1);
    const [library] = libraries;
    const entry = await library.create(draft, 'document');
    await library.change(entry, { detail: 1 });
    const head = document.values.get(`preset.${entry.id}`)!;
    document.values.delete(`preset.${entry.id}.${head}.1`);
    document.values.set('preset.rubbish', 'rubbish');
    const fresh = new PresetLibrary({ document, ...chance });
    await fresh.refresh();
    await fresh.refresh();
    expect(fresh.state.entries.map(({ preset }) => preset.detail)).toEqual([0.3]);
    expect(messages(fresh).sort()).toEqual([
      'The last change of "Soft photos" was not saved whole. The version before it is shown.',
      'The preset "rubbish" kept with this document is damaged and cannot be read.',
    ]);
  });
});

describe('storage that fails', () => {
  it('lets a library without any work until the panel is closed', async () => {
    const library = await openPresetLibrary({
      info: async () => {
        throw new Error('no host');
      },
      store: () => {
        throw new Error('no store');
      },
    });
    expect(library.state).toMatchObject({ loading: false, scopes: ['personal'], entries: [] });
    const entry = await library.create(draft, 'personal');
    expect(entry.stored).toBe(false);
    expect(messages(library)).toEqual([expect.stringMatching(/keeps no presets.*export them/)]);
    await library.create({ ...draft, name: 'Two' }, 'personal');
    expect(library.state.notices).toHaveLength(1);
    await library.setDefault(entry);
    await library.markUsed(entry.preset);
    expect(library.defaultEntry?.id).toBe(entry.id);
    expect(library.state.lastUsed).toEqual(entry.preset);
    expect(await library.remove(entry)).not.toBeNull();
    await expect(library.create(draft, 'document')).rejects.toMatchObject({ code: 'store-failed' });
  });

  it('keeps in memory what could not be saved, and saves it when it can', async () => {
    const { libraries, document } = await team(2);
    const [library, other] = libraries;
    document.fail('set');
    const entry = await library.create(draft, 'document');
    expect(entry.stored).toBe(false);
    expect(messages(library)).toEqual([
      expect.stringMatching(/^"Soft photos" lasts until the panel is closed\. It could not be saved/),
    ]);
    await library.refresh();
    expect(names(library)).toEqual(['Soft photos']);
    document.heal();
    expect((await library.keep(entry)).stored).toBe(true);
    await other.refresh();
    expect(names(other)).toEqual(['Soft photos']);
  });

  it('goes on with what it has when reading fails, says so once, and again after it worked', async () => {
    const { libraries, document } = await team(1);
    const [library] = libraries;
    await library.create(draft, 'document');
    document.fail();
    await library.refresh();
    await library.refresh();
    expect(names(library)).toEqual(['Soft photos']);
    expect(messages(library)).toEqual([expect.stringMatching(/this document could not be read/)]);
    document.heal();
    await library.refresh();
    document.fail();
    await library.refresh();
    expect(library.state.notices).toHaveLength(2);
  });

  it('shows the others when one cannot be read', async () => {
    const { libraries, document, chance } = await team(1);
    const bad = await libraries[0].create({ ...draft, name: 'Bad' }, 'document');
    await libraries[0].create({ ...draft, name: 'Good' }, 'document');
    document.before = (_, key) => {
      if (key === `preset.${bad.id}`) throw new Error('bad sector');
    };
    const fresh = new PresetLibrary({ document, ...chance });
    await fresh.refresh();
    expect(names(fresh)).toEqual(['Good']);
    expect(messages(fresh)).toEqual([expect.stringMatching(/could not be read/)]);
  });

  it('puts back what could not be deleted', async () => {
    const { libraries, document } = await team(1);
    const [library] = libraries;
    const entry = await library.create(draft, 'document');
    document.fail('set');
    expect(await library.remove(entry)).toBeNull();
    expect(names(library)).toEqual(['Soft photos']);
    expect(messages(library)).toEqual([expect.stringMatching(/could not be deleted/)]);
  });

  it('does not wait for ever', async () => {
    const document = new FakeStore();
    document.keys = () => new Promise(() => undefined);
    const library = new PresetLibrary({ document, ...testChance(), storeTimeoutMs: 20 });
    await library.refresh();
    expect(library.state.loading).toBe(false);
    expect(messages(library)).toHaveLength(1);
  });

  it('has room for 200', async () => {
    const { libraries } = await team(1);
    const [library] = libraries;
    const presets = Array.from({ length: 200 }, (_, i) => samplePreset({ id: `p${i}`, name: `P ${i}` }));
    const text = JSON.stringify({ format: '1.0', presets });
    expect((await library.importText(text, 'personal')).added).toHaveLength(200);
    await expect(library.create(draft, 'personal')).rejects.toThrow(/room for 200/);
  });
});
