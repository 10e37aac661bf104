/** The shortest way from a pack and an engine to larger pictures. Owns both until it is disposed. */

import { loadPack, type PackReader } from '../pack/load.js';
import type { Pack } from '../pack/schema.js';
import type { FloatPicture } from '../raster/float-picture.js';
import type { Raster } from '../raster/raster.js';
import type { Engine, EngineName } from '../runtime/engine.js';
import type { Target } from './cascade.js';
import type { StageProvider } from './stage.js';
import { openStages } from './stages.js';
import { type UpscaleOptions, type UpscaleReport, upscale } from './upscale.js';

export interface Upscaler {
  /** What the pack says about itself. */
  readonly pack: Pack;
  readonly engine: EngineName;
  /** For `planUpscale`, which gives the result in strips. */
  readonly provider: StageProvider;
  /**
   * A larger copy of the picture (8-bit sRGB with alpha, or the same as floats).
   * @throws EnlargerError `option-invalid`, `cancelled`, `bad-picture`, `out-of-memory`.
   */
  run(
    picture: Raster | FloatPicture,
    target: Target,
    options?: Omit<UpscaleOptions, 'provider'>,
  ): Promise<UpscaleReport & { readonly raster: Raster }>;
  /** Releases the programs and the engine. */
  dispose(): Promise<void>;
}

/**
 * Loads a pack, checks its hashes and opens it on the engine, which it takes over, also when it fails.
 * @throws EnlargerError `pack-invalid`, `pack-missing-component`, `pack-hash-mismatch`.
 */
export async function createUpscaler(reader: PackReader, engine: Engine): Promise<Upscaler> {
  try {
    const pack = await loadPack(reader);
    const provider = openStages(pack, engine);
    return {
      pack: pack.manifest,
      engine: engine.name,
      provider,
      run: (picture, target, options = {}) => upscale(picture, target, { ...options, provider }),
      async dispose() {
        await provider.dispose();
        await engine.dispose();
      },
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
