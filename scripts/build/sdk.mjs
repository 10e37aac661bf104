/**
 * Builds the package's entries for others: dist/sdk (JavaScript), dist/types (declarations) and dist/engine (the engine's
 * parts for pages that fetch them). Entries share chunks, so
 * that an error of one is an `EnlargerError` of all. What comes from npm stays outside, except what a page without a
 * bundler could not load by itself.
 */

import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { build } from 'esbuild';
import { panelCss } from '../panel-css.mjs';

const unpack = promisify(gunzip);

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

/**
 * @param {string} root The checkout.
 * @param {string} [outDir] Where `sdk/` and `types/` go.
 */
export async function buildSdk(root, outDir = path.join(root, 'dist')) {
  await buildSdkScripts(root, outDir);
  await emptyFolders(outDir, ['types']);
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', path.join(root, 'tsconfig.sdk.json'), '--outDir', path.join(outDir, 'types')];
  await promisify(execFile)(process.execPath, [tsc, ...options]).catch(({ stdout, stderr }) => {
    throw new Error(`The declarations could not be made:\n${stdout}${stderr}`);
  });
}

/** The JavaScript alone. */
export async function buildSdkScripts(root, outDir = path.join(root, 'dist')) {
  await emptyFolders(outDir, ['sdk']);
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
}

/**
 * Writes the parts as files for plugin/engine/served-parts.ts. They end in .bin, as some servers unpack .gz on the way.
 * @param {readonly { name: string, content: Buffer }[]} parts As parts.mjs makes them, compressed.
 * @param {string} outDir Where `engine/` goes.
 */
export async function writeEngine(parts, outDir) {
  await emptyFolders(outDir, ['engine']);
  const folder = path.join(outDir, 'engine');
  for (const { name, content } of parts) {
    const worker = /^worker\/(.+)$/.exec(name)?.[1];
    const file = path.join(folder, worker ? `${worker}-worker.js` : `${name}.bin`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, worker ? await unpack(content) : content);
  }
  const names = parts.map(({ name }) => name).filter((name) => name.startsWith('pack/'));
  const list = names.map((name) => name.slice('pack/'.length));
  await writeFile(path.join(folder, 'pack.json'), `${JSON.stringify(list)}\n`);
}

async function emptyFolders(outDir, names) {
  await Promise.all(names.map((name) => rm(path.join(outDir, name), { recursive: true, force: true })));
}
