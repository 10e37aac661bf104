/**
 * From the Cancel button to the end of the job, on a clock that the test turns: whatever is stuck, nothing on the way
 * waits so long that it takes more than a second in all.
 */

import { EnlargerError } from '../../../core/errors.js';
import type { EngineClient } from '../../../plugin/engine/engine-client.js';
import type { Host } from '../../../plugin/host.js';
import { createFixtureHost, FixtureEditor } from '../../../plugin/hosts/fixture/index.js';
import { enlargePicked, type PickedCandidate, placePicked } from '../../../plugin/jobs/place-candidate.js';
import { runJob } from '../../../plugin/jobs/run-job.js';
import { createJobState } from '../../../ui/state/job-state.js';
import { closeHarnesses, harness } from '../../plugin/engine/harness.js';
import { fakeEngine, fakePicture } from '../../plugin/jobs/fake-engine.js';

const LIMIT_MS = 1000;
const STEP_MS = 10;
const never = () => new Promise<never>(() => undefined);

beforeEach(() => {
  // Messages of channels keep arriving by themselves.
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  closeHarnesses();
  jest.useRealTimers();
});

/** Lets everything happen that takes no time. */
async function breathe(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !condition(); turn++)
    await new Promise((resolve) => setImmediate(resolve));
  if (!condition()) throw new Error(`Never came true: ${condition}`);
}

/** How long it takes on the test's clock, at the most `LIMIT_MS` and a step. */
async function timeUntil(condition: () => boolean): Promise<number> {
  await breathe();
  let passed = 0;
  while (!condition() && passed <= LIMIT_MS) {
    await jest.advanceTimersByTimeAsync(STEP_MS);
    await breathe();
    passed += STEP_MS;
  }
  return passed;
}

type Stuck = Partial<Pick<Host, 'info' | 'read' | 'write' | 'finishJob'>>;

function setUp(stuck: (keyof Stuck)[], engine: EngineClient) {
  const editor = new FixtureEditor(
    ['a', 'b'].map((id, mark) => ({ id, name: id, pictures: [fakePicture(4, 3, mark)] })),
  );
  editor.select('a', 'b');
  const asked: string[] = [];
  const real = createFixtureHost(editor);
  const host = Object.create(real) as Host;
  for (const method of stuck) {
    Object.assign(host, {
      [method]: () => {
        asked.push(method);
        return never();
      },
    });
  }
  const state = createJobState({
    host,
    engine,
    runJob,
    slowSeconds: () => null,
    onBegin: () => undefined,
    onEnd: () => undefined,
  });
  const start = async () =>
    state.start({
      selection: await real.selection(),
      settings: { target: { scale: 2 }, seed: 1, placement: 'replace', beyondLimit: 'clamp' },
    });
  return { editor, asked, state, start };
}

const ended = ({ phase }: ReturnType<typeof setUp>['state']) => phase.value.kind === 'ended';

describe('a cancelled job ends within a second', () => {
  it.each<[string, (keyof Stuck)[]]>([
    ['says what it is', ['info']],
    ['reads', ['read']],
    ['takes the picture', ['write', 'finishJob']],
    ['joins the changes', ['finishJob']],
  ])('while the editor %s', async (_, stuck) => {
    const { editor, asked, state, start } = setUp(stuck, fakeEngine());
    const before = editor.document;
    void start();
    await until(() => asked.length > 0);
    state.cancel();
    expect(await timeUntil(() => ended(state))).toBeLessThanOrEqual(LIMIT_MS);
    // Only a job that had written everything before it was stopped leaves something behind.
    if (stuck[0] !== 'finishJob') expect(editor.document).toBe(before);
  });

  it('while an engine hears nothing', async () => {
    let busy = false;
    const engine = fakeEngine({
      deaf: true,
      beforeTile() {
        busy = true;
        return never();
      },
    });
    const { editor, state, start } = setUp([], engine);
    const before = editor.document;
    void start();
    await until(() => busy);
    state.cancel();
    expect(await timeUntil(() => ended(state))).toBeLessThanOrEqual(LIMIT_MS);
    expect(editor.document).toBe(before);
  });

  it('while a worker computes and cannot answer, and the editor is stuck at the end', async () => {
    let busy = false;
    const { engine, log } = harness({
      job() {
        busy = true;
        return never();
      },
    });
    const { editor, state, start } = setUp(['finishJob'], engine);
    const before = editor.document;
    void start();
    await until(() => busy);
    state.cancel();
    expect(await timeUntil(() => ended(state))).toBeLessThanOrEqual(LIMIT_MS);
    expect(log).toContain('end picture');
    expect(editor.document).toBe(before);
    expect(state.phase.value).toMatchObject({ summary: { cancelled: 2, enlarged: 0 } });
  });
});

describe('a cancelled placing ends within a second', () => {
  const candidate: PickedCandidate = {
    ...{ prompt: 'apple', seed: 1, index: 0, candidateSeed: 1, guidance: 2, steps: 4 },
  } as PickedCandidate;
  const picture = {
    width: 8,
    height: 6,
    pieces: [{ ...fakePicture(8, 6), x: 0, y: 0 }],
  };

  it.each<[string, 'info' | 'enlarge' | 'place' | 'finishJob', string]>([
    ['says what it is', 'info', 'cancelled'],
    ['waits for the engine', 'enlarge', 'cancelled'],
    ['takes the picture', 'place', 'placement-failed'],
    ['joins the changes', 'finishJob', ''],
  ])('while the editor %s', async (_, stuck, code) => {
    const editor = new FixtureEditor([]);
    const host = Object.create(createFixtureHost(editor)) as Host;
    let asked = false;
    const hang = () => {
      asked = true;
      return never();
    };
    if (stuck !== 'enlarge') Object.assign(host, { [stuck]: hang });
    const generator = { generator: never, generate: never, enlargeCandidate: hang };
    const abort = new AbortController();
    let outcome: string | null = null;
    const task =
      stuck === 'info' || stuck === 'enlarge'
        ? enlargePicked({ host, generator, candidate, size: 8, signal: abort.signal })
        : placePicked({ host, candidate, picture, signal: abort.signal });
    task.then(
      () => {
        outcome = '';
      },
      (error: unknown) => {
        outcome = error instanceof EnlargerError ? error.code : String(error);
      },
    );
    await until(() => asked);
    abort.abort();
    expect(await timeUntil(() => outcome !== null)).toBeLessThanOrEqual(LIMIT_MS);
    expect(outcome).toBe(code);
  });
});
