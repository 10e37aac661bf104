import { collectLayout, encodeModel, type Graph } from '../../../../core/graph/index.js';
import {
  buildComponent,
  type ComponentBuilder,
  componentLayout,
  denoiserComponent,
  encoderComponent,
  iconDecoderComponent,
  textEncoderComponent,
} from '../../../../core/nets/components.js';
import { float32, type HostTensor } from '../../../../core/runtime/engine.js';
import { encodeIcons } from '../../../../core/train/latent-icons.js';
import { type DenoiserRecipe, type IconDecoderRecipe, parseRecipe } from '../../../../core/train/recipe.js';
import { initialParameters, initialState } from '../../../../core/train/state.js';
import { denoiserTask } from '../../../../core/train/tasks/denoiser.js';
import { iconDecoderTask } from '../../../../core/train/tasks/icon-decoder.js';
import { createIconDraw } from '../../../../core/train/tasks/icon-draw.js';
import { type TrainingTask, train } from '../../../../core/train/trainer.js';
import { numbers, testEngine } from '../../graph/harness.js';
import { TINY_AUTOENCODER } from '../../nets/tiny.js';

const common = { version: 1, batch: 4, hrPx: 32, autoencoder: 'autoencoder', coverageChannels: 3 };
const denoiserRecipe = parseRecipe({
  ...common,
  name: 'denoiser',
  task: 'denoiser',
  learns: 'field',
  steps: 120,
  network: { width: 16, blocks: 1, embedding: 8, prior: { width: 8, seeds: 2, coarse: 8, fine: 8 } },
  text: { vocabulary: 8, length: 3, width: 8, heads: 2, blocks: 1 },
  learningRate: { peak: 0.01, warmup: 0, decay: 0 },
}) as DenoiserRecipe;
const decoderRecipe = parseRecipe({
  ...common,
  name: 'icon-decoder',
  task: 'icon-decoder',
  steps: 30,
  network: { channels: 8, blocks: 1, fine: 8, fineBlocks: 1 },
  learningRate: { peak: 0.01, warmup: 0, decay: 0 },
}) as IconDecoderRecipe;

/** Three discs of different size and colour on nothing, 32 x 32. */
function discs(): Uint8Array {
  const rgba = new Uint8Array(3 * 32 * 32 * 4);
  for (let n = 0; n < 3; n++)
    for (let i = 0; i < 1024; i++) {
      const inside = Math.hypot((i % 32) - 15.5, Math.floor(i / 32) - 15.5) < 6 + 4 * n;
      rgba.set([80 * n, 255 - 80 * n, 120, inside ? 255 : 0], (n * 1024 + i) * 4);
    }
  return rgba;
}

async function latents() {
  const params = initialParameters(componentLayout(encoderComponent(TINY_AUTOENCODER)), 1);
  return encodeIcons({
    engine: await testEngine(),
    encoder: { config: TINY_AUTOENCODER, params },
    rgba: discs(),
    sidePx: 32,
    coverageChannels: 3,
  });
}

async function losses(task: TrainingTask, recipe: DenoiserRecipe | IconDecoderRecipe): Promise<number[]> {
  const seen: number[] = [];
  await train({
    engine: await testEngine(),
    recipe,
    task,
    state: initialState(initialParameters(task.layout, 1)),
    onStep: ({ loss }) => {
      seen.push(loss);
    },
  });
  return seen;
}

const average = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const draw = createIconDraw(
  ['a', 'b', 'c'].map((family) => ({ family })),
  1,
);

