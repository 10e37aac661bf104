/**
 * The parts that the engine's page side needs, each compressed with gzip: two workers, ONNX Runtime's wasm for two
 * engines, and a model pack whose stored answer has been checked to be its own.
 */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'esbuild';

const pack = promisify(gzip);

/** The graphics engine needs a build that suspends wasm; the plain one runs everywhere. */
const WASM = {
  webgpu: 'ort-wasm-simd-threaded.jspi.wasm',
  wasm: 'ort-wasm-simd-threaded.wasm',
};

/**
 * @param {string} root The checkout.
 * @param {{ packFolder?: string, generatorFolder?: string, modelWorker?: string }} [options] Other packs (by default the
 *   one that enlarges, and one with a generator if models/ has one); for tests, another model worker.
 * @returns {Promise<{ name: string, content: Buffer }[]>} `worker/...`, `wasm/...` and `pack/...`.
 */
export async function engineParts(root, options = {}) {
  const worker = path.join(root, 'plugin', 'engine', 'worker');
  const scripts = {
    'worker/picture': path.join(worker, 'picture-worker.ts'),
    'worker/model': options.modelWorker ?? path.join(worker, 'model-worker.ts'),
  };
  const parts = [];
  for (const [name, entry] of Object.entries(scripts)) {
    parts.push({ name, content: await pack(await bundleWorker(entry), { level: 9 }) });
  }
  for (const [name, file] of Object.entries(WASM)) {
    parts.push({ name: `wasm/${name}`, content: await packedWasm(root, file) });
  }
  const folder = options.packFolder ?? path.join(root, 'models', 'enlarger-1');
  for (const file of await packFiles(folder)) {
    const bytes = await readFile(path.join(folder, file));
    parts.push({ name: `pack/${file}`, content: await pack(bytes, { level: 9 }) });
  }
  const generator = options.generatorFolder ?? (options.packFolder ? undefined : await generatorPack(root));
  for (const file of generator ? await componentFiles(generator) : []) {
    const bytes = await readFile(path.join(generator, file));
    parts.push({ name: `pack/generator/${file}`, content: await pack(bytes, { level: 9 }) });
  }
  return parts;
}

/** The folder of the pack in models/ that makes pictures from prompts, if there is one. */
async function generatorPack(root) {
  const models = path.join(root, 'models');
  for (const name of (await readdir(models)).sort()) {
    const manifest = await readFile(path.join(models, name, 'pack.json'), 'utf8').catch(() => '{}');
    if (JSON.parse(manifest).generator) return path.join(models, name);
  }
  return undefined;
}

async function bundleWorker(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    // A frame without an origin may start classic workers from blobs, but no modules.
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
    // ONNX Runtime wants to know where it is, and throws at a blob's address. It fetches nothing: all is handed over.
    define: { 'import.meta.url': '"https://enlarger.invalid/worker.js"' },
    // One graphics build only: core's default would bring the larger one along.
    alias: { 'onnxruntime-web/webgpu': 'onnxruntime-web/jspi' },
  });
  return outputFiles[0].contents;
}

/** Compressing takes seconds and the files change with the package only, so the result is kept. */
async function packedWasm(root, file) {
  const source = path.join(root, 'node_modules', 'onnxruntime-web', 'dist', file);
  const { size, mtimeMs } = await stat(source);
  const cache = path.join(root, 'node_modules', '.cache', 'enlarger', `${file}.${size}.${mtimeMs}.gz`);
  try {
    return await readFile(cache);
  } catch {
    const content = await pack(await readFile(source), { level: 9 });
    await mkdir(path.dirname(cache), { recursive: true });
    await writeFile(cache, content);
    return content;
  }
}

/** The files that a pack.json names, itself, and the stored answer. */
async function packFiles(folder) {
  const manifest = await readFile(path.join(folder, 'pack.json'));
  const hash = createHash('sha256').update(manifest).digest('hex');
  const answer = JSON.parse(await readFile(path.join(folder, 'self-check.json'), 'utf8').catch(() => '{}'));
  if (answer.pack !== hash) {
    throw new Error(
      `${folder} has no self-check.json that belongs to its pack.json. Run: npx enlarger pack self-check ${folder}`,
    );
  }
  return ['self-check.json', ...(await componentFiles(folder))];
}

/** A pack.json and the files that it names. */
async function componentFiles(folder) {
  const { components } = JSON.parse(await readFile(path.join(folder, 'pack.json'), 'utf8'));
  return ['pack.json', ...new Set(components.map(({ file }) => file))];
}
