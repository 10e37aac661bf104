import { EnlargerError } from '../../../core/errors.js';
import {
  createFixtureHost,
  FixtureEditor,
  type FixtureOptions,
} from '../../../plugin/hosts/fixture/index.js';
import type { JobSettings, JobStatus } from '../../../plugin/jobs/job.js';
import { runJob } from '../../../plugin/jobs/run-job.js';
import { type FakeEngineOptions, fakeEngine, fakePicture } from './fake-engine.js';

const settings: JobSettings = {
  target: { scale: 2 },
  seed: 1,
  placement: 'replace',
  beyondLimit: 'clamp',
};

type Layers = ConstructorParameters<typeof FixtureEditor>[0];

function setUp(layers: Layers, hostOptions: FixtureOptions = {}, engineOptions: FakeEngineOptions = {}) {
  const editor = new FixtureEditor(layers);
  editor.select(...editor.document.layers.map(({ id }) => id));
  const host = createFixtureHost(editor, hostOptions);
  const engine = fakeEngine(engineOptions);
  const statuses: JobStatus[] = [];
  const controller = new AbortController();
  const run = async (changes: Partial<JobSettings> = {}) =>
    runJob({
      host,
      engine,
      selection: await host.selection(),
      settings: { ...settings, ...changes },
      signal: controller.signal,
      onStatus: (status) => statuses.push(status),
    });
  return { editor, host, engine, statuses, controller, run };
}

const photo = (id: string, mark: number, more = {}) => ({
  id,
  name: id,
  pictures: [fakePicture(4, 3, mark)],
  ...more,
});

const methods = (host: { calls: readonly { method: string }[] }, wanted: string) =>
  host.calls.filter(({ method }) => method === wanted).length;

