import { EnlargerError } from '../../../core/errors.js';
import type {
  Candidate,
  GenerateOptions,
  GenerateProgress,
  Generator,
} from '../../../core/generate/generator.js';
import { openPackGenerator } from '../../../core/generate/pack-generator.js';
import { Graph } from '../../../core/graph/index.js';
import { upscale } from '../../../core/pipeline/upscale.js';
import { type FloatPicture, isFloatPicture } from '../../../core/raster/float-picture.js';
import type { Engine } from '../../../core/runtime/engine.js';
import { testEngine } from '../graph/harness.js';
import { fakeProvider } from '../pipeline/fake-stage.js';
import {
  clipTextModel,
  flowPack,
  load,
  type PackDraft,
  replaceComponent,
  sdPack,
  unet,
  vaeDecoder,
} from './tiny-generator.js';

async function open(pack: PackDraft | Promise<PackDraft>, engine?: Engine): Promise<Generator> {
  return openPackGenerator(await load(await pack), engine ?? (await testEngine()));
}

async function all(generator: Generator, options: GenerateOptions): Promise<Candidate[]> {
  const made: Candidate[] = [];
  for await (const candidate of generator.generate(options)) made.push(candidate);
  return made;
}

const latentOf = (candidate: Candidate) => {
  if (candidate.kind !== 'latent') throw new Error('not a latent');
  return candidate.latent;
};

function range(values: Float32Array): [least: number, most: number] {
  let [least, most] = [values[0], values[0]];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

const distance = (a: Float32Array, b: Float32Array) => range(a.map((value, i) => Math.abs(value - b[i])))[1];

/** Packs that tests only read are made once. */
const drafts = new Map<string, Promise<PackDraft>>();
function shared(name: string, make: () => Promise<PackDraft>): Promise<PackDraft> {
  const made = drafts.get(name) ?? make();
  drafts.set(name, made);
  return made;
}
const sharedSd = () => shared('sd', () => sdPack({ side: 8 }));
const sharedFlow = () => shared('flow', () => flowPack());

/** An engine that counts the runs of each model by its inputs' names, with the first dimension of each input. */
async function spyEngine(): Promise<{ engine: Engine; runs: Record<string, readonly number[]>[] }> {
  const real = await testEngine();
  const runs: Record<string, readonly number[]>[] = [];
  const engine: Engine = {
    ...real,
    async load(model) {
      const program = await real.load(model);
      return {
        ...program,
        run(inputs) {
          runs.push(Object.fromEntries(Object.entries(inputs).map(([name, { dims }]) => [name, dims])));
          return program.run(inputs);
        },
      };
    },
  };
  return { engine, runs };
}

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
    const real = await testEngine();
    const sizes: number[] = [];
    const engine: Engine = {
      ...real,
      async load(model) {
        const program = await real.load(model);
        return {
          ...program,
          async run(inputs) {
            const side = inputs.latent_sample?.dims[3];
            if (side !== undefined) sizes.push(side);
            if (side !== undefined && side > 20) throw new EnlargerError('out-of-memory', 'Full.');
            return program.run(inputs);
          },
        };
      },
    };
    const generator = await open(sdPack({ side: 40 }), engine);
    const [candidate] = await all(generator, { prompt: 'red', steps: 1 });
    const picture = await generator.picture(candidate);
    expect([picture.width, picture.height]).toEqual([320, 320]);
    expect(sizes.slice(0, 2)).toEqual([40, 20]);
    const full = await open(sdPack({ side: 40, decoderSide: 40 }), engine);
    await expect(full.picture(candidate)).rejects.toMatchObject({ code: 'out-of-memory' });
  });
});

