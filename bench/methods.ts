/** The ways to enlarge that every measurement compares: interpolation, and this project's model in Node. */

import { openModel } from '../cli/model.js';
import type { StageProvider } from '../core/pipeline/stage.js';
import { LARGE_TILES, upscale } from '../core/pipeline/upscale.js';
import { estimateJpegDamage } from '../core/raster/jpeg-damage.js';
import type { Raster } from '../core/raster/raster.js';
import { resizeRaster } from '../core/raster/resample.js';

export interface Method {
  readonly name: string;
  /** A picture `scale` times as large. `damage` is the JPEG damage of the input, looked for in it when not given. */
  enlarge(lr: Raster, scale: number, damage?: number): Promise<Raster>;
}

const interpolation = (name: string, kernel: 'cubic' | 'lanczos3'): Method => ({
  name,
  enlarge: async (lr, scale) => resizeRaster(lr, lr.width * scale, lr.height * scale, { kernel }),
});

export const BICUBIC = interpolation('bicubic', 'cubic');
export const LANCZOS3 = interpolation('Lanczos-3', 'lanczos3');

/** This project's model at one detail; the pack's default detail when none is given. */
export function oursOf(provider: StageProvider, detail?: number): Method {
  return {
    name: detail === undefined ? `ours, detail ${provider.defaultDetail}` : `ours, detail ${detail}`,
    enlarge: async (lr, scale, damage = estimateJpegDamage(lr)) =>
      (await upscale(lr, { scale }, { provider, detail, damage, tilePx: LARGE_TILES })).raster,
  };
}

/** Which model on what; as the options of the command line. */
export type ModelChoice = Parameters<typeof openModel>[0];

/** Calls `use` with faithful and default, and closes the model afterwards. */
export async function withOurs<T>(choice: ModelChoice, use: (ours: Method[]) => Promise<T>): Promise<T> {
  const model = await openModel(choice);
  try {
    // A pack without a flow has only one picture to give.
    const details = model.provider.defaultDetail === 0 ? [0] : [0, undefined];
    return await use(details.map((detail) => oursOf(model.provider, detail)));
  } finally {
    await model.dispose();
  }
}
