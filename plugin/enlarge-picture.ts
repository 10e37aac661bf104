/** One picture of a page, larger, in one call: for pages that need no editor and no panel. */

import type { Target } from '../core/pipeline/cascade.js';
import type { CallOptions, EngineClient, UpscaleRequest } from './engine/engine-client.js';
import type { ImageFormat } from './host.js';
import { type PictureSource, toBlob, toPictureFile } from './hosts/web/picture-source.js';

export interface EnlargeOptions extends CallOptions {
  /** 0 faithful .. 1 most detail; default the pack's. */
  readonly detail?: number;
  /** Which texture; default 0. */
  readonly seed?: number;
  /** Of the result; default PNG. */
  readonly format?: ImageFormat;
}

/**
 * A larger copy of what a file, an address or an element holds.
 * @throws EnlargerError `input-unreadable`, `option-invalid`, `backend-unavailable`, `bad-picture`, `out-of-memory`,
 *   `cancelled`.
 */
export async function enlargePicture(
  engine: EngineClient,
  source: PictureSource,
  target: Target,
  { detail, seed = 0, format = 'png', ...call }: EnlargeOptions = {},
): Promise<Blob> {
  const { bytes } = await toPictureFile(source);
  const request: UpscaleRequest = {
    bytes,
    target,
    ...(detail !== undefined && { detail }),
    seed,
    maxSidePx: null,
    beyondLimit: 'clamp',
    formats: [format],
  };
  const { picture } = await engine.upscale(request, call);
  return toBlob(picture);
}
