/** `enlarger eval`: enlarges reduced pictures again and measures how near they come to the originals. */

import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { EnlargerError } from '../../core/errors.js';
import { LARGE_TILES, upscale } from '../../core/pipeline/upscale.js';
import { damageOf } from '../../core/raster/jpeg-damage.js';
import { lrPsnr, psnrRgb, psnrY, ssimY } from '../../core/raster/metrics.js';
import { createRaster, cropRaster, type Raster } from '../../core/raster/raster.js';
import { resizeRaster } from '../../core/raster/resample.js';
import { type Decoded, decodeImage } from '../../core/runtime/node/codec.js';
import { isFolder, listPictures, readInput } from '../files.js';
import { onInterrupt } from '../interrupt.js';
import type { Model, ModelOpener } from '../model.js';
import { addModelOptions, type ModelFlags, numberBetween } from '../options.js';
import { showJob } from '../progress.js';

const METHODS = ['enlarger', 'bicubic', 'lanczos3'] as const;
type Method = (typeof METHODS)[number];

interface EvalFlags extends ModelFlags {
  readonly hr: string;
  readonly lr?: string;
  readonly scale: number;
  readonly methods: Method[];
  readonly json?: boolean;
}

/** Means over the pictures. PSNR in dB; null where pictures are equal and it is infinite. */
interface Scores {
  readonly psnrY: number;
  readonly ssimY: number;
  readonly psnrRgb: number;
  readonly lrPsnr: number;
  readonly seconds: number;
}

export function registerEval(program: Command, open: ModelOpener): void {
  const command = program
    .command('eval')
    .description('measure enlargements against originals')
    .requiredOption('--hr <folder>', 'the originals')
    .option('--lr <folder>', 'their reduced versions, matched by name (default: made by bicubic)')
    .requiredOption('--scale <2..16>', 'how many times as large', numberBetween(2, 16, true))
    .option('--methods <names>', `of ${METHODS.join(', ')}`, parseMethods, [...METHODS]);
  addModelOptions(command)
    .option('--json', 'print JSON instead of a table')
    .action((flags: EvalFlags) => runEval(flags, open));
}

function parseMethods(text: string): Method[] {
  return text.split(',').map((word) => {
    const method = METHODS.find((name) => name === word.trim());
    if (method) return method;
    throw new InvalidArgumentError(`There is no method "${word.trim()}".`);
  });
}

async function runEval(flags: EvalFlags, open: ModelOpener): Promise<void> {
  const { scale, methods } = flags;
  const pairs = await matchPairs(flags.hr, flags.lr);
  const model = methods.includes('enlarger') ? await open(flags) : undefined;
  const interrupt = onInterrupt();
  const display = showJob(pairs.length * methods.length, 0, 'pictures');
  const scores = new Map<Method, Scores[]>(methods.map((method) => [method, []]));
  try {
    // The first run of a model compiles it, which is not the time of any picture.
    if (model)
      await enlarge(
        'enlarger',
        { ...PLAIN, raster: createRaster(16, 16, [90, 90, 90, 255]) },
        flags,
        model,
        interrupt.signal,
      );
    let done = 0;
    for (const pair of pairs) {
      const { hr, lr } = await readPair(pair, scale);
      for (const method of methods) {
        const started = performance.now();
        const sr = await enlarge(method, lr, flags, model, interrupt.signal);
        const seconds = (performance.now() - started) / 1000;
        scores.get(method)!.push({ ...measure(sr, hr, lr.raster, scale), seconds });
        display.update(++done, path.basename(pair.hr));
        await new Promise(setImmediate);
        if (interrupt.signal.aborted) throw new EnlargerError('cancelled', 'The measurement was stopped.');
      }
    }
  } finally {
    display.stop();
    interrupt.done();
    await model?.dispose();
  }
  const means = Object.fromEntries([...scores].map(([method, each]) => [method, mean(each)]));
  const result = { scale, images: pairs.length, methods: means };
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : table(means, pairs.length, scale));
}

interface Pair {
  readonly hr: string;
  readonly lr: string | undefined;
}

