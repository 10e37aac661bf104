import fc from 'fast-check';
import sharp from 'sharp';
import { orientRaster } from '../../../core/raster/orientation.js';
import type { Raster } from '../../../core/raster/raster.js';
import { decodeImage } from '../../../core/runtime/node/codec.js';
import { type BrowserFormat, fileFacts } from '../../../plugin/engine/worker/file-checks.js';
import { largestDifference, testPicture } from '../../core/pipeline/fake-stage.js';

const rgba = ({ width, height, data }: Raster) => sharp(data, { raw: { width, height, channels: 4 } });
const picture = testPicture(24, 16);

const FORMATS: readonly [BrowserFormat, () => Promise<Uint8Array>][] = [
  ['jpeg', () => rgba(picture).jpeg().toBuffer()],
  ['gif', () => rgba(picture).gif().toBuffer()],
  ['webp', () => rgba(picture).webp().toBuffer()],
  ['png', () => rgba(picture).png().toBuffer()],
  ['avif', () => rgba(picture).avif({ effort: 0 }).toBuffer()],
];

describe('what a file says about itself', () => {
  it.each(FORMATS)('a plain %s is complete and needs no notice', async (format, make) => {
    expect(fileFacts(await make(), format)).toEqual({
      complete: true,
      animated: false,
      orientation: 1,
      cmyk: false,
      profile: undefined,
      bitDepth: 8,
    });
  });

  it.each(FORMATS.slice(0, 3))('half a %s is incomplete', async (format, make) => {
    const file = await make();
    expect(fileFacts(file.subarray(0, file.length >> 1), format).complete).toBe(false);
  });

  it('a JPEG cut behind its thumbnail is incomplete, although that one has an end', async () => {
    const thumbnail = await rgba(testPicture(8, 8)).jpeg().toBuffer();
    const file = await rgba(picture).jpeg().toBuffer();
    const length = thumbnail.length + 2;
    const segment = Buffer.concat([Buffer.from([0xff, 0xe1, length >> 8, length & 255]), thumbnail]);
    const nested = Buffer.concat([file.subarray(0, 2), segment, file.subarray(2)]);
    expect(fileFacts(nested, 'jpeg').complete).toBe(true);
    expect(fileFacts(nested.subarray(0, nested.length - 30), 'jpeg').complete).toBe(false);
  });

  it('finds orientation, CMYK, profiles and animation', async () => {
    const turned = await rgba(picture).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(fileFacts(turned, 'jpeg').orientation).toBe(6);
    const web = await rgba(picture).withMetadata({ orientation: 3 }).webp().toBuffer();
    expect(fileFacts(web, 'webp').orientation).toBe(3);
    const press = await rgba(picture).toColourspace('cmyk').jpeg().toBuffer();
    expect(fileFacts(press, 'jpeg').cmyk).toBe(true);
    const wide = await rgba(picture).withIccProfile('p3').jpeg().toBuffer();
    expect(fileFacts(wide, 'jpeg').profile).toMatch(/P3/i);
    const frames = Buffer.concat([
      new Uint8Array(picture.data),
      new Uint8Array(testPicture(24, 16, true).data),
    ]);
    const raw = { width: 24, height: 32, channels: 4, pageHeight: 16 } as const;
    expect(fileFacts(await sharp(frames, { raw }).gif().toBuffer(), 'gif').animated).toBe(true);
    expect(fileFacts(await sharp(frames, { raw }).webp().toBuffer(), 'webp').animated).toBe(true);
  });

  it('has an answer for any bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<BrowserFormat>('jpeg', 'gif', 'webp', 'avif', 'png'),
        fc.uint8Array({ maxLength: 200 }),
        (format, bytes) => {
          expect(typeof fileFacts(bytes, format).complete).toBe('boolean');
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('orientRaster', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'turns orientation %p upright as the command line does',
    async (orientation) => {
      const file = await rgba(picture).withMetadata({ orientation }).png().toBuffer();
      expect(largestDifference(orientRaster(picture, orientation), (await decodeImage(file)).raster)).toBe(0);
      expect(fileFacts(file, 'png').orientation).toBe(orientation);
    },
  );
});
