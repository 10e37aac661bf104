/**
 * The generator of a model pack: tokenizer, text encoder, denoiser and latent decoder, put together as its pack.json
 * says. The embedded generator and components of the Stable Diffusion family differ in data only. Owns what it
 * loaded on the engine; the engine stays the caller's.
 */

import { EnlargerError } from '../errors.js';
import { guidanceEmbedding, sampleEuler, sampleLcm } from '../flow/diffusion-samplers.js';
import { sampleFlow } from '../flow/flow-sampler.js';
import { latentNoise } from '../flow/noise.js';
import type { FixedSolver } from '../flow/solvers.js';
import type { PackGenerator } from '../pack/generator-schema.js';
import type { LoadedPack } from '../pack/load.js';
import type { FloatPicture } from '../raster/float-picture.js';
import type { Engine } from '../runtime/engine.js';
import { Component, type Item } from './component.js';
import type { Candidate, GenerateOptions, Generator, GeneratorFacts, LatentSpace } from './generator.js';
import { decodeLatent, decodesAlpha } from './latent-decoder.js';
import { checkPorts } from './pack-checks.js';
import { DENOISER, LATENT_DECODER, TEXT_ENCODER } from './ports.js';
import { generateMeter } from './progress.js';
import { type CheckedRequest, candidateSeed, checkCancelled, checkRequest } from './request.js';
import { openTokenizer, type Tokens } from './tokens.js';

/** The noise fields of generators; those of a cascade's stages are counted from 0. */
const NOISE_STAGE = 0x80000000;
/** Tokens decide what really fits; this only keeps megabytes away from the tokenizer. */
const MAX_PROMPT_LENGTH = 2000;
const GUIDANCE_EMBEDDING = 256;

/** What a prompt has become for the denoiser. */
type Conditions = Readonly<Record<string, Item>>;

/**
 * Opens a pack's generator. Its components are compiled when they are first used.
 * @throws EnlargerError `pack-missing-component` for a pack without generator, `pack-invalid` for components that do
 *   not fit together.
 */
