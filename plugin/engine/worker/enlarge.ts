/** One request of the panel: decode, enlarge tile by tile, encode row by row. Knows no message and no engine. */

import { EnlargerError } from '../../../core/errors.js';
import type { Cascade } from '../../../core/pipeline/cascade.js';
import { planCascade } from '../../../core/pipeline/cascade.js';
import type { ProgressListener } from '../../../core/pipeline/progress.js';
import { type StageProvider, settingsOfStage } from '../../../core/pipeline/stage.js';
import { planUpscale } from '../../../core/pipeline/upscale.js';
import { damageOf } from '../../../core/raster/jpeg-damage.js';
import { cropRaster, type Raster } from '../../../core/raster/raster.js';
import type { UpscaleRequest, UpscaleResult } from '../engine-client.js';
import type { DecodedFile } from './decode.js';
import { chooseFormat, type EncoderOpener, PieceWriter } from './encode.js';
import { planPicture } from './plan.js';
import { cutStrip, wrappedWindow } from './window.js';

export interface EnlargeTools {
  readonly provider: StageProvider;
  readonly decode: (bytes: Uint8Array) => Promise<DecodedFile>;
  readonly openEncoder: EncoderOpener;
  readonly signal: AbortSignal;
  readonly onProgress: ProgressListener;
}

/** Samples around a pixel that the final resampling looks at. */
const RESAMPLING_REACH_PX = 4;

/** @throws EnlargerError as the pipeline, the decoder and `planPicture`. */
export async function enlarge(
  request: UpscaleRequest,
  tools: EnlargeTools,
): Promise<Omit<UpscaleResult, 'engine'>> {
  const { provider, signal } = tools;
  const decoded = await tools.decode(request.bytes);
  if (signal.aborted) throw new EnlargerError('cancelled', 'The job was stopped before it was done.');
  const { raster } = decoded;
  const { width: inputWidth, height: inputHeight } = raster;
  const plan = planPicture(raster, request, await reachOf(raster, request, provider));
  const { window, place, cut } = plan;
  const source =
    place === null ? raster : place.repeats ? wrappedWindow(raster, window) : cropRaster(raster, window);
  const job = planUpscale(source, plan.target, {
    provider,
    detail: request.detail,
    steps: request.steps,
    seed: request.seed,
    tilePx: request.tilePx,
    damage: damageOf(decoded),
    ...(place && { place }),
    signal,
    onProgress: tools.onProgress,
  });
  const format = chooseFormat(request.formats, job.transparent);
  const writer = new PieceWriter(plan.pieces, format, job.transparent, tools.openEncoder);
  const report = await job.run(async (strip, y) => {
    const part = cutStrip(strip, y, cut);
    if (part) await writer.write(part, Math.max(0, y - cut.y));
  });
  const flattened =
    job.transparent && format === 'jpeg'
      ? ['The editor takes no transparency in this format, so it was laid over white.']
      : [];
  return {
    picture: { width: cut.width, height: cut.height, pieces: writer.finish() },
    inputWidth,
    inputHeight,
    seed: report.seed,
    detail: report.detail,
    stages: report.stages,
    notices: [...decoded.notices, ...plan.notices, ...flattened, ...report.notices],
  };
}

/** Pixels of the picture around a place that can change its enlargement: the halos of all stages. */
async function reachOf(picture: Raster, request: UpscaleRequest, provider: StageProvider): Promise<number> {
  if (!request.crop && !request.tiles) return 0;
  const { stages }: Cascade = planCascade(picture, request.target, provider.factors);
  const detail = request.detail ?? provider.defaultDetail;
  let reach = RESAMPLING_REACH_PX;
  let factor = 1;
  for (const [index, stage] of stages.entries()) {
    const { haloPx } = await provider.open(stage.factor, settingsOfStage(detail, request.steps, index));
    reach += haloPx / factor;
    factor *= stage.factor;
  }
  return Math.ceil(reach);
}
