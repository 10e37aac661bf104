/** One job of `bench/scale.ts` in a process of its own: enlarges a made picture into a PNG file, prints JSON. */

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openModel } from '../../cli/model.js';
import { LARGE_TILES, planUpscale } from '../../core/pipeline/upscale.js';
import { createRaster, type Raster } from '../../core/raster/raster.js';
import { openPictureWriter } from '../../core/runtime/node/picture-writer.js';
import type { ModelChoice } from '../methods.js';

export interface ScaleJob extends ModelChoice {
  readonly fromPx: number;
  readonly scale: number;
  readonly detail?: number | undefined;
}

export interface ScaleResult {
  /** From the opened model to the finished file. */
  readonly milliseconds: number;
  /** Highest resident memory of the process. */
  readonly peakBytes: number;
}

/** Waves of many lengths with some grain: neither flat nor noise. */
function madePicture(side: number): Raster {
  const picture = createRaster(side, side, [0, 0, 0, 255]);
  for (let y = 0, i = 0; y < side; y++)
    for (let x = 0; x < side; x++, i += 4)
      for (let c = 0; c < 3; c++) {
        const wave = Math.sin((x * y) / (900 + 200 * c)) + Math.sin(x / (7 + c)) * Math.cos(y / 11);
        picture.data[i + c] = 128 + 50 * wave + ((x * 31 + y * 17) % 9);
      }
  return picture;
}

async function main({ fromPx, scale, detail, ...choice }: ScaleJob): Promise<ScaleResult> {
  const model = await openModel(choice);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'enlarger-scale-'));
  try {
    const started = performance.now();
    const job = planUpscale(
      madePicture(fromPx),
      { scale },
      { provider: model.provider, detail, tilePx: LARGE_TILES },
    );
    const { width, height, transparent } = job;
    const file = path.join(folder, 'out.png');
    const writer = await openPictureWriter({ file, width, height, format: 'png', transparent });
    try {
      await job.run((strip) => writer.write(strip));
      await writer.finish();
    } finally {
      await writer.abort();
    }
    const milliseconds = performance.now() - started;
    return { milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await model.dispose();
  }
}

process.stdout.write(JSON.stringify(await main(JSON.parse(process.argv[2]) as ScaleJob)));