describe('a generator of a flow with transparency', () => {
  it('makes pictures with transparency, which a cascade takes as they are', async () => {
    const generator = await open(sharedFlow());
    expect(generator.facts).toMatchObject({ width: 32, height: 32, transparent: true });
    const [candidate] = await all(generator, { prompt: 'red', seed: 5 });
    const picture = (await generator.picture(candidate)) as FloatPicture;
    expect(picture.alpha).toMatchObject({ width: 32, height: 32, channels: 1 });
    expect(picture.alpha!.data.every((value) => value > 0 && value < 1)).toBe(true);
    expect(await generator.picture(candidate)).toBe(picture);
    const provider = fakeProvider();
    const { raster } = await upscale(picture, { longSide: 128 }, { provider });
    expect([raster.width, raster.height]).toEqual([128, 128]);
    expect(
      provider.tiles[0].lr.data.some((value) => Math.abs(value * 255 - Math.round(value * 255)) > 0.1),
    ).toBe(true);
  });

  it('reports progress that only rises and ends at 100', async () => {
    const generator = await open(sharedFlow());
    const seen: GenerateProgress[] = [];
    const onProgress = (progress: GenerateProgress) => {
      seen.push(progress);
    };
    const order: string[] = [];
    for await (const { index } of generator.generate({ prompt: 'red', count: 3, steps: 4, onProgress }))
      order.push(`${index} after ${seen.length}`);
    expect(order).toEqual(['0 after 5', '1 after 10', '2 after 15']);
    for (let i = 1; i < seen.length; i++) expect(seen[i].percent).toBeGreaterThan(seen[i - 1].percent);
    expect(seen.filter(({ percent }) => percent === 100)).toHaveLength(1);
    expect(seen.at(-1)).toMatchObject({
      percent: 100,
      candidate: 3,
      count: 3,
      step: 4,
      steps: 4,
      secondsLeft: 0,
    });
  });

  it('stops when told to, and what it has handed out stays good', async () => {
    const generator = await open(sharedFlow());
    const abort = { aborted: false } as { aborted: boolean };
    const made: Candidate[] = [];
    const work = (async () => {
      const signal = abort as AbortSignal;
      for await (const candidate of generator.generate({ prompt: 'red', count: 3, signal })) {
        made.push(candidate);
        abort.aborted = true;
      }
    })();
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(made).toHaveLength(1);
    expect(await generator.picture(made[0])).toMatchObject({ width: 32 });
  });

  it.each<[string, Partial<GenerateOptions>, string, RegExp]>([
    ['an empty prompt', { prompt: ' \n' }, 'prompt-invalid', /no prompt/],
    ['a prompt of megabytes', { prompt: 'a'.repeat(3000) }, 'prompt-invalid', /3000 characters/],
    [
      'a prompt of too many tokens',
      { prompt: 'red '.repeat(9) },
      'prompt-invalid',
      /has 9 tokens .* reads 6/,
    ],
    ['no candidates', { count: 0 }, 'option-invalid', /1 to 16, not 0/],
    ['too many candidates', { count: 17 }, 'option-invalid', /1 to 16, not 17/],
    ['half a candidate', { count: 1.5 }, 'option-invalid', /whole number/],
    ['a seed below 0', { seed: -1 }, 'option-invalid', /seed/],
    ['a seed with a fraction', { seed: 0.5 }, 'option-invalid', /seed/],
    ['too much guidance', { guidance: 11 }, 'option-invalid', /1 to 10, not 11/],
    ['guidance that is no number', { guidance: Number.NaN }, 'option-invalid', /guidance/],
    ['too many steps', { steps: 21 }, 'option-invalid', /1 to 20, not 21/],
  ])('refuses %s before it runs anything', async (_, options, code, message) => {
    const { engine, runs } = await spyEngine();
    const generator = await open(sharedFlow(), engine);
    await expect(all(generator, { prompt: 'red', ...options })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(runs).toEqual([]);
  });
});

describe('a generator whose parts do not fit', () => {
  const refused = async (pack: PackDraft) => {
    const engine = await testEngine();
    const loaded = await load(pack);
    try {
      openPackGenerator(loaded, engine);
    } catch (error) {
      return error as EnlargerError;
    }
    throw new Error('was accepted');
  };

  it.each<[string, string, () => Graph, RegExp]>([
    ['a UNet of other channels', 'denoiser', () => unet({ channels: 9 }), /unet\.onnx .* 9 instead of 4/],
    ['a UNet for other text', 'denoiser', () => unet({ features: 1024 }), /1024 features .* the 768/],
    [
      'a decoder of other latents',
      'latent-decoder',
      () => vaeDecoder({ channels: 16 }),
      /vae_decoder\.onnx .* 16 instead of 4/,
    ],
    [
      'a decoder of a larger size',
      'latent-decoder',
      () => vaeDecoder({ decoderSide: 96 }),
      /vae_decoder\.onnx .* at most 8 x 8/,
    ],
    ['a text encoder as denoiser', 'denoiser', () => clipTextModel(), /no input for the sample/],
    ['a decoder as text encoder', 'text-encoder', () => vaeDecoder(), /no input for the tokens/],
  ])('is refused: %s', async (_, role, graph, message) => {
    const pack = await sdPack({ side: 8 });
    await replaceComponent(pack, role, graph());
    expect(await refused(pack)).toMatchObject({
      code: 'pack-invalid',
      message: expect.stringMatching(message),
    });
  });

  it('is refused when an input is not known', async () => {
    const graph = unet();
    graph.input('time_ids', [1, 6]);
    const pack = await sdPack({ side: 8 });
    await replaceComponent(pack, 'denoiser', graph);
    expect((await refused(pack)).message).toMatch(/unet\.onnx takes an input "time_ids" that/);
  });

  it('is refused when pack.json describes something else', async () => {
    const pack = await sdPack({ side: 8 });
    await replaceComponent(pack, 'denoiser', unet({ channels: 9 }), true);
    expect((await refused(pack)).message).toMatch(/unet\.onnx does not have the shape of "sample"/);
    const named = await sdPack({ side: 8 });
    named.manifest.components[2].inputs[0].name = 'noisy';
    expect((await refused(named)).message).toMatch(/unet\.onnx has no input "noisy", though/);
  });

  it('is refused when a component is no model, or the tokenizer none', async () => {
    for (const [role, other] of [
      ['denoiser', 'tokenizer'],
      ['tokenizer', 'denoiser'],
    ]) {
      const pack = await sdPack({ side: 8 });
      const { components } = pack.manifest;
      const [one, two] = [role, other].map((name) =>
        components.find((entry: { role: string }) => entry.role === name),
      );
      Object.assign(one, { file: two.file, sha256: two.sha256, bytes: two.bytes });
      expect(await refused(pack)).toMatchObject({
        code: 'pack-invalid',
        message: expect.stringMatching(/is not a/),
      });
    }
  });

  it('is refused in a pack without a generator', async () => {
    const pack = await load(await sdPack({ side: 8 }));
    const { generator: _, ...manifest } = pack.manifest;
    const engine = await testEngine();
    expect(() => openPackGenerator({ ...pack, manifest }, engine)).toThrow(
      /cannot make pictures from a prompt/,
    );
  });

  it('takes unusual names when pack.json says what they mean', async () => {
    const pack = await sdPack({ side: 8 });
    const renamed = new Graph('decoder');
    const { initializers, nodes, inputs, outputs } = vaeDecoder();
    // The same decoder, its input under a name that nobody uses.
    Object.assign(renamed, { initializers, nodes, inputs: [{ ...inputs[0] }], outputs });
    const input = renamed.inputs[0] as { name: string };
    input.name = 'kode';
    for (const node of nodes) {
      const values = node.inputs as ({ name: string } | null)[];
      values.forEach((value, i) => {
        if (value?.name === 'latent_sample') values[i] = { ...value, name: 'kode' };
      });
    }
    await replaceComponent(pack, 'latent-decoder', renamed);
    expect((await refused(pack)).message).toMatch(/no input for the latent/);
    pack.manifest.components[3].ports = { latent: 'kode' };
    const generator = await open(pack);
    const [candidate] = await all(generator, { prompt: 'red', steps: 1 });
    expect(await generator.picture(candidate)).toMatchObject({ width: 64 });
  });

  it('says so when a component breaks while it runs, or makes rubbish', async () => {
    const real = await testEngine();
    const broken = (change: (value: number) => number, fail = false): Engine => ({
      ...real,
      async load(model) {
        const program = await real.load(model);
        return {
          ...program,
          async run(inputs) {
            if (fail && inputs.sample) throw new EnlargerError('internal', 'Node Foo failed.');
            const made = await program.run(inputs);
            for (const tensor of Object.values(made))
              if (inputs.sample && tensor.type === 'float32') tensor.data.set(tensor.data.map(change));
            return made;
          },
        };
      },
    });
    const nan = await open(
      sdPack({ side: 8 }),
      broken(() => Number.NaN),
    );
    await expect(all(nan, { prompt: 'red' })).rejects.toMatchObject({ code: 'bad-picture' });
    const failing = await open(
      sdPack({ side: 8 }),
      broken((v) => v, true),
    );
    await expect(all(failing, { prompt: 'red' })).rejects.toMatchObject({
      code: 'generator-failed',
      message: expect.stringContaining('unet.onnx'),
    });
  });
});
