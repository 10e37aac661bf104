import { EnlargerError } from '../../../core/errors.js';
import { MAX_SIZE } from '../../../core/generate/enlarge.js';
import { MAX_RESULT_PX } from '../../../plugin/engine/generator-client.js';
import type { GeneratedFrom, HostCommand } from '../../../plugin/host.js';
import {
  createFixtureHost,
  FixtureEditor,
  type FixtureOptions,
} from '../../../plugin/hosts/fixture/index.js';
import { runJob } from '../../../plugin/jobs/run-job.js';
import type { PresetDraft } from '../../../plugin/presets/draft.js';
import { openPresetLibrary } from '../../../plugin/presets/library.js';
import type { GenerateState } from '../../../ui/state/generate-state.js';
import { createPanelModel, type PanelModel } from '../../../ui/state/panel-model.js';
import { createFakeGenerator, type FakeGenerator, GENERATOR, pictureLayer, until } from '../fakes.js';

let model: PanelModel;
let generate: GenerateState;
afterEach(() => model?.dispose());

/** A panel over a document with a picture that was generated and one that was not. */
async function open(
  options: FixtureOptions & {
    readonly engine?: (engine: FakeGenerator) => void;
    readonly preset?: Partial<PresetDraft>;
  } = {},
) {
  const from: GeneratedFrom = { prompt: 'a green pear', seed: 41, guidance: 5 };
  const editor = new FixtureEditor([{ ...pictureLayer('pear'), generated: from }, pictureLayer('photo')]);
  const host = createFixtureHost(editor, options);
  const engine = createFakeGenerator();
  options.engine?.(engine);
  const library = openPresetLibrary(host);
  model = await createPanelModel({ host, engine, runJob, library });
  generate = model.generate!;
  await model.opened;
  if (options.preset) {
    const made = await (await library).create(
      {
        name: 'Clay',
        author: '',
        target: { scale: 2 },
        detail: 0.8,
        seedPolicy: { kind: 'random' },
        pack: 'enlarger-1',
        ...options.preset,
      },
      'document',
    );
    model.applyPreset(made.preset);
  }
  await until(() => model.engine.status.value.kind !== 'starting');
  await until(() => generate.info.value !== null || engine.info === null);
  return { editor, host, engine };
}

const kinds = () => generate.candidates.slots.value.map(({ kind }) => kind);
const ask = (text: string) => {
  generate.prompt.text.value = text;
  return generate.generate();
};

describe('the tab', () => {
  it('is there when the engine has a generator, and only then', async () => {
    await open();
    expect(generate.available.value).toBe(true);
    await model.dispose();
    const { host } = await open({
      engine: (each) => {
        each.info = null;
      },
    });
    expect(generate.available.value).toBe(false);
    host.emit({ kind: 'command', command: { command: 'generate' } });
    await until(() => model.message.value !== null);
    expect(model.message.value?.code).toBe('generator-failed');
    expect(model.tab.value).toBe('upscale');
  });

  it('opens with what the selected picture was made from, and a new seed', async () => {
    const command: HostCommand = { command: 'generate' };
    const { editor, host, engine } = await open({ command });
    expect(model.tab.value).toBe('generate');
    expect(generate.prompt.prompt.value).toBe('');
    await ask('red apple');
    editor.select('pear');
    host.emit({ kind: 'command', command });
    await until(() => generate.prompt.prompt.value === 'a green pear');
    expect(generate.prompt.toOrder()).toMatchObject({ prompt: 'a green pear', guidance: 5 });
    expect(generate.prompt.seed.value).not.toBe(41);
    expect(generate.candidates.order.value).toBeNull();
    expect(generate.focusOn.value).toBe('prompt');
    expect(engine.asked).toHaveLength(4);
  });

  it('gives way to the tab that says why when the engine does not start', async () => {
    await open({
      command: { command: 'generate' },
      engine: (each) => {
        each.start = async () => {
          throw new EnlargerError('backend-unavailable', 'No engine starts.');
        };
        each.info = null;
      },
    });
    expect(model.tab.value).toBe('upscale');
    expect(generate.available.value).toBe(false);
    expect(model.engine.status.value.kind).toBe('failed');
  });
});

