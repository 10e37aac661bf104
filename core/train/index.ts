/**
 * `enlarger/train`: recipes, data, tasks and the training loop. A training step is an ONNX graph, so training runs on
 * any engine; graphs are built and differentiated with what is exported from core/graph.
 */

export * from '../graph/index.js';
export {
  buildComponent,
  componentLayout,
  decoderComponent,
  encoderComponent,
  upsamplerComponent,
  velocityComponent,
} from '../nets/components.js';
export { type CurvePoint, curveSvg } from './curve.js';
export { DEFAULT_DEGRADATION, type Degradation, degrade } from './data/degrade.js';
export type { PictureKind, TrainingPicture } from './data/picture.js';
export { createRng, type Rng } from './data/rng.js';
export { type Batch, createSampler, type Sampler, type SamplerOptions } from './data/sampler.js';
export { encodePairs } from './latent-pairs.js';
export { parseRecipe, type Recipe } from './recipe.js';
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  initialParameters,
  initialState,
  type TrainingState,
  transferParameters,
} from './state.js';
export {
  ADAM_DEFAULTS,
  type AdamConfig,
  buildTrainingStep,
  type LossBuilder,
  type LossTerms,
} from './step.js';
export { autoencoderTask } from './tasks/autoencoder.js';
export { upsamplerTask } from './tasks/upsampler.js';
export { type LatentPairs, velocityTask } from './tasks/velocity.js';
export { type StepReport, type TrainingTask, type TrainOptions, train } from './trainer.js';