export function openPackGenerator(pack: LoadedPack, engine: Engine): Generator {
  const section = pack.manifest.generator;
  if (!section)
    throw new EnlargerError(
      'pack-missing-component',
      `The model pack "${pack.manifest.name}" cannot make pictures from a prompt.`,
      'Choose a pack with a generator.',
    );
  const tokenizer = pack.component('tokenizer');
  const tokenize = openTokenizer(tokenizer.bytes, section.tokens, tokenizer.entry.file);
  const encoder = new Component(pack, 'text-encoder', TEXT_ENCODER, engine);
  const denoiser = new Component(pack, 'denoiser', DENOISER, engine);
  const decoder = new Component(pack, 'latent-decoder', LATENT_DECODER, engine);
  checkPorts(section, { encoder, denoiser, decoder });
  const { latent } = section;
  const space: LatentSpace = { name: latent.space, channels: latent.channels, factor: latent.factor };
  const facts: GeneratorFacts = {
    kind: 'pack',
    title: pack.manifest.title,
    width: latent.width * latent.factor,
    height: latent.height * latent.factor,
    transparent: decodesAlpha(decoder),
    latentSpace: space,
    steps: section.steps,
    guidance: section.guidance.max > 1 ? section.guidance : null,
    seeded: true,
    maxPromptLength: MAX_PROMPT_LENGTH,
  };
  const pictures = new WeakMap<Candidate, Promise<FloatPicture>>();

  async function encode(prompts: readonly Tokens[]): Promise<Conditions[]> {
    const item = (data: readonly number[]): Item => ({ dims: [data.length], data });
    const made = await encoder.run(prompts.map(({ ids, mask }) => ({ tokens: item(ids), mask: item(mask) })));
    return made.map((outputs, i) => ({ ...outputs, mask: item(prompts[i].mask) }));
  }

  /** Strength of the prompt as an input, for denoisers that were distilled with it. */
  function guidanceInput(guidance: number): Item | undefined {
    const port = denoiser.ports.inputs.guidance;
    if (!port) return undefined;
    if (port.shape.length < 2) return { dims: [], data: [guidance] };
    const size = typeof port.shape[1] === 'number' ? port.shape[1] : GUIDANCE_EMBEDDING;
    return { dims: [size], data: guidanceEmbedding(guidance, size) };
  }

  async function* generate(options: GenerateOptions): AsyncGenerator<Candidate> {
    const request = checkRequest(facts, options);
    const { signal } = options;
    const distilled = guidanceInput(request.guidance);
    const guided = request.guidance !== 1 && !distilled;
    // Read before anything runs: a prompt that is too long must cost nothing.
    const prompts = [tokenize(request.prompt), ...(guided ? [tokenize('')] : [])];
    checkCancelled(signal);
    const conditions = await encode(prompts);
    const meter = generateMeter(request.count, request.steps, options.onProgress);
    for (let index = 0; index < request.count; index++) {
      const seed = candidateSeed(request.seed, index);
      const predict = async (x: Float32Array, time: number): Promise<Float32Array> => {
        checkCancelled(signal);
        const shared = {
          sample: { dims: [latent.channels, latent.height, latent.width], data: x },
          time: { dims: [], data: [time] },
          ...(distilled && { guidance: distilled }),
        };
        const [wanted, unconditional] = (
          await denoiser.run(conditions.map((each) => ({ ...each, ...shared })))
        ).map(({ prediction }) => checkPrediction(denoiser, prediction.data, x.length));
        await meter.step(index);
        if (!unconditional) return wanted;
        return wanted.map((value, i) => unconditional[i] + request.guidance * (value - unconditional[i]));
      };
      const data = await sample(section!, predict, seed, request);
      if (!data.every(Number.isFinite)) throw notNumbers();
      await meter.candidate(index);
      yield {
        kind: 'latent',
        index,
        seed,
        latent: { space, width: latent.width, height: latent.height, data },
      };
    }
  }

  return {
    facts,
    generate,
    picture(candidate) {
      if (candidate.kind === 'raster') return Promise.resolve(candidate.raster);
      let made = pictures.get(candidate);
      if (!made) {
        made = decodeLatent(decoder, candidate.latent, section);
        pictures.set(candidate, made);
        made.catch(() => pictures.delete(candidate));
      }
      return made;
    },
    async dispose() {
      for (const each of [encoder, denoiser, decoder]) await each.dispose();
    },
  };
}

/** From noise to a normalised latent, as the pack says. */
function sample(
  { latent, prediction, schedule, solver }: PackGenerator,
  predict: (x: Float32Array, time: number) => Promise<Float32Array>,
  seed: number,
  { steps }: CheckedRequest,
): Promise<Float32Array> {
  const noise = (number: number) =>
    latentNoise({
      seed,
      stage: NOISE_STAGE + number,
      channels: latent.channels,
      x: 0,
      y: 0,
      width: latent.width,
      height: latent.height,
    });
  if (schedule.kind === 'flow') {
    const { shift, dataAt, timeScale } = schedule;
    const options = { solver: solver as FixedSolver, steps, shift, dataAt, timeScale };
    return sampleFlow({ predict, noise: noise(0) }, options);
  }
  const { spacing, offset, karras, originalSteps } = schedule;
  const options = {
    schedule,
    prediction: prediction as 'epsilon' | 'v',
    steps,
    spacing,
    offset,
    karras,
    originalSteps,
  };
  return solver === 'lcm' ? sampleLcm({ predict, noise }, options) : sampleEuler({ predict, noise }, options);
}

/** The prediction for the latent; a variance that some denoisers append is left out. */
function checkPrediction({ entry }: Component, data: Float32Array, length: number): Float32Array {
  if (data.length === length || data.length === 2 * length) return data.subarray(0, length);
  throw new EnlargerError(
    'pack-invalid',
    `The component ${entry.file} made ${data.length} values for a latent of ${length}.`,
    'The latent that its pack.json describes is not the one it works on.',
  );
}

const notNumbers = (): EnlargerError =>
  new EnlargerError(
    'bad-picture',
    'The generator made values that are not numbers, so the picture was thrown away.',
    'Try another seed or another engine.',
  );
