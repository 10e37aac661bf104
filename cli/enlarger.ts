#!/usr/bin/env node
/** The program `enlarger`. */

import { runCommandLine } from './program.js';

await runCommandLine(process.argv.slice(2));
