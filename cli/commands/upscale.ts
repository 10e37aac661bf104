/** `enlarger upscale`: enlarges files and folders of pictures; one that fails never stops the others. */

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import { planCascade, type Target } from '../../core/pipeline/cascade.js';
import {
  LARGE_TILES,
  planUpscale,
  type StageReport,
  type UpscaleReport,
} from '../../core/pipeline/upscale.js';
import { damageOf } from '../../core/raster/jpeg-damage.js';
import { decodeImage, type OutputFormat } from '../../core/runtime/node/codec.js';
import { openPictureWriter } from '../../core/runtime/node/picture-writer.js';
import type { Preset } from '../../plugin/presets/preset.js';
import { type InputFile, listInputs, type OutputFile, planOutputs, readInput } from '../files.js';
import { onInterrupt } from '../interrupt.js';
import type { Model, ModelOpener } from '../model.js';
import {
  addModelOptions,
  addTargetOptions,
  type ModelFlags,
  numberBetween,
  type TargetFlags,
  targetFromFlags,
} from '../options.js';
import { watchPeakMemory } from '../peak-memory.js';
import { type AppliedPreset, applyPreset, type PresetFlags } from '../preset.js';
import { duration, showJob } from '../progress.js';
import { addStageOptions, type StageFiles, type StageFlags, stageSaver } from '../stage-files.js';

interface UpscaleFlags extends ModelFlags, TargetFlags, PresetFlags, StageFlags {
  readonly out?: string;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly recursive?: boolean;
  readonly json?: boolean;
}

/** What `--json` prints for a picture that was made. */
interface PictureReport {
  readonly input: string;
  readonly output: string;
  /** There if one was used. */
  readonly preset?: { readonly id: string; readonly name: string };
  readonly width: number;
  readonly height: number;
  readonly backend: string;
  readonly detail: number;
  readonly seed: number;
  readonly stages: readonly StageReport[];
  /** Pictures of the stages, if they were to be saved. */
  readonly stageFiles?: readonly string[];
  readonly totalMilliseconds: number;
  /** Highest memory of the process while it was made; since the start where the system cannot tell. */
  readonly peakMemoryBytes: number;
  readonly notices: readonly string[];
}

export function registerUpscale(program: Command, open: ModelOpener): void {
  const command = program
    .command('upscale')
    .description('enlarge pictures')
    .argument('<files...>', 'pictures, or folders of pictures')
    .option('--out <path>', 'a file or a folder (default: beside each picture)');
  addStageOptions(addModelOptions(addTargetOptions(command)))
    .addOption(new Option('--format <name>', 'png (default), jpeg or webp').choices(['png', 'jpeg', 'webp']))
    .option('--quality <n>', 'of jpeg and webp files (default: 92)', numberBetween(1, 100))
    .option('--preset <file>', 'settings from a file of presets or a link; flags win over it')
    .option('--preset-name <name>', 'which preset of the file')
    .option('--recursive', 'also the folders inside folders')
    .option('--json', 'print one JSON object per picture')
    .action((files: string[], flags: UpscaleFlags) => runUpscale(files, flags, open));
}

async function runUpscale(files: string[], given: UpscaleFlags, open: ModelOpener): Promise<void> {
  const applied = await withPreset(given);
  const { flags, preset } = applied;
  for (const notice of applied.notices) say(notice);
  const { target, tag } = targetFromFlags(flags);
  const inputs = await listInputs(files, flags.recursive ?? false);
  const outputs = await planOutputs(inputs, { out: flags.out, format: flags.format, tag });
  const model = await open(flags);
  if (!flags.json) say(model.description);
  await compileFirst(model, target, flags);
  const interrupt = onInterrupt();
  const saver = stageSaver(flags.saveStages);
  try {
    for (const [i, input] of inputs.entries()) {
      // What an earlier run wrote beside the pictures is not a picture to enlarge again.
      if (outputs.some(({ file }, k) => k !== i && same(file, input.file))) {
        say(`${input.file}: left out, because it is where the result of another picture goes.`);
        continue;
      }
      try {
        const stages = saver?.open(outputs[i].file);
        const { signal } = interrupt;
        const job = { input, output: outputs[i], target, flags, preset, model, stages, signal };
        report(await enlargeFile(job).finally(() => stages?.close()), flags);
      } catch (cause) {
        const error = toEnlargerError(cause);
        if (error.code === 'cancelled') throw error;
        reportFailure(input.file, error, flags);
        process.exitCode = 2;
      }
    }
  } finally {
    interrupt.done();
    await model.dispose();
  }
}

