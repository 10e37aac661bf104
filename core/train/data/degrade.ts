/**
 * Makes the small, worse picture that the networks learn to undo: mostly exactly the reduction of the
 * published test sets, sometimes another kernel, a slight blur or JPEG. Owner: core/train/data.
 */
import { damageFromQuality } from '../../raster/jpeg-damage.js';
import type { Planes } from '../../raster/raster.js';
import { type Kernel, resizePlanes } from '../../raster/resample.js';
import { simulateJpeg } from './jpeg-sim.js';
import type { PictureKind } from './picture.js';
import type { Rng } from './rng.js';

/** How often and how much pictures are made worse; shares are probabilities in 0..1. */
export interface Degradation {
  /** Share reduced exactly as the test sets are (MATLAB bicubic, 8 bits) and nothing else. */
  readonly benchmark: number;
  /**
   * Share of drawn pictures (`art`, `type`) reduced by area coverage and nothing else: what a rasteriser makes of the
   * same drawing at the small size, so what screenshots and exported layers are.
   */
  readonly coverage: number;
  /** Of the rest: share reduced by a kernel other than bicubic. */
  readonly otherKernel: number;
  /** Of the rest: share blurred slightly before reduction. */
  readonly blur: number;
  /** Greatest standard deviation of that blur, in pixels of the small picture. */
  readonly blurSigma: number;
  /** Of the rest: share saved as JPEG after reduction. */
  readonly jpeg: number;
  /** Range of JPEG qualities. */
  readonly jpegQuality: readonly [number, number];
  /** Share of the JPEGs with chroma at half resolution. */
  readonly jpegSubsample: number;
}

export const DEFAULT_DEGRADATION: Degradation = {
  benchmark: 0.75,
  coverage: 0,
  otherKernel: 0.5,
  blur: 0.15,
  blurSigma: 0.5,
  jpeg: 0.65,
  jpegQuality: [40, 95],
  jpegSubsample: 0.6,
};

/** Only the reduction of the test sets. */
export const BENCHMARK_DEGRADATION: Degradation = { ...DEFAULT_DEGRADATION, benchmark: 1 };

const OTHER_KERNELS: readonly Kernel[] = ['lanczos3', 'box', 'linear', 'mitchell', 'lanczos2'];

/** Rounds planes in 0..1 to 8-bit levels in place, halves up as MATLAB does, and clips. */
export function roundTo8Bit(planes: Planes): Planes {
  const { data } = planes;
  for (let i = 0; i < data.length; i++) {
    const level = Math.floor(data[i] * 255 + 0.5);
    data[i] = Math.min(255, Math.max(0, level)) / 255;
  }
  return planes;
}

/** The reduction of the test sets: vertical pass, 8 bits, horizontal pass, 8 bits. */
function reduce(hr: Planes, scale: number, kernel: Kernel): Planes {
  if (scale === 1) return { ...hr, data: hr.data.slice() };
  const [width, height] = [hr.width / scale, hr.height / scale];
  // Rounding between the passes matters for its clipping: black text on white overshoots in both.
  const squeezed = roundTo8Bit(resizePlanes(hr, hr.width, height, { kernel }));
  return roundTo8Bit(resizePlanes(squeezed, width, height, { kernel }));
}

/** Gaussian blur with replicated borders; `sigma` in pixels of the picture given. */
function blur(src: Planes, sigma: number): Planes {
  const radius = Math.max(1, Math.ceil(sigma * 2.5));
  const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  let from: Float32Array = src.data;
  for (const vertical of [true, false]) {
    const to = new Float32Array(from.length);
    const length = vertical ? src.height : src.width;
    const stride = vertical ? src.width : 1;
    for (let i = 0; i < to.length; i++) {
      const place = vertical ? Math.floor(i / src.width) % src.height : i % src.width;
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        const there = Math.min(length - 1, Math.max(0, place + k));
        sum += taps[k + radius] * from[i + (there - place) * stride];
      }
      to[i] = sum / total;
    }
    from = to;
  }
  return { ...src, data: from };
}

/**
 * The low-resolution picture of `hr` (three channels in 0..1, sides multiples of `scale`), on 8-bit levels,
 * and its JPEG damage: 0 clean, 1 ruined, the figure that `core/raster/jpeg-damage.ts` defines.
 */
export function degrade(
  hr: Planes,
  scale: number,
  rng: Rng,
  settings: Degradation = DEFAULT_DEGRADATION,
  kind: PictureKind = 'photo',
): { lr: Planes; damage: number } {
  const drawn = kind === 'art' || kind === 'type';
  if (drawn && settings.coverage > 0 && rng.chance(settings.coverage))
    return { lr: reduce(hr, scale, 'box'), damage: 0 };
  if (rng.chance(settings.benchmark)) return { lr: reduce(hr, scale, 'cubic'), damage: 0 };
  const kernel = rng.chance(settings.otherKernel) ? OTHER_KERNELS[rng.int(OTHER_KERNELS.length)] : 'cubic';
  const sharp = rng.chance(settings.blur)
    ? roundTo8Bit(blur(hr, scale * rng.range(0.15, settings.blurSigma)))
    : hr;
  const lr = reduce(sharp, scale, kernel);
  if (!rng.chance(settings.jpeg)) return { lr, damage: 0 };
  const [low, high] = settings.jpegQuality;
  const quality = low + rng.int(high - low + 1);
  const subsample = rng.chance(settings.jpegSubsample);
  const block = subsample ? 16 : 8;
  const saved = simulateJpeg(lr, { quality, subsample, offsetX: rng.int(block), offsetY: rng.int(block) });
  return { lr: saved, damage: damageFromQuality(quality) };
}
