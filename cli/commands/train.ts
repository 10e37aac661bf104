/** `enlarger train`: runs a recipe, resumes what was begun, stops and saves on Ctrl-C. */

import path from 'node:path';
import type { Command } from 'commander';
import { EnlargerError } from '../../core/errors.js';
import type { Engine } from '../../core/runtime/engine.js';
import { createCpuEngine } from '../../core/runtime/node/cpu.js';
import { parseRecipe, type Recipe } from '../../core/train/recipe.js';
import {
  initialParameters,
  initialState,
  type TrainingState,
  transferParameters,
} from '../../core/train/state.js';
import { type StepReport, train } from '../../core/train/trainer.js';
import { prepareGeneratorTask } from '../generator-tasks.js';
import { onInterrupt } from '../interrupt.js';
import { showJob } from '../progress.js';
import { readRecipeFile } from '../recipes.js';
import { loadPictures } from '../store/picture-store.js';
import { RunFolder } from '../store/run-folder.js';
import { prepareTask } from '../tasks.js';

interface TrainFlags {
  readonly data?: string[];
  readonly runs: string;
  readonly steps?: string;
  readonly saveEvery: string;
  readonly threads?: string;
  readonly fresh?: boolean;
}

const LOG_EVERY_STEPS = 20;

export function registerTrain(program: Command): void {
  program
    .command('train')
    .description('train a network from a recipe; a run that was begun is resumed')
    .argument('<recipe>', 'a JSON file, as in models/recipes')
    .option('--data <folders...>', 'folders of pictures (default: what "npm run data" fetched), or of icons')
    .option('--runs <folder>', 'where checkpoints, curves and sample sheets go', '.work/runs')
    .option('--steps <n>', "train to this step instead of the recipe's")
    .option('--save-every <minutes>', 'time between checkpoints', '3')
    .option('--threads <n>', 'threads of the engine (default: all)')
    .option('--fresh', 'forget an earlier run of this recipe')
    .action(runTrain);
}

async function runTrain(file: string, flags: TrainFlags): Promise<void> {
  const written = await readRecipeFile(file);
  const recipe =
    flags.steps === undefined ? written : parseRecipe({ ...written, steps: Number(flags.steps) });
  const folder = RunFolder.of(flags.runs, recipe.name);
  const engine = await createCpuEngine(flags.threads ? { threads: Number(flags.threads) } : {});
  const { task, data } = await prepare(recipe, path.dirname(file), flags, engine);
  const specs = task.layout.specs;

  const saved = flags.fresh ? undefined : await folder.checkpoint();
  let state: TrainingState;
  if (saved) {
    if (JSON.stringify(saved.specs) !== JSON.stringify(specs))
      throw new EnlargerError(
        'option-invalid',
        `The run in ${folder.dir} is of another network than the recipe's.`,
        'Move it away, or forget it with --fresh.',
      );
    state = saved.state;
    await folder.rewind(state.step);
  } else {
    const params = initialParameters(task.layout, recipe.seed);
    await task.initialise?.(params);
    if (recipe.from) {
      const copied = transferParameters(
        params,
        task.layout,
        await RunFolder.of(flags.runs, recipe.from).finished(),
      );
      process.stderr.write(`${copied} of ${params.length} parameters start from ${recipe.from}\n`);
    }
    state = initialState(params);
    await folder.rewind(0);
  }
  process.stderr.write(
    `${recipe.name}: ${task.layout.size} parameters, ${data}, ${engine.description}, from step ${state.step}\n`,
  );

  const interrupt = onInterrupt();
  const display = showJob(recipe.steps, state.step, 'steps');
  const save = async (current: TrainingState) => {
    await folder.save({ recipe: recipe.name, specs, state: current });
    await task.writeSamples?.(current.ema, folder.file('samples.png'));
  };
  let savedMs = performance.now();
  let window: StepReport[] = [];
  const onStep = async (report: StepReport, current: TrainingState) => {
    window.push(report);
    if (report.step % LOG_EVERY_STEPS === 0 || report.step === recipe.steps) {
      const point = summarise(window);
      folder.log(point);
      display.update(
        report.step,
        `loss ${point.loss.toFixed(5)} | ${((recipe.batch * 1000) / point.milliseconds).toFixed(0)} patches/s`,
      );
      window = [];
    }
    // A run resumed from any checkpoint must see the same steps: saving waits for a logging boundary.
    if (performance.now() - savedMs > Number(flags.saveEvery) * 60_000 && window.length === 0) {
      await save(current);
      savedMs = performance.now();
    }
    // Lets signals be heard: the native engine never yields to the event loop by itself.
    await new Promise(setImmediate);
  };
  try {
    state = await train({ engine, recipe, task, state, signal: interrupt.signal, onStep });
    await save(state);
  } finally {
    display.stop();
    interrupt.done();
    await engine.dispose();
  }
  process.stderr.write(
    `${interrupt.signal.aborted ? 'stopped' : 'finished'} at step ${state.step}: ${folder.dir}\n`,
  );
}

/** The task with its data loaded, and the data in words. */
async function prepare(recipe: Recipe, recipesDir: string, flags: TrainFlags, engine: Engine) {
  const places = { runsDir: flags.runs, recipesDir, engine };
  if (recipe.task === 'denoiser' || recipe.task === 'icon-decoder') {
    const iconsDir = flags.data?.[0] ?? '.work/data/icons';
    return {
      task: await prepareGeneratorTask(recipe, { ...places, iconsDir }),
      data: `icons of ${iconsDir}`,
    };
  }
  const pictures = await loadPictures(flags.data ?? ['.work/data/pictures'], {
    onProgress: (done, total) => {
      if (done % 100 === 0 || done === total) process.stderr.write(`${done}/${total} pictures decoded\n`);
    },
  });
  const data = `${pictures.train.length} pictures (${Math.round(pictures.megapixels)} megapixels)`;
  return { task: await prepareTask(recipe, { ...places, pictures }), data };
}

function summarise(window: readonly StepReport[]) {
  const average = (of: (report: StepReport) => number) =>
    window.reduce((sum, r) => sum + of(r), 0) / window.length;
  const last = window[window.length - 1];
  const metrics = Object.fromEntries(
    Object.keys(last.metrics).map((name) => [name, average((r) => r.metrics[name])]),
  );
  return {
    step: last.step,
    loss: average((r) => r.loss),
    gradientNorm: average((r) => r.gradientNorm),
    learningRate: last.learningRate,
    milliseconds: average((r) => r.milliseconds),
    ...metrics,
  };
}
