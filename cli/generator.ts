/** Opens what `enlarger generate` runs: a generator, of a pack or on a server, and the stages that enlarge. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { EnlargerError } from '../core/errors.js';
import type { Generator } from '../core/generate/generator.js';
import { openPackGenerator } from '../core/generate/pack-generator.js';
import { openRemoteGenerator } from '../core/generate/remote.js';
import { type LoadedPack, loadPack, readManifest } from '../core/pack/load.js';
import type { StageProvider } from '../core/pipeline/stage.js';
import { openStages } from '../core/pipeline/stages.js';
import { decodeImage } from '../core/runtime/node/codec.js';
import { createEngine } from '../core/runtime/node/engines.js';
import { oneAtATime } from '../core/runtime/one-at-a-time.js';
import { requireAddressSpace } from './address-space.js';
import { defaultPack, openModel, packageRoot } from './model.js';
import { createFolderReader } from './store/pack-reader.js';

export interface GeneratorFlags {
  /** Folder of a pack with a generator; with a server, of the pack that enlarges. */
  readonly pack?: string;
  /** Folder of the pack that enlarges. */
  readonly upscaler?: string;
  readonly backend: string;
  readonly threads?: number;
  readonly remote?: string;
  readonly remoteKey?: string;
  readonly remoteModel?: string;
  readonly remoteSize?: number;
  /** Seconds. */
  readonly remoteTimeout?: number;
}

/** A generator and stages, ready to run; `dispose` releases both. */
export interface OpenedGenerator {
  readonly generator: Generator;
  readonly provider: StageProvider;
  /** Name of the engine that enlarges. */
  readonly backend: string;
  /** Generator, engine and why it was chosen, for people. */
  readonly description: string;
  dispose(): Promise<void>;
}

export type GeneratorOpener = (flags: GeneratorFlags) => Promise<OpenedGenerator>;

/** Where the key of a server is looked for when it is not given: out of the list of running programs. */
export const KEY_VARIABLE = 'ENLARGER_REMOTE_KEY';

/** Components that together are larger than this take turns in memory. */
const LARGE_BYTES = 256 << 20;

/** @throws EnlargerError for packs, engines and addresses that are not what they should be. */
export const openGenerator: GeneratorOpener = (flags) =>
  flags.remote === undefined ? openLocal(flags) : openRemote(flags, flags.remote);

async function openRemote(flags: GeneratorFlags, address: string): Promise<OpenedGenerator> {
  const { remoteTimeout, remoteModel, remoteSize, backend, threads } = flags;
  const generator = openRemoteGenerator({
    address,
    key: flags.remoteKey ?? (process.env[KEY_VARIABLE] || undefined),
    model: remoteModel,
    sizePx: remoteSize,
    timeoutMs: remoteTimeout && remoteTimeout * 1000,
    decode: async (bytes) => (await decodeImage(bytes)).raster,
  });
  const pack = flags.upscaler ?? flags.pack;
  const model = await openModel({
    backend,
    ...(pack !== undefined && { pack }),
    ...(threads !== undefined && { threads }),
  });
  return {
    generator,
    provider: model.provider,
    backend: model.backend,
    description: `${generator.facts.title}; enlarged on ${model.description}`,
    dispose: () => model.dispose(),
  };
}

async function openLocal(flags: GeneratorFlags): Promise<OpenedGenerator> {
  const { backend, threads, upscaler } = flags;
  const pack = await loadPack(createFolderReader(flags.pack ?? (await generatorPack())));
  const large = pack.manifest.components.reduce((sum, { bytes }) => sum + bytes, 0) > LARGE_BYTES;
  requireAddressSpace();
  const choice = await createEngine(backend, threads === undefined ? {} : { threads });
  const shared = choice.engine;
  try {
    const generator = openPackGenerator(pack, large ? oneAtATime(shared) : shared);
    const provider = openStages(await enlargingPack(pack, upscaler), oneAtATime(shared));
    return {
      generator,
      provider,
      backend: shared.name,
      description: `${generator.facts.title}, on ${shared.description} (${choice.reason})`,
      async dispose() {
        await generator.dispose();
        await provider.dispose();
        await shared.dispose();
      },
    };
  } catch (error) {
    await shared.dispose();
    throw error;
  }
}

/** The pack whose stages enlarge: the one given, the generator's own if it can, or the one that comes along. */
async function enlargingPack(pack: LoadedPack, folder: string | undefined): Promise<LoadedPack> {
  if (folder === undefined && pack.has('upsampler')) return pack;
  return loadPack(createFolderReader(folder ?? defaultPack()));
}

/** The folder of the pack with a generator that comes along. */
async function generatorPack(): Promise<string> {
  const models = path.join(packageRoot(), 'models');
  for (const entry of (await readdir(models, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (!entry.isDirectory()) continue;
    const folder = path.join(models, entry.name);
    // Folders of models/ that are no packs, such as the recipes, are passed by.
    const manifest = await readManifest(createFolderReader(folder)).catch(() => undefined);
    if (manifest?.generator) return folder;
  }
  throw new EnlargerError(
    'pack-missing-component',
    'No model pack that comes along can make pictures from a prompt.',
    'Give the folder of one with --pack, or the address of an image server with --remote.',
  );
}
