/** `enlarger export`: makes a pack of trained runs, fp16 weights and all. */

import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { decoderMacs, encoderMacs, LATENT_FACTOR } from '../../core/nets/autoencoder.js';
import {
  decoderComponent,
  encoderComponent,
  spreadComponent,
  upsamplerComponent,
  velocityComponent,
} from '../../core/nets/components.js';
import { upsamplerMacs } from '../../core/nets/upsampler.js';
import { spreadMacs, velocityMacs } from '../../core/nets/velocity.js';
import { type Made, makeComponent, readJson, readSources, writePack } from '../pack-writer.js';
import { readRecipe } from '../recipes.js';
import { writeSelfCheck } from '../self-check.js';
import { readPairStatistics } from '../store/latent-store.js';
import { RunFolder } from '../store/run-folder.js';
import { pickParameters, splitAutoencoder } from '../tasks.js';
import { exportGenerator, generatorPlanSchema } from './export-generator.js';

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
  // Which of both it is decides which complaint helps.
  if ('denoiser' in (await readJson(file, z.looseObject({}))))
    return exportGenerator(await readJson(file, generatorPlanSchema), path.dirname(file), flags);
  const plan = await readJson(file, planSchema);
  const recipesDir = path.dirname(file);
  const made: Made[] = [];
  for (const name of plan.upsamplers) {
    const { network } = await readRecipe(recipesDir, name, 'upsampler');
    const { state } = await RunFolder.of(flags.runs, name).finished();
    const macs = upsamplerMacs(network);
    const component = await makeComponent(
      { role: 'upsampler', factor: network.factor, haloPx: plan.upsamplerHaloPx, macs },
      upsamplerComponent(network),
      state.ema,
    );
    made.push(component);
  }
  const latent =
    plan.autoencoder && plan.velocity ? await exportFlow(plan, recipesDir, flags.runs, made) : undefined;
  const { name, title, licence } = plan;
  await writePack(
    flags.out,
    made,
    {
      name,
      title,
      licence,
      trainedOn: await readSources(flags.sources, plan.withoutSources),
      sections: latent
        ? {
            latent,
            path: {
              coupling: 'psu',
              noiseSchedule: 'cosine',
              detailTable: plan.detailTable,
              defaultDetail: plan.defaultDetail,
              solver: plan.solver,
              evaluations: plan.evaluations,
            },
          }
        : {},
    },
    {
      folder: flags.runs,
      names: [...plan.upsamplers, plan.autoencoder, plan.velocity].filter((run) => run !== undefined),
    },
  );
  await writeSelfCheck(flags.out);
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
    await makeComponent(
      { role: 'encoder', haloPx: halo.encoder, macs: encoderMacs(network) },
      encoderComponent(network),
      parts.encoder,
    ),
    await makeComponent(
      { role: 'spread', haloPx: halo.spread, macs: spreadMacs(config) },
      spreadComponent(config),
      pickParameters({ specs }, state.ema, spreadComponent(config)),
    ),
    await makeComponent(
      { role: 'velocity', haloPx: halo.velocity, macs: velocityMacs(config) },
      velocityComponent(config),
      pickParameters({ specs }, state.ema, velocityComponent(config)),
    ),
    await makeComponent(
      { role: 'decoder', haloPx: halo.decoder, macs: decoderMacs(network) },
      decoderComponent(network),
      parts.decoder,
    ),
  );
  const { channels, mean, std, changeStd } = statistics;
  return { channels, factor: LATENT_FACTOR, mean, std, changeStd };
}
