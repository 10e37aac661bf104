import type { StagePicture } from '../../../core/pipeline/upscale.js';
import { upscale } from '../../../core/pipeline/upscale.js';
import type { FloatPicture } from '../../../core/raster/float-picture.js';
import { toPlanes } from '../../../core/raster/planes.js';
import { createPlanes, createRaster, type Raster } from '../../../core/raster/raster.js';
import { resizePlanes } from '../../../core/raster/resample.js';
import { fakeProvider, largestDifference, testPicture } from './fake-stage.js';

/** A smooth picture with far more than 256 shades, and alpha that is neither 0 nor 255 anywhere. */
function shades(width: number, height: number): FloatPicture {
  const colour = createPlanes(width, height, 3);
  for (let i = 0; i < colour.data.length; i++) colour.data[i] = 0.5 + (i % width) * 0.00037;
  const alpha = createPlanes(width, height, 1);
  for (let i = 0; i < alpha.data.length; i++) alpha.data[i] = 0.5 + Math.floor(i / width) * 0.0009;
  return { width, height, colour, alpha };
}

describe('a float picture in the cascade', () => {
  it('reaches the first stage without having been rounded to 8 bits', async () => {
    const picture = shades(20, 12);
    const provider = fakeProvider({ haloPx: 0 });
    await upscale(picture, { scale: 4 }, { provider });
    expect([...provider.tiles[0].lr.data]).toEqual([...picture.colour.data]);
  });

  it('gives the same as an 8-bit picture does where both say the same', async () => {
    const raster = testPicture(30, 20, true);
    const alpha = createPlanes(30, 20, 1);
    for (let i = 0; i < alpha.data.length; i++) alpha.data[i] = raster.data[i * 4 + 3] / 255;
    const picture = { width: 30, height: 20, colour: toPlanes(raster), alpha };
    const [a, b] = await Promise.all(
      [raster, picture].map((each) => upscale(each, { scale: 4 }, { provider: fakeProvider() })),
    );
    // Alpha 1 and 254 count as 0 and 255 in a float picture.
    expect(largestDifference(a.raster, b.raster)).toBeLessThanOrEqual(4);
  });

  it('keeps soft transparency finer than 8 bits until the end', async () => {
    const picture = shades(8, 40);
    const { raster } = await upscale(picture, { scale: 2 }, { provider: fakeProvider() });
    const wanted = resizePlanes(picture.alpha!, 16, 80);
    for (let i = 0; i < wanted.data.length; i++)
      expect(Math.abs(raster.data[i * 4 + 3] - wanted.data[i] * 255)).toBeLessThanOrEqual(0.6);
  });

  it('comes out at its own size, rounded once', async () => {
    const picture = shades(10, 6);
    const { raster, stages } = await upscale(picture, { scale: 1 }, { provider: fakeProvider() });
    expect(stages).toEqual([]);
    expect(raster.data[0]).toBe(Math.round(picture.colour.data[0] * 255));
    expect(raster.data[3]).toBe(Math.round(picture.alpha!.data[0] * 255));
  });
});

async function stagesOf(picture: Raster, scale: number, options: object = {}) {
  const seen: { picture: StagePicture; raster: Raster; rows: number }[] = [];
  const result = await upscale(
    picture,
    { scale },
    {
      provider: fakeProvider(),
      tilePx: 64,
      ...options,
      onStageRows(stage, strip, y) {
        const { index, width, height } = stage;
        seen[index] ??= { picture: stage, raster: createRaster(width, height), rows: 0 };
        expect(y).toBe(seen[index].rows);
        seen[index].raster.data.set(strip.data, y * width * 4);
        seen[index].rows += strip.height;
      },
    },
  );
  for (const { picture: stage, rows } of seen) expect(rows).toBe(stage.height);
  return { seen, result };
}

describe('pictures of the stages', () => {
  it('are what came in, and what every stage made', async () => {
    const picture = testPicture(33, 21, true);
    const { seen, result } = await stagesOf(picture, 16);
    expect(seen.map(({ picture: { width, height } }) => [width, height])).toEqual([
      [33, 21],
      [132, 84],
      [528, 336],
    ]);
    expect(largestDifference(seen[0].raster, picture)).toBe(0);
    expect(seen.every(({ picture: { transparent } }) => transparent)).toBe(true);
    expect(largestDifference(seen[2].raster, result.raster)).toBeLessThanOrEqual(1);
    const alone = await upscale(picture, { scale: 4 }, { provider: fakeProvider() });
    expect(largestDifference(seen[1].raster, alone.raster)).toBeLessThanOrEqual(1);
  });

  it('are whole also where the result is resampled', async () => {
    const { seen, result } = await stagesOf(testPicture(41, 200), 6.7);
    expect(seen.map(({ picture: { width, height } }) => [width, height])).toEqual([
      [41, 200],
      [164, 800],
      [328, 1600],
    ]);
    expect(result.width).toBe(275);
  });

  it('double each time if asked to', async () => {
    const { seen, result } = await stagesOf(testPicture(16, 16), 16, { stagesOf: 2 });
    expect(seen.map(({ picture: { width } }) => width)).toEqual([16, 32, 64, 128, 256]);
    expect(result.stages.map(({ factor }) => factor)).toEqual([2, 2, 2, 2]);
  });

  it('change nothing about the result', async () => {
    const picture = testPicture(50, 37);
    const { result } = await stagesOf(picture, 5);
    const plain = await upscale(picture, { scale: 5 }, { provider: fakeProvider(), tilePx: 64 });
    expect(largestDifference(result.raster, plain.raster)).toBe(0);
  });

  it('cannot be of a factor that there are no stages of', async () => {
    const provider = fakeProvider({ factors: [4] });
    await expect(upscale(testPicture(8, 8), { scale: 4 }, { provider, stagesOf: 2 })).rejects.toMatchObject({
      code: 'option-invalid',
      hint: 'It has stages of 4 times.',
    });
  });
});
