#!/usr/bin/env node
/** The command line: parses words, calls core, prints what happened. */

import { Command } from 'commander';
import { toEnlargerError } from '../core/errors.js';
import { registerTrain } from './commands/train.js';

const program = new Command('enlarger')
  .description('makes pictures larger by latent flow matching, on your own machine')
  .showHelpAfterError();
registerTrain(program);

program.parseAsync().catch((cause: unknown) => {
  const error = toEnlargerError(cause);
  process.stderr.write(`${error.message}${error.hint ? `\n${error.hint}` : ''}\n`);
  if (error.code === 'internal' && error.cause instanceof Error)
    process.stderr.write(`${error.cause.stack}\n`);
  process.exitCode = 2;
});
