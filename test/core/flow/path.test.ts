import { COUPLINGS } from '../../../core/flow/coupling.js';
import { computeUt, computeXt } from '../../../core/flow/path.js';

describe('linear path', () => {
  const x0 = Float32Array.of(0.1, -2, 1e6);
  const x1 = Float32Array.of(0.7, 3, -1e-3);

  it('touches both ends exactly', () => {
    expect(computeXt(x0, x1, 0)).toEqual(x0);
    expect(computeXt(x0, x1, 1)).toEqual(x1);
  });

  it('moves at the constant velocity x1 - x0', () => {
    const ut = computeUt(x0.subarray(0, 2), x1.subarray(0, 2));
    expect(ut[0]).toBeCloseTo(0.6, 6);
    expect(ut[1]).toBe(5);
    const early = computeXt(x0, x1, 0.25);
    const late = computeXt(x0, x1, 0.75);
    for (const i of [0, 1]) expect((late[i] - early[i]) / 0.5).toBeCloseTo(ut[i], 5);
  });

  it('refuses ends of different size', () => {
    expect(() => computeXt(x0, x1.subarray(1), 0.5)).toThrow(RangeError);
    expect(() => computeUt(x0, x1.subarray(1))).toThrow(RangeError);
  });
});

describe('coupling', () => {
  const steps = {
    upsamplePixels: (picture: string) => `up(${picture})`,
    encode: (picture: string) => `encode(${picture})`,
    upsampleLatent: (latent: string) => `latentUp(${latent})`,
  };

  it('psu up-samples pixels before encoding, lsu latents after', () => {
    expect(COUPLINGS.psu('lr', steps)).toBe('encode(up(lr))');
    expect(COUPLINGS.lsu('lr', steps)).toBe('latentUp(encode(lr))');
  });

  it('carries promises through the steps', async () => {
    const later = {
      upsamplePixels: async (picture: Promise<number>) => (await picture) * 2,
      encode: async (picture: Promise<number>) => (await picture) + 1,
      upsampleLatent: async (latent: Promise<number>) => (await latent) * 10,
    };
    await expect(COUPLINGS.psu(Promise.resolve(3), later)).resolves.toBe(7);
    await expect(COUPLINGS.lsu(Promise.resolve(3), later)).resolves.toBe(40);
  });
});
