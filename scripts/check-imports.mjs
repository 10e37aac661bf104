/**
 * `node scripts/check-imports.mjs <folder>...`: checks the direction of imports by .dependency-cruiser.cjs.
 * dependency-cruiser parses TypeScript by swc without the syntax of components; here it is told which files have it.
 */

import swc from '@swc/core';
import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const parseFile = swc.parseFileSync;
swc.parseFileSync = (file, options) => parseFile(file, { ...options, tsx: file.endsWith('.tsx') });

const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs');
const { output, exitCode } = await cruise(process.argv.slice(2), { ...options, outputType: 'err' });
process.stdout.write(`${output}\n`);
process.exitCode = exitCode;
