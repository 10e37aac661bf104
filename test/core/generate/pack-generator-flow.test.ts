import type { Candidate, GenerateOptions, GenerateProgress } from '../../../core/generate/generator.js';
import { upscale } from '../../../core/pipeline/upscale.js';
import type { FloatPicture } from '../../../core/raster/float-picture.js';
import { fakeProvider } from '../pipeline/fake-stage.js';
import { all, open, sharedFlow, spyEngine } from './pack-generator-driver.js';

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
