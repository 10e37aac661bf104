/**
 * Makes the training pairs of the flow: pictures through up-sampler and encoder, once, so that the velocity
 * network's steps cost only the velocity network.
 */

import { encodeModel, Graph } from '../graph/index.js';
import { LATENT_FACTOR } from '../nets/autoencoder.js';
import { type Engine, float32 } from '../runtime/engine.js';
import type { Sampler } from './data/sampler.js';
import { type FrozenEncoder, type FrozenUpsampler, frozenEncoder, frozenUpsampler } from './tasks/frozen.js';
import type { LatentPairs } from './tasks/velocity.js';

/** One kind of pair: an up-sampler, and a sampler whose scale is its factor. */
export interface PairSource {
  readonly upsampler: FrozenUpsampler;
  readonly sampler: Sampler;
}

export interface PairOptions {
  readonly engine: Engine;
  readonly encoder: FrozenEncoder;
  /** Take turns, batch by batch. */
  readonly sources: readonly PairSource[];
  /** Crops per batch of every sampler, and their side. */
  readonly batch: number;
  readonly hrPx: number;
  /** Pairs to make, a multiple of `batch`. */
  readonly count: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

function pairGraph(source: PairSource, { encoder, batch, hrPx }: PairOptions): Graph {
  const graph = new Graph('latent-pairs');
  const lrPx = hrPx / source.upsampler.config.factor;
  const hr = graph.input('hr', [batch, 3, hrPx, hrPx]);
  const lr = graph.input('lr', [batch, 3, lrPx, lrPx]);
  const damage = graph.input('damage', [batch]);
  graph.output('z0', frozenEncoder(frozenUpsampler(lr, damage, source.upsampler), encoder));
  graph.output('z1', frozenEncoder(hr, encoder));
  return graph;
}

/** Encodes and normalises the pairs. */
export async function encodePairs(options: PairOptions): Promise<LatentPairs> {
  const { engine, encoder, sources, batch, hrPx, count, signal, onProgress } = options;
  const channels = encoder.config.latentChannels;
  const side = hrPx / LATENT_FACTOR;
  const length = channels * side * side;
  const z0 = new Float32Array(count * length);
  const z1 = new Float32Array(count * length);
  const programs = await Promise.all(
    sources.map((source) => engine.load(encodeModel(pairGraph(source, options)))),
  );
  for (let done = 0; done < count; done += batch) {
    signal?.throwIfAborted();
    const turn = (done / batch) % sources.length;
    const lrPx = hrPx / sources[turn].upsampler.config.factor;
    const crops = sources[turn].sampler.batch(done / batch);
    const latents = await programs[turn].run({
      hr: float32([batch, 3, hrPx, hrPx], crops.hr),
      lr: float32([batch, 3, lrPx, lrPx], crops.lr),
      damage: float32([batch], crops.damage),
    });
    z0.set(latents.z0.data as Float32Array, done * length);
    z1.set(latents.z1.data as Float32Array, done * length);
    onProgress?.(done + batch, count);
  }
  for (const program of programs) await program.dispose();
  return normalisePairs({ count, channels, side, z0, z1 });
}

/** Normalises in place by the channels' mean and deviation over the true pictures. */
function normalisePairs(pairs: Pick<LatentPairs, 'count' | 'channels' | 'side' | 'z0' | 'z1'>): LatentPairs {
  const { count, channels, side, z0, z1 } = pairs;
  const plane = side * side;
  const mean: number[] = [];
  const std: number[] = [];
  let change = 0;
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    let squares = 0;
    for (let n = 0; n < count; n++) {
      const start = (n * channels + c) * plane;
      for (let i = start; i < start + plane; i++) {
        sum += z1[i];
        squares += z1[i] * z1[i];
      }
    }
    const m = sum / (count * plane);
    const s = Math.sqrt(squares / (count * plane) - m * m);
    mean.push(m);
    std.push(s);
    for (let n = 0; n < count; n++) {
      const start = (n * channels + c) * plane;
      for (let i = start; i < start + plane; i++) {
        z0[i] = (z0[i] - m) / s;
        z1[i] = (z1[i] - m) / s;
        change += (z1[i] - z0[i]) ** 2;
      }
    }
  }
  return { ...pairs, mean, std, changeStd: Math.sqrt(change / z1.length) };
}
