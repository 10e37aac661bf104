/**
 * Entry of the picture worker: holds the pack and the pictures of the job at hand, and has the model worker do the
 * arithmetic. It never blocks for long, so it can always answer that it has stopped.
 */

import { EnlargerError } from '../../../core/errors.js';
import { openPackGenerator } from '../../../core/generate/pack-generator.js';
import { sha256Hex } from '../../../core/pack/hash.js';
import { type LoadedPack, loadPack, PACK_FILE, type PackReader } from '../../../core/pack/load.js';
import {
  measureSpeed,
  parseAnswer,
  runSelfCheck,
  SELF_CHECK_FILE,
  type SelfCheckAnswer,
  selfCheckFault,
} from '../../../core/pipeline/self-check.js';
import type { StageProvider } from '../../../core/pipeline/stage.js';
import { stageMacs } from '../../../core/pipeline/stage-cost.js';
import { openStages } from '../../../core/pipeline/stages.js';
import { type Endpoint, openChannel, Transferring } from '../channel.js';
import { GENERATE_CALLS } from '../generate-messages.js';
import type { GeneratorInfo } from '../generator-client.js';
import { PAGE_CALLS, type PackFile, PICTURE_CALLS } from '../messages.js';
import { type DecodedFile, decodeFile } from './decode.js';
import { openEncoder } from './encode.js';
import { enlarge } from './enlarge.js';
import { CandidateMaker } from './generate.js';
import { gunzip } from './gunzip.js';
import { RemoteEngine } from './remote-engine.js';

/** Tiles of these sides (before enlarging) tell how fast an engine is: small first, in case it is slow. */
const SPEED_TILE_PX = 32;
/** The files of the pack with a generator stand below this. */
const GENERATOR_FOLDER = 'generator/';
/** Larger decoded pictures are not kept for the next request. */
const MAX_KEPT_PIXELS = 2 ** 24;

interface OpenPack {
  readonly pack: LoadedPack;
  readonly answer: SelfCheckAnswer;
  readonly provider: StageProvider;
  /** Null when the page was built without. */
  readonly generator: { readonly info: GeneratorInfo; readonly maker: CandidateMaker } | null;
}

let opened: OpenPack | undefined;
/** The last picture: a preview that is dragged asks for it again and again. */
let last: { readonly bytes: Uint8Array; readonly decoded: DecodedFile } | undefined;

const engine = new RemoteEngine((failure) => page.call('replaceEngine', failure));

const CALLS = { ...PICTURE_CALLS, ...GENERATE_CALLS };

const page = openChannel(self as unknown as Endpoint, PAGE_CALLS, CALLS, {
  async open({ files }) {
    const reader = packReader(files);
    const pack = await loadPack(reader);
    const hash = await sha256Hex(await reader.read(PACK_FILE));
    const answer = parseAnswer(await reader.read(SELF_CHECK_FILE), hash);
    const provider = openStages(pack, engine);
    opened = { pack, answer, provider, generator: await openGenerator(files) };
    const { name, title, licence, trainedOn } = pack.manifest;
    return {
      name,
      title,
      licence,
      defaultDetail: provider.defaultDetail,
      trainedOn: trainedOn.map((source) => ({ name: source.name, licence: source.licence })),
    };
  },

  async attach({ port, name, description }) {
    const { pack, provider, answer } = current();
    return engine.attach(port, name, description, async () => {
      const fault = selfCheckFault(answer, await runSelfCheck(provider));
      if (fault) throw new EnlargerError('bad-picture', fault, 'Use another engine.');
      const pixelsPerSecond = await measureSpeed(provider, SPEED_TILE_PX);
      const macs = stageMacs(pack.manifest, answer.factor, provider.defaultDetail);
      return { pixelsPerSecond, operationsPerSecond: 2 * macs * pixelsPerSecond };
    });
  },

  async detach() {
    engine.detach(new EnlargerError('engine-lost', 'The engine ended unexpectedly.'));
    return null;
  },

  async upscale(request, { signal, note }) {
    const { provider } = current();
    const made = await enlarge(request, {
      provider,
      decode: decodeOnce,
      openEncoder,
      signal,
      onProgress: noted(note),
    });
    const result = { ...made, engine: engine.name as 'webgpu' | 'wasm' };
    return new Transferring(
      result,
      result.picture.pieces.map(({ bytes }) => bytes.buffer as ArrayBuffer),
    );
  },

  async generator() {
    return current().generator?.info ?? null;
  },

  async generate(request, { signal, note }) {
    const { provider } = current();
    const tools = { provider, openEncoder, signal, onProgress: noted(note) };
    const made = await maker().generate(request, tools);
    return new Transferring(made, [made.picture.bytes.buffer as ArrayBuffer]);
  },

  async enlargeCandidate(request, { signal, note }) {
    const { provider } = current();
    const made = await maker().enlarge(request, {
      provider,
      openEncoder,
      signal,
      onProgress: noted(note),
      onStage: (stagePicture) => note({ stagePicture }),
    });
    const result = { ...made, engine: engine.name as 'webgpu' | 'wasm' };
    return new Transferring(
      result,
      [...result.picture.pieces, ...result.stagePictures].map(({ bytes }) => bytes.buffer as ArrayBuffer),
    );
  },
});

/** Passes progress on, and lets a request to stop be heard between tiles. */
function noted(note: (value: unknown) => void): (progress: object) => Promise<void> {
  return async (progress) => {
    note(progress);
    await new Promise((resolve) => setTimeout(resolve));
  };
}

function maker(): CandidateMaker {
  const { generator } = current();
  if (generator) return generator.maker;
  throw new EnlargerError('pack-missing-component', 'This plugin was built without a generator.');
}

async function openGenerator(files: readonly PackFile[]): Promise<OpenPack['generator']> {
  const own = files.flatMap(({ path, content }) =>
    path.startsWith(GENERATOR_FOLDER) ? [{ path: path.slice(GENERATOR_FOLDER.length), content }] : [],
  );
  if (own.length === 0) return null;
  const pack = await loadPack(packReader(own));
  const generator = openPackGenerator(pack, engine);
  const { width, height, transparent, steps, guidance, maxPromptLength } = generator.facts;
  const { name, title, licence, trainedOn } = pack.manifest;
  return {
    maker: new CandidateMaker(generator),
    info: {
      name,
      title,
      licence,
      width,
      height,
      transparent,
      steps: steps && { default: steps.default, max: steps.max },
      guidance: guidance && { default: guidance.default, max: guidance.max },
      maxPromptLength,
      trainedOn: trainedOn.map((source) => ({ name: source.name, licence: source.licence })),
    },
  };
}

function current(): OpenPack {
  if (opened) return opened;
  throw new EnlargerError('internal', 'No model pack was loaded.');
}

function packReader(files: readonly PackFile[]): PackReader {
  return {
    location: 'in this plugin',
    async read(path) {
      const file = files.find((each) => each.path === path);
      if (!file) throw new Error(`There is no ${path}.`);
      return new Uint8Array(await gunzip(file.content));
    },
  };
}

async function decodeOnce(bytes: Uint8Array): Promise<DecodedFile> {
  if (last && sameBytes(last.bytes, bytes)) return last.decoded;
  last = undefined;
  const decoded = await decodeFile(bytes);
  const { width, height } = decoded.raster;
  if (width * height <= MAX_KEPT_PIXELS) last = { bytes, decoded };
  return decoded;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
