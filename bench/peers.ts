/**
 * This project beside its peers on the same pictures: how true, how it looks, what it costs. First the cost of every
 * method on a few pictures, one after the other; then quality on all pictures.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../cli/model.js';
import { createFolderReader } from '../cli/store/pack-reader.js';
import { readManifest } from '../core/pack/load.js';
import type { Raster } from '../core/raster/raster.js';
import { type ModelChoice, withOurs } from './methods.js';
import { type Candidate, candidates } from './peers/candidates.js';
import { type Cost, measureCost } from './peers/cost.js';
import { measureQuality, type Quality } from './peers/quality.js';
import { pairsOf } from './pictures.js';
import { markdownTable } from './table.js';

export interface PeersOptions extends ModelChoice {
  /** Folders: test sets laid out as `x<scale>/{HR,LR}`, or plain folders of originals. */
  readonly sets: readonly string[];
  readonly scales: readonly number[];
  /** Only the first so many pictures of each set. */
  readonly limit?: number | undefined;
  /** Only methods whose name contains one of these. */
  readonly only?: readonly string[] | undefined;
  /** The first so many pictures of the first set are what time and memory are measured on; 0 leaves both out. */
  readonly timed: number;
  /** Runs of each of them, after one to warm up. */
  readonly runs: number;
  /** File of an earlier run from which the quality of the peers is taken, as they never change. */
  readonly peersFrom?: string | undefined;
  /** Told what is being done. */
  readonly say: (line: string) => void;
}

export interface PeerRow extends Quality, Cost, Pick<Candidate, 'macsPerPixel' | 'parameters'> {
  readonly set: string;
  readonly scale: number;
  readonly method: string;
}

const UNMEASURED: Cost = {
  wasmSecondsPerMegapixel: null,
  nodeSecondsPerMegapixel: null,
  peakMegabytes: null,
};

/** Runs everything, scale by scale. */
export async function benchPeers(options: PeersOptions): Promise<PeerRow[]> {
  const { sets, scales, limit, only, timed, runs, peersFrom, say, ...choice } = options;
  const folder = choice.pack ?? path.join(packageRoot(), 'models', 'enlarger-1');
  const pack = await readManifest(createFolderReader(folder));
  const earlier = peersFrom === undefined ? [] : (JSON.parse(await readFile(peersFrom, 'utf8')) as PeerRow[]);
  const rows: PeerRow[] = [];
  await withOurs(choice, async (ours) => {
    for (const scale of scales) {
      const all = await candidates(ours, pack, folder, scale);
      const methods = all.filter(({ name }) => !only || only.some((part) => name.includes(part)));
      const costs = new Map<Candidate, Cost>();
      const pictures = await firstPictures(sets[0], scale, timed);
      for (const method of methods) {
        if (pictures.length === 0) break;
        say(`x${scale}, cost: ${method.name}`);
        costs.set(method, await measureCost(method, { pictures, scale, runs }));
      }
      for (const folder of sets)
        for (const method of methods) {
          const set = path.basename(folder);
          const { name, macsPerPixel, parameters } = method;
          const known = method.inNode
            ? undefined
            : earlier.find((row) => row.set === set && row.scale === scale && row.method === name);
          if (!known) say(`${set} x${scale}, quality: ${name}`);
          const quality = known ?? (await measureQuality(method, pairsOf(folder, scale, limit), scale));
          const cost = costs.get(method) ?? UNMEASURED;
          rows.push({ ...quality, ...cost, set, scale, method: name, macsPerPixel, parameters });
        }
    }
  });
  return rows;
}

async function firstPictures(set: string, scale: number, count: number): Promise<Raster[]> {
  const pictures: Raster[] = [];
  if (count === 0) return pictures;
  for await (const { lr } of pairsOf(set, scale, count)) pictures.push(lr);
  return pictures;
}

const optional = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));

/** One table of quality for each set and scale, and one of cost for each scale. */
export function peersTables(rows: readonly PeerRow[]): string {
  const tables: string[] = [];
  for (const scale of new Set(rows.map((row) => row.scale))) {
    const ofScale = rows.filter((row) => row.scale === scale);
    const sets = [...new Set(ofScale.map((row) => row.set))];
    for (const set of sets) tables.push(qualityTable(ofScale.filter((row) => row.set === set)));
    tables.push(costTable(ofScale.filter((row) => row.set === sets[0])));
  }
  return tables.join('\n\n');
}

function qualityTable(rows: readonly PeerRow[]): string {
  const cells = rows.map((row) => [
    row.method,
    row.psnrY.toFixed(2),
    row.ssimY.toFixed(4),
    row.lrPsnr.toFixed(1),
    row.perceptual.toFixed(4),
    optional(row.grain, 2),
  ]);
  const [{ set, scale, pictures }] = rows;
  const heads = ['method', 'PSNR-Y', 'SSIM-Y', 'LR-PSNR', 'perceptual', 'grain'];
  return `### ${set} x${scale}, ${pictures} pictures\n\n${markdownTable(heads, cells)}`;
}

function costTable(rows: readonly PeerRow[]): string {
  const cells = rows.map((row) => [
    row.method,
    optional(row.macsPerPixel && row.macsPerPixel / 1000, 1),
    optional(row.parameters, 0),
    optional(row.wasmSecondsPerMegapixel, 2),
    optional(row.peakMegabytes, 0),
    optional(row.nodeSecondsPerMegapixel, 2),
  ]);
  const heads = [
    'method',
    'kMAC / pixel',
    'parameters',
    's / megapixel, wasm',
    'peak MB, wasm',
    's / megapixel, Node',
  ];
  return `### Cost, x${rows[0].scale}\n\n${markdownTable(heads, cells)}`;
}
