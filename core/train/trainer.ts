/**
 * The training loop: runs the step graph over batches that depend on the step number only, so that a run
 * that was stopped and resumed is the run that was never stopped. It owns the state vectors while it runs;
 * files, signals and terminals are the caller's.
 */

import { EnlargerError } from '../errors.js';
import { encodeModel, type ParameterLayout } from '../graph/index.js';
import { type Engine, float32, type HostTensor } from '../runtime/engine.js';
import { learningRateAt, type Recipe } from './recipe.js';
import type { TrainingState } from './state.js';
import { ADAM_DEFAULTS, buildTrainingStep, type LossBuilder, STATE_NAMES } from './step.js';

/** What is to be learnt: a network's parameters, a loss, and the examples. */
export interface TrainingTask {
  readonly layout: ParameterLayout;
  readonly loss: LossBuilder;
  /** Names of the scalars the loss reports besides itself. */
  readonly metrics: readonly string[];
  /** Inputs of the loss for a step; a function of the step number (from 0) only. */
  batch(step: number): Readonly<Record<string, HostTensor>>;
}

export interface StepReport {
  /** Finished steps. */
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly milliseconds: number;
}

export interface TrainOptions {
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly task: TrainingTask;
  readonly state: TrainingState;
  readonly signal?: AbortSignal;
  /** Called after every step with the new state; may save it. The vectors are not changed afterwards. */
  readonly onStep?: (report: StepReport, state: TrainingState) => void | Promise<void>;
}

/**
 * Trains until `recipe.steps` or until `signal` aborts, and returns the last state either way.
 * @throws EnlargerError `train-diverged` when loss or gradient stop being finite; the state before that step
 *   is the last one `onStep` saw.
 */
export async function train(options: TrainOptions): Promise<TrainingState> {
  const { engine, recipe, task, signal, onStep } = options;
  const adam = { ...ADAM_DEFAULTS, clipNorm: recipe.clipNorm };
  const graph = buildTrainingStep(task.layout, task.loss, adam);
  const program = await engine.load(encodeModel(graph));
  let { state } = options;
  try {
    while (state.step < recipe.steps && !signal?.aborted) {
      const started = performance.now();
      const inputs = { ...stepInputs(state, recipe, adam), ...task.batch(state.step) };
      const outputs = await program.run(inputs);
      const scalar = (name: string) => (outputs[name].data as Float32Array)[0];
      const loss = scalar('loss');
      const gradientNorm = scalar('gradNorm');
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
        throw new EnlargerError(
          'train-diverged',
          `Training diverged at step ${state.step}: the loss is ${loss}, the gradient norm ${gradientNorm}.`,
          'The last good checkpoint is kept; resume from it with a lower learning rate.',
        );
      const vector = (name: string) => outputs[`next.${name}`].data as Float32Array;
      state = {
        step: state.step + 1,
        params: vector('params'),
        m: vector('m'),
        v: vector('v'),
        ema: vector('ema'),
      };
      const report: StepReport = {
        step: state.step,
        loss,
        gradientNorm,
        learningRate: learningRateAt(state.step - 1, recipe),
        metrics: Object.fromEntries(task.metrics.map((name) => [name, scalar(name)])),
        milliseconds: performance.now() - started,
      };
      await onStep?.(report, state);
    }
    return state;
  } finally {
    await program.dispose();
  }
}

function stepInputs(
  state: TrainingState,
  recipe: Recipe,
  adam: { beta1: number; beta2: number },
): Record<string, HostTensor> {
  const t = state.step + 1;
  // A young average follows the weights closely, or it would long remember the random start.
  const emaDecay = Math.min(recipe.emaDecay, (1 + state.step) / (10 + state.step));
  const scalars = {
    lr: learningRateAt(state.step, recipe),
    correction1: 1 / (1 - adam.beta1 ** t),
    correction2: 1 / (1 - adam.beta2 ** t),
    emaDecay,
  };
  const inputs: Record<string, HostTensor> = {};
  for (const [name, value] of Object.entries(scalars)) inputs[name] = float32([], Float32Array.of(value));
  for (const name of STATE_NAMES) inputs[name] = float32([state[name].length], state[name]);
  return inputs;
}
