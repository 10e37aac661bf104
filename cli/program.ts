/** All commands of the command line, and what its exit codes mean: 0 done, 2 something failed, 130 stopped. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { EnlargerError, toEnlargerError } from '../core/errors.js';
import { registerEval } from './commands/eval.js';
import { registerExport } from './commands/export.js';
import { registerGenerate } from './commands/generate.js';
import { registerImport } from './commands/import.js';
import { registerPack } from './commands/pack.js';
import { registerTrain } from './commands/train.js';
import { registerUpscale } from './commands/upscale.js';
import { type GeneratorOpener, openGenerator } from './generator.js';
import { INTERRUPTED } from './interrupt.js';
import { type ModelOpener, openModel, packageRoot } from './model.js';

/** Runs one command line (without the program's own name) and sets the exit code of the process. */
export async function runCommandLine(
  words: readonly string[],
  open: ModelOpener = openModel,
  openWords: GeneratorOpener = openGenerator,
): Promise<void> {
  const program = new Command('enlarger')
    .description('makes pictures larger by latent flow matching, on your own machine')
    .version(version())
    .showHelpAfterError('(add --help for all options)')
    .exitOverride();
  registerUpscale(program, open);
  registerGenerate(program, openWords);
  registerEval(program, open);
  registerPack(program);
  registerTrain(program);
  registerExport(program);
  registerImport(program);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) process.exitCode = fail(cause, words);
    else if (cause.exitCode === 0) process.exitCode = 0;
    else {
      // What is wrong has been printed for people already.
      const message = cause.message.replace(/^error: /, '');
      if (words.includes('--json'))
        printJson(new EnlargerError('option-invalid', message, 'Add --help for all options.'));
      process.exitCode = 2;
    }
  }
}

function fail(cause: unknown, words: readonly string[]): number {
  const error = toEnlargerError(cause);
  const { code, message, hint } = error;
  process.stderr.write(`${message}${hint ? `\n${hint}` : ''}\n`);
  if (code === 'internal' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack}\n`);
  if (words.includes('--json')) printJson(error);
  return code === 'cancelled' ? INTERRUPTED : 2;
}

function printJson({ code, message, hint }: EnlargerError): void {
  process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
}

function version(): string {
  const text = readFileSync(path.join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
