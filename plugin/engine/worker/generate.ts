/**
 * Requests of the panel about pictures from prompts: makes a candidate, enlarges it when it is picked. Keeps the last
 * candidates, so that the one that is picked need not be made again. Knows no message and no engine.
 */

import { EnlargerError, toEnlargerError } from '../../../core/errors.js';
import { planEnlarged } from '../../../core/generate/enlarge.js';
import type { Candidate, GenerateProgress, Generator } from '../../../core/generate/generator.js';
import { candidateSeed } from '../../../core/generate/request.js';
import type { ProgressListener } from '../../../core/pipeline/progress.js';
import type { StageProvider } from '../../../core/pipeline/stage.js';
import type { StagePicture } from '../../../core/pipeline/upscale.js';
import { isFloatPicture, toRaster } from '../../../core/raster/float-picture.js';
import type { Raster } from '../../../core/raster/raster.js';
import type {
  EnlargeCandidateRequest,
  EnlargedCandidate,
  GeneratedCandidate,
  GeneratedPng,
  GenerateRequest,
} from '../generator-client.js';
import { chooseFormat, type EncoderOpener } from './encode.js';
import type { PictureEncoder } from './png-writer.js';

export interface GenerateTools {
  readonly provider: StageProvider;
  readonly openEncoder: EncoderOpener;
  readonly signal: AbortSignal;
}

/** A latent is small; more than this many are never on the screen. */
const KEPT = 16;
/** An engine that broke and was replaced is asked again, with the whole candidate. */
const ATTEMPTS = 4;

export class CandidateMaker {
  private readonly kept = new Map<string, Candidate>();

  constructor(private readonly generator: Generator) {}

  /** @throws EnlargerError as `Generator.generate`. */
  async generate(
    request: GenerateRequest,
    tools: GenerateTools & {
      readonly onProgress: (progress: GenerateProgress) => void | Promise<void>;
    },
  ): Promise<GeneratedCandidate> {
    const candidate = await this.candidate(request, tools.signal, tools.onProgress);
    const picture = await this.generator.picture(candidate);
    const raster = isFloatPicture(picture) ? toRaster(picture) : picture;
    const { prompt, seed, guidance, index, steps } = request;
    return {
      prompt,
      seed,
      guidance,
      index,
      ...(steps !== undefined && { steps }),
      candidateSeed: candidate.seed,
      picture: await pngOf(raster, tools.openEncoder),
    };
  }

  /** @throws EnlargerError as `Generator.generate` and the pipeline. */
  async enlarge(
    request: EnlargeCandidateRequest,
    tools: GenerateTools & {
      readonly onProgress: ProgressListener;
      /** Gets each stage's picture when it is finished, if they are asked for. */
      readonly onStage?: (picture: GeneratedPng) => void;
    },
  ): Promise<Omit<EnlargedCandidate, 'engine'>> {
    const { provider, openEncoder, signal, onProgress, onStage } = tools;
    const candidate = await this.candidate(request, signal, undefined);
    const { width: inputWidth, height: inputHeight } = await this.generator.picture(candidate);
    const stages = request.withStages ? new StagePngs(openEncoder, onStage) : undefined;
    const job = await planEnlarged(this.generator, candidate, request.size, {
      provider,
      detail: request.detail,
      tilePx: request.tilePx,
      stagesOf: request.stagesOf,
      onStageRows: stages && ((picture, strip, y) => stages.write(picture, strip, y)),
      signal,
      onProgress,
    });
    const { width, height, transparent } = job;
    const format = chooseFormat(request.formats, transparent);
    const encoder = openEncoder(format, width, height, transparent);
    const report = await job.run((strip) => encoder.write(strip));
    const bytes = await encoder.finish();
    const flattened =
      transparent && format === 'jpeg'
        ? ['The editor takes no transparency in this format, so it was laid over white.']
        : [];
    return {
      picture: { width, height, pieces: [{ x: 0, y: 0, width, height, bytes, format }] },
      inputWidth,
      inputHeight,
      seed: report.seed,
      detail: report.detail,
      stages: report.stages,
      notices: [...flattened, ...report.notices],
      stagePictures: stages?.done ?? [],
    };
  }

  /** The candidate as it was made, or made again. */
  private async candidate(
    request: GenerateRequest,
    signal: AbortSignal,
    onProgress: ((progress: GenerateProgress) => void | Promise<void>) | undefined,
  ): Promise<Candidate> {
    const { prompt, seed, guidance, index, steps } = request;
    const key = JSON.stringify([prompt, seed, guidance, index, steps]);
    const known = this.kept.get(key);
    if (known) return known;
    const made = await this.make(
      {
        prompt,
        seed: candidateSeed(seed, index),
        ...(this.generator.facts.guidance && { guidance }),
        steps,
        signal,
        onProgress,
      },
      ATTEMPTS,
    );
    this.kept.set(key, made);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
    return made;
  }

  private async make(options: Parameters<Generator['generate']>[0], attempts: number): Promise<Candidate> {
    try {
      for await (const candidate of this.generator.generate(options)) return candidate;
    } catch (error) {
      const { code } = toEnlargerError(error);
      if (attempts <= 1 || (code !== 'engine-lost' && code !== 'out-of-memory')) throw error;
      return this.make(options, attempts - 1);
    }
    throw new EnlargerError('internal', 'The generator made nothing.');
  }
}

async function pngOf(raster: Raster, open: EncoderOpener): Promise<GeneratedPng> {
  const { width, height } = raster;
  const encoder = open('png', width, height, true);
  await encoder.write(raster);
  return { bytes: await encoder.finish(), format: 'png', width, height };
}

/** The pictures of a cascade's stages, encoded while they come into being. */
class StagePngs {
  readonly done: GeneratedPng[] = [];
  private readonly open = new Map<number, PictureEncoder>();

  constructor(
    private readonly opener: EncoderOpener,
    private readonly onDone?: (picture: GeneratedPng) => void,
  ) {}

  async write({ index, width, height, transparent }: StagePicture, strip: Raster, y: number): Promise<void> {
    let encoder = this.open.get(index);
    if (!encoder) {
      encoder = this.opener('png', width, height, transparent);
      this.open.set(index, encoder);
    }
    await encoder.write(strip);
    if (y + strip.height < height) return;
    this.open.delete(index);
    const picture: GeneratedPng = { bytes: await encoder.finish(), format: 'png', width, height };
    this.done.push(picture);
    this.onDone?.(picture);
  }
}