describe('a prompt', () => {
  it('that is empty or too long is told about, and nothing is asked for', async () => {
    const { engine } = await open();
    expect(generate.prompt.fieldProblem.value).toBe('');
    await ask('   ');
    expect(generate.prompt.fieldProblem.value).toMatch(/^Say in a few words/);
    await ask('x'.repeat(61));
    expect(generate.prompt.fieldProblem.value).toBe(
      'The prompt has 61 characters, and 60 are the most. Shorten it.',
    );
    expect(engine.asked).toEqual([]);
    // Signs of four bytes are one character each.
    await ask('🍎'.repeat(60));
    expect(engine.asked).toHaveLength(4);
  });

  it('stands in the words of the preset in use, unless they are left out', async () => {
    const { engine } = await open({ preset: { promptTemplate: '{subject} made of clay' } });
    await ask('red apple');
    expect(engine.asked[0].prompt).toBe('red apple made of clay');
    generate.prompt.text.value = 'x'.repeat(50);
    expect(generate.prompt.problem.value).toMatch(/^With the words of “Clay” the prompt has 63/);
    generate.prompt.text.value = ' ';
    expect(generate.prompt.problem.value).toMatch(/^Say/);
    generate.prompt.plain.value = true;
    await ask('red apple');
    expect(engine.asked.at(-1)?.prompt).toBe('red apple');
  });

  it('has the words that a preset was saved with', async () => {
    const { engine } = await open();
    const names = { name: 'Clay', author: '', promptTemplate: ' {subject} made of clay ' };
    const entry = await model.savePreset(names, 'document');
    expect(entry?.preset.promptTemplate).toBe('{subject} made of clay');
    await generate.vary({ prompt: 'pear', seed: 1, guidance: 3 });
    expect(generate.prompt.prompt.value).toBe('pear');
    model.applyPreset(entry!.preset);
    await generate.generate();
    expect(engine.asked[0].prompt).toBe('pear made of clay');
    const plain = await model.savePreset({ ...names, name: 'Plain', promptTemplate: ' ' }, 'document');
    expect(plain?.preset).not.toHaveProperty('promptTemplate');
  });

  it('has no guidance where the generator offers none', async () => {
    const { engine } = await open({
      engine: (each) => {
        each.info = { ...GENERATOR, guidance: null };
      },
    });
    await generate.vary({ prompt: 'pear', seed: 1, guidance: 7 });
    await generate.generate();
    expect(engine.asked[0].guidance).toBe(1);
  });
});

