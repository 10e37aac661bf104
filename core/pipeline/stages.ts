/** Stages made from a loaded pack on an engine. Owns the compiled programs; equal settings share one. */

import { EnlargerError } from '../errors.js';
import { noiseForDetail } from '../flow/detail.js';
import { decodeModel, encodeModel, type Graph } from '../graph/index.js';
import { LATENT_FACTOR } from '../nets/autoencoder.js';
import { BACK_PROJECTION_HALO } from '../nets/back-projection.js';
import type { LoadedPack } from '../pack/load.js';
import type { ComponentRole } from '../pack/schema.js';
import type { Planes } from '../raster/raster.js';
import { type Engine, float32, type HostTensor, type Program } from '../runtime/engine.js';
import type { Stage, StageProvider, StageSettings, StageTile } from './stage.js';
import { BACK_PROJECTIONS, buildStageGraph, expectPorts, type FlowParts } from './stage-graph.js';

const PORTS: Partial<Record<ComponentRole, { inputs: string[]; outputs: string[] }>> = {
  upsampler: { inputs: ['lr', 'damage'], outputs: ['up'] },
  encoder: { inputs: ['picture'], outputs: ['latent'] },
  decoder: { inputs: ['z1', 'z0', 'up'], outputs: ['picture'] },
  spread: { inputs: ['z0'], outputs: ['spread'] },
  velocity: { inputs: ['xt', 'z0', 'spread', 't', 'sigma'], outputs: ['v'] },
};

/** The velocity network of packs without a spread. */
const UNIFORM_VELOCITY = { inputs: ['xt', 'z0', 't', 'signal', 'sigma'], outputs: ['v'] };

/** Damage from which on nothing is projected back: beyond it, more of the input is damage than detail. */
const UNTRUSTED_DAMAGE = 0.12;

/**
 * @param pack A pack with at least one up-sampler; without encoder, decoder and velocity every detail is 0.
 * @throws EnlargerError `pack-missing-component` when there is no up-sampler.
 */
export function openStages(pack: LoadedPack, engine: Engine): StageProvider {
  const factors = ([2, 4] as const).filter((factor) => pack.has('upsampler', factor));
  if (factors.length === 0)
    throw new EnlargerError(
      'pack-missing-component',
      `The model pack ${pack.manifest.name} has no up-sampler.`,
      'Choose another pack.',
    );
  const programs = new Map<string, Promise<Program>>();
  const components = new Map<string, Graph>();

  function component(role: ComponentRole, factor?: 2 | 4): Graph {
    const key = `${role}${factor ?? ''}`;
    let graph = components.get(key);
    if (!graph) {
      const { entry, bytes } = pack.component(role, factor);
      graph = decodeModel(bytes);
      const { inputs, outputs } =
        role === 'velocity' && !pack.has('spread') ? UNIFORM_VELOCITY : PORTS[role]!;
      expectPorts(graph, entry.file, inputs, outputs);
      components.set(key, graph);
    }
    return graph;
  }

  function flowParts(evaluations: number | undefined): FlowParts {
    const { latent, path } = pack.manifest;
    return {
      encoder: component('encoder'),
      spread: pack.has('spread') ? component('spread') : undefined,
      velocity: component('velocity'),
      decoder: component('decoder'),
      latent: latent!,
      solver: path!.solver,
      evaluations: evaluations ?? path!.evaluations,
    };
  }

  function program(factor: 2 | 4, flow: FlowParts | undefined): Promise<Program> {
    const key = `${factor} ${flow?.evaluations ?? 0}`;
    let loading = programs.get(key);
    if (!loading) {
      const graph = buildStageGraph({
        factor,
        upsampler: component('upsampler', factor),
        ...(flow && { flow }),
      });
      loading = engine.load(encodeModel(graph));
      // A failed load must not be remembered as the answer for good.
      loading.catch(() => programs.delete(key));
      programs.set(key, loading);
    }
    return loading;
  }

  function halo(factor: 2 | 4, flow: FlowParts | undefined): number {
    const reach = (role: ComponentRole) => pack.component(role).entry.haloPx;
    const projected = BACK_PROJECTIONS * BACK_PROJECTION_HALO;
    const upsampler = pack.component('upsampler', factor).entry.haloPx;
    if (!flow) return upsampler + projected;
    const spread = pack.has('spread') ? reach('spread') : 0;
    const high = reach('encoder') + spread + flow.evaluations * reach('velocity') + reach('decoder');
    // The far half of the up-sampler's reach is faint, and invisible at the far end of the flow's (docs/decisions.md).
    return Math.ceil(upsampler / 2) + projected + Math.ceil(high / factor);
  }

  const { path } = pack.manifest;
  return {
    factors,
    defaultDetail: path?.defaultDetail ?? 0,
    async open(factor, { detail, steps }: StageSettings): Promise<Stage> {
      const level = path ? noiseForDetail(detail, path.detailTable) : undefined;
      const flow = level && detail > 0 ? flowParts(steps) : undefined;
      const compiled = await program(factor, flow);
      const noise = flow ? { channels: flow.latent.channels, factor: LATENT_FACTOR } : null;
      return {
        factor,
        haloPx: halo(factor, flow),
        alignPx: LATENT_FACTOR / factor,
        noise,
        async run(tile) {
          const inputs = tileInputs(tile);
          if (flow && level) {
            const { width, height } = tile.lr;
            const side = (length: number) => (length * factor) / LATENT_FACTOR;
            inputs.noise = float32([1, flow.latent.channels, side(height), side(width)], tile.noise!);
            inputs.sigma = float32([1], Float32Array.of(level.sigma));
          }
          const { sr } = await compiled.run(inputs);
          return toPicture(sr);
        },
      };
    },
    async dispose() {
      await Promise.all([...programs.values()].map(async (loading) => (await loading).dispose()));
      programs.clear();
    },
  };
}

function tileInputs({ lr, damage }: StageTile): Record<string, HostTensor> {
  const consistency = Math.max(0, 1 - damage / UNTRUSTED_DAMAGE);
  return {
    lr: float32([1, 3, lr.height, lr.width], lr.data),
    damage: float32([1], Float32Array.of(damage)),
    consistency: float32([1], Float32Array.of(consistency)),
  };
}

function toPicture({ dims, data }: HostTensor): Planes {
  return { width: dims[3], height: dims[2], channels: 3, data: data as Float32Array };
}
