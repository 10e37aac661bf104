import { EnlargerError } from '../../../core/errors.js';
import type { GenerateOptions } from '../../../core/generate/generator.js';
import { type FloatPicture, isFloatPicture } from '../../../core/raster/float-picture.js';
import {
  all,
  distance,
  engineThatRuns,
  latentOf,
  open,
  range,
  sharedSd,
  spyEngine,
} from './pack-generator-driver.js';
import { sdPack } from './tiny-generator.js';

describe('a generator of the Stable Diffusion family', () => {
  it('makes latents of its own space, and pictures of them, end to end', async () => {
    const generator = await open(sdPack());
    expect(generator.facts).toMatchObject({
      kind: 'pack',
      title: 'Tiny generator',
      width: 512,
      height: 512,
      transparent: false,
      latentSpace: { name: 'sd-1', channels: 4, factor: 8 },
      seeded: true,
    });
    const [candidate] = await all(generator, { prompt: 'a red apple', seed: 7 });
    expect(latentOf(candidate)).toMatchObject({ width: 64, height: 64, space: generator.facts.latentSpace });
    const picture = (await generator.picture(candidate)) as FloatPicture;
    expect(isFloatPicture(picture)).toBe(true);
    expect([picture.width, picture.height, picture.alpha]).toEqual([512, 512, null]);
    const [least, most] = range(picture.colour.data);
    expect(least).toBeGreaterThan(-0.001);
    expect(most).toBeLessThan(1.001);
    expect(most - least).toBeGreaterThan(0.2);
    await generator.dispose();
  });

  it('gives the same for the same seed, and something else for another seed, prompt or guidance', async () => {
    const generator = await open(sharedSd());
    const make = async (options: Partial<GenerateOptions>) =>
      latentOf((await all(generator, { prompt: 'red apple', seed: 3, ...options }))[0]).data;
    const first = await make({});
    expect(await make({})).toEqual(first);
    expect(await make({ prompt: '  Red apple ' })).toEqual(first);
    for (const other of [{ seed: 4 }, { prompt: 'blue apple' }, { guidance: 2 }, { steps: 5 }])
      expect(distance(await make(other), first)).toBeGreaterThan(1e-3);
  });

  it('gives candidates with consecutive seeds, each of which can be had alone', async () => {
    const generator = await open(sharedSd());
    const four = await all(generator, { prompt: 'red', seed: 10, count: 4 });
    expect(four.map(({ index, seed }) => [index, seed])).toEqual([
      [0, 10],
      [1, 11],
      [2, 12],
      [3, 13],
    ]);
    const [alone] = await all(generator, { prompt: 'red', seed: 12 });
    expect(latentOf(alone).data).toEqual(latentOf(four[2]).data);
  });

  it('evaluates with and without the prompt in one batch, and without guidance only with it', async () => {
    const { engine, runs } = await spyEngine();
    const generator = await open(sharedSd(), engine);
    await all(generator, { prompt: 'red', steps: 2 });
    expect(runs[0]).toEqual({ input_ids: [2, 77] });
    expect(runs.slice(1)).toEqual(
      Array(2).fill({ sample: [2, 4, 8, 8], timestep: [1], encoder_hidden_states: [2, 77, 768] }),
    );
    runs.length = 0;
    await all(generator, { prompt: 'red', steps: 1, guidance: 1 });
    expect(runs.map((each) => each.sample?.[0] ?? each.input_ids[0])).toEqual([1, 1]);
  });

  it.each([
    ['a batch of one', { batch: 1 }, [1, 1]],
    ['a batch of two', { batch: 2 }, [2]],
    ['a time in floats, once per example', { time: 'float32' as const, timeShape: [2], batch: 2 }, [2]],
  ])('takes components made for %s', async (_, options, sizes) => {
    const { engine, runs } = await spyEngine();
    const generator = await open(sdPack({ side: 8, ...options }), engine);
    const [made] = await all(generator, { prompt: 'red', steps: 1, seed: 1 });
    expect(runs.filter(({ sample }) => sample).map(({ sample }) => sample[0])).toEqual(sizes);
    const [wanted] = await all(await open(sharedSd()), { prompt: 'red', steps: 1, seed: 1 });
    expect(distance(latentOf(made).data, latentOf(wanted).data)).toBeLessThan(1e-3);
  });

  it('follows guidance as w + g (c - w)', async () => {
    const generator = await open(sharedSd());
    const make = async (guidance: number) =>
      latentOf((await all(generator, { prompt: 'red', steps: 1, guidance }))[0]).data;
    const [one, two, three] = [await make(1), await make(2), await make(3)];
    // One step is linear in the prediction, and the prediction in the guidance.
    two.forEach((value, i) => {
      expect(Math.abs((one[i] + three[i]) / 2 - value)).toBeLessThan(1e-3);
    });
  });

  it.each([
    ['v-prediction', {}, { prediction: 'v', schedule: { kind: 'linear', betaStart: 1e-4, betaEnd: 0.02 } }],
    [
      "Karras' levels",
      {},
      { schedule: { kind: 'scaled-linear', betaStart: 0.00085, betaEnd: 0.012, karras: true } },
    ],
    [
      'latent consistency',
      { timeCond: true },
      { solver: 'lcm', guidance: { default: 1.5, max: 8 }, steps: { default: 4, max: 8 } },
    ],
    [
      'a flow that counts from the data',
      { time: 'float32' as const },
      {
        prediction: 'flow',
        solver: 'euler',
        schedule: { kind: 'flow', shift: 3, dataAt: 0, timeScale: 1000 },
      },
    ],
    ['variance beside the prediction', { variance: true }, {}],
    [
      'a shift of the latent',
      {},
      {
        latent: {
          space: 'x',
          channels: 4,
          width: 8,
          height: 8,
          factor: 8,
          scalingFactor: 1.5,
          shiftFactor: 0.06,
        },
      },
    ],
  ])('works with %s', async (_, options, section) => {
    const generator = await open(sdPack({ side: 8, ...options }, section));
    const [a, b] = await all(generator, { prompt: 'red apple', count: 2 });
    expect(distance(latentOf(a).data, latentOf(b).data)).toBeGreaterThan(0.01);
    const picture = (await generator.picture(a)) as FloatPicture;
    expect([picture.width, picture.height]).toEqual([64, 64]);
  });

  it('gives distilled models the strength of guidance as an input instead of a second evaluation', async () => {
    const { engine, runs } = await spyEngine();
    const section = { solver: 'lcm', guidance: { default: 1.5, max: 8 }, steps: { default: 2, max: 8 } };
    const generator = await open(sdPack({ side: 8, timeCond: true }, section), engine);
    await all(generator, { prompt: 'red', guidance: 8 });
    expect(runs.slice(1)).toEqual(
      Array(2).fill({
        sample: [1, 4, 8, 8],
        timestep: [1],
        encoder_hidden_states: [1, 77, 768],
        timestep_cond: [1, 256],
      }),
    );
  });

  it('decodes in blended tiles, with the same picture inside them', async () => {
    const generator = await open(sdPack({ side: 40, decoderSide: 24 }));
    const [candidate] = await all(generator, { prompt: 'red', steps: 1 });
    const tiled = (await generator.picture(candidate)) as FloatPicture;
    const whole = (await (await open(sdPack({ side: 40 }))).picture(candidate)) as FloatPicture;
    const errors = tiled.colour.data.map((value, i) => Math.abs(value - whole.colour.data[i]));
    // The decoder looks one latent pixel around, which is less than what tiles give up at their edges.
    expect(range(errors)[1]).toBeLessThan(1e-5);
  });

  it('decodes at once what is small, and in tiles what is large', async () => {
    const { engine, runs } = await spyEngine();
    const latent = { space: 'wide', channels: 4, height: 8, factor: 8 };
    for (const [width, sizes] of [
      [96, [96]],
      [112, [64, 64]],
    ] as const) {
      runs.length = 0;
      const generator = await open(sdPack({}, { latent: { ...latent, width } }), engine);
      const [candidate] = await all(generator, { prompt: 'red', steps: 1 });
      expect(await generator.picture(candidate)).toMatchObject({ width: width * 8, height: 64 });
      expect(runs.flatMap(({ latent_sample: dims }) => (dims ? [dims[3]] : []))).toEqual(sizes);
    }
  });

  it('decodes in smaller tiles when memory ends', async () => {
    const sizes: number[] = [];
    const engine = await engineThatRuns(async (program, inputs) => {
      const side = inputs.latent_sample?.dims[3];
      if (side !== undefined) sizes.push(side);
      if (side !== undefined && side > 20) throw new EnlargerError('out-of-memory', 'Full.');
      return program.run(inputs);
    });
    const generator = await open(sdPack({ side: 40 }), engine);
    const [candidate] = await all(generator, { prompt: 'red', steps: 1 });
    const picture = await generator.picture(candidate);
    expect([picture.width, picture.height]).toEqual([320, 320]);
    expect(sizes.slice(0, 2)).toEqual([40, 20]);
    const full = await open(sdPack({ side: 40, decoderSide: 40 }), engine);
    await expect(full.picture(candidate)).rejects.toMatchObject({ code: 'out-of-memory' });
  });
});