describe('candidates', () => {
  it('appear one by one, with their seeds', async () => {
    const { engine } = await open({
      engine: (each) => {
        each.held = true;
      },
    });
    generate.prompt.seed.value = 7;
    const done = ask('red apple');
    await until(() => engine.asked.length === 1);
    expect(kinds()).toEqual(['working', 'waiting', 'waiting', 'waiting']);
    expect(generate.candidates.making.value).toMatchObject({ percent: 12.5 });
    engine.goOn();
    await done;
    expect(kinds()).toEqual(['ready', 'ready', 'ready', 'ready']);
    expect(engine.asked.map(({ seed, index, guidance }) => [seed, index, guidance])).toEqual([
      [7, 0, 3],
      [7, 1, 3],
      [7, 2, 3],
      [7, 3, 3],
    ]);
    expect(generate.candidates.making.value).toBeNull();
    expect(model.announcement.value).toBe('4 pictures to choose from.');
  });

  it('get a new seed each time, unless it is locked', async () => {
    const { engine } = await open();
    await ask('red apple');
    await ask('red apple');
    expect(engine.asked[4].seed).not.toBe(engine.asked[0].seed);
    generate.prompt.seedLocked.value = true;
    await ask('red apple');
    expect(engine.asked[8].seed).toBe(engine.asked[4].seed);
    generate.prompt.seedLocked.value = false;
    generate.prompt.shuffle();
    const drawn = generate.prompt.seed.value;
    await ask('red apple');
    expect(engine.asked[12].seed).toBe(drawn);
  });

  it('stay when the rest is stopped, which can be made later', async () => {
    const { engine } = await open();
    const make = engine.generate.bind(engine);
    engine.generate = (request, options) => {
      engine.held = request.index >= 2 && engine.asked.length < 3;
      return make(request, options);
    };
    const done = ask('red apple');
    await until(() => engine.asked.length === 3);
    await generate.candidates.cancel();
    await done;
    expect(kinds()).toEqual(['ready', 'ready', 'missing', 'missing']);
    expect(generate.candidates.error.value).toBeNull();
    await generate.candidates.resume();
    expect(kinds()).toEqual(['ready', 'ready', 'ready', 'ready']);
    expect(engine.asked.map(({ index }) => index)).toEqual([0, 1, 2, 2, 3]);
  });

  it('that fail say why, and those before them stay', async () => {
    const { engine } = await open();
    const error = new EnlargerError('out-of-memory', 'Memory ended.', 'Close other programs.');
    engine.refusal = { from: 1, error };
    await ask('red apple');
    expect(kinds()).toEqual(['ready', 'missing', 'missing', 'missing']);
    expect(generate.candidates.error.value).toBe(error);
    engine.refusal = null;
    await generate.candidates.resume();
    expect(generate.candidates.error.value).toBeNull();
    expect(generate.candidates.ready.value).toBe(4);
  });
});

