/** Bundles the command line into dist/cli/enlarger.js; what comes from npm stays outside of it. */

import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/** @param {string} root The checkout. */
export async function buildCli(root) {
  const outfile = path.join(root, 'dist', 'cli', 'enlarger.js');
  await build({
    entryPoints: [path.join(root, 'cli', 'enlarger.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.9',
    packages: 'external',
    logLevel: 'warning',
  });
  await chmod(outfile, 0o755);
}
