import sharp from 'sharp';
import { isSeeThrough } from '../../plugin/beneath.js';
import type { EnlargedPicture, ImageFormat } from '../../plugin/host.js';
import { encodePng } from '../../plugin/hosts/fixture/png.js';
import { testPicture } from '../core/pipeline/fake-stage.js';

const picture = (bytes: Uint8Array, format: ImageFormat): EnlargedPicture => ({
  width: 4,
  height: 4,
  pieces: [{ bytes, format, x: 0, y: 0, width: 4, height: 4 }],
});
const pixels = (transparent: boolean) => testPicture(16, 16, transparent);
const sharpOf = (transparent: boolean) => {
  const { width, height, data } = pixels(transparent);
  return sharp(data, { raw: { width, height, channels: 4 } });
};

describe('what lies beneath shows through', () => {
  it.each<[string, boolean, () => Promise<EnlargedPicture>]>([
    ['an RGBA file', true, async () => picture(encodePng(pixels(true)).bytes, 'png')],
    ['an RGB file', false, async () => picture(encodePng(pixels(false)).bytes, 'png')],
    [
      'a palette with transparency',
      true,
      async () => picture(await sharpOf(true).png({ palette: true }).toBuffer(), 'png'),
    ],
    [
      'a palette without',
      false,
      async () => picture(await sharpOf(false).removeAlpha().png({ palette: true }).toBuffer(), 'png'),
    ],
    ['a JPEG', false, async () => picture(await sharpOf(false).jpeg().toBuffer(), 'jpeg')],
    [
      'a lossy WebP',
      false,
      async () => picture(await sharpOf(false).removeAlpha().webp().toBuffer(), 'webp'),
    ],
    ['a WebP with alpha', true, async () => picture(await sharpOf(true).webp().toBuffer(), 'webp')],
    ['a GIF', true, async () => picture(await sharpOf(true).gif().toBuffer(), 'gif')],
    [
      'a file that ends in the middle',
      true,
      async () => picture(encodePng(pixels(false)).bytes.slice(0, 30), 'png'),
    ],
    ['no file at all', true, async () => picture(new Uint8Array(), 'png')],
  ])('%s: %s', async (_, expected, make) => {
    expect(isSeeThrough(await make())).toBe(expected);
  });

  it('one piece that does is enough', () => {
    const [opaque] = picture(encodePng(pixels(false)).bytes, 'png').pieces;
    const [soft] = picture(encodePng(pixels(true)).bytes, 'png').pieces;
    expect(isSeeThrough({ width: 8, height: 4, pieces: [opaque, { ...soft, x: 4 }] })).toBe(true);
  });
});
