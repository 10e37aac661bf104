import { EnlargerError } from '../../../core/errors.js';
import type { HostCommand } from '../../../plugin/host.js';
import {
  createFixtureHost,
  FixtureEditor,
  type FixtureOptions,
} from '../../../plugin/hosts/fixture/index.js';
import { runJob } from '../../../plugin/jobs/run-job.js';
import { openPresetLibrary } from '../../../plugin/presets/library.js';
import { createPanelModel, type PanelModel } from '../../../ui/state/panel-model.js';
import { createFakeEngine, FACTS, type FakeEngine, pictureLayer, until } from '../fakes.js';

let model: PanelModel;
afterEach(() => model?.dispose());

const PRESETS = {
  soft: { name: 'Soft', author: '', target: { scale: 2 }, detail: 0.1, pack: 'enlarger-1' },
  print: { name: 'Print', author: '', target: { width: 300 }, detail: 0.9, pack: 'enlarger-1' },
} as const;

/** A panel over a document with two pictures and two presets: "Soft" is the default, "Print" was used last. */
async function open(
  command: HostCommand = { command: 'open' },
  options: FixtureOptions & { readonly engine?: (engine: FakeEngine) => void } = {},
) {
  const editor = new FixtureEditor([pictureLayer('a'), pictureLayer('b')]);
  editor.select('a', 'b');
  const personalData = new Map<string, string>();
  const before = await openPresetLibrary(createFixtureHost(editor, { personalData }));
  const soft = await before.create({ ...PRESETS.soft, seedPolicy: { kind: 'fixed', seed: 5 } }, 'document');
  await before.setDefault(soft);
  const print = await before.create({ ...PRESETS.print, seedPolicy: { kind: 'random' } }, 'personal');
  await before.markUsed(print.preset);
  const host = createFixtureHost(editor, { ...options, command, personalData });
  const engine = createFakeEngine();
  options.engine?.(engine);
  model = await createPanelModel({ host, engine, runJob, library: openPresetLibrary(host) });
  return { editor, host, engine };
}

const sizes = (editor: FixtureEditor) => editor.document.layers.map(({ pictures: [{ width }] }) => width);

describe('commands of the editor', () => {
  it('"open" takes the settings of the document', async () => {
    const { editor } = await open();
    await model.opened;
    expect(model.settings.preset.value?.name).toBe('Soft');
    expect(model.settings.toJob()).toMatchObject({ target: { scale: 2 }, detail: 0.1, seed: 5 });
    expect(sizes(editor)).toEqual([100, 100]);
  });

  it('"upscale" starts at once with the default preset and its own factor', async () => {
    const { editor, engine } = await open({ command: 'upscale', scale: 4 });
    await model.opened;
    expect(model.job.phase.value.kind).toBe('ended');
    expect(sizes(editor)).toEqual([400, 400]);
    const jobs = engine.requests.filter(({ crop }) => !crop);
    expect(jobs).toHaveLength(2);
    expect(jobs[0]).toMatchObject({ detail: 0.1, seed: 5 });
  });

  it('"upscale with last preset" uses what was used last', async () => {
    const { editor, engine } = await open({ command: 'upscale-last-preset' });
    await model.opened;
    expect(sizes(editor)).toEqual([300, 300]);
    expect(engine.requests.find(({ crop }) => !crop)).toMatchObject({ detail: 0.9 });
  });

  it('takes a preset by name, and says so when there is none', async () => {
    const { editor, host } = await open({ command: 'upscale', preset: 'print' });
    await model.opened;
    expect(sizes(editor)).toEqual([300, 300]);
    host.emit({ kind: 'command', command: { command: 'upscale', preset: 'Gone' } });
    await until(() => model.message.value !== null);
    expect(model.message.value?.message).toContain('“Gone”');
    expect(sizes(editor)).toEqual([300, 300]);
  });

  it('"presets" opens that tab, and "generate" says what is not there', async () => {
    const { host } = await open({ command: 'presets' });
    await model.opened;
    expect(model.tab.value).toBe('presets');
    host.emit({ kind: 'command', command: { command: 'generate' } });
    await until(() => model.message.value !== null);
    expect(model.message.value?.code).toBe('generator-failed');
  });

  it('do not disturb a job', async () => {
    const { host, engine, editor } = await open(
      { command: 'upscale', scale: 2 },
      {
        engine: (each) => {
          each.hold = true;
        },
      },
    );
    await until(() => engine.requests.some(({ crop }) => !crop));
    host.emit({ kind: 'command', command: { command: 'upscale', scale: 8 } });
    host.emit({ kind: 'command', command: { command: 'presets' } });
    engine.release();
    await model.opened;
    expect(sizes(editor)).toEqual([200, 200]);
    expect(model.tab.value).toBe('upscale');
  });

  it('wait for the engine, and start nothing when it does not start', async () => {
    const { editor } = await open(
      { command: 'upscale', scale: 2 },
      {
        engine: (each) => {
          each.failure = new EnlargerError('backend-unavailable', 'No engine starts.');
        },
      },
    );
    await model.opened;
    expect(model.engine.status.value.kind).toBe('failed');
    expect(model.job.phase.value.kind).toBe('idle');
    expect(sizes(editor)).toEqual([100, 100]);
  });
});

