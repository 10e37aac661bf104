import { createPlanes, type Planes, type Raster } from '../../../core/raster/raster.js';
import { type Kernel, resizePlanes, resizeRaster } from '../../../core/raster/resample.js';

const keys = (x: number): number => {
  const a = Math.abs(x);
  if (a <= 1) return 1.5 * a ** 3 - 2.5 * a ** 2 + 1;
  return a <= 2 ? -0.5 * a ** 3 + 2.5 * a ** 2 - 4 * a + 2 : 0;
};
const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const KERNELS: Partial<Record<Kernel, [number, (x: number) => number]>> = {
  cubic: [4, keys],
  linear: [2, (x) => Math.max(0, 1 - Math.abs(x))],
  lanczos2: [4, (x) => (Math.abs(x) < 2 ? sinc(x) * sinc(x / 2) : 0)],
  lanczos3: [6, (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0)],
};

/** The published definition, one axis, in its own one-based terms. */
function reference(line: number[], outLength: number, kernel: Kernel, antialias = true): number[] {
  const [kernelWidth, at] = KERNELS[kernel]!;
  const scale = outLength / line.length;
  const shrink = antialias && scale < 1;
  const width = shrink ? kernelWidth / scale : kernelWidth;
  return Array.from({ length: outLength }, (_, i) => {
    const u = (i + 1) / scale + 0.5 * (1 - 1 / scale);
    const left = Math.floor(u - width / 2);
    let sum = 0;
    let total = 0;
    for (let index = left; index <= left + Math.ceil(width) + 1; index++) {
      const weight = shrink ? scale * at(scale * (u - index)) : at(u - index);
      sum += weight * line[Math.min(Math.max(index, 1), line.length) - 1];
      total += weight;
    }
    return sum / total;
  });
}

function reference2d(src: Planes, width: number, height: number, kernel: Kernel, antialias = true): number[] {
  const out: number[] = [];
  for (let c = 0; c < src.channels; c++) {
    const columns = Array.from({ length: src.width }, (_, x) =>
      reference(
        Array.from({ length: src.height }, (_, y) => src.data[(c * src.height + y) * src.width + x]),
        height,
        kernel,
        antialias,
      ),
    );
    for (let y = 0; y < height; y++) {
      out.push(
        ...reference(
          columns.map((column) => column[y]),
          width,
          kernel,
          antialias,
        ),
      );
    }
  }
  return out;
}

function noise(width: number, height: number, channels: number): Planes {
  const planes = createPlanes(width, height, channels);
  let state = 1;
  for (let i = 0; i < planes.data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    planes.data[i] = state / 2 ** 32;
  }
  return planes;
}

const line = (...values: number[]): Planes => ({
  width: values.length,
  height: 1,
  channels: 1,
  data: Float32Array.from(values),
});
const greyRaster = (width: number, values: number[], alpha = 255): Raster => ({
  width,
  height: values.length / width,
  data: Uint8ClampedArray.from(values.flatMap((v) => [v, v, v, alpha])),
});
const reds = (raster: Raster): number[] => Array.from(raster.data.filter((_, i) => i % 4 === 0));

describe('weights worked out by hand', () => {
  it('doubles with -9, 111, 29, -3 over 128 and their mirror image', () => {
    const out = resizePlanes(line(0, 0, 0, 128, 0, 0, 0), 14, 1).data;
    expect(Array.from(out)).toEqual([0, 0, 0, -3, -9, 29, 111, 111, 29, -9, -3, 0, 0, 0]);
  });

  it('halves with -3, -9, 29, 111, 111, 29, -9, -3 over 256', () => {
    const impulse = (at: number): number => {
      const values = new Array(16).fill(0);
      values[at] = 256;
      return resizePlanes(line(...values), 8, 1).data[3];
    };
    expect([3, 4, 5, 6, 7, 8, 9, 10].map(impulse)).toEqual([-3, -9, 29, 111, 111, 29, -9, -3]);
  });

  it('quarters a pair of steps as the definition says', () => {
    const out = resizePlanes(line(0, 0, 0, 0, 1, 1, 1, 1), 2, 1).data;
    const expected = reference([0, 0, 0, 0, 1, 1, 1, 1], 2, 'cubic');
    expect(out[0]).toBeCloseTo(expected[0], 6);
    expect(out[0] + out[1]).toBeCloseTo(1, 6);
  });

  it('repeats the border sample', () => {
    // Output 0 of a doubling sits at -0.25: weights -3, 29, 111, -9 over 128 on samples -2, -1, 0, 1.
    expect(resizePlanes(line(128, 0, 0, 0), 8, 1).data[0]).toBe(-3 + 29 + 111);
  });
});

