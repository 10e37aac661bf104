/** `enlarger generate`: small pictures from a prompt, each enlarged in a cascade and written as soon as it is ready. */

import { randomInt } from 'node:crypto';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import { checkSize, MAX_SIZE, MIN_SIZE, planEnlarged } from '../../core/generate/enlarge.js';
import type { Candidate, GenerateProgress } from '../../core/generate/generator.js';
import { checkRequest, MAX_COUNT } from '../../core/generate/request.js';
import { MAX_SCALE } from '../../core/pipeline/cascade.js';
import type { StageReport } from '../../core/pipeline/upscale.js';
import { writeFileAtomic } from '../../core/runtime/node/atomic-write.js';
import { encodeImage } from '../../core/runtime/node/codec.js';
import { openPictureWriter } from '../../core/runtime/node/picture-writer.js';
import { type GeneratedFile, planGenerated } from '../generated-files.js';
import {
  type GeneratorFlags,
  type GeneratorOpener,
  KEY_VARIABLE,
  type OpenedGenerator,
} from '../generator.js';
import { onInterrupt } from '../interrupt.js';
import { numberBetween } from '../options.js';
import { duration, type JobDisplay, showJob } from '../progress.js';
import { addStageOptions, type StageFlags, stageSaver } from '../stage-files.js';

interface GenerateFlags extends GeneratorFlags, StageFlags {
  readonly out?: string;
  readonly size?: number;
  readonly count: number;
  readonly seed?: number;
  readonly guidance?: number;
  readonly steps?: number;
  readonly detail?: number;
  readonly tile?: number;
  readonly quality?: number;
  readonly json?: boolean;
}

/** What `--json` prints for a picture that was made. */
interface GeneratedReport {
  readonly output: string;
  readonly prompt: string;
  /** Gives this picture again with `--count 1`, if the generator takes seeds. */
  readonly seed: number;
  readonly index: number;
  /** Null where the generator decides. */
  readonly guidance: number | null;
  readonly steps: number | null;
  readonly generator: string;
  /** Size before it was enlarged. */
  readonly candidateWidth: number;
  readonly candidateHeight: number;
  readonly width: number;
  readonly height: number;
  readonly backend: string;
  readonly detail: number;
  readonly stages: readonly StageReport[];
  readonly stageFiles?: readonly string[];
  readonly generateMilliseconds: number;
  readonly totalMilliseconds: number;
  readonly peakMemoryBytes: number;
  readonly notices: readonly string[];
}

/** Seeds that are drawn are short enough to be read out. */
const DRAWN_SEEDS = 2 ** 32;
/** Share of a picture's progress that generating it is. */
const GENERATE_SHARE = 50;

export function registerGenerate(program: Command, open: GeneratorOpener): void {
  const whole = (min: number, max: number) => numberBetween(min, max, true);
  const command = program
    .command('generate')
    .description('make pictures from a prompt, and enlarge them')
    .argument('<prompt...>', 'what the picture shows')
    .option('--out <path>', 'a file or a folder (default: named after the prompt, here)')
    .option('--size <px>', `longer side of the result (default: ${MAX_SIZE})`, whole(MIN_SIZE, MAX_SIZE))
    .option('--count <n>', 'number of pictures', whole(1, MAX_COUNT), 1)
    .option('--seed <n>', 'which pictures (default: drawn, and told)', whole(0, Number.MAX_SAFE_INTEGER))
    .option('--guidance <g>', 'how strongly to follow the prompt', numberBetween(1, 100))
    .option('--steps <n>', 'evaluations of the generator', whole(1, 1000))
    .option('--detail <0..1>', 'enlarge from faithful (0) to most texture (1)', numberBetween(0, 1))
    .option('--pack <folder>', 'a model pack with a generator (default: the one that comes along)')
    .option('--upscaler <folder>', 'the model pack that enlarges, if it is another')
    .option('--backend <name>', 'auto, cpu or wasm', 'auto')
    .option('--threads <n>', 'threads of the cpu backend (default: all)', whole(1, 1024))
    .option('--tile <px>', 'side of the pieces that are enlarged at once', whole(64, 1 << 16))
    .option('--quality <n>', 'of jpeg and webp files (default: 92)', numberBetween(1, 100))
    .option('--remote <url>', 'generate on a server that speaks the OpenAI Images API', nonEmpty)
    .option('--remote-key <key>', `its key (better: the variable ${KEY_VARIABLE})`, nonEmpty)
    .option('--remote-model <name>', 'which of its models', nonEmpty)
    .option('--remote-size <px>', 'side of the pictures it makes (default: 1024)', whole(128, 4096))
    .option('--remote-timeout <s>', 'seconds to wait for it (default: 120)', numberBetween(1, 3600));
  addStageOptions(command)
    .option('--json', 'print one JSON object per picture')
    .action((words: string[], flags: GenerateFlags) => runGenerate(words.join(' '), flags, open));
}

