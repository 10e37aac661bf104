/** Stages without networks: bicubic enlargement, exact by tiles, with hooks to make single runs go wrong. */

import type { NoiseRequest, Stage, StageProvider, StageTile } from '../../../core/pipeline/stage.js';
import type { Planes, Raster } from '../../../core/raster/raster.js';
import { resizePlanes } from '../../../core/raster/resample.js';

export interface FakeOptions {
  readonly factors?: readonly (2 | 4)[];
  readonly alignPx?: number;
  readonly haloPx?: number;
  /** Adds this much of the noise it asked for to the red channel. */
  readonly noise?: NoiseRequest & { readonly gain: number };
  /** Called before each run (counted from 0); may throw or replace the result. */
  readonly onRun?: (tile: StageTile, run: number, enlarge: () => Planes) => Planes | undefined;
}

export interface FakeProvider extends StageProvider {
  readonly tiles: StageTile[];
  readonly opened: { factor: number; detail: number; steps?: number }[];
}

export function fakeProvider(options: FakeOptions = {}): FakeProvider {
  const { factors = [2, 4], alignPx = 1, haloPx = 2, noise, onRun } = options;
  const tiles: StageTile[] = [];
  const opened: FakeProvider['opened'] = [];
  return {
    tiles,
    opened,
    factors,
    defaultDetail: 0.5,
    async open(factor, settings): Promise<Stage> {
      opened.push({ factor, ...settings });
      return {
        factor,
        haloPx,
        alignPx,
        noise: noise ? { channels: noise.channels, factor: noise.factor } : null,
        async run(tile) {
          const { lr } = tile;
          if (lr.width % alignPx !== 0 || lr.height % alignPx !== 0) throw new Error('tile is not aligned');
          const enlarge = () => {
            const up = resizePlanes(lr, lr.width * factor, lr.height * factor);
            if (noise) addNoise(up, tile.noise!, noise);
            return up;
          };
          const run = tiles.push(tile) - 1;
          return onRun?.(tile, run, enlarge) ?? enlarge();
        },
      };
    },
    dispose: async () => undefined,
  };
}

/** Spreads channel 0 of the noise over the red pixels it belongs to, at full noise resolution. */
function addNoise(
  up: Planes,
  field: Float32Array,
  { factor, channels, gain }: NoiseRequest & { gain: number },
): void {
  const width = up.width / factor;
  if (field.length !== channels * width * (up.height / factor)) throw new Error('noise has the wrong size');
  for (let at = 0; at < width * (up.height / factor); at++) {
    const corner = ((at - (at % width)) / width) * factor * up.width + (at % width) * factor;
    for (let y = 0; y < factor; y++)
      for (let x = 0; x < factor; x++) up.data[corner + y * up.width + x] += gain * field[at];
  }
}

/** A picture with edges, gradients and, if asked for, transparency. */
export function testPicture(width: number, height: number, transparent = false): Raster {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 4) {
      data[i] = 127 + 100 * Math.sin(x / 3) * Math.cos(y / 5);
      data[i + 1] = (x * 7 + y * 3) % 256;
      data[i + 2] = (x >> 2) % 2 === (y >> 2) % 2 ? 220 : 30;
      data[i + 3] = transparent ? Math.max(0, Math.min(255, (x - width / 4) * 20)) : 255;
    }
  return { width, height, data };
}

/** The largest difference of two pictures in any channel; Infinity for different sizes. */
export function largestDifference(a: Raster, b: Raster): number {
  if (a.width !== b.width || a.height !== b.height) return Infinity;
  let most = 0;
  for (let i = 0; i < a.data.length; i++) {
    const difference = a.data[i] - b.data[i];
    if (difference > most) most = difference;
    else if (-difference > most) most = -difference;
  }
  return most;
}
