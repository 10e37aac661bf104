import { PACK_FORMAT, parsePack } from '../../../core/pack/schema.js';
import { sdPack } from '../generate/tiny-generator.js';
import { type Breakable, tinyPack } from './tiny-pack.js';

async function broken(breakIt: (manifest: Breakable) => void): Promise<unknown> {
  const { manifest } = await tinyPack();
  breakIt(manifest);
  return manifest;
}

describe('parsePack', () => {
  it('accepts a good pack and keeps fields it does not know', async () => {
    const { manifest } = await tinyPack();
    manifest.mood = 'sunny';
    manifest.components[1].block = { width: 48 };
    manifest.latent.note = 'hello';
    expect(parsePack(manifest, 'tiny')).toEqual(manifest);
    expect(manifest.format).toBe(PACK_FORMAT);
  });

  it('accepts a pack of an up-sampler alone', async () => {
    const manifest = await broken((m) => {
      m.components.length = 1;
      delete m.latent;
      delete m.path;
    });
    expect(parsePack(manifest, 'tiny').components).toHaveLength(1);
  });

  it('reads newer minors and refuses newer majors before looking at anything else', async () => {
    expect(
      parsePack(
        await broken((m) => {
          m.format = '1.7';
        }),
        'tiny',
      ).format,
    ).toBe('1.7');
    expect(() => parsePack({ format: '2.0', everything: 'different' }, 'tiny')).toThrow(
      expect.objectContaining({
        code: 'pack-invalid',
        message: expect.stringContaining('newer'),
        hint: 'Update this program.',
      }),
    );
    expect(() => parsePack({ format: '0.9' }, 'tiny')).toThrow(/older/);
  });

  it.each<[string, string, (m: Breakable) => void]>([
    ['no format', 'format', (m) => delete m.format],
    ['a format that is no version', 'format', (m) => (m.format = 1)],
    ['an odd name', 'name', (m) => (m.name = '../x')],
    ['no licence', 'licence', (m) => delete m.licence],
    ['a date that is none', 'created', (m) => (m.created = 'yesterday')],
    ['no components', 'components', (m) => (m.components = [])],
    ['an unknown role', 'components[1].role', (m) => (m.components[1].role = 'magician')],
    ['an upsampler without factor', 'components[0].factor', (m) => delete m.components[0].factor],
    ['an upsampler for 3 times', 'components[0].factor', (m) => (m.components[0].factor = 3)],
    ['an encoder with factor', 'components[1].factor', (m) => (m.components[1].factor = 2)],
    ['a component twice', 'components[4].role', (m) => m.components.push(m.components[0])],
    ['a short hash', 'components[2].sha256', (m) => (m.components[2].sha256 = 'abc')],
    ['a size of nothing', 'components[2].bytes', (m) => (m.components[2].bytes = 0)],
    ['a path out of the pack', 'components[0].file', (m) => (m.components[0].file = '../../secret')],
    ['an absolute path', 'components[0].file', (m) => (m.components[0].file = '/etc/passwd')],
    ['a drive', 'components[0].file', (m) => (m.components[0].file = 'c:/x.onnx')],
    ['backslashes', 'components[0].file', (m) => (m.components[0].file = 'a\\..\\b')],
    ['a negative halo', 'components[3].haloPx', (m) => (m.components[3].haloPx = -1)],
    [
      'a shape with a hole',
      'components[0].inputs[0].shape[1]',
      (m) => (m.components[0].inputs[0].shape[1] = null),
    ],
    [
      'a velocity of other channels',
      'components[3].outputs',
      (m) => (m.components[3].outputs[0].shape[1] = 4),
    ],
    ['no latent', 'latent', (m) => delete m.latent],
    ['too few means', 'latent.mean', (m) => m.latent.mean.pop()],
    ['a deviation of zero', 'latent.std[1]', (m) => (m.latent.std[1] = 0)],
    ['a flow without its encoder', 'components', (m) => m.components.splice(1, 1)],
    ['no path', 'path', (m) => delete m.path],
    ['an unknown coupling', 'path.coupling', (m) => (m.path.coupling = 'magic')],
    ['noise at detail 0', 'path.detailTable', (m) => (m.path.detailTable[0].noiseStep = 10)],
    ['detail beyond 1', 'path.defaultDetail', (m) => (m.path.defaultDetail = 1.5)],
    ['data without licence', 'trainedOn[0].licence', (m) => delete m.trainedOn[0].licence],
  ])('refuses %s and names %s', async (_, field, breakIt) => {
    const manifest = await broken(breakIt);
    let thrown: unknown;
    try {
      parsePack(manifest, 'packs/tiny');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'EnlargerError', code: 'pack-invalid' });
    expect((thrown as Error).message).toContain(`${field}: `);
    expect((thrown as Error).message).toContain('packs/tiny');
  });

  it('refuses what is no object at all', () => {
    for (const content of [null, 7, 'pack', []]) {
      expect(() => parsePack(content, 'tiny')).toThrow(expect.objectContaining({ code: 'pack-invalid' }));
    }
  });
});

