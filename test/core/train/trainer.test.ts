import { add, collectLayout, mean, mul, square, sub } from '../../../core/graph/index.js';
import { float32 } from '../../../core/runtime/engine.js';
import { parseRecipe } from '../../../core/train/recipe.js';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  initialParameters,
  initialState,
  type TrainingState,
  transferParameters,
} from '../../../core/train/state.js';
import type { LossBuilder } from '../../../core/train/step.js';
import { type StepReport, type TrainingTask, train } from '../../../core/train/trainer.js';
import { testEngine } from '../graph/harness.js';

const recipe = parseRecipe({
  version: 1,
  name: 'toy',
  task: 'upsampler',
  steps: 12,
  batch: 4,
  hrPx: 8,
  network: { factor: 2, channels: 4, blocks: 1 },
  learningRate: { peak: 0.05, warmup: 2, decay: 0.5 },
  emaDecay: 0.5,
});

/** y = a x + b with a = 3, b = -1: a straight line to be found. */
const loss: LossBuilder = (source) => {
  const x = source.graph.input('x', [4]);
  const y = source.graph.input('y', [4]);
  const a = source.get('a', [1], { normal: 1 });
  const b = source.get('b', [1], { constant: 0 });
  const error = mean(square(sub(add(mul(a, x), b), y)));
  return { loss: error, metrics: { twice: mul(error, 2) } };
};

const task: TrainingTask = {
  layout: collectLayout(loss),
  loss,
  metrics: ['twice'],
  batch(step) {
    const x = Float32Array.from({ length: 4 }, (_, i) => Math.sin(7 * step + 3 * i));
    return {
      x: float32([4], x),
      y: float32(
        [4],
        x.map((v) => 3 * v - 1),
      ),
    };
  },
};

const start = () => initialState(initialParameters(task.layout, recipe.seed));

async function run(options: {
  state?: TrainingState;
  steps?: number;
  task?: TrainingTask;
  signal?: AbortSignal;
  onStep?: (report: StepReport, state: TrainingState) => void;
}): Promise<TrainingState> {
  const engine = await testEngine();
  const { state = start(), steps = recipe.steps, ...rest } = options;
  return train({ engine, recipe: { ...recipe, steps }, task, state, ...rest });
}

describe('training', () => {
  it('finds the line', async () => {
    const reports: StepReport[] = [];
    const { params, ema, step } = await run({ steps: 400, onStep: (report) => reports.push(report) });
    expect(step).toBe(400);
    expect(params[0]).toBeCloseTo(3, 1);
    expect(params[1]).toBeCloseTo(-1, 1);
    expect(ema[0]).toBeCloseTo(params[0], 1);
    expect(reports).toHaveLength(400);
    expect(reports[399].loss).toBeLessThan(reports[0].loss / 100);
    expect(reports[5].metrics.twice).toBeCloseTo(2 * reports[5].loss, 5);
  });

  it('is bit-equal after a stop, a checkpoint on disk and a resume', async () => {
    const whole = await run({});
    const abort = new AbortController();
    const half = await run({
      signal: abort.signal as unknown as AbortSignal,
      onStep: ({ step }) => {
        if (step === 5) abort.abort();
      },
    });
    expect(half.step).toBe(5);
    const bytes = encodeCheckpoint({ recipe: 'toy', specs: task.layout.specs, state: half });
    // As read from a file in Node.
    const { state, specs } = decodeCheckpoint(Buffer.from(bytes));
    expect(specs).toEqual(task.layout.specs);
    const resumed = await run({ state });
    expect(resumed).toEqual(whole);
  });

  it('stops with a clear error when the loss is not finite, after the last good state was seen', async () => {
    let last: TrainingState | undefined;
    const poisoned: TrainingTask = {
      ...task,
      batch: (step) =>
        step < 3
          ? task.batch(step)
          : { ...task.batch(step), y: float32([4], new Float32Array(4).fill(Number.NaN)) },
    };
    const failing = run({
      task: poisoned,
      onStep: (_, state) => {
        last = state;
      },
    });
    await expect(failing).rejects.toMatchObject({
      code: 'train-diverged',
      message: expect.stringMatching(/step 3.*NaN/),
    });
    expect(last?.step).toBe(3);
    expect(last?.params.every(Number.isFinite)).toBe(true);
  });
});

describe('checkpoints', () => {
  it('are refused when they are cut short or something else', () => {
    const bytes = encodeCheckpoint({ recipe: 'toy', specs: task.layout.specs, state: start() });
    for (const damaged of [
      bytes.subarray(0, bytes.length - 1),
      bytes.subarray(0, 30),
      new Uint8Array(40),
      new Uint8Array(),
    ])
      expect(() => decodeCheckpoint(damaged)).toThrow(/damaged/);
  });

  it('hand parameters of equal name and shape to another run', () => {
    const trained = { ...start(), ema: Float32Array.of(7, 8) };
    const checkpoint = { recipe: 'toy', specs: task.layout.specs, state: trained };
    const other = collectLayout((source) => {
      source.get('b', [1], { constant: 0 });
      source.get('a', [2], { constant: 0 });
    });
    const params = new Float32Array(other.size);
    expect(transferParameters(params, other, checkpoint)).toBe(1);
    expect([...params]).toEqual([8, 0, 0]);
  });
});

describe('recipes', () => {
  it('name the field that is wrong', () => {
    expect(() => parseRecipe({ ...recipe, batch: -1 })).toThrow(/"batch"/);
    expect(() => parseRecipe({ ...recipe, task: 'other' })).toThrow(/"task"/);
  });
});