describe('resizePlanes against the definition', () => {
  const src = noise(13, 9, 2);
  for (const kernel of Object.keys(KERNELS) as Kernel[]) {
    for (const [width, height] of [
      [26, 18],
      [39, 31],
      [6, 4],
      [4, 20],
      [1, 1],
      [13, 9],
      [7, 9],
    ]) {
      it(`${kernel} to ${width} x ${height}`, () => {
        const out = resizePlanes(src, width, height, { kernel });
        const expected = reference2d(src, width, height, kernel);
        expect(out).toMatchObject({ width, height, channels: 2 });
        expect(Math.max(...expected.map((v, i) => Math.abs(v - out.data[i])))).toBeLessThan(1e-6);
      });
    }
  }

  it('does not widen the kernel when asked not to', () => {
    const out = resizePlanes(src, 5, 3, { antialias: false });
    const expected = reference2d(src, 5, 3, 'cubic', false);
    expect(Math.max(...expected.map((v, i) => Math.abs(v - out.data[i])))).toBeLessThan(1e-6);
  });

  it('works on pictures smaller than the kernel', () => {
    const tiny = noise(2, 1, 1);
    const out = resizePlanes(tiny, 7, 5, { kernel: 'lanczos3' });
    const expected = reference2d(tiny, 7, 5, 'lanczos3');
    expect(Math.max(...expected.map((v, i) => Math.abs(v - out.data[i])))).toBeLessThan(1e-6);
  });

  it('takes a scale that is not the ratio of the sizes', () => {
    // 5 samples at scale 0.5 give 3 outputs, the last of which reaches beyond the end.
    const out = resizePlanes(line(0, 0, 0, 0, 1), 3, 1, { kernel: 'box', scaleX: 0.5 }).data;
    expect(Array.from(out)).toEqual([0, 0, 1]);
  });
});

describe('every kernel', () => {
  const kernels: Kernel[] = ['cubic', 'mitchell', 'lanczos2', 'lanczos3', 'linear', 'box', 'gaussian'];
  it.each(kernels)('%s keeps a flat colour and commutes with mirroring', (kernel) => {
    const flat = { ...createPlanes(11, 7, 1), data: new Float32Array(77).fill(0.4) };
    for (const [w, h] of [
      [30, 20],
      [4, 3],
      [10, 7],
    ]) {
      for (const v of resizePlanes(flat, w, h, { kernel }).data) expect(v).toBeCloseTo(0.4, 6);
    }
    const src = noise(12, 1, 1);
    const mirrored = { ...src, data: src.data.slice().reverse() };
    for (const width of [8, 18, 24, 5]) {
      const a = resizePlanes(src, width, 1, { kernel }).data;
      const b = resizePlanes(mirrored, width, 1, { kernel }).data.reverse();
      for (let i = 0; i < width; i++) expect(a[i]).toBeCloseTo(b[i], 6);
    }
  });
});

describe('a window', () => {
  it('is exactly that part of the whole', () => {
    const src = noise(17, 11, 3);
    const whole = resizePlanes(src, 40, 23);
    const part = resizePlanes(src, 40, 23, { window: { x: 7, y: 5, width: 20, height: 9 } });
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < 9; y++) {
        const row = (c * 23 + y + 5) * 40 + 7;
        expect(part.data.slice((c * 9 + y) * 20, (c * 9 + y + 1) * 20)).toEqual(
          whole.data.slice(row, row + 20),
        );
      }
    }
  });

  it('outside the picture is refused, and so is a size of nothing', () => {
    const src = noise(4, 4, 1);
    expect(() => resizePlanes(src, 8, 8, { window: { x: 4, y: 0, width: 5, height: 8 } })).toThrow(/window/);
    expect(() => resizePlanes(src, 0, 8)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
    expect(() => resizePlanes(src, 2.5, 8)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  });
});

describe('resizeRaster', () => {
  it('rounds to 8 bits between the passes, vertical first, halves up', () => {
    const src = greyRaster(
      6,
      Array.from({ length: 36 }, (_, i) => (i * 97 + (i >> 2) * 31) % 256),
    );
    const round = (v: number): number => Math.min(255, Math.max(0, Math.floor(v + 0.5)));
    const columns = Array.from({ length: 6 }, (_, x) =>
      reference(
        Array.from({ length: 6 }, (_, y) => src.data[(y * 6 + x) * 4]),
        3,
        'cubic',
      ).map(round),
    );
    const expected = [0, 1, 2].flatMap((y) =>
      reference(
        columns.map((c) => c[y]),
        3,
        'cubic',
      ).map(round),
    );
    expect(reds(resizeRaster(src, 3, 3))).toEqual(expected);
  });

  it('clips overshoot and stays opaque', () => {
    const out = resizeRaster(greyRaster(6, [0, 0, 0, 255, 255, 255]), 24, 1);
    expect(Math.max(...reds(out))).toBe(255);
    expect(Math.min(...reds(out))).toBe(0);
    expect(out.data.filter((_, i) => i % 4 === 3).every((a) => a === 255)).toBe(true);
  });

  it('never shows the colour of invisible pixels', () => {
    const data = Uint8ClampedArray.from([200, 100, 50, 255, 200, 100, 50, 255, 0, 255, 0, 0, 0, 255, 0, 0]);
    const out = resizeRaster({ width: 4, height: 1, data }, 16, 1);
    for (let i = 0; i < 16; i++) {
      const [r, g, b, a] = out.data.slice(i * 4, i * 4 + 4);
      expect([r, g, b]).toEqual(a === 0 ? [0, 0, 0] : [200, 100, 50]);
    }
    expect(out.data[3]).toBe(255);
    expect(out.data[63]).toBe(0);
  });
});
