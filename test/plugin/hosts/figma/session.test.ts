/** The plugin as Figma runs it: commands of the manifest, quick actions, the panel's window, and what it refuses. */

import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import {
  COMMANDS,
  commandOf,
  GENERATOR_COMMANDS,
  HOW_KEY,
  RELAUNCH,
  scaleIn,
} from '../../../../plugin/hosts/figma/commands.js';
import { suggestions } from '../../../../plugin/hosts/figma/parameters.js';
import { FigmaVm } from './vm.js';

const open: FigmaVm[] = [];
afterEach(() => {
  for (const figma of open.splice(0)) figma.close();
});

interface Manifest {
  readonly documentAccess: string;
  readonly networkAccess: unknown;
  readonly api: string;
  readonly editorType: readonly string[];
  readonly main: string;
  readonly ui: string;
  readonly menu: readonly {
    readonly name?: string;
    readonly command?: string;
    readonly parameters?: readonly { readonly key: string }[];
  }[];
  readonly relaunchButtons: readonly { readonly command: string }[];
}

describe('manifest', () => {
  let manifest: Manifest;
  beforeAll(async () => {
    manifest = JSON.parse(await readFile('manifest.json', 'utf8')) as Manifest;
  });

  test('asks for no network and no more of the document than is open', () => {
    expect(manifest).toMatchObject({
      api: '1.0.0',
      main: 'dist/figma/main.js',
      ui: 'dist/figma/ui.html',
      editorType: ['figma'],
      documentAccess: 'dynamic-page',
      networkAccess: { allowedDomains: ['none'] },
    });
  });

  test('names exactly the commands that the code knows', () => {
    const inMenu = manifest.menu.flatMap(({ command }) => (command === undefined ? [] : [command]));
    const onLayers = manifest.relaunchButtons.map(({ command }) => command);
    expect([...new Set([...inMenu, ...onLayers])].sort()).toEqual(Object.keys(COMMANDS).sort());
    expect(onLayers.sort()).toEqual(Object.keys(RELAUNCH).sort());
    expect(GENERATOR_COMMANDS.every((command) => command in COMMANDS)).toBe(true);
  });

  test('names the parameter that the code reads', () => {
    const keys = manifest.menu.flatMap(({ parameters = [] }) => parameters.map(({ key }) => key));
    expect(keys).toEqual([HOW_KEY]);
  });
});

describe('commands', () => {
  test.each([
    ['upscale-2x', undefined, { command: 'upscale', scale: 2 }],
    ['upscale-4x', undefined, { command: 'upscale', scale: 4 }],
    ['upscale-last-preset', undefined, { command: 'upscale-last-preset' }],
    ['presets', undefined, { command: 'presets' }],
    ['generate', undefined, { command: 'generate' }],
    ['vary', undefined, { command: 'generate' }],
    ['upscale-with', { how: { scale: 3 } }, { command: 'upscale', scale: 3 }],
    ['upscale-with', { how: { preset: 'Crisp logo' } }, { command: 'upscale', preset: 'Crisp logo' }],
    ['upscale-with', { how: '2.5x' }, { command: 'upscale', scale: 2.5 }],
    ['upscale-with', { how: 'Crisp logo' }, { command: 'upscale', preset: 'Crisp logo' }],
    ['upscale-with', undefined, { command: 'open' }],
    ['upscale-with', { how: { scale: 99 } }, { command: 'open' }],
    ['of a later version', undefined, { command: 'open' }],
    ['toString', undefined, { command: 'open' }],
    ['', undefined, { command: 'open' }],
  ])('%s %j', (command, parameters, expected) => {
    expect(commandOf(command, parameters, true)).toEqual(expected);
  });

  test('without a generator there is nothing to generate', () => {
    for (const command of GENERATOR_COMMANDS)
      expect(commandOf(command, undefined, false)).toEqual({ command: 'open' });
  });

  test('factors as people type them', () => {
    expect(['2', '2x', 'x4', '2,5 ×', ' 16 ', '1.333'].map(scaleIn)).toEqual([2, 2, 4, 2.5, 16, 1.333]);
    expect(['', '0', '17', '0.5', '2y', '--2', '1e1', 'x'].map(scaleIn)).toEqual(Array(8).fill(null));
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const scale = scaleIn(typed);
        expect(scale === null || (scale >= 1 && scale <= 16)).toBe(true);
      }),
    );
  });

  test('suggestions: what was typed first, then factors, then presets', () => {
    const presets = ['Crisp logo', 'Photo 2x', 'Poster'];
    expect(suggestions('', presets).map(({ name }) => name)).toEqual(['2x', '3x', '4x', '8x', ...presets]);
    expect(suggestions('2', presets).map(({ name }) => name)).toEqual(['2x', 'Photo 2x']);
    expect(suggestions('2.5', presets)).toEqual([{ name: '2.5x', data: { scale: 2.5 } }]);
    expect(suggestions('CRISP', presets)).toEqual([{ name: 'Crisp logo', data: { preset: 'Crisp logo' } }]);
    expect(
      suggestions(
        '',
        Array.from({ length: 500 }, (_, index) => `p${index}`),
      ).length,
    ).toBeLessThan(50);
  });
});

