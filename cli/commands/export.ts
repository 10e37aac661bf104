/** `enlarger export`: makes a pack of trained runs, fp16 weights and all. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { EnlargerError } from '../../core/errors.js';
import { dimText, encodeModel, type Graph, storeFloat16, type Value } from '../../core/graph/index.js';
import { decoderMacs, encoderMacs, LATENT_FACTOR } from '../../core/nets/autoencoder.js';
import {
  buildComponent,
  type ComponentBuilder,
  componentLayout,
  decoderComponent,
  encoderComponent,
  spreadComponent,
  upsamplerComponent,
  velocityComponent,
} from '../../core/nets/components.js';
import { upsamplerMacs } from '../../core/nets/upsampler.js';
import { spreadMacs, velocityMacs } from '../../core/nets/velocity.js';
import { toHalf } from '../../core/pack/half.js';
import { sha256Hex } from '../../core/pack/hash.js';
import { PACK_FILE } from '../../core/pack/load.js';
import { type ComponentRole, PACK_FORMAT, type PackComponent, parsePack } from '../../core/pack/schema.js';
import { writeFileAtomic } from '../../core/runtime/node/atomic-write.js';
import { readRecipe } from '../recipes.js';
import { writeSelfCheck } from '../self-check.js';
import { readPairStatistics } from '../store/latent-store.js';
import { RunFolder } from '../store/run-folder.js';
import { pickParameters, splitAutoencoder } from '../tasks.js';

const planSchema = z.object({
  name: z.string(),
  title: z.string(),
  licence: z.string(),
  upsamplers: z.array(z.string()).min(1),
  autoencoder: z.string().optional(),
  velocity: z.string().optional(),
  /** Measured reach of one use of each component, in pixels of the result. */
  latentHaloPx: z.object({
    encoder: z.number(),
    spread: z.number(),
    velocity: z.number(),
    decoder: z.number(),
  }),
  upsamplerHaloPx: z.number(),
  detailTable: z.array(z.object({ detail: z.number(), noiseStep: z.number() })),
  defaultDetail: z.number(),
  /** Sources of the list that these runs did not see. */
  withoutSources: z.array(z.string()).default([]),
  solver: z.enum(['euler', 'midpoint', 'heun', 'rk4']),
  evaluations: z.number().int().positive(),
});

const sourcesSchema = z.object({
  sources: z.array(z.object({ name: z.string(), licences: z.array(z.string()).min(1) })),
});

/** @throws EnlargerError `option-invalid` naming the field that is wrong. */
async function readJson<T>(file: string, schema: z.ZodType<T, unknown>): Promise<T> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new EnlargerError('option-invalid', `${file} cannot be read.`, 'Check the path.', { cause });
  });
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new EnlargerError(
    'option-invalid',
    `${file} is not valid at "${issue.path.join('.')}": ${issue.message}.`,
  );
}

interface Made {
  readonly entry: PackComponent;
  readonly bytes: Uint8Array;
}

export function registerExport(program: Command): void {
  program
    .command('export')
    .description('make a model pack of trained runs')
    .argument('<plan>', 'a JSON file, as models/recipes/enlarger-1.pack.json')
    .option('--runs <folder>', 'where the runs are', '.work/runs')
    .option('--out <folder>', 'the folder of the pack', 'models/enlarger-1')
    .option('--sources <file>', 'the list of training pictures', 'models/recipes/data-sources.json')
    .action(runExport);
}