function nonEmpty(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return text.trim();
}

async function runGenerate(prompt: string, flags: GenerateFlags, open: GeneratorOpener): Promise<void> {
  checkFlags(flags);
  const files = await planGenerated(prompt, flags);
  const opened = await open(flags);
  const interrupt = onInterrupt();
  const { signal } = interrupt;
  const view = pictureView();
  try {
    const job = planRequest(prompt, flags, opened, files[0]);
    const { generator } = opened;
    if (!flags.json) say(opened.description);
    if (flags.seed !== undefined && !generator.facts.seeded)
      say('This generator takes no seed: the seed steers only how its pictures are enlarged.');
    const saver = stageSaver(flags.saveStages);
    let startedMs = performance.now();
    const onProgress = async (progress: GenerateProgress) => {
      view.update(inside(progress), describe(progress));
      await breathe();
    };
    for await (const candidate of generator.generate({ ...job.request, signal, onProgress })) {
      const generateMilliseconds = performance.now() - startedMs;
      const file = files[candidate.index];
      const stages = saver?.open(file.file);
      const work = { opened, candidate, file, flags, size: job.size, stages, signal, view };
      const made = await enlarge(work).catch(toEnlargerError);
      await stages?.close();
      view.stop();
      if (made instanceof EnlargerError) {
        // The other pictures may have been paid for: one that fails does not stop them.
        if (made.code === 'cancelled') throw made;
        reportFailure(file.file, made, await rescue(candidate, file), flags);
        process.exitCode = 2;
        startedMs = performance.now();
        continue;
      }
      report(
        {
          output: file.file,
          prompt: job.request.prompt,
          seed: candidate.seed,
          index: candidate.index,
          guidance: job.request.guidance ?? null,
          steps: job.request.steps ?? null,
          generator: generator.facts.title,
          ...made,
          backend: opened.backend,
          ...(stages && { stageFiles: stages.files }),
          generateMilliseconds,
          totalMilliseconds: performance.now() - startedMs,
          peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
        },
        flags,
      );
      startedMs = performance.now();
    }
  } finally {
    view.stop();
    interrupt.done();
    await opened.dispose();
  }
}

/** What does not need a generator to be told wrong. */
function checkFlags(flags: GenerateFlags): void {
  const stray = (['remoteKey', 'remoteModel', 'remoteSize', 'remoteTimeout'] as const).find(
    (name) => flags[name] !== undefined,
  );
  if (flags.remote === undefined && stray)
    throw new EnlargerError(
      'option-invalid',
      `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} needs a server.`,
      'Give its address with --remote.',
    );
}

/** Checks everything that can be checked before a generator works. */
function planRequest(
  prompt: string,
  { count, seed = randomInt(DRAWN_SEEDS), guidance, steps, size }: GenerateFlags,
  { generator }: OpenedGenerator,
  file: GeneratedFile,
) {
  const { facts } = generator;
  const checked = checkRequest(facts, { prompt, count, seed, guidance, steps });
  const side = Math.max(facts.width, facts.height);
  const chosen = size ?? Math.min(MAX_SIZE, side * MAX_SCALE);
  checkSize(chosen, side);
  if (facts.transparent && file.format === 'jpeg')
    throw new EnlargerError(
      'option-invalid',
      'The pictures of this generator have transparency, which a JPEG file cannot hold.',
      'Save them as PNG or WebP.',
    );
  return {
    size: chosen,
    request: {
      prompt: checked.prompt,
      count,
      seed,
      ...(facts.guidance && { guidance: checked.guidance }),
      ...(facts.steps && { steps: checked.steps }),
    },
  };
}

