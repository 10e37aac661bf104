import { EnlargerError } from '../../../core/errors.js';
import { openPackGenerator } from '../../../core/generate/pack-generator.js';
import { Graph } from '../../../core/graph/index.js';
import { testEngine } from '../graph/harness.js';
import { all, engineThatRuns, open } from './pack-generator-driver.js';
import {
  clipTextModel,
  load,
  type PackDraft,
  replaceComponent,
  sdPack,
  unet,
  vaeDecoder,
} from './tiny-generator.js';

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
    const broken = (change: (value: number) => number, fail = false) =>
      engineThatRuns(async (program, inputs) => {
        if (fail && inputs.sample) throw new EnlargerError('internal', 'Node Foo failed.');
        const made = await program.run(inputs);
        for (const tensor of Object.values(made))
          if (inputs.sample && tensor.type === 'float32') tensor.data.set(tensor.data.map(change));
        return made;
      });
    const nan = await open(sdPack({ side: 8 }), await broken(() => Number.NaN));
    await expect(all(nan, { prompt: 'red' })).rejects.toMatchObject({ code: 'bad-picture' });
    const failing = await open(sdPack({ side: 8 }), await broken((v) => v, true));
    await expect(all(failing, { prompt: 'red' })).rejects.toMatchObject({
      code: 'generator-failed',
      message: expect.stringContaining('unet.onnx'),
    });
  });
});
