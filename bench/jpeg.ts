/**
 * Damaged input: pictures that went through JPEG before they are enlarged. Back-projection holds the result to
 * its input, and on damaged input that would bring the damage back, so the pipeline weakens it by the damage.
 * Measured without back-projection, as the pipeline has it, and at full strength.
 */

import path from 'node:path';
import { packageRoot } from '../cli/model.js';
import { createFolderReader } from '../cli/store/pack-reader.js';
import { loadPack } from '../core/pack/load.js';
import { openStages } from '../core/pipeline/stages.js';
import { damageFromQuality } from '../core/raster/jpeg-damage.js';
import { lrPsnr, psnrY } from '../core/raster/metrics.js';
import type { Engine } from '../core/runtime/engine.js';
import { float32 } from '../core/runtime/engine.js';
import { createEngine } from '../core/runtime/node/engines.js';
import { BICUBIC, type Method, type ModelChoice, oursOf } from './methods.js';
import { throughJpeg } from './perceptual/distortions.js';
import { perceptualDistance } from './perceptual.js';
import { pairsOf } from './pictures.js';
import { markdownTable, mean } from './table.js';

export interface JpegOptions extends ModelChoice {
  /** A test set or a folder of originals. */
  readonly set: string;
  readonly scale: number;
  readonly qualities: readonly number[];
  readonly limit?: number | undefined;
  readonly say: (line: string) => void;
}

/** Means over the pictures. */
export interface JpegRow {
  /** JPEG quality of the input; null for clean input. */
  readonly quality: number | null;
  readonly method: string;
  readonly psnrY: number;
  /** The result reduced again, against the clean input that nobody gave it: what became of the damage. */
  readonly lrPsnrClean: number;
  /** Against the damaged input. */
  readonly lrPsnrGiven: number;
  readonly perceptual: number;
}

/** The strengths of back-projection that are compared; undefined is the pipeline's own choice. */
const STRENGTHS = [
  { name: 'no back-projection', strength: 0 },
  { name: 'as the pipeline has it', strength: undefined },
  { name: 'full back-projection', strength: 1 },
] as const;

/** An engine whose programs get another back-projection strength than the pipeline asks for. */
function withStrength(engine: Engine, strength: number): Engine {
  return {
    ...engine,
    async load(model) {
      const program = await engine.load(model);
      const consistency = float32([1], Float32Array.of(strength));
      return { ...program, run: (inputs) => program.run({ ...inputs, consistency }) };
    },
  };
}

export async function benchJpeg(options: JpegOptions): Promise<JpegRow[]> {
  const { pack = path.join(packageRoot(), 'models', 'enlarger-1'), backend, threads } = options;
  const loaded = await loadPack(createFolderReader(pack));
  const { engine } = await createEngine(backend, threads === undefined ? {} : { threads });
  const methods: Method[] = [BICUBIC];
  const close: (() => Promise<void>)[] = [];
  try {
    for (const { name, strength } of STRENGTHS) {
      const provider = await openStages(
        loaded,
        strength === undefined ? engine : withStrength(engine, strength),
      );
      close.push(() => provider.dispose());
      const details = provider.defaultDetail === 0 ? [0] : [0, provider.defaultDetail];
      for (const detail of details) {
        const ours = oursOf(provider, detail);
        methods.push({ ...ours, name: `${ours.name}, ${name}` });
      }
    }
    const rows: JpegRow[] = [];
    for (const quality of [null, ...options.qualities])
      for (const method of methods) rows.push(await measure(method, quality, options));
    return rows;
  } finally {
    for (const dispose of close) await dispose();
    await engine.dispose();
  }
}

async function measure(
  method: Method,
  quality: number | null,
  { set, scale, limit, say }: JpegOptions,
): Promise<JpegRow> {
  say(`${quality === null ? 'clean' : `JPEG ${quality}`}: ${method.name}`);
  const damage = quality === null ? 0 : damageFromQuality(quality);
  const scores: Omit<JpegRow, 'quality' | 'method'>[] = [];
  for await (const { hr, lr } of pairsOf(set, scale, limit)) {
    const given = quality === null ? lr : await throughJpeg(lr, quality);
    const made = await method.enlarge(given, scale, damage);
    scores.push({
      psnrY: psnrY(made, hr, scale),
      lrPsnrClean: lrPsnr(made, lr),
      lrPsnrGiven: lrPsnr(made, given),
      perceptual: await perceptualDistance(hr, made),
    });
  }
  const over = (key: keyof (typeof scores)[number]) => mean(scores.map((score) => score[key]));
  return {
    quality,
    method: method.name,
    psnrY: over('psnrY'),
    lrPsnrClean: over('lrPsnrClean'),
    lrPsnrGiven: over('lrPsnrGiven'),
    perceptual: over('perceptual'),
  };
}

export function jpegTable(rows: readonly JpegRow[]): string {
  return markdownTable(
    ['method', 'input', 'PSNR-Y', 'LR-PSNR to the clean input', 'to the given input', 'perceptual'],
    rows.map((row) => [
      row.method,
      row.quality === null ? 'clean' : `JPEG ${row.quality}`,
      row.psnrY.toFixed(2),
      row.lrPsnrClean.toFixed(2),
      row.lrPsnrGiven.toFixed(2),
      row.perceptual.toFixed(4),
    ]),
  );
}
