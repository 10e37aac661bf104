/** @jest-environment <rootDir>/test/core/runtime/wasm-environment.cjs */

import { defaultPack } from '../../../cli/model.js';
import { createFolderReader } from '../../../cli/store/pack-reader.js';
import { type LoadedPack, loadPack } from '../../../core/pack/load.js';
import type { StageProvider } from '../../../core/pipeline/stage.js';
import { openStages } from '../../../core/pipeline/stages.js';
import { type UpscaleOptions, upscale } from '../../../core/pipeline/upscale.js';
import { createRaster, type Raster } from '../../../core/raster/raster.js';
import type { Engine } from '../../../core/runtime/engine.js';
import { createCpuEngine } from '../../../core/runtime/node/cpu.js';
import { createWasmEngine } from '../../../core/runtime/wasm.js';
import { largestDifference } from './fake-stage.js';

declare const requireOutside: (id: string) => unknown;
jest.mock('onnxruntime-web/wasm', () => requireOutside('onnxruntime-web/wasm'));

/** What any tile size, and any engine, may change: levels of 0..255. */
const BOUND = 2;

/** Edges, waves, grain and, if wanted, soft and hard transparency. */
function busyPicture(width: number, height: number, transparent = false): Raster {
  const picture = createRaster(width, height, [0, 0, 0, 255]);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 4) {
      const edge = (x * 3 + y * 2) % 37 < 12 ? 60 : 0;
      for (let c = 0; c < 3; c++)
        picture.data[i + c] = 90 + edge + 50 * Math.sin((x * (c + 2) + y) / 5) + ((x * 31 + y * 17 + c) % 23);
      if (transparent) picture.data[i + 3] = x < width / 3 ? 0 : Math.min(255, (x - width / 3) * 16 + y);
    }
  return picture;
}

let pack: LoadedPack;
let engines: { cpu: Engine; wasm: Engine };
let cpu: StageProvider;
let wasm: StageProvider;
beforeAll(async () => {
  pack = await loadPack(createFolderReader(defaultPack()));
  engines = { cpu: await createCpuEngine({ threads: 1 }), wasm: await createWasmEngine() };
  cpu = openStages(pack, engines.cpu);
  wasm = openStages(pack, engines.wasm);
});
afterAll(async () => {
  for (const provider of [cpu, wasm]) await provider.dispose();
  for (const engine of Object.values(engines)) await engine.dispose();
});

async function enlarged(picture: Raster, scale: number, options: Partial<UpscaleOptions>): Promise<Raster> {
  return (await upscale(picture, { scale }, { provider: cpu, seed: 5, ...options })).raster;
}

/** Sizes drawn at random once, so that cuts fall everywhere. */
const CASES = [
  { size: [61, 47], scale: 2, detail: 1, tilePx: 24 },
  { size: [53, 71], scale: 2, detail: 0.3, tilePx: 40 },
  { size: [37, 43], scale: 4, detail: 1, tilePx: 64 },
  { size: [58, 33], scale: 4, detail: 0.3, tilePx: 96 },
  { size: [67, 39], scale: 2, detail: 0, tilePx: 8 },
  { size: [19, 27], scale: 8, detail: 0.3, tilePx: 100 },
] as const;

describe('the shipped pack', () => {
  it.each(CASES)(
    'makes the same picture of $size in tiles: x$scale, detail $detail, tile $tilePx',
    async (each) => {
      const { size, scale, detail, tilePx } = each;
      const picture = busyPicture(size[0], size[1], scale !== 8);
      const whole = await enlarged(picture, scale, { detail, tilePx: 4096 });
      const tiled = await enlarged(picture, scale, { detail, tilePx });
      expect(largestDifference(whole, tiled)).toBeLessThanOrEqual(BOUND);
      const elsewhere = await enlarged(picture, scale, { detail, tilePx, provider: wasm });
      expect(largestDifference(whole, elsewhere)).toBeLessThanOrEqual(BOUND);
    },
  );

  it('reaches as far as its halos with many evaluations', async () => {
    const picture = busyPicture(72, 40);
    const options = { detail: 1, steps: 6 };
    const whole = await enlarged(picture, 2, { ...options, tilePx: 4096 });
    expect(
      largestDifference(whole, await enlarged(picture, 2, { ...options, tilePx: 32 })),
    ).toBeLessThanOrEqual(BOUND);
  });

  it.each([0, undefined, 1])('keeps a flat colour flat at detail %p', async (detail) => {
    const colour = [200, 60, 130, 255] as const;
    const { data } = await enlarged(createRaster(40, 33, [...colour]), 4, { tilePx: 64, detail });
    expect(data.every((value, i) => value === colour[i % 4])).toBe(true);
  });

  it.each([
    [2, 0.3],
    [4, 1],
  ])('makes no step between the tiles of a gradient at x%i, detail %p', async (scale, detail) => {
    const [width, height] = [48, 24];
    const gradient = createRaster(width, height, [0, 0, 0, 255]);
    for (let i = 0; i < gradient.data.length; i++)
      if (i % 4 !== 3) gradient.data[i] = 40 + 2 * ((i >> 2) % width);
    const whole = await enlarged(gradient, scale, { detail, tilePx: 4096 });
    const tiled = await enlarged(gradient, scale, { detail, tilePx: 64 });
    // A level is what rounding makes of the smallest difference.
    expect(largestDifference(whole, tiled)).toBeLessThanOrEqual(1);
  });
});
