/** Turns a recipe into a task with its data, its frozen networks and its sample sheet. */

import { encodeModel } from '../core/graph/index.js';
import { buildComponent, upsamplerComponent } from '../core/nets/components.js';
import { fromPlanes } from '../core/raster/planes.js';
import type { Planes, Raster } from '../core/raster/raster.js';
import { resizePlanes } from '../core/raster/resample.js';
import type { Engine } from '../core/runtime/engine.js';
import { float32 } from '../core/runtime/engine.js';
import { writeFileAtomic } from '../core/runtime/node/atomic-write.js';
import { encodeImage } from '../core/runtime/node/codec.js';
import type { PictureSet } from '../core/runtime/node/picture-store.js';
import { createSampler, type Sampler } from '../core/train/data/sampler.js';
import type { Recipe, UpsamplerRecipe } from '../core/train/recipe.js';
import { upsamplerTask } from '../core/train/tasks/upsampler.js';
import type { TrainingTask } from '../core/train/trainer.js';
import { contactSheet } from './sheet.js';

export interface PreparedTask extends TrainingTask {
  /** Writes a PNG that shows what these parameters do to pictures that are never trained on. */
  writeSamples(params: Float32Array, file: string): Promise<void>;
}

const SHEET_ROWS = 6;
const SHEET_HR_PX = 96;

/** One plane set of a packed batch [n, 3, size, size]. */
function item(batch: Float32Array, index: number, size: number): Planes {
  const length = 3 * size * size;
  const data = batch.subarray(index * length, (index + 1) * length);
  return { width: size, height: size, channels: 3, data };
}

async function writeSheet(rows: Raster[][], file: string): Promise<void> {
  await writeFileAtomic(file, await encodeImage(contactSheet(rows, 2), 'png'));
}

/** Loads what the recipe needs. @throws EnlargerError `data-missing` when a run it builds on is missing. */
export async function prepareTask(
  recipe: Recipe,
  pictures: PictureSet,
  runsDir: string,
  engine: Engine,
): Promise<PreparedTask> {
  const sampler = (scale: number, held = false): Sampler =>
    createSampler({
      pictures: held && pictures.holdout.length > 0 ? pictures.holdout : pictures.train,
      seed: recipe.seed,
      batch: held ? SHEET_ROWS : recipe.batch,
      hrPx: held ? SHEET_HR_PX : recipe.hrPx,
      scale,
      degradation: held ? { ...recipe.degradation, benchmark: 1 } : recipe.degradation,
    });
  switch (recipe.task) {
    case 'upsampler':
      return prepareUpsampler(recipe, sampler, engine);
    default:
      throw new Error(`${recipe.task} ${runsDir}`);
  }
}

function prepareUpsampler(
  recipe: UpsamplerRecipe,
  sampler: (scale: number, held?: boolean) => Sampler,
  engine: Engine,
): PreparedTask {
  const { network } = recipe;
  const lrPx = SHEET_HR_PX / network.factor;
  return {
    ...upsamplerTask(recipe, sampler(network.factor)),
    async writeSamples(params, file) {
      const program = await engine.load(
        encodeModel(buildComponent('upsampler', upsamplerComponent(network), params)),
      );
      const batch = sampler(network.factor, true).batch(0);
      const rows: Raster[][] = [];
      for (let i = 0; i < SHEET_ROWS; i++) {
        const lr = item(batch.lr, i, lrPx);
        const { up } = await program.run({
          lr: float32([1, 3, lrPx, lrPx], lr.data.slice()),
          damage: float32([1], Float32Array.of(0)),
        });
        const bicubic = resizePlanes(lr, SHEET_HR_PX, SHEET_HR_PX);
        const enlarged = item(up.data as Float32Array, 0, SHEET_HR_PX);
        rows.push([bicubic, enlarged, item(batch.hr, i, SHEET_HR_PX)].map((planes) => fromPlanes(planes)));
      }
      await program.dispose();
      await writeSheet(rows, file);
    },
  };
}