describe('the picked candidate', () => {
  async function pick(options: Parameters<typeof open>[0] = {}) {
    const opened = await open(options);
    generate.prompt.seed.value = 7;
    await ask('red apple');
    generate.candidates.chosen.value = 2;
    return opened;
  }

  it('is enlarged and placed, and keeps what it was made from', async () => {
    const { editor, engine, host } = await pick();
    await generate.enlargeAndPlace();
    expect(engine.enlarged).toEqual([
      expect.objectContaining({ index: 2, seed: 7, size: 2048, withStages: true, formats: ['png', 'jpeg'] }),
    ]);
    const layer = editor.document.layers.at(-1)!;
    expect(layer).toMatchObject({
      name: 'red apple',
      generated: { prompt: 'red apple', seed: 9, guidance: 3 },
      pictures: [{ width: 2048, height: 2048 }],
    });
    expect(generate.placing.phase.value).toMatchObject({ kind: 'placed', size: { width: 2048 } });
    expect(host.calls.map(({ method }) => method)).toContain('finishJob');
    expect(host.notifications).toEqual([{ message: 'Placed at 2048 × 2048: red apple', error: false }]);
    expect(model.engine.timings.value?.results).toHaveLength(1);
    generate.done();
    expect(generate.placing.phase.value.kind).toBe('idle');
    expect(generate.candidates.picked.value?.candidate.index).toBe(2);
  });

  it('shows every stage as it is made; a chosen one stays in sight', async () => {
    const { engine } = await pick();
    engine.held = true;
    const { placing } = generate;
    const done = generate.enlargeAndPlace();
    await until(() => placing.stages.value.length === 2);
    expect(placing.phase.value).toMatchObject({ kind: 'running', progress: { percent: 60, stage: 2 } });
    expect(placing.shownStage.value?.width).toBe(512);
    placing.chosenStage.value = 0;
    engine.goOn();
    await done;
    expect(placing.stages.value.map(({ width }) => width)).toEqual([128, 512, 2048]);
    expect(placing.shownStage.value?.width).toBe(128);
  });

  it('takes the size, detail and stages that were chosen, within what the editor stores', async () => {
    const { engine } = await pick({ info: { maxSidePx: 1500 } });
    expect(generate.sizes.value).toEqual([256, 512, 1024, 1500]);
    expect(generate.size.value).toBe(1500);
    generate.setSize(512);
    generate.doubling.value = true;
    model.settings.detail.value = 0.7;
    await generate.enlargeAndPlace();
    expect(engine.enlarged[0]).toMatchObject({ size: 512, stagesOf: 2, detail: 0.7 });
  });

  it('need not wait for the others', async () => {
    const { engine } = await open();
    const make = engine.generate.bind(engine);
    engine.generate = (request, options) => {
      engine.held = request.index === 1;
      return make(request, options);
    };
    void ask('red apple');
    await until(() => engine.asked.length === 2);
    generate.candidates.chosen.value = 0;
    engine.enlargeCandidate = ((enlarge) => (request, options) => {
      engine.held = false;
      return enlarge(request, options);
    })(engine.enlargeCandidate.bind(engine));
    await generate.enlargeAndPlace();
    expect(generate.placing.phase.value.kind).toBe('placed');
    expect(kinds()).toEqual(['ready', 'missing', 'missing', 'missing']);
  });

  it('is left alone when enlarging is stopped: nothing is placed', async () => {
    const { engine, editor } = await pick();
    engine.held = true;
    const done = generate.enlargeAndPlace();
    await until(() => generate.placing.stages.value.length === 2);
    generate.placing.cancel();
    expect(generate.placing.phase.value).toMatchObject({ kind: 'running', cancelling: true });
    await done;
    expect(generate.placing.phase.value.kind).toBe('idle');
    expect(editor.document.layers).toHaveLength(2);
    expect(model.announcement.value).toBe('Stopped. Nothing was placed.');
  });

  it('can be tried again when enlarging fails', async () => {
    const { engine, editor } = await pick();
    engine.refusal = { from: 0, error: new EnlargerError('generator-failed', 'It broke.', 'Try again.') };
    await generate.enlargeAndPlace();
    expect(generate.placing.phase.value).toMatchObject({ kind: 'failed', rescued: null });
    engine.refusal = null;
    await generate.placing.retry();
    expect(generate.placing.phase.value.kind).toBe('placed');
    expect(editor.document.layers).toHaveLength(3);
  });

  it('is not lost when the editor does not take it', async () => {
    let refuses = true;
    const { engine, editor } = await pick({
      before({ method }) {
        if (method === 'place' && refuses)
          throw new EnlargerError('placement-failed', 'No room.', 'Make some.');
      },
    });
    await generate.enlargeAndPlace();
    expect(generate.placing.phase.value).toMatchObject({
      kind: 'failed',
      error: { message: 'No room.' },
      rescued: { width: 2048, pieces: [{ bytes: new Uint8Array([7]) }] },
    });
    refuses = false;
    await generate.placing.retry();
    expect(generate.placing.phase.value.kind).toBe('placed');
    expect(engine.enlarged).toHaveLength(1);
    expect(editor.document.layers).toHaveLength(3);
  });

  it('is kept when the editor hangs while it takes it', async () => {
    await pick({ before: ({ method }) => (method === 'place' ? new Promise<void>(() => {}) : undefined) });
    const done = generate.enlargeAndPlace();
    await until(
      () =>
        generate.placing.phase.value.kind === 'running' && generate.placing.phase.value.step === 'placing',
    );
    generate.placing.cancel();
    await done;
    expect(generate.placing.phase.value).toMatchObject({
      kind: 'failed',
      error: { code: 'placement-failed', message: expect.stringContaining('still taking') },
      rescued: { width: 2048 },
    });
  });

  it('does not mix with a job: commands wait until it is placed', async () => {
    const { engine, host } = await pick();
    engine.held = true;
    const done = generate.enlargeAndPlace();
    await until(() => generate.placing.stages.value.length === 2);
    host.emit({ kind: 'command', command: { command: 'presets' } });
    engine.goOn();
    await done;
    expect(model.tab.value).toBe('upscale');
  });
});

it('offers no more than the generator takes', () => {
  expect(MAX_RESULT_PX).toBe(MAX_SIZE);
});