describe('latents of icons', () => {
  it('have colour and coverage channels, centred and not above unit deviation', async () => {
    const { count, channels, side, data, std, mean } = await latents();
    expect([count, channels, side]).toEqual([3, 7, 4]);
    expect([std.length, mean.length]).toEqual([7, 7]);
    for (let c = 0; c < channels; c++) {
      const values = [0, 1, 2].flatMap((n) => [...data.subarray((n * 7 + c) * 16, (n * 7 + c + 1) * 16)]);
      expect(Math.abs(average(values))).toBeLessThan(1e-4);
      expect(average(values.map((v) => v * v))).toBeLessThan(1.001);
    }
  });

  it('do not depend on the colour of what cannot be seen', async () => {
    const hidden = discs();
    for (let i = 0; i < hidden.length; i += 4) if (hidden[i + 3] === 0) hidden[i] = 200;
    const params = initialParameters(componentLayout(encoderComponent(TINY_AUTOENCODER)), 1);
    const encoder = { config: TINY_AUTOENCODER, params };
    const options = { engine: await testEngine(), encoder, sidePx: 32, coverageChannels: 3 };
    const { data } = await encodeIcons({ ...options, rgba: hidden });
    expect(data).toEqual((await latents()).data);
  });

  it('keep their coordinates when icons are added that are not measured', async () => {
    const params = initialParameters(componentLayout(encoderComponent(TINY_AUTOENCODER)), 1);
    const more = new Uint8Array(5 * 32 * 32 * 4).fill(77);
    more.set(discs());
    const all = await encodeIcons({
      engine: await testEngine(),
      encoder: { config: TINY_AUTOENCODER, params },
      rgba: more,
      sidePx: 32,
      measured: 3,
      coverageChannels: 3,
    });
    const alone = await latents();
    expect(all.count).toBe(5);
    expect(all.mean).toEqual(alone.mean);
    expect(all.data.subarray(0, alone.data.length)).toEqual(alone.data);
  });
});

describe('icons in a batch', () => {
  it('come from every family equally often, and again for the same step', () => {
    const families = [...Array<string>(90).fill('many'), 'few'].map((family) => ({ family }));
    const uneven = createIconDraw(families, 3);
    const drawn = Array.from({ length: 400 }, (_, i) => uneven(i, 0).example);
    expect(drawn.filter((example) => example === 90).length).toBeGreaterThan(150);
    expect(drawn).toEqual(Array.from({ length: 400 }, (_, i) => uneven(i, 0).example));
  });

  it('give way to their twins now and then', () => {
    const twins = ['a', 'b', 'a', 'b'].map((family, i) => ({ family, twin: i >= 2 }));
    const mixed = createIconDraw(twins, 5);
    const drawn = Array.from({ length: 1000 }, (_, i) => mixed(i, 0).example);
    const share = drawn.filter((example) => example >= 2).length / drawn.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.2);
  });
});

describe('the tasks of the generator', () => {
  const records = ['red disc', 'green disc', 'blue disc'].map((label) => ({
    label,
    tags: [],
    colour: null,
    recoloured: false,
  }));
  const tokens = (caption: string) => (caption ? [2 + (caption.length % 5), 3] : []);

  it('learn to denoise', async () => {
    const seen = await losses(
      denoiserTask(denoiserRecipe, await latents(), records, tokens, draw),
      denoiserRecipe,
    );
    expect(average(seen.slice(-10))).toBeLessThan(0.85 * average(seen.slice(0, 5)));
  });

  const decoded = async () => ({ icons: await latents(), rgba: discs() });

  it('learn to decode', async () => {
    const seen = await losses(iconDecoderTask(decoderRecipe, await decoded(), draw), decoderRecipe);
    expect(average(seen.slice(-5))).toBeLessThan(0.7 * average(seen.slice(0, 5)));
  });

  it('disturb the latents to decode by different amounts, up to what the recipe says', async () => {
    const { dims, data } = iconDecoderTask(decoderRecipe, await decoded(), draw).batch(3)['icon.noise'];
    const length = data.length / dims[0];
    const strengths = Array.from({ length: dims[0] }, (_, i) => {
      const noise = (data as Float32Array).subarray(i * length, (i + 1) * length);
      return Math.sqrt(average([...noise].map((value) => value * value)));
    });
    expect(Math.max(...strengths)).toBeLessThan(1.2);
    expect(Math.max(...strengths) - Math.min(...strengths)).toBeGreaterThan(0.1);
  });

  it('move latents to decode some way towards generated ones, in the share that the recipe says', async () => {
    const icons = await latents();
    const away = icons.data.map((value) => value + 4);
    const share = 0.5;
    const recipe: IconDecoderRecipe = {
      ...decoderRecipe,
      generated: { denoiser: 'd', share, temperature: 1, steps: 1 },
    };
    const task = iconDecoderTask(recipe, { icons, rgba: discs(), generated: away }, draw);
    const plain = iconDecoderTask(decoderRecipe, await decoded(), draw);
    const ways = Array.from({ length: 60 }, (_, step) => {
      const [moved, exact] = [task, plain].map((each) => each.batch(step)['icon.latent']);
      const length = moved.data.length / moved.dims[0];
      return Array.from({ length: moved.dims[0] }, (_, i) => {
        const at = (tensor: HostTensor) => Number(tensor.data[i * length + 7]);
        return (at(moved) - at(exact)) / 4;
      });
    }).flat();
    expect(Math.min(...ways)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ways)).toBeLessThanOrEqual(1.001);
    expect(Math.max(...ways)).toBeGreaterThan(0.7);
    const still = ways.filter((way) => way === 0).length / ways.length;
    expect(Math.abs(still - share)).toBeLessThan(0.2);
  });

  it('give the same batch for the same step, and leave out some captions', async () => {
    const task = denoiserTask(
      { ...denoiserRecipe, captionDropout: 0.5 },
      await latents(),
      records,
      tokens,
      draw,
    );
    expect(task.batch(7)).toEqual(task.batch(7));
    const firsts = Array.from(
      { length: 40 },
      (_, step) => (task.batch(step)['icon.tokens'].data as BigInt64Array)[0],
    );
    const empty = firsts.filter((id) => id === 0n).length;
    expect(empty).toBeGreaterThan(8);
    expect(empty).toBeLessThan(32);
  });
});

