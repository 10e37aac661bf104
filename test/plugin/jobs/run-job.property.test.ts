/** Jobs over random documents with random misfortunes, always held to the same promises. */

import fc from 'fast-check';
import { EnlargerError } from '../../../core/errors.js';
import { createFixtureHost, FixtureEditor } from '../../../plugin/hosts/fixture/index.js';
import type { JobStatus } from '../../../plugin/jobs/job.js';
import { runJob } from '../../../plugin/jobs/run-job.js';
import { fakeEngine, fakePicture } from './fake-engine.js';

const MISFORTUNES = [
  'none',
  'none',
  'none',
  'locked',
  'hidden',
  'empty',
  'read',
  'engine',
  'write',
  'gone',
] as const;

interface LayerPlan {
  readonly misfortune: (typeof MISFORTUNES)[number];
  readonly pictures: readonly { readonly side: number; readonly mark: number }[];
}

const layerPlans: fc.Arbitrary<LayerPlan[]> = fc.array(
  fc.record({
    misfortune: fc.constantFrom(...MISFORTUNES),
    pictures: fc.array(
      fc.record({ side: fc.integer({ min: 1, max: 40 }), mark: fc.integer({ min: 0, max: 3 }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  }),
  { maxLength: 8 },
);

/** At which call of the engine's tiles the person stops the job, if at all. */
const stops = fc.option(fc.integer({ min: 0, max: 30 }), { nil: null });

const FAILING_MARK = 50;

async function play(layers: readonly LayerPlan[], stop: number | null) {
  const misfortuneOf = (ref: string) => layers[Number(ref.split('/')[0])].misfortune;
  const editor = new FixtureEditor(
    layers.map(({ misfortune, pictures }, index) => ({
      id: String(index),
      locked: misfortune === 'locked',
      hidden: misfortune === 'hidden',
      pictures:
        misfortune === 'empty'
          ? []
          : pictures.map(({ side, mark }) =>
              fakePicture(side, side, misfortune === 'engine' ? FAILING_MARK + mark : mark),
            ),
    })),
  );
  editor.select(...layers.map((_, index) => String(index)));
  const host = createFixtureHost(editor, {
    before: ({ method, argument }) => {
      if (method === 'read' && misfortuneOf(argument) === 'read')
        throw new EnlargerError('input-unreadable', 'No.');
      if (method === 'write' && misfortuneOf(argument) === 'write')
        throw new EnlargerError('placement-failed', 'No.');
      if (method === 'write' && misfortuneOf(argument) === 'gone') editor.remove(argument.split('/')[0]);
    },
  });
  const controller = new AbortController();
  let tiles = 0;
  const engine = fakeEngine({
    tiles: 3,
    beforeTile: (bytes) => {
      if (tiles++ === stop) controller.abort();
      if (bytes[2] >= FAILING_MARK) throw new Error('broken');
    },
  });
  const statuses: JobStatus[] = [];
  const before = editor.document;
  const summary = await runJob({
    host,
    engine,
    selection: await host.selection(),
    settings: { target: { scale: 3 }, seed: 0, placement: 'replace', beyondLimit: 'clamp' },
    signal: controller.signal,
    onStatus: (status) => statuses.push(status),
  });
  return { editor, host, engine, statuses, before, summary, stopped: controller.signal.aborted };
}

describe('any job', () => {
  it('tells progress that never falls and ends at 100 unless it was stopped', async () => {
    await fc.assert(
      fc.asyncProperty(layerPlans, stops, async (layers, stop) => {
        const { statuses, summary } = await play(layers, stop);
        const percents = statuses.map(({ percent }) => percent);
        percents.forEach((percent, i) => {
          expect(percent).toBeGreaterThanOrEqual(percents[i - 1] ?? 0);
        });
        expect(percents.at(-1) === 100).toBe(summary.cancelled === 0);
        expect(percents.slice(0, -1).every((percent) => percent < 100)).toBe(true);
        for (let item = 0; item < layers.length; item++) {
          const own = statuses.flatMap(
            ({
              items: {
                [item]: { state },
              },
            }) => (state.kind === 'working' ? [state.percent] : []),
          );
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('accounts for every layer, in order, and finishes once', async () => {
    await fc.assert(
      fc.asyncProperty(layerPlans, stops, async (layers, stop) => {
        const { summary, host, stopped } = await play(layers, stop);
        expect(summary.items.map(({ layerId }) => layerId)).toEqual(layers.map((_, index) => String(index)));
        const { enlarged, skipped, failed, cancelled } = summary;
        expect(enlarged + skipped + failed + cancelled).toBe(layers.length);
        expect(summary.items.every(({ state }) => !['waiting', 'working'].includes(state.kind))).toBe(true);
        if (!stopped) expect(cancelled).toBe(0);
        expect(host.calls.filter(({ method }) => method === 'finishJob')).toHaveLength(1);
      }),
    );
  });

  it('changes exactly the layers it calls done and never asks twice for the same pixels', async () => {
    await fc.assert(
      fc.asyncProperty(layerPlans, stops, async (layers, stop) => {
        const { summary, editor, before, engine } = await play(layers, stop);
        for (const [index, { state }] of summary.items.entries()) {
          const now = editor.layer(String(index));
          const was = before.layers[index];
          if (state.kind === 'done') {
            now?.pictures.forEach(({ width }, slot) => {
              expect(width).toBe(was.pictures[slot].width * 3);
            });
          } else if (now) {
            expect(now).toBe(was);
          }
        }
        const asked = engine.requests.map(({ bytes }) => bytes.join());
        expect(new Set(asked).size).toBe(asked.length);
      }),
    );
  });

  it('fails no layer that has no misfortune of its own', async () => {
    await fc.assert(
      fc.asyncProperty(layerPlans, async (layers) => {
        const { summary } = await play(layers, null);
        const expected = { none: 'done', read: 'failed', engine: 'failed', write: 'failed', gone: 'skipped' };
        for (const [index, { misfortune }] of layers.entries()) {
          const { kind } = summary.items[index].state;
          // Pixels that an earlier layer has had enlarged need no reading.
          if (misfortune === 'read' && kind === 'done') continue;
          expect(kind).toBe(misfortune in expected ? expected[misfortune as 'none'] : 'skipped');
        }
      }),
    );
  });
});