test('running a command shows the panel in the colours of the theme and tells it what to do', async () => {
  const { figma, host } = await FigmaVm.start({ layers: [] }, { command: 'upscale-4x' });
  open.push(figma);
  expect(figma.ask(`fake.windows`)).toEqual([
    { html: '<p>panel</p>', options: { title: 'Enlarger', themeColors: true, width: 360, height: 640 } },
  ]);
  expect(await host.command()).toEqual({ command: 'upscale', scale: 4 });
});

test.each([
  [true, 'generate'],
  [false, 'open'],
])('generate, in a build with a generator (%s), opens for: %s', async (generator, expected) => {
  const { figma, host } = await FigmaVm.start({ layers: [] }, { command: 'generate', generator });
  open.push(figma);
  expect(await host.command()).toEqual({ command: expected });
});

test('a quick action suggests while one types, writes nothing, and runs with what was chosen', async () => {
  const figma = await FigmaVm.open({ layers: [] });
  open.push(figma);
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  figma.evaluate(`fake.type('how', '3')`);
  await settled();
  figma.evaluate(`fake.type('how', 'nothing like it')`);
  figma.evaluate(`fake.type('other', '')`);
  await settled();
  const told = figma.ask<unknown[]>(`fake.suggested.filter((each) => !each.loading)`);
  expect(told).toEqual([[{ name: '3x', data: { scale: 3 } }], { error: expect.stringContaining('1 to 16') }]);
  expect(figma.ask(`fake.journal.counts`)).toEqual([0]);
  expect(figma.ask(`fake.windows`)).toEqual([]);
  figma.run({ command: 'upscale-with', parameters: { how: { scale: 3 } } });
  expect(await (await figma.connect()).command()).toEqual({ command: 'upscale', scale: 3 });
});

test.each([
  ['dev', /Dev Mode/],
  ['figjam', /design files/],
  ['slides', /design files/],
] as const)('in %s it closes with a sentence and shows nothing', async (editorType, sentence) => {
  const figma = await FigmaVm.open({ layers: [], editorType });
  open.push(figma);
  figma.run();
  expect(figma.ask(`fake.closedWith`)).toMatch(sentence);
  expect(figma.ask(`fake.windows`)).toEqual([]);
});

test('notes are cut to what Figma shows, the window keeps a usable size, closing closes', async () => {
  const { figma, host } = await FigmaVm.start({ layers: [] });
  open.push(figma);
  await host.notify('Done.');
  await host.notify('x'.repeat(300), { error: true });
  const notes = figma.ask<{ message: string; error: boolean }[]>(`fake.notes`);
  expect(notes[0]).toEqual({ message: 'Done.', error: false });
  expect(notes[1]).toMatchObject({ error: true });
  expect(notes[1]?.message).toHaveLength(100);
  await host.resize(1, 99_999);
  expect(figma.ask(`fake.windows[1].options`)).toEqual({ width: 240, height: 1200 });
  await host.close();
  expect(figma.ask(`fake.closedWith`)).toBe(true);
});

test('garbage from the page does not stop the plugin', async () => {
  const { figma, host } = await FigmaVm.start({ layers: [] });
  open.push(figma);
  const port = figma.port();
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (payload, id) => {
      port.post(payload);
      port.post({ v: 1, id, kind: 'request', payload });
      port.post({ v: 1, id: 'x', kind: 'request', payload: { method: 'write', arguments: payload } });
    }),
    { numRuns: 100 },
  );
  expect((await host.info()).kind).toBe('figma');
  expect(figma.ask(`fake.journal.counts`)).toEqual([0]);
});

test('the bundle uses nothing that the sandbox lacks', async () => {
  const figma = await FigmaVm.open({ layers: [] });
  open.push(figma);
  const missing = [
    'window',
    'document',
    'fetch',
    'URL',
    'atob',
    'TextEncoder',
    'process',
    'crypto',
    'performance',
  ];
  expect(figma.ask(`${JSON.stringify(missing)}.filter((name) => name in globalThis)`)).toEqual([]);
});
