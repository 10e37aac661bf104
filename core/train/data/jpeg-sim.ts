/**
 * What JPEG does to a picture, without writing a file: conversion to Y'CbCr, chroma at full or half
 * resolution, 8x8 cosine transform, quantisation with the standard's example tables (ITU-T T.81, annex K)
 * scaled by quality as libjpeg does, and the way back. Entropy coding loses nothing and is left out.
 * Owner: core/train/data.
 */
import { jfifLuma } from '../../raster/colour.js';
import { createPlanes, type Planes } from '../../raster/raster.js';

export interface JpegOptions {
  /** 1 to 100, libjpeg's scale. */
  readonly quality: number;
  /** Chroma at half resolution in both directions (4:2:0) instead of full (4:4:4). */
  readonly subsample: boolean;
  /** How far the picture's first column and row lie inside an 8x8 (4:2:0: 16x16) block. Default 0. */
  readonly offsetX?: number;
  readonly offsetY?: number;
}

const LUMA_TABLE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMA_TABLE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/** Orthonormal DCT-II: row u, column x. */
const DCT = Float64Array.from({ length: 64 }, (_, i) => {
  const u = i >> 3;
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * (i & 7) + 1) * u * Math.PI) / 16);
});

/** The standard's table for a quality, as libjpeg scales it. */
function quantTable(base: readonly number[], quality: number): Float64Array {
  const q = Math.min(100, Math.max(1, Math.round(quality)));
  const percent = q < 50 ? Math.floor(5000 / q) : 200 - q * 2;
  return Float64Array.from(base, (v) => Math.min(255, Math.max(1, Math.floor((v * percent + 50) / 100))));
}

interface Component {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

const scratch = new Float64Array(64);
const coefficients = new Float64Array(64);

/** Transforms, quantises and restores one component of whole blocks in place; samples are centred on 0. */
function quantiseBlocks({ width, height, data }: Component, table: Float64Array): void {
  for (let by = 0; by < height; by += 8) {
    for (let bx = 0; bx < width; bx += 8) {
      const at = by * width + bx;
      for (let y = 0; y < 8; y++) {
        for (let u = 0; u < 8; u++) {
          let sum = 0;
          for (let x = 0; x < 8; x++) sum += DCT[u * 8 + x] * data[at + y * width + x];
          scratch[y * 8 + u] = sum;
        }
      }
      for (let v = 0; v < 8; v++) {
        for (let u = 0; u < 8; u++) {
          let sum = 0;
          for (let y = 0; y < 8; y++) sum += DCT[v * 8 + y] * scratch[y * 8 + u];
          const step = table[v * 8 + u];
          coefficients[v * 8 + u] = Math.round(sum / step) * step;
        }
      }
      for (let y = 0; y < 8; y++) {
        for (let u = 0; u < 8; u++) {
          let sum = 0;
          for (let v = 0; v < 8; v++) sum += DCT[v * 8 + y] * coefficients[v * 8 + u];
          scratch[y * 8 + u] = sum;
        }
      }
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 8; x++) {
          let sum = 0;
          for (let u = 0; u < 8; u++) sum += DCT[u * 8 + x] * scratch[y * 8 + u];
          data[at + y * width + x] = Math.min(127, Math.max(-128, Math.round(sum)));
        }
      }
    }
  }
}

/** Mean of each 2x2 square. */
function halve({ width, height, data }: Component): Component {
  const half = { width: width / 2, height: height / 2, data: new Float32Array((width * height) / 4) };
  for (let y = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++) {
      const i = 2 * y * width + 2 * x;
      half.data[y * half.width + x] = (data[i] + data[i + 1] + data[i + width] + data[i + width + 1]) / 4;
    }
  }
  return half;
}

/** Doubles both sides with the triangle filter (3/4, 1/4) that decoders use for centred chroma. */
function double({ width, height, data }: Component): Component {
  const full = { width: width * 2, height: height * 2, data: new Float32Array(width * height * 4) };
  for (let y = 0; y < full.height; y++) {
    const near = y >> 1;
    const far = Math.min(height - 1, Math.max(0, near + (y & 1 ? 1 : -1)));
    for (let x = 0; x < full.width; x++) {
      const left = x >> 1;
      const right = Math.min(width - 1, Math.max(0, left + (x & 1 ? 1 : -1)));
      const a = 0.75 * data[near * width + left] + 0.25 * data[far * width + left];
      const b = 0.75 * data[near * width + right] + 0.25 * data[far * width + right];
      full.data[y * full.width + x] = 0.75 * a + 0.25 * b;
    }
  }
  return full;
}

/**
 * The picture after saving as JPEG and reading again, rounded to 8-bit levels. Three channels in 0..1.
 * Samples beyond the borders, where blocks stick out, repeat the border.
 */
export function simulateJpeg(src: Planes, options: JpegOptions): Planes {
  const { quality, subsample, offsetX = 0, offsetY = 0 } = options;
  const block = subsample ? 16 : 8;
  const width = Math.ceil((src.width + offsetX) / block) * block;
  const height = Math.ceil((src.height + offsetY) / block) * block;
  const area = src.width * src.height;
  const component = (): Component => ({ width, height, data: new Float32Array(width * height) });
  const luma = component();
  let cb = component();
  let cr = component();
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.min(src.height - 1, Math.max(0, y - offsetY)) * src.width;
    for (let x = 0; x < width; x++, i++) {
      const at = row + Math.min(src.width - 1, Math.max(0, x - offsetX));
      const r = src.data[at] * 255;
      const g = src.data[area + at] * 255;
      const b = src.data[2 * area + at] * 255;
      luma.data[i] = Math.round(jfifLuma(r, g, b)) - 128;
      cb.data[i] = Math.round(-0.168736 * r - 0.331264 * g + 0.5 * b);
      cr.data[i] = Math.round(0.5 * r - 0.418688 * g - 0.081312 * b);
    }
  }
  const chromaTable = quantTable(CHROMA_TABLE, quality);
  quantiseBlocks(luma, quantTable(LUMA_TABLE, quality));
  [cb, cr] = [cb, cr].map((chroma) => {
    const coded = subsample ? halve(chroma) : chroma;
    quantiseBlocks(coded, chromaTable);
    return subsample ? double(coded) : coded;
  });
  const out = createPlanes(src.width, src.height, 3);
  for (let y = 0, to = 0; y < src.height; y++) {
    let i = (y + offsetY) * width + offsetX;
    for (let x = 0; x < src.width; x++, i++, to++) {
      const yy = luma.data[i] + 128;
      out.data[to] = toLevel(yy + 1.402 * cr.data[i]);
      out.data[area + to] = toLevel(yy - 0.344136 * cb.data[i] - 0.714136 * cr.data[i]);
      out.data[2 * area + to] = toLevel(yy + 1.772 * cb.data[i]);
    }
  }
  return out;
}

function toLevel(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value))) / 255;
}
