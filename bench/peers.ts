/**
 * This project beside its peers on the same pictures: how true, how it looks, what it costs. UpscalerJS (its
 * three ESRGAN models) and this project's pack run in headless Chromium on one wasm thread each; interpolation
 * and this project's pack also run in Node.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../cli/model.js';
import { createFolderReader } from '../cli/store/pack-reader.js';
import { EnlargerError } from '../core/errors.js';
import { readManifest } from '../core/pack/load.js';
import type { Pack } from '../core/pack/schema.js';
import { lrPsnr, psnrY, ssimY } from '../core/raster/metrics.js';
import type { Raster } from '../core/raster/raster.js';
import { addedGrain } from './grain.js';
import { BICUBIC, LANCZOS3, type Method, type ModelChoice, withOurs } from './methods.js';
import { type BrowserRun, openInBrowser } from './peers/browser.js';
import { type LayersModel, layersModelMacs, layersModelParameters, packMacs } from './peers/macs.js';
import { perceptualDistance } from './perceptual.js';
import { type Pair, pairsOf } from './pictures.js';
import { markdownTable, mean } from './table.js';

export interface PeersOptions extends ModelChoice {
  /** Folders: test sets laid out as `x<scale>/{HR,LR}`, or plain folders of originals. */
  readonly sets: readonly string[];
  readonly scales: readonly number[];
  /** Only the first so many pictures of each set. */
  readonly limit?: number | undefined;
  /** Only methods whose name contains one of these. */
  readonly only?: readonly string[] | undefined;
  /** Told what is being done. */
  readonly say: (line: string) => void;
}

/** Means over the pictures of a set. */
export interface PeerRow {
  readonly set: string;
  readonly scale: number;
  readonly pictures: number;
  readonly method: string;
  /** Where it ran. */
  readonly backend: string;
  readonly psnrY: number;
  readonly ssimY: number;
  readonly lrPsnr: number;
  readonly perceptual: number;
  /** Levels of grain beyond the originals' on their flat places; null when they have none. */
  readonly grain: number | null;
  /** Time of all pictures by their megapixels, model opened and warmed up before. */
  readonly secondsPerMegapixel: number;
  readonly macsPerPixel: number | null;
  readonly parameters: number | null;
  /** Peak resident memory of the page's process; null where it cannot be told apart. */
  readonly peakMegabytes: number | null;
}

interface Candidate {
  readonly name: string;
  readonly macsPerPixel: number | null;
  readonly parameters: number | null;
  open(): Promise<Opened>;
}

interface Opened {
  readonly backend: string;
  enlarge(lr: Raster): Promise<{ readonly picture: Raster; readonly milliseconds: number }>;
  peakBytes(): Promise<number | undefined>;
  close(): Promise<void>;
}

const PEERS = ['slim', 'medium', 'thick'] as const;
const MODELS = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules/@upscalerjs');

function inNode(method: Method, backend: string, scale: number, cost: Cost): Candidate {
  return {
    name: method.name,
    ...cost,
    open: async () => ({
      backend,
      async enlarge(lr) {
        const started = performance.now();
        const picture = await method.enlarge(lr, scale);
        return { picture, milliseconds: performance.now() - started };
      },
      peakBytes: async () => undefined,
      close: async () => {},
    }),
  };
}

type Cost = Pick<Candidate, 'macsPerPixel' | 'parameters'>;

const inBrowser = (name: string, run: BrowserRun, cost: Cost): Candidate => ({
  name,
  ...cost,
  open: () => openInBrowser(run),
});

async function upscalerJs(size: (typeof PEERS)[number], scale: number, pack: string): Promise<Candidate> {
  const file = path.join(MODELS, `esrgan-${size}/models/x${scale}/model.json`);
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new EnlargerError('data-missing', 'The peers are not installed.', 'Run: npm ci --prefix bench', {
      cause,
    });
  });
  const model = JSON.parse(text) as LayersModel;
  const run = { page: 'page-upscalerjs.ts', name: `esrgan-${size}/x${scale}`, pack } as const;
  return inBrowser(`UpscalerJS ${size}`, run, {
    macsPerPixel: layersModelMacs(model, scale),
    parameters: layersModelParameters(model),
  });
}

function oursCost(pack: Pack, scale: number, detail: number): Cost {
  const used = pack.components.filter(
    ({ role, factor }) => (factor === undefined ? detail > 0 : factor <= scale) && role !== 'tokenizer',
  );
  return {
    macsPerPixel: packMacs(pack, scale, detail),
    parameters: used.reduce((sum, { parameters }) => sum + parameters, 0),
  };
}

