import sharp from 'sharp';
import type { Raster } from '../../../core/raster/raster.js';
import { decodeImage } from '../../../core/runtime/node/codec.js';
import { decodePng, needsBrowser, withProfile } from '../../../plugin/engine/worker/decode-png.js';
import { openPngEncoder } from '../../../plugin/engine/worker/png-writer.js';
import { cutStrip } from '../../../plugin/engine/worker/window.js';
import { largestDifference, testPicture } from '../../core/pipeline/fake-stage.js';

const rgba = ({ width, height, data }: Raster) => sharp(data, { raw: { width, height, channels: 4 } });
const soft = testPicture(37, 23, true);
const hard = testPicture(37, 23);

async function written(picture: Raster, transparent: boolean): Promise<Uint8Array> {
  const encoder = openPngEncoder(picture.width, picture.height, transparent);
  for (let y = 0; y < picture.height; y += 7) {
    await encoder.write(
      cutStrip(picture, 0, { x: 0, y, width: picture.width, height: Math.min(7, picture.height - y) })!,
    );
  }
  return encoder.finish();
}

describe('PNG files written row by row', () => {
  it.each([
    [soft, true],
    [hard, false],
  ])('hold exactly what was given, also where nothing is visible', async (picture, transparent) => {
    const file = await written(picture, transparent);
    expect(largestDifference((await decodeImage(file)).raster, picture)).toBe(0);
    expect((await sharp(file).metadata()).channels).toBe(transparent ? 4 : 3);
    expect(decodePng(file).raster.data).toEqual(picture.data);
  });

  it('are smaller than without filters', async () => {
    const ramp = testPicture(64, 64);
    ramp.data.forEach((_, i) => {
      ramp.data[i] = i % 4 === 3 ? 255 : ((i >> 2) % 64) * 3 + (i >> 8);
    });
    expect((await written(ramp, false)).length).toBeLessThan(1000);
  });
});

describe('decodePng', () => {
  it.each([
    ['true colour with alpha', rgba(soft).png()],
    ['true colour', rgba(hard).removeAlpha().png()],
    ['interlaced', rgba(soft).png({ progressive: true })],
    ['16 bits', rgba(soft).toColourspace('rgb16').png()],
    ['256 colours', rgba(hard).png({ palette: true })],
    ['4 colours', rgba(hard).png({ palette: true, colours: 4, dither: 0 })],
    ['2 colours', rgba(hard).png({ palette: true, colours: 2, dither: 0 })],
    ['a palette with transparency', rgba(soft).png({ palette: true, colours: 16 })],
    ['grey', rgba(hard).removeAlpha().toColourspace('b-w').png()],
    ['grey with alpha', rgba(soft).toColourspace('b-w').png()],
  ])('reads %s as the command line does', async (_, image) => {
    const file = await image.toBuffer();
    const { raster } = await decodeImage(file);
    expect(largestDifference(decodePng(file).raster, raster)).toBeLessThanOrEqual(0);
  });

  it('refuses files with a wrong checksum or a missing end', async () => {
    const file = await rgba(soft).png().toBuffer();
    const broken = Uint8Array.from(file);
    broken[60] ^= 1;
    expect(() => decodePng(broken)).toThrow();
    expect(() => decodePng(file.subarray(0, file.length - 20))).toThrow();
  });

  it('leaves interlaced pictures of few colours to the browser', async () => {
    const few = await rgba(hard).png({ palette: true, colours: 4, progressive: true }).toBuffer();
    expect(needsBrowser(few)).toBe(true);
    expect(needsBrowser(await rgba(hard).png().toBuffer())).toBe(false);
  });

  it('finds a profile that was put into a file', async () => {
    const profile = (await sharp(await rgba(hard).withIccProfile('p3').png().toBuffer()).metadata()).icc!;
    const file = await withProfile(await written(hard, false), 'Display P3', profile);
    const decoded = decodePng(file);
    expect(decoded.profile).toMatchObject({ name: 'Display P3' });
    expect(Buffer.compare(Buffer.from(decoded.profile!.bytes), profile)).toBe(0);
    expect((await sharp(file).metadata()).icc?.length).toBe(profile.length);
  });
});
