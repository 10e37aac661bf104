/** What networks in training do to held-out crops, as rows of pictures. */

import { latentNoise, type NoiseLevel } from '../core/flow/noise.js';
import { encodeModel } from '../core/graph/index.js';
import { type AutoencoderConfig, LATENT_FACTOR } from '../core/nets/autoencoder.js';
import {
  buildComponent,
  decoderComponent,
  encoderComponent,
  upsamplerComponent,
} from '../core/nets/components.js';
import { buildStageGraph, type FlowParts, type StageParts } from '../core/pipeline/stage-graph.js';
import { fromPlanes } from '../core/raster/planes.js';
import type { Planes } from '../core/raster/raster.js';
import { resizePlanes } from '../core/raster/resample.js';
import { type Engine, float32 } from '../core/runtime/engine.js';
import { writeFileAtomic } from '../core/runtime/node/atomic-write.js';
import { encodeImage } from '../core/runtime/node/codec.js';
import type { Batch } from '../core/train/data/sampler.js';
import type { FrozenUpsampler } from '../core/train/tasks/frozen.js';
import { contactSheet } from './sheet.js';

interface Crops {
  readonly batch: number;
  readonly hrPx: number;
}

/** One held-out crop: enlarged by bicubic interpolation and by the network, and as it was. */
export interface Sample {
  readonly bicubic: Planes;
  readonly up: Planes;
  readonly hr: Planes;
}

/** One plane set of a packed batch [n, 3, size, size]. */
function item(batch: Float32Array, index: number, size: number): Planes {
  const length = 3 * size * size;
  return { width: size, height: size, channels: 3, data: batch.slice(index * length, (index + 1) * length) };
}

/** Runs an up-sampler over all crops of a batch. */
export async function sampleUpsampler(
  engine: Engine,
  { config, params }: FrozenUpsampler,
  crops: Batch,
  { batch, hrPx }: Crops,
): Promise<Sample[]> {
  const program = await engine.load(
    encodeModel(buildComponent('upsampler', upsamplerComponent(config), params)),
  );
  const lrPx = hrPx / config.factor;
  const samples: Sample[] = [];
  for (let i = 0; i < batch; i++) {
    const lr = item(crops.lr, i, lrPx);
    const damage = float32([1], crops.damage.slice(i, i + 1));
    const { up } = await program.run({ lr: float32([1, 3, lrPx, lrPx], lr.data), damage });
    samples.push({
      bicubic: resizePlanes(lr, hrPx, hrPx),
      up: item(up.data as Float32Array, 0, hrPx),
      hr: item(crops.hr, i, hrPx),
    });
  }
  await program.dispose();
  return samples;
}

/** Adds to each sample what a stage of the pipeline makes of it with this much noise. */
export async function sampleFlow(
  engine: Engine,
  parts: StageParts & { readonly flow: FlowParts },
  level: NoiseLevel,
  samples: readonly Sample[],
  crops: Batch,
): Promise<(Sample & { readonly decoded: Planes })[]> {
  const program = await engine.load(encodeModel(buildStageGraph(parts)));
  const made = [];
  for (const [i, sample] of samples.entries()) {
    const size = sample.up.width;
    const lrPx = size / parts.factor;
    const side = size / LATENT_FACTOR;
    const { channels } = parts.flow.latent;
    const window = { seed: i, stage: 0, channels, x: 0, y: 0, width: side, height: side };
    const scalar = (value: number) => float32([1], Float32Array.of(value));
    const { sr } = await program.run({
      lr: float32([1, 3, lrPx, lrPx], item(crops.lr, i, lrPx).data),
      damage: scalar(crops.damage[i]),
      consistency: scalar(1),
      noise: float32([1, channels, side, side], latentNoise(window)),
      sigma: scalar(level.sigma),
    });
    made.push({ ...sample, decoded: item(sr.data as Float32Array, 0, size) });
  }
  await program.dispose();
  return made;
}

/** Adds to each sample what the autoencoder makes of the true picture's latent. */
export async function sampleAutoencoder(
  engine: Engine,
  config: AutoencoderConfig,
  params: { readonly encoder: Float32Array; readonly decoder: Float32Array },
  samples: readonly Sample[],
  { hr }: Batch,
): Promise<(Sample & { readonly decoded: Planes })[]> {
  const encode = await engine.load(
    encodeModel(buildComponent('encoder', encoderComponent(config), params.encoder)),
  );
  const decode = await engine.load(
    encodeModel(buildComponent('decoder', decoderComponent(config), params.decoder)),
  );
  const decoded = [];
  for (const [i, sample] of samples.entries()) {
    const size = sample.up.width;
    const tensor = (planes: Planes) => float32([1, 3, size, size], planes.data);
    const { latent: z1 } = await encode.run({ picture: tensor(item(hr, i, size)) });
    const { latent: z0 } = await encode.run({ picture: tensor(sample.up) });
    const { picture } = await decode.run({ z1, z0, up: tensor(sample.up) });
    decoded.push({ ...sample, decoded: item(picture.data as Float32Array, 0, size) });
  }
  await Promise.all([encode.dispose(), decode.dispose()]);
  return decoded;
}

/** Samples as a PNG, a row each: bicubic, up-sampled, decoded if there is one, true. */
export async function writeSheet(
  samples: readonly (Sample & { readonly decoded?: Planes })[],
  file: string,
): Promise<void> {
  const rows = samples.map(({ bicubic, up, decoded, hr }) =>
    [bicubic, up, ...(decoded ? [decoded] : []), hr].map((planes) => fromPlanes(planes)),
  );
  await writeFileAtomic(file, await encodeImage(contactSheet(rows, 2), 'png'));
}
