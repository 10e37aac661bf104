/** One small job, the same on every engine: a few training steps of an up-sampler, and its use. */

import { abs, collectLayout, encodeModel, mean, sub } from '../../core/graph/index.js';
import { buildComponent, upsamplerComponent } from '../../core/nets/components.js';
import { upsampler } from '../../core/nets/upsampler.js';
import { type Engine, float32 } from '../../core/runtime/engine.js';
import { parseRecipe } from '../../core/train/recipe.js';
import { initialParameters, initialState } from '../../core/train/state.js';
import type { LossBuilder } from '../../core/train/step.js';
import { train } from '../../core/train/trainer.js';

export interface ProbeResult {
  readonly losses: number[];
  readonly picture: number[];
}

const network = { factor: 2, channels: 8, blocks: 1 } as const;

const wave = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => 0.5 + 0.4 * Math.sin(seed + i * 0.7));

export async function probe(engine: Engine): Promise<ProbeResult> {
  const recipe = parseRecipe({
    version: 1,
    name: 'probe',
    task: 'upsampler',
    steps: 4,
    batch: 2,
    hrPx: 16,
    network,
    learningRate: { peak: 0.01, warmup: 0, decay: 0 },
  });
  const loss: LossBuilder = (source) => {
    const lr = source.graph.input('image.lr', [2, 3, 8, 8]);
    const damage = source.graph.input('image.damage', [2]);
    const hr = source.graph.input('image.hr', [2, 3, 16, 16]);
    return { loss: mean(abs(sub(upsampler(source, lr, damage, network), hr))) };
  };
  const layout = collectLayout(loss);
  const losses: number[] = [];
  const params = initialParameters(layout, 1);
  await train({
    engine,
    recipe,
    task: {
      layout,
      loss,
      metrics: [],
      batch: (step) => ({
        'image.lr': float32([2, 3, 8, 8], wave(384, step)),
        'image.damage': float32([2], Float32Array.of(0, 0.5)),
        'image.hr': float32([2, 3, 16, 16], wave(1536, step + 0.5)),
      }),
    },
    state: initialState(params),
    onStep: (report) => {
      losses.push(report.loss);
    },
  });
  const program = await engine.load(
    encodeModel(buildComponent('probe', upsamplerComponent(network), params)),
  );
  const { up } = await program.run({
    lr: float32([1, 3, 6, 5], wave(90, 3)),
    damage: float32([1], Float32Array.of(0)),
  });
  await program.dispose();
  return { losses, picture: Array.from(up.data as Float32Array) };
}
