import { FEATURE_LAYERS, inceptionFeatures } from '../../../bench/perceptual/inception.js';
import type { Tensor } from '../../../bench/perceptual/weights.js';
import { float32 } from '../../../core/runtime/engine.js';
import { createCpuEngine } from '../../../core/runtime/node/cpu.js';

/** Kernel sides, inputs and outputs of the convolutions, in the order of the published network. */
const KERNELS: readonly (readonly [number, number, number])[] = [
  [3, 3, 32],
  [3, 32, 32],
  [3, 32, 64],
  [1, 64, 80],
  [3, 80, 192],
  ...mixed(192, 32),
  ...mixed(256, 64),
  ...mixed(288, 64),
];

function mixed(inputs: number, pooled: number): (readonly [number, number, number])[] {
  return [
    [1, inputs, 64],
    [1, inputs, 48],
    [5, 48, 64],
    [1, inputs, 64],
    [3, 64, 96],
    [3, 96, 96],
    [1, inputs, pooled],
  ];
}

/** Every convolution is the mean of what it sees, and the normalisation changes nothing. */
function averagingWeights(): Map<string, Tensor> {
  const weights = new Map<string, Tensor>();
  const fill = (name: string, shape: number[], value: number) =>
    weights.set(name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(value) });
  KERNELS.forEach(([side, inputs, outputs], i) => {
    fill(`conv2d_${i + 1}/kernel`, [side, side, inputs, outputs], 1 / (side * side * inputs));
    fill(`batch_normalization_${i + 1}/beta`, [outputs], 0);
    fill(`batch_normalization_${i + 1}/moving_mean`, [outputs], 0);
    fill(`batch_normalization_${i + 1}/moving_variance`, [outputs], 1 - 1e-3);
  });
  return weights;
}

it('the feature network has the published shapes and runs on our engine', async () => {
  const engine = await createCpuEngine({ threads: 1 });
  const program = await engine.load(inceptionFeatures(averagingWeights()));
  const [height, width] = [75, 83];
  const picture = float32([1, 3, height, width], new Float32Array(3 * height * width).fill(0.25));
  const outputs = await program.run({ picture });
  const dims = FEATURE_LAYERS.map((name) => outputs[name].dims);
  expect(dims).toEqual([
    [1, 32, 37, 41],
    [1, 64, 35, 39],
    [1, 192, 15, 17],
    [1, 256, 7, 8],
    [1, 288, 7, 8],
  ]);
  // Without borders, averages of a flat picture are the picture.
  for (const value of outputs.conv5.data as Float32Array) expect(value).toBeCloseTo(0.25, 5);
  await program.dispose();
  await engine.dispose();
});
