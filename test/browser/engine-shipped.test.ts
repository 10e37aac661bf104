import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { decodeImage, encodeImage } from '../../core/runtime/node/codec.js';
import { largestDifference } from '../core/pipeline/fake-stage.js';
import { made, ROOT, request, SLOW, useEnginePage } from './engine-driver.js';

const engine = useEnginePage('shipped');

describe('the plugin as it ships', () => {
  it(
    'gives the picture of the native engine',
    async () => {
      await engine.open({});
      expect((await engine.call('start', 'wasm')).value).toMatchObject({
        name: 'wasm',
        pack: { name: 'enlarger-1' },
      });
      const { raster: photo } = await decodeImage(
        await sharp(readFileSync(path.join(ROOT, 'models/demo/welder.png')))
          .extract({ left: 40, top: 40, width: 32, height: 24 })
          .png()
          .toBuffer(),
      );
      const { raster } = await made(await engine.call('upscale', request(await encodeImage(photo, 'png'))));
      expect(largestDifference(raster, await engine.enlargedNatively(photo))).toBeLessThanOrEqual(2);
    },
    SLOW,
  );
});
