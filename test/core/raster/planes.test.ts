import {
  cropPlanes,
  dihedral,
  dihedralInverse,
  fromPlanes,
  paintPlanes,
  pastePlanes,
  toPlanes,
} from '../../../core/raster/planes.js';
import { createPlanes, createRaster, type Planes } from '../../../core/raster/raster.js';

const counting = (width: number, height: number, channels: number): Planes => ({
  width,
  height,
  channels,
  data: Float32Array.from({ length: width * height * channels }, (_, i) => i),
});

describe('rasters and planes', () => {
  it('come back the same for all 256 levels, with and without alpha', () => {
    const raster = createRaster(16, 16);
    const alpha = new Uint8ClampedArray(256);
    for (let i = 0; i < 256; i++) {
      raster.data.set([i, 255 - i, (i * 7) & 255, (i * 3) & 255], i * 4);
      alpha[i] = (i * 3) & 255;
    }
    expect(fromPlanes(toPlanes(raster), alpha)).toEqual(raster);
    expect(
      fromPlanes(toPlanes(raster))
        .data.filter((_, i) => i % 4 === 3)
        .every((a) => a === 255),
    ).toBe(true);
  });

  it('round and clip, and spread one channel to three', () => {
    const planes = {
      width: 4,
      height: 1,
      channels: 1,
      data: Float32Array.of(-0.5, 1.5, 100.4 / 255, 100.6 / 255),
    };
    expect(Array.from(fromPlanes(planes).data)).toEqual([0, 255, 100, 101].flatMap((v) => [v, v, v, 255]));
  });

  it('repeat the border where the window reaches out', () => {
    const raster = createRaster(2, 2);
    raster.data.set([255, 0, 0, 255], 0);
    raster.data.set([0, 255, 0, 255], 12);
    const planes = toPlanes(raster, { x: -1, y: -1, width: 4, height: 4 });
    expect(Array.from(planes.data.slice(0, 16))).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(planes.data[16 + 15]).toBe(1);
  });

  it('are painted in place without touching alpha, cut at the border', () => {
    const into = createRaster(3, 2, [9, 9, 9, 77]);
    paintPlanes({ width: 2, height: 2, channels: 1, data: Float32Array.of(1, 1, 1, 1) }, into, 2, 1);
    expect(Array.from(into.data)).toEqual([...Array(5).fill([9, 9, 9, 77]).flat(), 255, 255, 255, 77]);
    paintPlanes(counting(3, 3, 1), into, 0, 0, { x: 0, y: 0, width: 1, height: 1 });
    expect(Array.from(into.data.slice(0, 8))).toEqual([0, 0, 0, 77, 9, 9, 9, 77]);
  });
});

describe('cropPlanes and pastePlanes', () => {
  it('cut inside and beyond the border', () => {
    const src = counting(4, 3, 2);
    expect(Array.from(cropPlanes(src, 1, 1, 2, 2).data)).toEqual([5, 6, 9, 10, 17, 18, 21, 22]);
    expect(Array.from(cropPlanes(src, -1, 2, 3, 2).data)).toEqual([8, 8, 9, 8, 8, 9, 20, 20, 21, 20, 20, 21]);
  });

  it('paste what was cut, dropping what lies outside', () => {
    const src = counting(4, 3, 2);
    const copy = createPlanes(4, 3, 2);
    pastePlanes(cropPlanes(src, -2, -2, 8, 8), copy, -2, -2);
    expect(copy).toEqual(src);
    const part = createPlanes(4, 3, 2);
    pastePlanes(src, part, 3, 2, { x: 1, y: 1, width: 2, height: 2 });
    expect(Array.from(part.data).filter((v) => v !== 0)).toEqual([5, 17]);
    pastePlanes(src, part, 9, 9);
    expect(part.data[11]).toBe(5);
  });
});

describe('dihedral', () => {
  it('turns anticlockwise and mirrors', () => {
    const src = counting(3, 2, 1);
    expect(Array.from(dihedral(src, 0).data)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Array.from(dihedral(src, 1).data)).toEqual([2, 5, 1, 4, 0, 3]);
    expect(Array.from(dihedral(src, 2).data)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(Array.from(dihedral(src, 3).data)).toEqual([3, 0, 4, 1, 5, 2]);
    expect(Array.from(dihedral(src, 4).data)).toEqual([2, 1, 0, 5, 4, 3]);
  });

  it('gives eight different pictures, each undone by its inverse', () => {
    const src = counting(3, 2, 2);
    const all = Array.from({ length: 8 }, (_, k) => dihedral(src, k));
    expect(new Set(all.map((p) => `${p.width}:${p.data.join()}`)).size).toBe(8);
    for (let k = 0; k < 8; k++) expect(dihedral(all[k], dihedralInverse(k))).toEqual(src);
  });
});
