import { EnlargerError } from '../../../core/errors.js';
import type { GenerateProgress, Generator } from '../../../core/generate/generator.js';
import { openPackGenerator } from '../../../core/generate/pack-generator.js';
import { decodeImage } from '../../../core/runtime/node/codec.js';
import type { GenerateRequest } from '../../../plugin/engine/generator-client.js';
import type { EncoderOpener } from '../../../plugin/engine/worker/encode.js';
import { CandidateMaker } from '../../../plugin/engine/worker/generate.js';
import { openPngEncoder } from '../../../plugin/engine/worker/png-writer.js';
import { flowPack, load } from '../../core/generate/tiny-generator.js';
import { testEngine } from '../../core/graph/harness.js';
import { fakeProvider, largestDifference } from '../../core/pipeline/fake-stage.js';

const openEncoder: EncoderOpener = (_format, width, height, transparent) =>
  openPngEncoder(width, height, transparent);

let opened: Generator;
beforeAll(async () => {
  opened = openPackGenerator(await load(await flowPack()), await testEngine());
});

/** Counts how often candidates are asked for; `fail` may throw instead. */
function counted(fail?: (asked: number) => void): { generator: Generator; asked: () => number } {
  let asked = 0;
  const generator: Generator = {
    ...opened,
    async *generate(options) {
      asked++;
      fail?.(asked);
      yield* opened.generate(options);
    },
  };
  return { generator, asked: () => asked };
}

const tools = (signal = new AbortController().signal) => ({
  provider: fakeProvider(),
  openEncoder,
  signal,
  onProgress: () => undefined,
});

const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: 'red apple',
  seed: 20,
  guidance: 3,
  index: 0,
  ...more,
});

const decode = async (bytes: Uint8Array) => (await decodeImage(bytes)).raster;

describe('candidates for the panel', () => {
  it('are small pictures that tell the seed they can be had again with', async () => {
    const maker = new CandidateMaker(opened);
    const seen: GenerateProgress[] = [];
    const onProgress = (progress: GenerateProgress) => {
      seen.push(progress);
    };
    const third = await maker.generate(request({ index: 2, steps: 3 }), { ...tools(), onProgress });
    expect(third).toMatchObject({
      prompt: 'red apple',
      seed: 20,
      index: 2,
      steps: 3,
      candidateSeed: 22,
      picture: { format: 'png', width: 32, height: 32 },
    });
    expect(seen.at(-1)).toMatchObject({ percent: 100, step: 3, steps: 3 });
    const again = await maker.generate(request({ seed: 22, steps: 3 }), tools());
    expect(again.picture.bytes).toEqual(third.picture.bytes);
    const raster = await decode(third.picture.bytes);
    expect(raster.data.some((value, i) => i % 4 === 3 && value < 255)).toBe(true);
  });

  it('are enlarged when they are picked, without being made again', async () => {
    const { generator, asked } = counted();
    const maker = new CandidateMaker(generator);
    for (let index = 0; index < 4; index++) await maker.generate(request({ index }), tools());
    const told: number[] = [];
    const result = await maker.enlarge(
      { ...request({ index: 1 }), size: 256, formats: ['png'], withStages: true, stagesOf: 2 },
      { ...tools(), onStage: ({ width }) => told.push(width) },
    );
    expect(asked()).toBe(4);
    expect(told).toEqual([32, 64, 128, 256]);
    expect(result).toMatchObject({
      inputWidth: 32,
      seed: 21,
      picture: { width: 256, height: 256, pieces: [{ x: 0, y: 0, width: 256, height: 256, format: 'png' }] },
    });
    expect(result.stagePictures.map(({ width }) => width)).toEqual([32, 64, 128, 256]);
    const [large, last] = await Promise.all(
      [result.picture.pieces[0].bytes, result.stagePictures[3].bytes].map(decode),
    );
    expect(largestDifference(large, last)).toBeLessThanOrEqual(1);
    const plain = await maker.enlarge({ ...request({ index: 1 }), size: 256, formats: ['png'] }, tools());
    expect(plain.stagePictures).toEqual([]);
  });

  it('are made again when they are not kept any more', async () => {
    const maker = new CandidateMaker(opened);
    const size = { size: 128, formats: ['png'] as const };
    const kept = await maker.enlarge({ ...request(), ...size }, tools());
    const fresh = await new CandidateMaker(opened).enlarge({ ...request(), ...size }, tools());
    expect(fresh.picture.pieces[0].bytes).toEqual(kept.picture.pieces[0].bytes);
  });

  it('are laid over white where the editor takes no transparency', async () => {
    const maker = new CandidateMaker(opened);
    const result = await maker.enlarge({ ...request(), size: 128, formats: ['jpeg'] }, tools());
    expect(result.picture.pieces[0].format).toBe('jpeg');
    expect(result.notices).toEqual([expect.stringMatching(/laid over white/)]);
  });

  it('are tried again on an engine that was replaced, but not for ever', async () => {
    const lost = (until: number) => (asked: number) => {
      if (asked <= until) throw new EnlargerError('engine-lost', 'Gone.');
    };
    const twice = counted(lost(2));
    await new CandidateMaker(twice.generator).generate(request(), tools());
    expect(twice.asked()).toBe(3);
    const always = counted(lost(99));
    await expect(new CandidateMaker(always.generator).generate(request(), tools())).rejects.toMatchObject({
      code: 'engine-lost',
    });
    expect(always.asked()).toBe(4);
  });

  it.each([
    [{ prompt: ' ' }, 'prompt-invalid'],
    [{ guidance: 99 }, 'option-invalid'],
    [{ seed: -5 }, 'option-invalid'],
    [{ steps: 0 }, 'option-invalid'],
  ])('are refused for %p', async (more, code) => {
    await expect(new CandidateMaker(opened).generate(request(more), tools())).rejects.toMatchObject({ code });
  });

  it('stop when they are not wanted any more', async () => {
    const abort = new AbortController();
    const onProgress = () => abort.abort();
    const work = new CandidateMaker(opened).generate(request(), { ...tools(abort.signal), onProgress });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });
});
