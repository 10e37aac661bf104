/**
 * Builds the package's entries for others: dist/sdk (JavaScript) and dist/types (declarations). Entries share chunks, so
 * that an error of one is an `EnlargerError` of all. What comes from npm stays outside, except what a page without a
 * bundler could not load by itself.
 */

import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { panelCss } from './panel-css.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** File in dist/sdk, without ending, and its source. */
export const ENTRIES = {
  index: 'core/index.ts',
  train: 'core/train/index.ts',
  node: 'cli/index.ts',
  plugin: 'plugin/index.ts',
  'plugin-fabric': 'plugin/hosts/web/fabric/index.ts',
  'plugin-fixture': 'plugin/hosts/fixture/index.ts',
  ui: 'ui/index.ts',
};

/** Small libraries that go inside, so that a page can load an entry by its address. */
const INLINED = /^(zod|fflate|fast-png|@create-figma-plugin\/ui)(\/|$)/;

/** @type {import('esbuild').Plugin} */
const npmOutside = {
  name: 'npm-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./!]/ }, ({ path: name, kind, importer }) => {
      const inside = kind === 'entry-point' || path.isAbsolute(name) || INLINED.test(name);
      // What an inlined library needs of its own goes with it; what others may share stays one.
      const own = importer.includes('node_modules') && !/^(preact|@preact|onnxruntime)/.test(name);
      return inside || own ? undefined : { path: name, external: true };
    });
  },
};

/** Builds into `outDir`: `sdk/` and `types/`. */
export async function buildSdk(outDir = path.join(root, 'dist')) {
  await Promise.all(
    ['sdk', 'types'].map((name) => rm(path.join(outDir, name), { recursive: true, force: true })),
  );
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: path.join(outDir, 'sdk'),
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import', 'module', 'browser'],
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'dataurl', '.woff2': 'dataurl' },
    plugins: [panelCss, npmOutside],
    logLevel: 'warning',
  });
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', path.join(root, 'tsconfig.sdk.json'), '--outDir', path.join(outDir, 'types')];
  await promisify(execFile)(process.execPath, [tsc, ...options]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSdk();
