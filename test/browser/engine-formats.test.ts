import sharp from 'sharp';
import type { Raster } from '../../core/raster/raster.js';
import { decodeImage } from '../../core/runtime/node/codec.js';
import { largestDifference, testPicture } from '../core/pipeline/fake-stage.js';
import { made, request, SLOW, useEnginePage } from './engine-driver.js';

const engine = useEnginePage('tiny');

describe('the engine of a plugin reads', () => {
  const rgba = (raster: Raster) =>
    sharp(raster.data, { raw: { width: raster.width, height: raster.height, channels: 4 } });
  const soft = testPicture(33, 21, true);
  const hard = testPicture(33, 21);
  const files: [name: string, tolerance: number, notice: RegExp, make: () => Promise<Uint8Array>][] = [
    ['PNG with transparency', 0, /^$/, () => rgba(soft).png().toBuffer()],
    ['indexed PNG', 0, /Indexed/, () => rgba(hard).png({ palette: true, colours: 16 }).toBuffer()],
    ['grey PNG', 0, /Grey/, () => rgba(hard).removeAlpha().toColourspace('b-w').png().toBuffer()],
    ['16-bit PNG', 0, /16 bits/, () => rgba(soft).toColourspace('rgb16').png().toBuffer()],
    ['PNG in another colour space', 3, /profile/, () => rgba(soft).withIccProfile('p3').png().toBuffer()],
    ['JPEG', 4, /^$/, () => rgba(hard).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()],
    [
      'turned JPEG',
      4,
      /EXIF/,
      () =>
        rgba(hard)
          .withMetadata({ orientation: 6 })
          .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
          .toBuffer(),
    ],
    ['WebP with transparency', 0, /^$/, () => rgba(soft).webp({ lossless: true, exact: true }).toBuffer()],
    ['GIF', 0, /^$/, () => rgba(hard).gif().toBuffer()],
    ['AVIF', 6, /^$/, () => rgba(hard).avif({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()],
  ];
  it.each(files)(
    '%s',
    async (_, tolerance, notice, make) => {
      await engine.openPlain();
      const bytes = await make();
      const { raster, value } = await made(
        await engine.call('upscale', request(bytes, { target: { scale: 1 } })),
      );
      expect(largestDifference(raster, (await decodeImage(bytes)).raster)).toBeLessThanOrEqual(tolerance);
      expect(value.notices.join(' ')).toMatch(notice);
    },
    SLOW,
  );

  it(
    'the first frame of an animation, and CMYK, and says so',
    async () => {
      await engine.openPlain();
      const frames = Buffer.concat(
        [false, true].map((transparent) => new Uint8Array(testPicture(16, 16, transparent).data)),
      );
      const gif = await sharp(frames, { raw: { width: 16, height: 32, channels: 4, pageHeight: 16 } })
        .gif()
        .toBuffer();
      const animated = await made(await engine.call('upscale', request(gif, { target: { scale: 1 } })));
      expect(animated.raster.height).toBe(16);
      expect(animated.value.notices.join()).toMatch(/animated/);
      const cmyk = await rgba(testPicture(16, 16)).toColourspace('cmyk').jpeg().toBuffer();
      const press = await made(await engine.call('upscale', request(cmyk, { target: { scale: 1 } })));
      expect(press.value.notices.join()).toMatch(/CMYK/);
    },
    SLOW,
  );
});
