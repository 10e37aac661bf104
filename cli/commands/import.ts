/** `enlarger import`: makes runs of a pack's weights, so that training can go on where only the pack is left. */

import path from 'node:path';
import type { Command } from 'commander';
import { EnlargerError } from '../../core/errors.js';
import { decodeModel, type ParameterLayout } from '../../core/graph/index.js';
import {
  componentLayout,
  decoderComponent,
  denoiserComponent,
  encoderComponent,
  iconDecoderComponent,
  spreadComponent,
  textEncoderComponent,
  upsamplerComponent,
  velocityComponent,
} from '../../core/nets/components.js';
import { type LoadedPack, loadPack } from '../../core/pack/load.js';
import { componentParameters } from '../../core/pack/parameters.js';
import type { ComponentRole } from '../../core/pack/schema.js';
import { writeFileAtomic } from '../../core/runtime/node/atomic-write.js';
import type { Recipe } from '../../core/train/recipe.js';
import { initialState } from '../../core/train/state.js';
import { denoiserConfig } from '../../core/train/tasks/denoiser.js';
import { iconDecoderConfig } from '../../core/train/tasks/icon-decoder.js';
import { TOKENIZER_FILE } from '../generated-latents.js';
import { readRecipeFile } from '../recipes.js';
import { createFolderReader } from '../store/pack-reader.js';
import { RunFolder } from '../store/run-folder.js';

export function registerImport(program: Command): void {
  program
    .command('import')
    .description('make a run of the weights in a pack, to train on from')
    .argument('<recipe>', 'the recipe the weights were trained with')
    .option('--pack <folder>', 'the pack', 'models/enlarger-1')
    .option('--runs <folder>', 'where runs are kept', '.work/runs')
    .action(runImport);
}

async function runImport(file: string, flags: { pack: string; runs: string }): Promise<void> {
  const recipe = await readRecipeFile(file);
  const folder = RunFolder.of(flags.runs, recipe.name);
  if (await folder.checkpoint())
    throw new EnlargerError(
      'option-invalid',
      `There is a run in ${folder.dir} already.`,
      'Move it away first.',
    );
  const pack = await loadPack(createFolderReader(path.resolve(flags.pack)));
  const { layout, params } = weights(recipe, pack);
  // The numbers of the tokens mean nothing without the tokenizer they were learnt with.
  if (recipe.task === 'denoiser')
    await writeFileAtomic(folder.file(TOKENIZER_FILE), pack.component('tokenizer').bytes);
  await folder.save({ recipe: recipe.name, specs: layout.specs, state: initialState(params) });
  process.stdout.write(`${params.length} parameters of ${recipe.name}: ${folder.dir}\n`);
}

function weights(recipe: Recipe, pack: LoadedPack): { layout: ParameterLayout; params: Float32Array } {
  const read = (role: ComponentRole, layout: ParameterLayout, factor?: 2 | 4) =>
    componentParameters(decodeModel(pack.component(role, factor).bytes), layout);
  switch (recipe.task) {
    case 'upsampler': {
      const layout = componentLayout(upsamplerComponent(recipe.network));
      return { layout, params: read('upsampler', layout, recipe.network.factor) };
    }
    case 'autoencoder': {
      const parts = [
        { prefix: 'encoder', layout: componentLayout(encoderComponent(recipe.network)) },
        { prefix: 'decoder', layout: componentLayout(decoderComponent(recipe.network)) },
      ] as const;
      return joinParts(parts, [read('encoder', parts[0].layout), read('decoder', parts[1].layout)]);
    }
    case 'velocity': {
      // The spread of the change is data of the flow, not a parameter: any number gives the same layout.
      const latentChannels = pack.manifest.latent!.channels;
      const config = { ...recipe.network, latentChannels, changeStd: 1 };
      const parts = [
        { prefix: '', layout: componentLayout(spreadComponent(config)) },
        { prefix: '', layout: componentLayout(velocityComponent(config)) },
      ] as const;
      const params = [read('spread', parts[0].layout), read('velocity', parts[1].layout)];
      return joinParts(parts, params);
    }
    case 'icon-decoder': {
      const { channels } = pack.manifest.generator!.latent;
      const layout = componentLayout(iconDecoderComponent(iconDecoderConfig(recipe, { channels })));
      return { layout, params: read('latent-decoder', layout) };
    }
    case 'denoiser': {
      const { channels, width } = pack.manifest.generator!.latent;
      const config = denoiserConfig(recipe, { channels, side: width });
      const parts = [
        { prefix: 'text', layout: componentLayout(textEncoderComponent(recipe.text)) },
        { prefix: 'denoiser', layout: componentLayout(denoiserComponent(config, recipe.text)) },
      ] as const;
      return joinParts(parts, [read('text-encoder', parts[0].layout), read('denoiser', parts[1].layout)]);
    }
  }
}

interface Part {
  readonly prefix: string;
  readonly layout: ParameterLayout;
}

/** One layout of several, their names prefixed, one after the other, and the parameters in that order. */
function joinParts(parts: readonly Part[], params: readonly Float32Array[]) {
  let size = 0;
  const joined = new Float32Array(params.reduce((sum, { length }) => sum + length, 0));
  const specs = parts.flatMap(({ prefix, layout }, i) => {
    const start = size;
    size += layout.size;
    joined.set(params[i], start);
    return layout.specs.map((spec) => ({
      ...spec,
      name: prefix ? `${prefix}.${spec.name}` : spec.name,
      offset: start + spec.offset,
    }));
  });
  return { layout: { specs, size }, params: joined };
}