describe('components of the generator', () => {
  const random = (build: ComponentBuilder): Graph =>
    buildComponent('part', build, initialParameters(collectLayout(build), 5));
  const run = async (graph: Graph, inputs: Record<string, HostTensor>) => {
    const program = await (await testEngine()).load(encodeModel(graph));
    const outputs = await program.run(inputs);
    await program.dispose();
    return outputs;
  };
  const ids = (...values: number[]): HostTensor => ({
    type: 'int64',
    dims: [values.length / 3, 3],
    data: BigInt64Array.from(values, (v) => BigInt(v)),
  });
  const text = random(textEncoderComponent(denoiserRecipe.text));
  const config = { ...denoiserRecipe.network, channels: 7, side: 4 };
  const field = random(denoiserComponent(config, denoiserRecipe.text));

  it('read a batch of prompts as they read each alone, and tell the order of words', async () => {
    const both = (await run(text, { tokens: ids(2, 3, 0, 3, 2, 0) })).context;
    expect(both.dims).toEqual([2, 3, 8]);
    const alone = (await run(text, { tokens: ids(3, 2, 0) })).context;
    const second = (both.data as Float32Array).subarray(24);
    (alone.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(second[i], 5);
    });
    expect(Math.abs(second[0] - (both.data as Float32Array)[0])).toBeGreaterThan(1e-4);
  });

  it('denoise a batch as they denoise each alone', async () => {
    const { context } = await run(text, { tokens: ids(2, 3, 0, 4, 5, 6) });
    const sample = numbers(2 * 7 * 16, 1);
    const part = (n: number) => ({
      sample: float32([1, 7, 4, 4], sample.slice(n * 112, (n + 1) * 112)),
      time: float32([1], Float32Array.of(0.2 + 0.5 * n)),
      context: float32([1, 3, 8], (context.data as Float32Array).slice(n * 24, (n + 1) * 24)),
    });
    const both = await run(field, {
      sample: float32([2, 7, 4, 4], sample),
      time: float32([2], Float32Array.of(0.2, 0.7)),
      context,
    });
    for (const n of [0, 1]) {
      const { prediction } = await run(field, part(n));
      (prediction.data as Float32Array).forEach((value, i) => {
        expect(value).toBeCloseTo((both.prediction.data as Float32Array)[n * 112 + i], 4);
      });
    }
  });

  it('decode to a picture and its transparency, both in 0..1', async () => {
    const build = iconDecoderComponent({ ...decoderRecipe.network, latentChannels: 7 });
    const { picture, alpha } = await run(random(build), {
      latent: float32([1, 7, 2, 3], numbers(42, 2, -3, 3)),
    });
    expect(picture.dims).toEqual([1, 3, 16, 24]);
    expect(alpha.dims).toEqual([1, 1, 16, 24]);
    for (const { data } of [picture, alpha])
      expect((data as Float32Array).every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});