describe('parsePack of a generator', () => {
  const changed = async (change: (generator: Breakable, manifest: Breakable) => void) => {
    const { manifest } = await sdPack({ side: 8 });
    change(manifest.generator, manifest);
    return manifest;
  };

  it('fills in what is usual', async () => {
    const { generator } = parsePack(await changed(() => undefined), 'tiny');
    expect(generator).toMatchObject({
      schedule: { trainSteps: 1000, spacing: 'leading', karras: false, originalSteps: 50 },
      pictureRange: [-1, 1],
    });
    const flow = await changed((g) => {
      g.prediction = 'flow';
      g.schedule = { kind: 'flow' };
      delete g.pictureRange;
      delete g.steps.max;
    });
    expect(parsePack(flow, 'tiny').generator).toMatchObject({
      schedule: { shift: 1, dataAt: 1, timeScale: 1 },
      pictureRange: [0, 1],
      steps: { max: 100 },
    });
  });

  it.each<[string, string, (generator: Breakable, manifest: Breakable) => void]>([
    ['no decoder', 'components', (_, m) => m.components.pop()],
    ['no generator, but its parts', 'generator', (_, m) => delete m.generator],
    ['no name of the latent space', 'generator.latent.space', (g) => delete g.latent.space],
    ['means of other channels', 'generator.latent.mean', (g) => (g.latent.mean = [1])],
    ['two ways of scaling', 'generator.latent.scalingFactor', (g) => (g.latent.std = [1, 1, 1, 1])],
    ['a flow on a diffusion schedule', 'generator.schedule.kind', (g) => (g.prediction = 'flow')],
    ['a schedule nobody knows', 'generator.schedule.kind', (g) => (g.schedule.kind = 'magic')],
    ['betas out of range', 'generator.schedule.betaEnd', (g) => (g.schedule.betaEnd = 1)],
    ['a solver of flows for diffusion', 'generator.solver', (g) => (g.solver = 'heun')],
    ['more steps than there are', 'generator.steps.max', (g) => (g.steps.max = 1001)],
    [
      'more steps than LCM has',
      'generator.steps.max',
      (g) => Object.assign(g, { solver: 'lcm', steps: { default: 4, max: 51 } }),
    ],
    ['a default beyond the most', 'generator.steps.default', (g) => (g.steps.default = 60)],
    ['guidance below 1', 'generator.guidance.default', (g) => (g.guidance.default = 0.5)],
    ['no length of prompts', 'generator.tokens.length', (g) => delete g.tokens.length],
    ['black that is white', 'generator.pictureRange', (g) => (g.pictureRange = [1, -1])],
  ])('refuses %s and names %s', async (_, field, change) => {
    const manifest = await changed(change);
    expect(() => parsePack(manifest, 'tiny')).toThrow(
      expect.objectContaining({ code: 'pack-invalid', message: expect.stringContaining(`${field}: `) }),
    );
  });
});