describe('runJob', () => {
  it('enlarges what it can and says what it skipped', async () => {
    const { editor, run, statuses, host } = setUp([
      photo('a', 1),
      photo('b', 2),
      photo('c', 3, { locked: true }),
      photo('d', 4),
    ]);
    const before = editor.document;
    const summary = await run();
    expect(summary).toMatchObject({ enlarged: 3, skipped: 1, failed: 0, cancelled: 0 });
    expect(summary.sentence).toBe('3 enlarged, 1 skipped: locked');
    expect(editor.layer('a')?.pictures[0]).toMatchObject({ width: 8, height: 6 });
    expect(statuses.at(-1)).toMatchObject({ percent: 100, secondsLeft: 0 });
    expect(methods(host, 'finishJob')).toBe(1);
    editor.undo();
    expect(editor.document).toBe(before);
  });

  it('groups the reasons of what was skipped', async () => {
    const { run } = setUp([
      photo('a', 1, { hidden: true }),
      photo('b', 2, { locked: true }),
      photo('c', 3, { locked: true }),
      { id: 'd' },
    ]);
    expect((await run()).sentence).toBe(
      'Nothing enlarged, 4 skipped: 2 locked, 1 hidden, 1 no picture inside',
    );
  });

  it('enlarges equal pictures once and writes them everywhere', async () => {
    const { engine, run, editor } = setUp([photo('a', 7), photo('b', 7), photo('c', 8)]);
    const summary = await run();
    expect(summary.enlarged).toBe(3);
    expect(engine.requests).toHaveLength(2);
    expect(editor.layer('b')?.pictures[0].bytes).toEqual(editor.layer('a')?.pictures[0].bytes);
  });

  it('enlarges equal pictures twice when only one of them repeats edge to edge', async () => {
    const tiling = { ...fakePicture(4, 3, 7), tiles: true };
    const { engine, run } = setUp([photo('a', 7), { id: 'b', pictures: [tiling] }]);
    await run();
    expect(engine.requests.map(({ tiles }) => tiles)).toEqual([false, true]);
  });

  it('goes on after failures of reading, enlarging and placing, and keeps the finished picture', async () => {
    const { run } = setUp(
      ['a', 'b', 'c', 'd'].map((id, mark) => photo(id, mark)),
      {
        before: ({ method, argument }) => {
          if (method === 'read' && argument === 'a/0')
            throw new EnlargerError('input-unreadable', 'Torn file.');
          if (method === 'write' && argument === 'c/0') throw new Error('no room');
        },
      },
      {
        beforeTile: (bytes) => {
          if (bytes[2] === 1) throw new EnlargerError('out-of-memory', 'Not enough memory.', 'Close a tab.');
        },
      },
    );
    const summary = await run();
    const [a, b, c, d] = summary.items.map(({ state }) => state);
    expect(a).toMatchObject({ kind: 'failed', message: 'Torn file.', rescued: null });
    expect(b).toMatchObject({ kind: 'failed', message: 'Not enough memory.', hint: 'Close a tab.' });
    expect(c).toMatchObject({ kind: 'failed', rescued: { width: 8, height: 6 } });
    expect(d).toMatchObject({ kind: 'done', width: 8, height: 6 });
    expect(summary.sentence).toBe('1 enlarged, 3 failed: “a”, “b” and 1 more');
  });

  it('does not ask the engine again for pixels it has failed on', async () => {
    const failing = {
      beforeTile: () => {
        throw new EnlargerError('bad-picture', 'It came out blank.');
      },
    };
    const { run, engine } = setUp([photo('a', 7), photo('b', 7)], {}, failing);
    const { items } = await run();
    expect(items.map(({ state }) => state.kind)).toEqual(['failed', 'failed']);
    expect(engine.requests).toHaveLength(1);
  });

  it('skips a layer that is removed while it is enlarged, and reads shared pixels from the next one', async () => {
    const { run, editor, engine } = setUp([photo('a', 7), photo('b', 7)], {
      before: ({ method, argument }) => {
        if (method === 'read' && argument === 'a/0') editor.remove('a');
      },
    });
    const { items, sentence } = await run();
    expect(items.map(({ state }) => state.kind)).toEqual(['skipped', 'done']);
    expect(sentence).toBe('1 enlarged, 1 skipped: removed');
    expect(engine.requests).toHaveLength(1);
  });

  it('skips a layer that is removed between enlarging and placing', async () => {
    const { run, editor } = setUp([photo('a', 1)], {
      before: ({ method }) => {
        if (method === 'write') editor.remove('a');
      },
    });
    expect((await run()).sentence).toBe('Nothing enlarged, 1 skipped: removed');
  });

  it('leaves layers as they are that have the size wanted, and explains sizes out of reach', async () => {
    const { run } = setUp([
      { id: 'large', pictures: [fakePicture(100, 50)] },
      { id: 'tiny', name: 'tiny', pictures: [fakePicture(2, 1)] },
      { id: 'fine', pictures: [fakePicture(20, 10)] },
    ]);
    const { sentence, items } = await run({ target: { longSide: 80 } });
    expect(sentence).toBe('1 enlarged, 1 skipped: already large enough, 1 failed: “tiny”');
    expect(items[1].state).toMatchObject({ message: expect.stringContaining('16 times') });
    expect(items[2].state).toMatchObject({ width: 80, height: 40 });
  });

  it('writes all pictures of a layer or none', async () => {
    const pictures = [fakePicture(4, 3, 1), fakePicture(4, 3, 2)];
    const { run, editor, controller } = setUp(
      [{ id: 'a', pictures }],
      {},
      {
        beforeTile: (bytes) => {
          if (bytes[2] === 2) controller.abort();
        },
      },
    );
    const before = editor.document;
    const { items } = await run();
    expect(items[0].state.kind).toBe('cancelled');
    expect(editor.document).toBe(before);
  });

  it('tells how much of a layer was placed when a later picture of it fails', async () => {
    const pictures = [fakePicture(4, 3, 1), fakePicture(4, 3, 2)];
    const { run } = setUp([{ id: 'a', pictures }], {
      before: ({ method, argument }) => {
        if (method === 'write' && argument === 'a/1') throw new EnlargerError('placement-failed', 'No room.');
      },
    });
    const [{ state }] = (await run()).items;
    expect(state).toMatchObject({
      kind: 'failed',
      message: 'No room. Enlarged before that: 1 of its 2 pictures.',
      rescued: { width: 8 },
    });
  });

  it('takes the way of placing that the editor has, and says so', async () => {
    const { run, editor } = setUp([photo('a', 1)], { info: { abilities: { placements: ['layer'] } } });
    const { notices } = await run({ placement: 'smart-object' });
    expect(notices).toHaveLength(1);
    expect(editor.document.layers).toHaveLength(2);
  });

  it('asks for pieces only where the editor takes them', async () => {
    const { run, engine } = setUp([photo('a', 1)], { info: { maxSidePx: 64, abilities: { pieces: false } } });
    await run({ beyondLimit: 'pieces' });
    expect(engine.requests[0]).toMatchObject({ beyondLimit: 'clamp', maxSidePx: 64 });
  });

  it('says when the editor could not join the changes', async () => {
    const { run } = setUp([photo('a', 1)], {
      before: ({ method }) => {
        if (method === 'finishJob') throw new Error('no history');
      },
    });
    expect(await run()).toMatchObject({ enlarged: 1, notices: [expect.stringContaining('undo')] });
  });

  it('ends a job over nothing at once', async () => {
    const { run, statuses } = setUp([]);
    expect((await run()).sentence).toBe('Nothing was selected');
    expect(statuses.at(-1)?.percent).toBe(100);
  });

  it('estimates the time left once the engine has shown its speed', async () => {
    const { run, statuses } = setUp(
      [photo('a', 1), photo('b', 2)],
      {},
      {
        beforeTile: () => new Promise((done) => setTimeout(done, 5)),
      },
    );
    await run();
    const estimates = statuses.map(({ secondsLeft }) => secondsLeft);
    expect(estimates[0]).toBeNull();
    expect(estimates.some((seconds) => seconds !== null && seconds > 0)).toBe(true);
    expect(estimates.at(-1)).toBe(0);
  });
});