/** All methods for one scale, in the order of the table. */
async function candidates(ours: readonly Method[], pack: Pack, folder: string, scale: number) {
  const free = { macsPerPixel: null, parameters: null };
  const list: Candidate[] = [BICUBIC, LANCZOS3].map((method) => inNode(method, 'Node', scale, free));
  for (const size of PEERS) list.push(await upscalerJs(size, scale, folder));
  const details = [0, pack.path?.defaultDetail ?? 0].slice(0, ours.length);
  for (const [i, detail] of details.entries()) {
    const cost = oursCost(pack, scale, detail);
    const run = { page: 'page-ours.ts', name: `x${scale}/${detail}`, pack: folder } as const;
    list.push(inBrowser(`${ours[i].name}, browser`, run, cost), inNode(ours[i], 'Node, native', scale, cost));
  }
  return list;
}

async function measure(candidate: Candidate, pairs: AsyncIterable<Pair>, scale: number) {
  const method = await candidate.open();
  const scores: Pick<PeerRow, 'psnrY' | 'ssimY' | 'lrPsnr' | 'perceptual'>[] = [];
  const grains: number[] = [];
  let milliseconds = 0;
  let pixels = 0;
  try {
    for await (const { hr, lr } of pairs) {
      const made = await method.enlarge(lr);
      milliseconds += made.milliseconds;
      pixels += hr.width * hr.height;
      const grain = addedGrain(made.picture, hr);
      if (grain !== undefined) grains.push(grain);
      scores.push({
        psnrY: psnrY(made.picture, hr, scale),
        ssimY: ssimY(made.picture, hr, scale),
        lrPsnr: lrPsnr(made.picture, lr),
        perceptual: await perceptualDistance(hr, made.picture),
      });
    }
    const peak = await method.peakBytes();
    return {
      backend: method.backend,
      pictures: scores.length,
      psnrY: mean(scores.map((score) => score.psnrY)),
      ssimY: mean(scores.map((score) => score.ssimY)),
      lrPsnr: mean(scores.map((score) => score.lrPsnr)),
      perceptual: mean(scores.map((score) => score.perceptual)),
      grain: grains.length > 0 ? mean(grains) : null,
      secondsPerMegapixel: milliseconds / 1000 / (pixels / 1e6),
      peakMegabytes: peak === undefined ? null : peak / 1e6,
    };
  } finally {
    await method.close();
  }
}

/** Runs everything, set by set and scale by scale. */
export async function benchPeers(options: PeersOptions): Promise<PeerRow[]> {
  const { sets, scales, limit, only, say, ...choice } = options;
  const folder = choice.pack ?? path.join(packageRoot(), 'models', 'enlarger-1');
  const pack = await readManifest(createFolderReader(folder));
  return withOurs(choice, async (ours) => {
    const rows: PeerRow[] = [];
    for (const set of sets)
      for (const scale of scales)
        for (const candidate of await candidates(ours, pack, folder, scale)) {
          const { name, macsPerPixel, parameters } = candidate;
          if (only && !only.some((part) => name.includes(part))) continue;
          say(`${path.basename(set)} x${scale}: ${name}`);
          const scores = await measure(candidate, pairsOf(set, scale, limit), scale);
          rows.push({ set: path.basename(set), scale, method: name, macsPerPixel, parameters, ...scores });
        }
    return rows;
  });
}

/** One table for each set and scale. */
export function peersTables(rows: readonly PeerRow[]): string {
  const groups = new Map<string, PeerRow[]>();
  for (const row of rows) {
    const title = `${row.set} x${row.scale}, ${row.pictures} pictures`;
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  const heads = [
    'method',
    'PSNR-Y',
    'SSIM-Y',
    'LR-PSNR',
    'perceptual',
    'grain',
    's / megapixel',
    'kMAC / pixel',
    'parameters',
    'peak MB',
    'ran on',
  ];
  const optional = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  return [...groups]
    .map(([title, group]) => {
      const cells = group.map((row) => [
        row.method,
        row.psnrY.toFixed(2),
        row.ssimY.toFixed(4),
        row.lrPsnr.toFixed(1),
        row.perceptual.toFixed(4),
        optional(row.grain, 2),
        row.secondsPerMegapixel.toFixed(2),
        optional(row.macsPerPixel && row.macsPerPixel / 1000, 1),
        optional(row.parameters, 0),
        optional(row.peakMegabytes, 0),
        row.backend,
      ]);
      return `### ${title}\n\n${markdownTable(heads, cells)}`;
    })
    .join('\n\n');
}
