/** Bundles the command line into dist/cli/enlarger.js; what comes from npm stays outside of it. */

import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
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
