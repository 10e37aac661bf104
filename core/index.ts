/**
 * `enlarger`: the engine without editor, panel or Node. Runs wherever ONNX Runtime does; `enlarger/node` adds files and
 * the native engine, `enlarger/plugin` editors and an engine in a worker, `enlarger/train` training.
 */

export { EnlargerError, type ErrorCode, toEnlargerError } from './errors.js';
export { MAX_SIZE, MIN_SIZE, planEnlarged } from './generate/enlarge.js';
export type {
  Candidate,
  Choice,
  GenerateOptions,
  GenerateProgress,
  Generator,
  GeneratorFacts,
  Latent,
  LatentSpace,
} from './generate/generator.js';
export { openPackGenerator } from './generate/pack-generator.js';
export { type LoadedPack, loadPack, PACK_FILE, type PackReader, readManifest } from './pack/load.js';
export {
  type ComponentRole,
  PACK_FORMAT,
  type Pack,
  type PackComponent,
  parsePack,
} from './pack/schema.js';
export { MAX_SCALE, planCascade, type Size, type Target, targetSize } from './pipeline/cascade.js';
export type { Progress, ProgressListener } from './pipeline/progress.js';
export type { Stage, StageProvider, StageSettings } from './pipeline/stage.js';
export { openStages } from './pipeline/stages.js';
export {
  planUpscale,
  type StageReport,
  type UpscaleJob,
  type UpscaleOptions,
  type UpscaleReport,
  upscale,
} from './pipeline/upscale.js';
export { createUpscaler, type Upscaler } from './pipeline/upscaler.js';
export type { FloatPicture } from './raster/float-picture.js';
export { damageFromQuality, estimateJpegDamage } from './raster/jpeg-damage.js';
export { lrPsnr, psnrRgb, psnrY, ssimY } from './raster/metrics.js';
export { createRaster, type Planes, type Raster, type Rect } from './raster/raster.js';
export { resizeRaster } from './raster/resample.js';
export { createEngine } from './runtime/browser.js';
export { type Engine, type EngineName, float32, type HostTensor, type Program } from './runtime/engine.js';
export { oneAtATime } from './runtime/one-at-a-time.js';
export type { EngineChoice } from './runtime/select.js';
