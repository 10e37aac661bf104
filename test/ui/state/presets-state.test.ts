import { createFixtureHost, FixtureEditor } from '../../../plugin/hosts/fixture/index.js';
import { openPresetLibrary } from '../../../plugin/presets/library.js';
import { createPresetsState, fileName, type PresetsState } from '../../../ui/state/presets-state.js';

const DRAFT = {
  name: 'Soft',
  author: 'Ada',
  target: { scale: 2 },
  detail: 0.1,
  seedPolicy: { kind: 'random' },
  pack: 'enlarger-1',
} as const;

let presets: PresetsState;
afterEach(() => presets.dispose());

function open() {
  presets = createPresetsState(openPresetLibrary(createFixtureHost(new FixtureEditor())));
  return presets.ready;
}
const names = () => presets.found.value.map(({ preset }) => preset.name);

describe('presets in the panel', () => {
  it('are searched, deleted and brought back', async () => {
    await open();
    await presets.create(DRAFT, 'document');
    await presets.create({ ...DRAFT, name: 'Crisp', author: '' }, 'personal');
    expect(names()).toEqual(['Soft', 'Crisp']);
    presets.query.value = 'ada 2x';
    expect(names()).toEqual(['Soft']);
    await presets.remove(presets.found.value[0]);
    expect(names()).toEqual([]);
    expect(presets.deleted.value?.name).toBe('Soft');
    await presets.undoRemove();
    expect(names()).toEqual(['Soft']);
    expect(presets.deleted.value).toBeNull();
  });

  it('go out as a file and come back from several, bad ones told of', async () => {
    await open();
    const soft = await presets.create(DRAFT, 'document');
    const file = await presets.file([soft!]);
    expect(file!.name).toBe('Soft.enlarger-preset.json');
    await presets.remove(soft!);
    const asFile = (name: string, text: string) => ({ name, size: text.length, text: async () => text });
    await presets.importFiles(
      [
        asFile('good.json', file!.text),
        asFile('bad.json', 'no json'),
        { name: 'huge.json', size: 1e9, text: () => Promise.reject(new Error('never read')) },
      ],
      'personal',
    );
    expect(names()).toEqual(['Soft']);
    expect(presets.report.value[0]).toBe('Added “Soft”.');
    expect(presets.report.value).toHaveLength(3);
    expect(presets.report.value[1]).toContain('bad.json');
    expect(presets.report.value[2]).toContain('huge.json is too large');
  });

  it('go out as a link and come back, and a broken link is an error with a sentence', async () => {
    await open();
    const soft = await presets.create(DRAFT, 'document');
    const link = await presets.link(soft!, 'https://example.org/page');
    expect(link).toMatch(/^https:\/\/example\.org\/page#preset=/);
    await presets.remove(soft!);
    expect(await presets.importLink(link!, 'document')).not.toBeNull();
    expect(names()).toEqual(['Soft']);
    expect(await presets.importLink(`${link!.slice(0, -9)}`, 'document')).toBeNull();
    expect(presets.error.value?.code).toBe('preset-invalid');
    expect(await presets.create({ ...DRAFT, name: ' ' }, 'document')).toBeNull();
    expect(presets.error.value?.message).toContain('name');
  });

  it.each([
    ['Logo/Final: v2?', 'Logo Final v2'],
    ['..', 'picture'],
    ['', 'picture'],
    ['x'.repeat(200), 'x'.repeat(80)],
  ])('name files that every system takes: %s', (name, expected) => {
    expect(fileName(name)).toBe(expected);
  });
});