describe('cancelling', () => {
  const never = () => new Promise<void>(() => undefined);

  it('keeps what is finished and leaves the rest as it was', async () => {
    const { run, editor, controller, host, statuses } = setUp(
      ['a', 'b', 'c'].map((id, mark) => photo(id, mark)),
      {},
      {
        beforeTile: (bytes, tile) => {
          if (bytes[2] === 1 && tile === 2) controller.abort();
        },
      },
    );
    const [, b, c] = editor.document.layers;
    const summary = await run();
    expect(summary.items.map(({ state }) => state.kind)).toEqual(['done', 'cancelled', 'cancelled']);
    expect(summary.sentence).toBe('1 enlarged and kept, 2 stopped');
    expect(editor.document.layers.slice(1)).toEqual([b, c]);
    expect(methods(host, 'finishJob')).toBe(1);
    expect(statuses.at(-1)?.percent).toBeLessThan(100);
  });

  it.each([
    ['an engine that does not listen', {}, { deaf: true, beforeTile: never }],
    [
      'an editor that does not answer',
      { before: ({ method }) => (method === 'read' ? never() : undefined) },
      {},
    ],
  ] as [string, FixtureOptions, FakeEngineOptions][])('does not wait for %s', async (_, host, engine) => {
    const { run, editor, controller } = setUp([photo('a', 1), photo('b', 2)], host, engine);
    const before = editor.document;
    const running = run();
    setTimeout(() => controller.abort(), 10);
    expect((await running).cancelled).toBe(2);
    expect(editor.document).toBe(before);
  });

  it('leaves a layer as it was when the editor had not begun to take its picture', async () => {
    const { run, editor, controller } = setUp([photo('a', 1), photo('b', 2)], {
      before: ({ method, argument }) => {
        if (method === 'write' && argument === 'b/0') controller.abort();
      },
    });
    const [, b] = editor.document.layers;
    const { sentence, items } = await run();
    expect(sentence).toBe('1 enlarged and kept, 1 stopped');
    expect(items[1].state).toEqual({ kind: 'cancelled' });
    expect(editor.layer('b')).toBe(b);
  });

  it('says that a picture may still arrive when the editor is slow to take it, and joins the job afterwards', async () => {
    let release = () => {};
    const { run, controller, host } = setUp([photo('a', 1), photo('b', 2)], {
      before: ({ method }) =>
        method === 'write'
          ? new Promise<void>((done) => {
              release = done;
              controller.abort();
            })
          : undefined,
    });
    const { items } = await run();
    expect(items[0].state).toMatchObject({ kind: 'failed', rescued: { width: 8 } });
    expect(items[1].state.kind).toBe('cancelled');
    expect(methods(host, 'finishJob')).toBe(0);
    release();
    await new Promise((done) => setTimeout(done, 10));
    expect(methods(host, 'finishJob')).toBe(1);
  });

  it('does nothing when it was stopped before it began', async () => {
    const { run, controller, engine } = setUp([photo('a', 1)]);
    controller.abort();
    expect((await run()).sentence).toBe('Nothing enlarged, 1 stopped');
    expect(engine.requests).toHaveLength(0);
  });
});