/** @throws EnlargerError `input-unreadable` for folders that are missing, empty or do not match. */
async function matchPairs(hrFolder: string, lrFolder: string | undefined): Promise<Pair[]> {
  const hrFiles = await picturesOf(hrFolder);
  const lrFiles = lrFolder === undefined ? undefined : await picturesOf(lrFolder);
  const stem = (file: string) => path.parse(file).name;
  return hrFiles.map((hr) => {
    const lr = lrFiles?.find((file) => stem(file) === stem(hr));
    if (lrFiles && lr === undefined) {
      throw new EnlargerError(
        'input-unreadable',
        `${lrFolder} has no picture called ${stem(hr)}.`,
        'The names of both folders must match, apart from their endings.',
      );
    }
    return { hr, lr };
  });
}

async function picturesOf(folder: string): Promise<string[]> {
  const names = (await isFolder(folder)) ? await listPictures(folder) : [];
  if (names.length > 0) return names.map((name) => path.join(folder, name));
  throw new EnlargerError(
    'input-unreadable',
    `There are no pictures in ${folder}.`,
    'Give a folder of pictures.',
  );
}

async function readPair(pair: Pair, scale: number): Promise<{ hr: Raster; lr: Decoded }> {
  const original = (await decodeImage(await readInput(pair.hr))).raster;
  const given = pair.lr === undefined ? undefined : await decodeImage(await readInput(pair.lr));
  const width = given?.raster.width ?? Math.floor(original.width / scale);
  const height = given?.raster.height ?? Math.floor(original.height / scale);
  if (width < 1 || height < 1 || original.width < width * scale || original.height < height * scale) {
    throw new EnlargerError(
      'input-unsupported',
      `${pair.hr} is not ${scale} times as large as its reduced version of ${width} x ${height} pixels.`,
      'Check the folders and the scale.',
    );
  }
  const hr = cropRaster(original, { x: 0, y: 0, width: width * scale, height: height * scale });
  const made = () => ({ ...PLAIN, raster: resizeRaster(hr, width, height) });
  return { hr, lr: given ?? made() };
}

/** What a picture that was just made, and never was a file, is decoded from. */
const PLAIN: Omit<Decoded, 'raster'> = { format: 'png', notices: [], bitDepth: 8, hadAlpha: false };

async function enlarge(
  method: Method,
  lr: Decoded,
  flags: EvalFlags,
  model: Model | undefined,
  signal: AbortSignal,
): Promise<Raster> {
  const { scale, detail, steps, seed, tile } = flags;
  const { raster } = lr;
  if (method !== 'enlarger') {
    const kernel = method === 'bicubic' ? 'cubic' : 'lanczos3';
    return resizeRaster(raster, raster.width * scale, raster.height * scale, { kernel });
  }
  const damage = flags.damage ?? damageOf(lr);
  const options = {
    provider: model!.provider,
    detail,
    steps,
    seed,
    tilePx: tile ?? LARGE_TILES,
    damage,
    signal,
  };
  return (await upscale(raster, { scale }, options)).raster;
}

function measure(sr: Raster, hr: Raster, lr: Raster, scale: number): Omit<Scores, 'seconds'> {
  return {
    psnrY: psnrY(sr, hr, scale),
    ssimY: ssimY(sr, hr, scale),
    psnrRgb: psnrRgb(sr, hr, scale),
    lrPsnr: lrPsnr(sr, lr),
  };
}

function mean(scores: readonly Scores[]): Scores {
  const of = (name: keyof Scores) => scores.reduce((sum, each) => sum + each[name], 0) / scores.length;
  return {
    psnrY: of('psnrY'),
    ssimY: of('ssimY'),
    psnrRgb: of('psnrRgb'),
    lrPsnr: of('lrPsnr'),
    seconds: of('seconds'),
  };
}

function table(means: Record<string, Scores>, images: number, scale: number): string {
  const row = (cells: readonly string[]) =>
    `${cells[0].padEnd(10)}${cells
      .slice(1)
      .map((cell) => cell.padStart(10))
      .join('')}\n`;
  const rows = Object.entries(means).map(([method, s]) =>
    row([
      method,
      s.psnrY.toFixed(2),
      s.ssimY.toFixed(4),
      s.psnrRgb.toFixed(2),
      s.lrPsnr.toFixed(2),
      s.seconds.toFixed(2),
    ]),
  );
  const head = row(['', 'PSNR-Y', 'SSIM-Y', 'PSNR-RGB', 'LR-PSNR', 'seconds']);
  return `${scale} times, mean of ${images} pictures\n${head}${rows.join('')}`;
}
