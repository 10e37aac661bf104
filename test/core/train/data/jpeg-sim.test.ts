import sharp from 'sharp';
import { psnr } from '../../../../core/raster/metrics.js';
import type { Planes } from '../../../../core/raster/raster.js';
import { simulateJpeg } from '../../../../core/train/data/jpeg-sim.js';

const SIDE = 64;

/** A picture with edges, colour and some grain. */
function scene(): Planes {
  const data = new Float32Array(3 * SIDE * SIDE);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const disc = Math.hypot(x - 30, y - 26) < 17 ? 70 + 40 * c : 0;
        const waves = 30 * Math.sin(x * 0.5 + c) + 20 * Math.cos(y * 0.9);
        data[(c * SIDE + y) * SIDE + x] = Math.round(Math.min(255, Math.max(0, 90 + disc + waves))) / 255;
      }
  return { width: SIDE, height: SIDE, channels: 3, data };
}

async function savedAsJpeg(planes: Planes, quality: number, subsample: boolean): Promise<Planes> {
  const area = SIDE * SIDE;
  const rgb = Uint8Array.from({ length: area * 3 }, (_, i) =>
    Math.round(planes.data[(i % 3) * area + Math.floor(i / 3)] * 255),
  );
  const file = await sharp(rgb, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: subsample ? '4:2:0' : '4:4:4' })
    .toBuffer();
  const back = await sharp(file).raw().toBuffer();
  const data = Float32Array.from(
    { length: area * 3 },
    (_, i) => back[(i % area) * 3 + Math.floor(i / area)] / 255,
  );
  return { width: SIDE, height: SIDE, channels: 3, data };
}

describe('simulateJpeg', () => {
  const original = scene();

  it.each([
    [40, false],
    [75, false],
    [92, false],
    [40, true],
    [75, true],
    [92, true],
  ])('does what libjpeg does at quality %d, half chroma %s', async (quality, subsample) => {
    const real = await savedAsJpeg(original, quality, subsample);
    const simulated = simulateJpeg(original, { quality, subsample });
    expect(psnr(simulated, real)).toBeGreaterThan(38);
    // Its error against the original is the real one's, so the test above does not pass by doing nothing.
    expect(Math.abs(psnr(simulated, original) - psnr(real, original))).toBeLessThan(0.4);
  });

  it('moves the block grid with the offset', () => {
    const here = simulateJpeg(original, { quality: 30, subsample: false });
    const there = simulateJpeg(original, { quality: 30, subsample: false, offsetX: 3, offsetY: 5 });
    expect(there.data).not.toEqual(here.data);
    expect(Math.abs(psnr(there, original) - psnr(here, original))).toBeLessThan(2);
  });
});
