import { encodeImage } from '../../core/runtime/node/codec.js';
import { largestDifference, testPicture } from '../core/pipeline/fake-stage.js';
import { made, request, useEnginePage } from './engine-driver.js';

/** Software graphics compile every shader on the processor: seconds on an idle machine, minutes on a busy one. */
const SLOWEST = 1_800_000;

const engine = useEnginePage('tiny');

describe('the engine of a plugin on a graphics device', () => {
  const small = testPicture(24, 16);
  const options = { settings: { startTimeoutMs: SLOWEST } };

  it(
    'gives what the native engine gives',
    async () => {
      await engine.open(options);
      const { value } = await engine.call('start', 'webgpu');
      expect(value).toMatchObject({ name: 'webgpu', description: expect.stringMatching(/^WebGPU: /) });
      const { raster } = await made(await engine.call('upscale', request(await encodeImage(small, 'png'))));
      expect(largestDifference(raster, await engine.enlargedNatively(small))).toBeLessThanOrEqual(2);
    },
    SLOWEST,
  );

  it(
    'goes on with the same picture when the device is destroyed',
    async () => {
      await engine.open({ ...options, faults: [{ loseAt: 3 }, {}] });
      await engine.call('start', 'webgpu');
      const { raster, value } = await made(
        await engine.call('upscale', request(await encodeImage(small, 'png'))),
      );
      expect(largestDifference(raster, await engine.enlargedNatively(small))).toBeLessThanOrEqual(2);
      expect(value.engine).toBe('webgpu');
      expect(value.notices.join(' ')).toMatch(/graphics card stopped.*started again/);
      expect(await engine.call('state')).toMatchObject({ models: 2, pictures: 1 });
    },
    SLOWEST,
  );
});