/** What the first stage needs is compiled before the clock of the first picture starts, where its scale is known. */
async function compileFirst({ provider }: Model, target: Target, flags: UpscaleFlags): Promise<void> {
  if (!('scale' in target)) return;
  const { detail = provider.defaultDetail, steps, stagesOf } = flags;
  const factors = stagesOf === undefined ? provider.factors : [stagesOf];
  const [first] = planCascade({ width: 64, height: 64 }, target, factors).stages;
  // What fails here fails again with the picture, and is told there.
  if (first)
    await provider
      .open(first.factor, steps === undefined ? { detail } : { detail, steps })
      .catch(() => undefined);
}

/** The flags as they are, or with what they leave open taken from a preset. */
async function withPreset(
  flags: UpscaleFlags,
): Promise<Omit<AppliedPreset<UpscaleFlags>, 'preset'> & { readonly preset: Preset | null }> {
  const { preset } = flags;
  if (preset !== undefined) return applyPreset({ ...flags, preset });
  if (flags.presetName === undefined) return { preset: null, flags, notices: [] };
  throw new EnlargerError('option-invalid', '--preset-name needs a file.', 'Give it with --preset.');
}

interface FileJob {
  readonly input: InputFile;
  readonly output: OutputFile;
  readonly target: Target;
  readonly flags: UpscaleFlags;
  readonly preset: Preset | null;
  readonly model: Model;
  readonly stages: StageFiles | undefined;
  readonly signal: AbortSignal;
}

async function enlargeFile(job: FileJob): Promise<PictureReport> {
  const { input, output, target, flags, preset, model, stages, signal } = job;
  const started = performance.now();
  const peakMemory = watchPeakMemory();
  if (same(input.file, output.file)) {
    throw new EnlargerError(
      'option-invalid',
      `The result would replace the picture ${input.file} itself.`,
      'Give another name to --out.',
    );
  }
  const decoded = await decodeImage(await readInput(input.file));
  const display = showJob(100, 0, '%');
  const planned = planUpscale(decoded.raster, target, {
    provider: model.provider,
    detail: flags.detail,
    steps: flags.steps,
    seed: flags.seed,
    tilePx: flags.tile ?? LARGE_TILES,
    damage: flags.damage ?? damageOf(decoded),
    stagesOf: flags.stagesOf,
    onStageRows: stages?.onRows,
    signal,
    async onProgress({ percent, stage, stages, tilesDone, tiles }) {
      display.update(Math.floor(percent), `stage ${stage} of ${stages}, tile ${tilesDone} of ${tiles}`);
      // Lets Ctrl-C be heard: an engine may never give way to the event loop by itself.
      await new Promise(setImmediate);
    },
  });
  const { width, height, transparent } = planned;
  let made: UpscaleReport;
  try {
    const { file, format } = output;
    const quality = flags.quality === undefined ? {} : { quality: flags.quality };
    const writer = await openPictureWriter({ file, width, height, format, transparent, ...quality });
    try {
      made = await planned.run((strip) => writer.write(strip));
      await writer.finish();
    } finally {
      await writer.abort();
    }
  } finally {
    display.stop();
  }
  return {
    input: input.file,
    output: output.file,
    ...(preset && { preset: { id: preset.id, name: preset.name } }),
    width,
    height,
    backend: model.backend,
    detail: made.detail,
    seed: made.seed,
    stages: made.stages,
    ...(stages && { stageFiles: stages.files }),
    totalMilliseconds: performance.now() - started,
    peakMemoryBytes: peakMemory(),
    notices: [...decoded.notices, ...made.notices],
  };
}

/** Whether two names mean one file, also through links. */
const same = (a: string, b: string): boolean => realPath(a) === realPath(b);

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function report(picture: PictureReport, { json }: UpscaleFlags): void {
  for (const notice of picture.notices) say(`${picture.input}: ${notice}`);
  const { output, width, height, totalMilliseconds } = picture;
  process.stdout.write(
    json
      ? `${JSON.stringify(picture)}\n`
      : `${output}  ${width} x ${height}  ${duration(totalMilliseconds)}\n`,
  );
}

function reportFailure(input: string, { code, message, hint }: EnlargerError, { json }: UpscaleFlags): void {
  say(`${input}: ${message}${hint ? ` ${hint}` : ''}`);
  if (json) process.stdout.write(`${JSON.stringify({ input, error: { code, message, hint } })}\n`);
}
