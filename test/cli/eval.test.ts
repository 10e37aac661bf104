import { mkdir } from 'node:fs/promises';
import { lrPsnr, psnrRgb, psnrY, ssimY } from '../../core/raster/metrics.js';
import { cropRaster } from '../../core/raster/raster.js';
import { resizeRaster } from '../../core/raster/resample.js';
import { testPicture } from '../core/pipeline/fake-stage.js';
import { run, savePicture, temporaryFolder } from './run.js';

const folder = temporaryFolder();
const pictures = { 'a.png': testPicture(41, 38), 'b.png': testPicture(64, 30) };

beforeEach(async () => {
  await mkdir(folder.file('hr'));
  for (const [name, picture] of Object.entries(pictures))
    await savePicture(folder.file(`hr/${name}`), picture);
});

describe('enlarger eval', () => {
  it('prints the means of all pictures and methods as JSON', async () => {
    const { code, json } = await run(['eval', '--hr', folder.file('hr'), '--scale', '2', '--json']);
    expect(code).toBe(0);
    const measured = Object.values(pictures).map((picture) => {
      const size = { width: picture.width & ~1, height: picture.height & ~1 };
      const hr = cropRaster(picture, { x: 0, y: 0, ...size });
      const lr = resizeRaster(hr, size.width / 2, size.height / 2);
      const sr = resizeRaster(lr, size.width, size.height);
      return [psnrY(sr, hr, 2), ssimY(sr, hr, 2), psnrRgb(sr, hr, 2), lrPsnr(sr, lr)];
    });
    const [psnr, ssim, rgb, low] = measured[0].map((value, i) => (value + measured[1][i]) / 2);
    expect(Object.keys(json[0])).toEqual(['scale', 'images', 'methods']);
    expect(json[0]).toMatchObject({ scale: 2, images: 2 });
    expect(Object.keys(json[0].methods)).toEqual(['enlarger', 'bicubic', 'lanczos3']);
    expect(json[0].methods.bicubic).toEqual({
      psnrY: expect.closeTo(psnr, 6),
      ssimY: expect.closeTo(ssim, 6),
      psnrRgb: expect.closeTo(rgb, 6),
      lrPsnr: expect.closeTo(low, 6),
      seconds: expect.any(Number),
    });
    // The fake model is bicubic without rounding between its passes.
    expect(json[0].methods.enlarger.psnrY).toBeCloseTo(psnr, 0);
    expect(json[0].methods.lanczos3.psnrY).not.toBeCloseTo(psnr, 2);
  });

  it('takes given low-resolution pictures, matched by name, and prints a table', async () => {
    await mkdir(folder.file('lr'));
    for (const [name, picture] of Object.entries(pictures)) {
      const lr = resizeRaster(picture, picture.width >> 2, picture.height >> 2, { kernel: 'box' });
      await savePicture(folder.file(`lr/${name.replace('png', 'webp')}`), lr, 'webp');
    }
    const words = ['eval', '--hr', folder.file('hr'), '--lr', folder.file('lr'), '--scale', '4'];
    const { code, out } = await run([...words, '--methods', 'bicubic']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /4 times, mean of 2 pictures\n +PSNR-Y +SSIM-Y +PSNR-RGB +LR-PSNR +seconds\nbicubic +\d/,
    );
    expect(out).not.toContain('enlarger ');
    await savePicture(folder.file('hr/c.png'), pictures['a.png']);
    const unmatched = await run([...words, '--methods', 'bicubic']);
    expect([unmatched.code, unmatched.err]).toEqual([2, expect.stringMatching(/no picture called c/)]);
  });

  it.each([
    [['--scale', '1'], /from 2 to 16/],
    [['--scale', '2.5'], /whole number/],
    [['--scale', '2', '--methods', 'magic'], /no method "magic"/],
    [[], /--scale/],
  ])('refuses %p', async (words, message) => {
    const { code, err } = await run(['eval', '--hr', folder.file('hr'), ...words]);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('wants a folder with pictures', async () => {
    const { code, err } = await run(['eval', '--hr', folder.file('nothing'), '--scale', '2']);
    expect([code, err]).toEqual([2, expect.stringMatching(/no pictures in/)]);
  });
});
