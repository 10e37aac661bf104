import { checkSize, planEnlarged } from '../../../core/generate/enlarge.js';
import type { Candidate, Generator } from '../../../core/generate/generator.js';
import type { FloatPicture } from '../../../core/raster/float-picture.js';
import { createPlanes, createRaster, type Raster } from '../../../core/raster/raster.js';
import { fakeProvider, testPicture } from '../pipeline/fake-stage.js';

/** A generator whose candidates are this picture. */
function generatorOf(picture: Raster | FloatPicture): Generator {
  return {
    facts: {} as Generator['facts'],
    generate: () => {
      throw new Error('not asked for');
    },
    picture: () => Promise.resolve(picture),
    dispose: () => Promise.resolve(),
  };
}

const candidate: Candidate = { kind: 'raster', index: 2, seed: 77, raster: createRaster(1, 1) };

async function made(picture: Raster | FloatPicture, size: number, options: object = {}) {
  const provider = fakeProvider();
  const job = await planEnlarged(generatorOf(picture), candidate, size, { provider, ...options });
  const raster = createRaster(job.width, job.height);
  const report = await job.run((strip, y) => raster.data.set(strip.data, y * job.width * 4));
  return { raster, report, job };
}

describe('enlarging a candidate', () => {
  it('goes by its longer side, and draws texture by its seed', async () => {
    const { raster, report } = await made(testPicture(128, 64), 512);
    expect([raster.width, raster.height]).toEqual([512, 256]);
    expect(report.seed).toBe(77);
    expect((await made(testPicture(128, 64), 512, { seed: 5 })).report.seed).toBe(5);
  });

  it('leaves it alone at its own size', async () => {
    const picture = testPicture(128, 128, true);
    const { raster, report } = await made(picture, 128);
    expect(raster).toEqual(picture);
    expect(report.stages).toEqual([]);
  });

  it('reduces it where less is wanted, transparency and all', async () => {
    const picture = createRaster(512, 256, [0, 255, 0, 0]);
    for (let y = 64; y < 192; y++)
      for (let x = 64; x < 320; x++) picture.data.set([255, 0, 0, 255], (y * 512 + x) * 4);
    const colour = createPlanes(512, 256, 3);
    const alpha = createPlanes(512, 256, 1);
    for (let i = 0; i < 512 * 256; i++) {
      alpha.data[i] = picture.data[i * 4 + 3] / 255;
      colour.data[alpha.data[i] > 0 ? i : 512 * 256 + i] = 1;
    }
    for (const each of [picture, { width: 512, height: 256, colour, alpha }]) {
      const { raster, job } = await made(each, 256);
      expect([raster.width, raster.height, job.transparent]).toEqual([256, 128, true]);
      // Inside red and opaque, outside nothing, and no green where the two meet.
      expect([...raster.data.subarray((64 * 256 + 64) * 4, (64 * 256 + 64) * 4 + 4)]).toEqual([
        255, 0, 0, 255,
      ]);
      for (let i = 0; i < raster.data.length; i += 4)
        if (raster.data[i + 3] > 0) expect(raster.data[i + 1]).toBe(0);
      expect(raster.data[3]).toBe(0);
    }
  });

  it.each([127, 2049, 256.5, Number.NaN, 0])('refuses a size of %p', async (size) => {
    await expect(made(testPicture(128, 128), size)).rejects.toMatchObject({
      code: 'option-invalid',
      message: expect.stringMatching(/from 128 to 2048/),
    });
  });

  it('refuses more than sixteen times the candidate', () => {
    expect(() => checkSize(1024, 32)).toThrow(/from 128 to 512, not 1024/);
    expect(() => checkSize(2048, 128)).not.toThrow();
  });
});
