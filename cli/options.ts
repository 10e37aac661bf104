/** Words of the command line turned into values, with sentences about those that are wrong. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { MAX_SCALE, type Target } from '../core/pipeline/cascade.js';
import type { OutputFormat } from '../core/runtime/node/codec.js';

/** A parser for numbers; `whole` ones only if asked for. */
export function numberBetween(min: number, max: number, whole = false): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`It must be a ${whole ? 'whole number' : 'number'} ${range}.`);
  };
}

const pixels = numberBetween(1, Number.MAX_SAFE_INTEGER, true);

/** Flags that decide how a model is run; the same for all commands that run one. */
export interface ModelFlags {
  readonly pack?: string;
  readonly backend: string;
  readonly threads?: number;
  readonly detail?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly tile?: number;
  readonly damage?: number;
}

export function addModelOptions(command: Command): Command {
  return command
    .option('--detail <0..1>', 'from faithful (0) to most texture (1)', numberBetween(0, 1))
    .option('--steps <n>', 'evaluations of the flow', numberBetween(1, 100, true))
    .option(
      '--seed <n>',
      'which texture, the same for the same number',
      numberBetween(0, Number.MAX_SAFE_INTEGER, true),
    )
    .option('--pack <folder>', 'the model pack (default: the one that comes along)')
    .option('--backend <name>', 'auto, cpu, wasm or webgpu', 'auto')
    .option('--threads <n>', 'threads of the cpu backend (default: all)', numberBetween(1, 1024, true))
    .option('--tile <px>', 'side of the pieces that are made at once', numberBetween(1, 1 << 16, true))
    .option(
      '--damage <0..1>',
      'JPEG damage to repair (default: looked for in the picture)',
      numberBetween(0, 1),
    );
}

const DEFAULT_SCALE = 4;

/** Flags that name a size; one of them at most. */
export interface TargetFlags {
  readonly scale?: number;
  readonly width?: number;
  readonly height?: number;
  readonly longSide?: number;
  readonly shortSide?: number;
}

export function addTargetOptions(command: Command): Command {
  const sizes = ['scale', 'width', 'height', 'longSide', 'shortSide'];
  const size = (flags: string, description: string, parse: (text: string) => number) => {
    const option = new Option(flags, description).argParser(parse);
    return option.conflicts(sizes.filter((name) => name !== option.attributeName()));
  };
  return command
    .addOption(
      size(
        `--scale <1..${MAX_SCALE}>`,
        `how many times as large (default: ${DEFAULT_SCALE})`,
        numberBetween(1, MAX_SCALE),
      ),
    )
    .addOption(size('--width <px>', 'width of the result', pixels))
    .addOption(size('--height <px>', 'height of the result', pixels))
    .addOption(size('--long-side <px>', 'longer side of the result', pixels))
    .addOption(size('--short-side <px>', 'shorter side of the result', pixels));
}

/** The size asked for, and how file names say it. */
export function targetFromFlags(flags: TargetFlags): { readonly target: Target; readonly tag: string } {
  const { scale = DEFAULT_SCALE, width, height, longSide, shortSide } = flags;
  if (width !== undefined) return { target: { width }, tag: `${width}w` };
  if (height !== undefined) return { target: { height }, tag: `${height}h` };
  if (longSide !== undefined) return { target: { longSide }, tag: `${longSide}px` };
  if (shortSide !== undefined) return { target: { shortSide }, tag: `${shortSide}px-short` };
  return { target: { scale }, tag: `${scale}x` };
}

const EXTENSIONS: Readonly<Record<string, OutputFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};

/** The format that a file name asks for by its ending, if it is one that can be written. */
export function formatOfName(file: string): OutputFormat | undefined {
  return EXTENSIONS[/\.\w+$/.exec(file)?.[0].toLowerCase() ?? ''];
}