describe('a job', () => {
  it('draws a new seed for the next one unless the seed is locked', async () => {
    const { engine } = await open();
    await model.opened;
    await model.upscale();
    expect(model.settings.seed.value).toBe(5);
    model.settings.seedLocked.value = false;
    await model.upscale();
    expect(engine.requests.filter(({ crop }) => !crop).at(-1)?.seed).toBe(5);
    expect(model.settings.seed.value).not.toBe(5);
  });

  it('on a slow processor is asked about first', async () => {
    const { editor } = await open(undefined, {
      engine: (each) => {
        each.facts = { ...FACTS, name: 'wasm', pixelsPerSecond: 100 };
      },
    });
    await model.opened;
    await model.engine.started();
    await model.upscale();
    // Both pictures, twice 100 x 50 each.
    expect(model.job.phase.value).toMatchObject({ kind: 'asking', seconds: 400 });
    model.job.cancel();
    expect(model.job.phase.value.kind).toBe('idle');
    await model.upscale();
    await model.job.confirm();
    expect(sizes(editor)).toEqual([200, 200]);
  });

  it('notes the time of every stage, and not that of previews', async () => {
    await open();
    await model.opened;
    await model.upscale();
    await model.engine.client.upscale({
      bytes: new Uint8Array([1]),
      target: { scale: 2 },
      seed: 1,
      maxSidePx: null,
      beyondLimit: 'clamp',
      formats: ['png'],
      crop: { x: 0, y: 0, width: 10, height: 10 },
    });
    expect(model.engine.timings.value).toMatchObject({ milliseconds: 1000, pixels: 2 * 200 * 100 });
    expect(model.engine.timings.value?.results).toHaveLength(2);
  });

  it('that cannot begin is told and can be tried again', async () => {
    let silent = false;
    await open();
    await model.opened;
    const job = model.job;
    const { selected, settings } = model;
    const host = model.host;
    const info = host.info.bind(host);
    host.info = async () => {
      if (silent) throw new EnlargerError('host-unavailable', 'The editor does not answer.', 'Try again.');
      return info();
    };
    silent = true;
    await job.start({ selection: selected.value, settings: settings.toJob() });
    expect(job.phase.value).toMatchObject({ kind: 'broken', error: { code: 'host-unavailable' } });
    silent = false;
    if (job.phase.value.kind === 'broken') await job.start(job.phase.value.order);
    expect(job.phase.value.kind).toBe('ended');
  });
});

describe('the selection', () => {
  it('is followed, with thumbnails', async () => {
    const { editor } = await open();
    await until(() => model.selection.thumbnails.value.size === 2);
    editor.select('b');
    await until(() => model.plan.value.layers.length === 1);
    await until(() => model.selection.thumbnails.value.size === 1);
    expect(model.previewed.value?.ref).toBe('b/0');
  });

  it('that cannot be read says so', async () => {
    let broken = true;
    await open(undefined, {
      before({ method }) {
        if (broken && method === 'selection') throw new EnlargerError('host-unavailable', 'No answer.');
      },
    });
    await until(() => model.selection.status.value.kind === 'failed');
    broken = false;
    await model.selection.refresh();
    expect(model.plan.value.layers).toHaveLength(2);
  });
});
