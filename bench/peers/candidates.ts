/** The methods that are compared: interpolation, UpscalerJS's three ESRGAN models, this project's pack. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnlargerError } from '../../core/errors.js';
import type { Pack } from '../../core/pack/schema.js';
import { BICUBIC, LANCZOS3, type Method } from '../methods.js';
import type { BrowserRun } from './browser.js';
import { type LayersModel, layersModelMacs, layersModelParameters, packCost } from './macs.js';

export interface Candidate {
  readonly name: string;
  /** Multiply-accumulates of its convolutions per pixel of the result, and its trained values; null for none. */
  readonly macsPerPixel: number | null;
  readonly parameters: number | null;
  /** How it runs in Node, if it does. */
  readonly inNode?: Method;
  /** How it runs in a browser, if it does. */
  readonly inBrowser?: BrowserRun;
}

const UPSCALERJS = ['slim', 'medium', 'thick'] as const;
const MODELS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../node_modules/@upscalerjs');

/**
 * All methods for one scale, in the order of the table.
 * @param ours This project's methods, faithful first, and then the pack's default detail.
 * @param folder Where the pack is.
 */
export async function candidates(
  ours: readonly Method[],
  pack: Pack,
  folder: string,
  scale: number,
): Promise<Candidate[]> {
  const free = { macsPerPixel: null, parameters: null };
  const list: Candidate[] = [BICUBIC, LANCZOS3].map((method) => ({
    name: method.name,
    ...free,
    inNode: method,
  }));
  for (const size of UPSCALERJS) list.push(await upscalerJs(size, scale, folder));
  const details = [0, pack.path?.defaultDetail ?? 0];
  for (const [i, method] of ours.entries())
    list.push({
      name: method.name,
      ...packCost(pack, scale, details[i]),
      inNode: method,
      inBrowser: { page: 'page-ours.ts', name: `x${scale}/${details[i]}`, pack: folder },
    });
  return list;
}

async function upscalerJs(size: string, scale: number, pack: string): Promise<Candidate> {
  const file = path.join(MODELS, `esrgan-${size}/models/x${scale}/model.json`);
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new EnlargerError('data-missing', 'The peers are not installed.', 'Run: npm ci --prefix bench', {
      cause,
    });
  });
  const model = JSON.parse(text) as LayersModel;
  return {
    name: `UpscalerJS ${size}`,
    macsPerPixel: layersModelMacs(model, scale),
    parameters: layersModelParameters(model),
    inBrowser: { page: 'page-upscalerjs.ts', name: `esrgan-${size}/x${scale}`, pack },
  };
}
