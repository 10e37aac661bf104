import fc from 'fast-check';
import { normalQuantile, stableLog } from '../../../core/flow/gaussian.js';
import { cosineAlphaBar, latentNoise, noiseLevel, noisingStep } from '../../../core/flow/noise.js';
import { philox4x32 } from '../../../core/flow/philox.js';

describe('philox4x32', () => {
  // The known answers that the authors publish with their library (Random123, kat_vectors).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('counter %j, key %j', ([c0, c1, c2, c3], [k0, k1], expected) => {
    const out = new Uint32Array(4);
    philox4x32(out, c0, c1, c2, c3, k0, k1);
    expect([...out]).toEqual(expected);
  });
});

describe('normalQuantile', () => {
  // The first three are the check values of AS 241; the others reach the remaining branches.
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.262340089798409],
    [0.5, 0],
    [0.075, -1.4395314709384563],
    [0.999, 3.090232306167814],
  ])('of %d is %d', (p, expected) => {
    expect(Math.abs(normalQuantile(p) - expected)).toBeLessThan(2e-7 * Math.max(1, Math.abs(expected)));
  });

  it('takes logarithms as exactly as Math.log', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (value) => {
        const expected = Math.log(value);
        expect(Math.abs(stableLog(value) - expected)).toBeLessThan(4e-15 * Math.max(1, Math.abs(expected)));
      }),
    );
  });
});

describe('cosine schedule', () => {
  it('starts at 1, ends at 0 and falls strictly', () => {
    expect(cosineAlphaBar(0)).toBe(1);
    expect(cosineAlphaBar(1)).toBe(0);
    for (let step = 1; step <= 1000; step++) {
      expect(cosineAlphaBar(step / 1000)).toBeLessThan(cosineAlphaBar((step - 1) / 1000));
    }
  });

  it('equals the running product of the discrete schedule', () => {
    const f = (s: number) => Math.cos((((s / 1000 + 0.008) / 1.008) * Math.PI) / 2) ** 2;
    let product = 1;
    for (let entry = 0; entry < 400; entry++) {
      const beta = Math.min(1 - f(entry + 1) / f(entry), 0.999);
      product *= 1 - beta;
    }
    expect(cosineAlphaBar(0.4)).toBeCloseTo(product, 12);
  });

  it('preserves variance and leaves a latent untouched at step 0', () => {
    expect(noiseLevel(0)).toEqual({ signal: 1, sigma: 0 });
    for (const step of [1, 137.5, 400, 1000]) {
      const { signal, sigma } = noiseLevel(step);
      expect(signal ** 2 + sigma ** 2).toBeCloseTo(1, 14);
    }
    const z0 = Float32Array.of(0.3, -4);
    expect(noisingStep(z0, Float32Array.of(9, 9), noiseLevel(0))).toEqual(z0);
    expect([...noisingStep(z0, Float32Array.of(1, 2), { signal: 0.5, sigma: 0.25 })]).toEqual([
      Math.fround(Math.fround(0.3) * 0.5 + 0.25),
      -1.5,
    ]);
  });

  it('refuses times outside 0..1 and noise of another size', () => {
    expect(() => cosineAlphaBar(1.01)).toThrow(RangeError);
    expect(() => noiseLevel(-1)).toThrow(RangeError);
    expect(() => cosineAlphaBar(Number.NaN)).toThrow(RangeError);
    expect(() => noisingStep(new Float32Array(2), new Float32Array(3), noiseLevel(1))).toThrow(RangeError);
  });
});

describe('latentNoise', () => {
  it('gives every window the values of the whole field', () => {
    const [W, H, C] = [13, 11, 6];
    const field = { seed: 2 ** 40 + 7, stage: 1, channels: C };
    const whole = latentNoise({ ...field, x: -3, y: -2, width: W, height: H });
    fc.assert(
      fc.property(fc.nat(W - 1), fc.nat(H - 1), fc.nat(W), fc.nat(H), (left, top, w, h) => {
        const width = Math.min(w, W - left);
        const height = Math.min(h, H - top);
        const part = latentNoise({ ...field, x: left - 3, y: top - 2, width, height });
        for (let c = 0; c < C; c++) {
          for (let row = 0; row < height; row++) {
            const from = (c * H + top + row) * W + left;
            const at = (c * height + row) * width;
            expect(part.subarray(at, at + width)).toEqual(whole.subarray(from, from + width));
          }
        }
      }),
    );
  });

  it('is the same on every machine', () => {
    // Bit patterns, so that a change of generator, layout or rounding shows.
    const noise = latentNoise({ seed: 1, stage: 2, channels: 3, x: -1, y: 7, width: 2, height: 1 });
    expect([...new Uint32Array(noise.buffer)]).toEqual(EXPECTED_BITS);
  });

  it('has the moments of a normal distribution and uncorrelated neighbours', () => {
    const size = 128;
    const noise = latentNoise({ seed: 42, stage: 0, channels: 8, x: 0, y: 0, width: size, height: size });
    const mean = (f: (i: number) => number, n = noise.length) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += f(i);
      return sum / n;
    };
    // 131072 samples: bounds of about four standard errors.
    expect(Math.abs(mean((i) => noise[i]))).toBeLessThan(0.011);
    expect(Math.abs(mean((i) => noise[i] ** 2) - 1)).toBeLessThan(0.016);
    expect(Math.abs(mean((i) => noise[i] ** 3))).toBeLessThan(0.043);
    expect(Math.abs(mean((i) => noise[i] ** 4) - 3)).toBeLessThan(0.11);
    for (const step of [1, size, size * size]) {
      expect(Math.abs(mean((i) => noise[i] * noise[i + step], noise.length - step))).toBeLessThan(0.012);
    }
  });

  it('changes with seed and stage', () => {
    const at = { channels: 1, x: 5, y: 5, width: 1, height: 1 };
    const values = [
      { seed: 0, stage: 0 },
      { seed: 1, stage: 0 },
      { seed: 2 ** 32, stage: 0 },
      { seed: 0, stage: 1 },
    ].map((which) => latentNoise({ ...which, ...at })[0]);
    expect(new Set(values).size).toBe(4);
  });

  it('refuses seeds that a number cannot hold exactly', () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => latentNoise({ seed, stage: 0, channels: 1, x: 0, y: 0, width: 1, height: 1 })).toThrow(
        RangeError,
      );
    }
  });
});

/** 0.0524592, -0.4536556, -0.5354280, -0.1980890, -2.1784415, 0.6686186, as float32 bit patterns. */
const EXPECTED_BITS = [1029103472, 3202893196, 3205042639, 3192575961, 3221973910, 1059793559];
