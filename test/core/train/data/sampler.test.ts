import { type PictureKind, type TrainingPicture, tileEnergy } from '../../../../core/train/data/picture.js';
import { createRng } from '../../../../core/train/data/rng.js';
import { createSampler, type SamplerOptions } from '../../../../core/train/data/sampler.js';

/** Noise whose channel values tell the kind apart: photo below 80, texture below 160, art above. */
function picture(name: string, kind: PictureKind, width: number, height: number): TrainingPicture {
  const low = { photo: 0, texture: 80, art: 170, type: 170 }[kind];
  const rng = createRng(width, height);
  const rgb = Uint8Array.from({ length: width * height * 3 }, () => low + rng.int(80));
  return { name, kind, width, height, rgb, energy: tileEnergy(rgb, width, height) };
}

const PICTURES = [
  picture('a', 'photo', 200, 150),
  picture('b', 'photo', 96, 96),
  picture('c', 'texture', 130, 260),
  picture('d', 'art', 150, 150),
];

const OPTIONS: SamplerOptions = { pictures: PICTURES, seed: 5, batch: 6, hrPx: 32, scale: 2 };

describe('createSampler', () => {
  it('gives the same batch for the same seed and step, whatever was asked before', () => {
    const first = createSampler(OPTIONS);
    const wanted = first.batch(7);
    const second = createSampler(OPTIONS);
    for (const step of [9, 3, 12]) second.batch(step);
    expect(second.batch(7)).toEqual(wanted);
  });

  it('gives other batches for other steps and seeds', () => {
    const sampler = createSampler(OPTIONS);
    expect(sampler.batch(1).hr).not.toEqual(sampler.batch(2).hr);
    expect(createSampler({ ...OPTIONS, seed: 6 }).batch(1).hr).not.toEqual(sampler.batch(1).hr);
  });

  it.each([
    [1, 32],
    [2, 64],
    [4, 96],
  ])('keeps shapes, range and 8-bit levels at scale %d with crops of %d', (scale, hrPx) => {
    const { hr, lr, damage } = createSampler({ ...OPTIONS, scale, hrPx }).batch(3);
    expect(hr.length).toBe(6 * 3 * hrPx * hrPx);
    expect(lr.length).toBe(6 * 3 * (hrPx / scale) ** 2);
    expect(damage.length).toBe(6);
    const values = [...hr, ...lr];
    expect(values.filter((value) => !(value >= 0 && value <= 1))).toEqual([]);
    expect(values.filter((value) => Math.abs(value * 255 - Math.round(value * 255)) > 1e-3)).toEqual([]);
  });

  it('cuts crops from inside the picture only', () => {
    // A crop that ran over an edge would read zeros or bytes of the next row; here every byte is its position.
    const width = 70;
    const height = 66;
    const rgb = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) rgb.set([100 + x, 100 + y, 100], (y * width + x) * 3);
    const ramp: TrainingPicture = {
      name: 'ramp',
      kind: 'photo',
      width,
      height,
      rgb,
      energy: tileEnergy(rgb, width, height),
    };
    const side = 64;
    const sampler = createSampler({ ...OPTIONS, pictures: [ramp], hrPx: side, batch: 4 });
    for (let step = 0; step < 20; step++) {
      const { hr } = sampler.batch(step);
      for (let crop = 0; crop < 4; crop++) {
        const levels = Array.from(
          hr.subarray(crop * 3 * side * side, (crop * 3 + 1) * 3 * side * side),
          (v) => Math.round(v * 255),
        );
        expect(Math.min(...levels)).toBeGreaterThanOrEqual(100);
        expect(Math.max(...levels)).toBeLessThanOrEqual(100 + width - 1);
      }
    }
  });

  it('keeps to the mixture', () => {
    const onlyArt = createSampler({ ...OPTIONS, mixture: { photo: 0, texture: 0, art: 1, type: 0 } }).batch(
      1,
    );
    const onlyPhoto = createSampler({ ...OPTIONS, mixture: { photo: 1, texture: 0, art: 0, type: 0 } }).batch(
      1,
    );
    const mean = (values: Float32Array): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(onlyPhoto.hr)).toBeLessThan(60 / 255);
    expect(mean(onlyArt.hr)).toBeGreaterThan(60 / 255);
  });

  it('says what to do when no picture is large enough', () => {
    expect(() => createSampler({ ...OPTIONS, hrPx: 512 })).toThrow(
      expect.objectContaining({ code: 'data-missing' }),
    );
    expect(() => createSampler({ ...OPTIONS, hrPx: 33 })).toThrow(
      expect.objectContaining({ code: 'option-invalid' }),
    );
  });
});