async function runExport(file: string, flags: { runs: string; out: string; sources: string }): Promise<void> {
  const plan = await readJson(file, planSchema);
  const recipesDir = path.dirname(file);
  const made: Made[] = [];
  for (const name of plan.upsamplers) {
    const { network } = await readRecipe(recipesDir, name, 'upsampler');
    const { state } = await RunFolder.of(flags.runs, name).finished();
    const macs = upsamplerMacs(network);
    const component = await make(
      { role: 'upsampler', factor: network.factor, haloPx: plan.upsamplerHaloPx, macs },
      upsamplerComponent(network),
      state.ema,
    );
    made.push(component);
  }
  const latent =
    plan.autoencoder && plan.velocity ? await exportFlow(plan, recipesDir, flags.runs, made) : undefined;
  const { sources } = await readJson(flags.sources, sourcesSchema);
  const manifest = parsePack(
    {
      format: PACK_FORMAT,
      name: plan.name,
      title: plan.title,
      licence: plan.licence,
      created: new Date().toISOString(),
      components: made.map(({ entry }) => entry),
      ...(latent && {
        latent,
        path: {
          coupling: 'psu',
          noiseSchedule: 'cosine',
          detailTable: plan.detailTable,
          defaultDetail: plan.defaultDetail,
          solver: plan.solver,
          evaluations: plan.evaluations,
        },
      }),
      trainedOn: sources
        .filter(({ name }) => !plan.withoutSources.includes(name))
        .map(({ name, licences }) => ({ name, licence: licences.join(', ') })),
    },
    flags.out,
  );
  for (const { entry, bytes } of made) await writeFileAtomic(path.join(flags.out, entry.file), bytes);
  const runs = [...plan.upsamplers, plan.autoencoder, plan.velocity].filter((name) => name !== undefined);
  for (const name of runs) {
    const curve = await readFile(RunFolder.of(flags.runs, name).file('curve.png'));
    await writeFileAtomic(path.join(flags.out, 'curves', `${name}.png`), curve);
  }
  await writeFileAtomic(path.join(flags.out, PACK_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeSelfCheck(flags.out);
  for (const { role, factor, bytes, parameters } of manifest.components)
    process.stdout.write(`${role}${factor ?? ''}: ${parameters} parameters, ${bytes} bytes\n`);
}

async function exportFlow(
  plan: z.infer<typeof planSchema>,
  recipesDir: string,
  runs: string,
  made: Made[],
): Promise<{
  channels: number;
  factor: number;
  mean: readonly number[];
  std: readonly number[];
  changeStd: number;
}> {
  const { network } = await readRecipe(recipesDir, plan.autoencoder!, 'autoencoder');
  const trained = await RunFolder.of(runs, plan.autoencoder!).finished();
  const parts = splitAutoencoder(network, trained, trained.state.ema);
  const folder = RunFolder.of(runs, plan.velocity!);
  const { network: sizes } = await readRecipe(recipesDir, plan.velocity!, 'velocity');
  const statistics = await readPairStatistics(folder.file('latents'));
  const config = { ...sizes, latentChannels: statistics.channels, changeStd: statistics.changeStd };
  const { specs, state } = await folder.finished();
  const halo = plan.latentHaloPx;
  made.push(
    await make(
      { role: 'encoder', haloPx: halo.encoder, macs: encoderMacs(network) },
      encoderComponent(network),
      parts.encoder,
    ),
    await make(
      { role: 'spread', haloPx: halo.spread, macs: spreadMacs(config) },
      spreadComponent(config),
      pickParameters({ specs }, state.ema, spreadComponent(config)),
    ),
    await make(
      { role: 'velocity', haloPx: halo.velocity, macs: velocityMacs(config) },
      velocityComponent(config),
      pickParameters({ specs }, state.ema, velocityComponent(config)),
    ),
    await make(
      { role: 'decoder', haloPx: halo.decoder, macs: decoderMacs(network) },
      decoderComponent(network),
      parts.decoder,
    ),
  );
  const { channels, mean, std, changeStd } = statistics;
  return { channels, factor: LATENT_FACTOR, mean, std, changeStd };
}

async function make(
  about: { role: ComponentRole; factor?: 2 | 4; haloPx: number; macs: number },
  build: ComponentBuilder,
  params: Float32Array,
): Promise<Made> {
  const name = `${about.role}${about.factor ? `-x${about.factor}` : ''}`;
  const overflow = (index: number) => {
    throw new EnlargerError('pack-invalid', `Parameter ${index} of ${name} is too large for half precision.`);
  };
  const graph: Graph = buildComponent(
    name,
    build,
    params,
    storeFloat16((data) => toHalf(data, overflow)),
  );
  const bytes = encodeModel(graph);
  const ports = (values: { name: string; value: Value }[]) =>
    values.map((port) => ({
      name: port.name,
      shape: port.value.shape.map((dim) => (typeof dim === 'number' ? dim : dimText(dim))),
    }));
  const entry = {
    role: about.role,
    ...(about.factor && { factor: about.factor }),
    file: `${name}.onnx`,
    sha256: await sha256Hex(bytes),
    bytes: bytes.length,
    parameters: componentLayout(build).size,
    inputs: ports(graph.inputs.map((value) => ({ name: value.name, value }))),
    outputs: ports(graph.outputs),
    haloPx: about.haloPx,
    macsPerOutputPixel: Math.round(about.macs),
  };
  return { entry, bytes };
}
