/** dist/examples: those examples that need a bundler. The others are served as they are written. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * @param {string} root The checkout.
 * @param {string} [dist] Where `examples/` goes.
 */
export async function buildExamples(root, dist = path.join(root, 'dist')) {
  const source = path.join(root, 'examples', 'toast-ui');
  const folder = path.join(dist, 'examples', 'toast-ui');
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [path.join(source, 'main.ts')],
    outfile: path.join(folder, 'main.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    // The editor's style sheets hold tricks for browsers of long ago, which are warned of.
    logLevel: 'error',
    loader: { '.svg': 'dataurl' },
    // In the checkout, the package under its own name is its sources.
    alias: { 'enlarger/plugin': path.join(root, 'plugin', 'index.ts') },
  });
  await writeFile(path.join(folder, 'index.html'), await readFile(path.join(source, 'index.html')));
}
