/** What a method costs: seconds and memory, each method alone, warmed up, the middle one of several runs. */

import { createRaster, type Raster } from '../../core/raster/raster.js';
import type { Method } from '../methods.js';
import { median } from '../table.js';
import { type BrowserRun, openInBrowser } from './browser.js';
import type { Candidate } from './candidates.js';

export interface Cost {
  /** Chromium, one thread of WebAssembly; null for what does not run there. */
  readonly wasmSecondsPerMegapixel: number | null;
  /** Node with all threads of the engine; null for what does not run there. */
  readonly nodeSecondsPerMegapixel: number | null;
  /** Peak resident memory of the page's process, runtime and pictures included; null where it cannot be told. */
  readonly peakMegabytes: number | null;
}

export interface CostOptions {
  readonly pictures: readonly Raster[];
  readonly scale: number;
  readonly runs: number;
}

type Run = (lr: Raster) => Promise<{ readonly milliseconds: number }>;

/** Sum over the pictures of the middle time of each, by their megapixels. */
async function secondsPerMegapixel(run: Run, { pictures, scale, runs }: CostOptions): Promise<number> {
  let milliseconds = 0;
  let pixels = 0;
  for (const picture of pictures) {
    const times: number[] = [];
    for (let i = 0; i < runs; i++) times.push((await run(picture)).milliseconds);
    milliseconds += median(times);
    pixels += picture.width * picture.height * scale * scale;
  }
  return milliseconds / 1000 / (pixels / 1e6);
}

async function costInBrowser(browser: BrowserRun, options: CostOptions) {
  const method = await openInBrowser(browser);
  try {
    const wasmSecondsPerMegapixel = await secondsPerMegapixel(method.enlarge, options);
    const peak = await method.peakBytes();
    return { wasmSecondsPerMegapixel, peakMegabytes: peak === undefined ? null : peak / 1e6 };
  } finally {
    await method.close();
  }
}

async function costInNode(method: Method, options: CostOptions): Promise<number> {
  await method.enlarge(createRaster(32, 32, [128, 128, 128, 255]), options.scale);
  const run: Run = async (lr) => {
    const started = performance.now();
    await method.enlarge(lr, options.scale);
    return { milliseconds: performance.now() - started };
  };
  return secondsPerMegapixel(run, options);
}

/** Both places one after the other, never at once. */
export async function measureCost({ inBrowser, inNode }: Candidate, options: CostOptions): Promise<Cost> {
  const page = inBrowser && (await costInBrowser(inBrowser, options));
  return {
    wasmSecondsPerMegapixel: page?.wasmSecondsPerMegapixel ?? null,
    peakMegabytes: page?.peakMegabytes ?? null,
    nodeSecondsPerMegapixel: inNode ? await costInNode(inNode, options) : null,
  };
}