interface EnlargeJob {
  readonly opened: OpenedGenerator;
  readonly candidate: Candidate;
  readonly file: GeneratedFile;
  readonly flags: GenerateFlags;
  readonly size: number;
  readonly stages: ReturnType<NonNullable<ReturnType<typeof stageSaver>>['open']> | undefined;
  readonly signal: AbortSignal;
  readonly view: JobDisplay;
}

async function enlarge({ opened, candidate, file, flags, size, stages, signal, view }: EnlargeJob) {
  const { width: candidateWidth, height: candidateHeight } = await opened.generator.picture(candidate);
  // A server may make smaller pictures than it was asked for.
  const reached = Math.min(size, Math.max(candidateWidth, candidateHeight) * MAX_SCALE);
  const job = await planEnlarged(opened.generator, candidate, reached, {
    provider: opened.provider,
    detail: flags.detail,
    tilePx: flags.tile,
    stagesOf: flags.stagesOf,
    onStageRows: stages?.onRows,
    signal,
    async onProgress({ percent, stage, stages: all }) {
      const done = GENERATE_SHARE + (percent / 100) * (100 - GENERATE_SHARE);
      const note = `picture ${candidate.index + 1} of ${flags.count}, enlarging, stage ${stage} of ${all}`;
      view.update(done, note);
      await breathe();
    },
  });
  const { width, height, transparent } = job;
  const quality = flags.quality === undefined ? {} : { quality: flags.quality };
  const writer = await openPictureWriter({ ...file, width, height, transparent, ...quality });
  try {
    const { detail, stages: reports, notices } = await job.run((strip) => writer.write(strip));
    await writer.finish();
    const smaller =
      reached < size
        ? [`It was made at ${candidateWidth} x ${candidateHeight}, which is too small for ${size} pixels.`]
        : [];
    return {
      candidateWidth,
      candidateHeight,
      width,
      height,
      detail,
      stages: reports,
      notices: [...smaller, ...notices],
    };
  } finally {
    await writer.abort();
  }
}

/** Saves a picture of a server that could not be enlarged as it came; gives the name of the file if that worked. */
async function rescue(candidate: Candidate, { file }: GeneratedFile): Promise<string | undefined> {
  if (candidate.kind !== 'raster') return undefined;
  const { dir, name } = path.parse(file);
  const saved = path.join(dir, `${name}-as-it-came.png`);
  try {
    await writeFileAtomic(saved, await encodeImage(candidate.raster, 'png'));
    return saved;
  } catch {
    // The failure that is reported is the one that needs attention; most likely the disk caused both.
    return undefined;
  }
}

/** A bar per picture, begun when there is something to show: what is printed between them stays readable. */
function pictureView(): JobDisplay {
  let bar: JobDisplay | undefined;
  return {
    update(percent, note) {
      bar ??= showJob(100, 0, '%');
      bar.update(Math.floor(percent), note);
    },
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
}

/** How much of the current picture is done while it is being generated, in percent. */
function inside({ step, steps }: GenerateProgress): number {
  return steps > 0 ? (step / steps) * GENERATE_SHARE : 0;
}

function describe({ candidate, count, step, steps }: GenerateProgress): string {
  return `picture ${candidate} of ${count}${steps > 0 ? `, step ${step} of ${steps}` : ''}`;
}

/** Lets Ctrl-C be heard: an engine may never give way to the event loop by itself. */
const breathe = () => new Promise((resolve) => setImmediate(resolve));

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function report(picture: GeneratedReport, { json }: GenerateFlags): void {
  for (const notice of picture.notices) say(`${picture.output}: ${notice}`);
  const { output, width, height, seed, totalMilliseconds } = picture;
  process.stdout.write(
    json
      ? `${JSON.stringify(picture)}\n`
      : `${output}  ${width} x ${height}  seed ${seed}  ${duration(totalMilliseconds)}\n`,
  );
}

function reportFailure(
  output: string,
  { code, message, hint }: EnlargerError,
  rescued: string | undefined,
  { json }: GenerateFlags,
): void {
  say(`${output}: ${message}${hint ? ` ${hint}` : ''}`);
  if (rescued) say(`The picture as it came was saved as ${rescued}.`);
  if (json) process.stdout.write(`${JSON.stringify({ output, error: { code, message, hint }, rescued })}\n`);
}
