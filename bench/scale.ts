/**
 * Cost against size: time for each megapixel of the result, and peak memory, of jobs from 1 to 64 megapixels.
 * Every run is a fresh process, since memory once taken is seldom given back.
 */

import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ModelChoice } from './methods.js';
import type { ScaleJob, ScaleResult } from './scale/child.js';
import { markdownTable, median } from './table.js';

const run = promisify(execFile);
const CHILD = path.join(path.dirname(fileURLToPath(import.meta.url)), 'scale', 'child.ts');

export interface ScaleOptions extends ModelChoice {
  readonly runs: number;
  readonly detail?: number | undefined;
  /** Leaves out jobs of more megapixels. */
  readonly maxMegapixels: number;
  readonly say: (line: string) => void;
}

export interface ScaleRow {
  readonly fromPx: number;
  readonly toPx: number;
  /** Medians over the runs. */
  readonly seconds: number;
  readonly secondsPerMegapixel: number;
  readonly peakMegabytes: number;
}

/** Sides of square jobs. The first two are the pair whose memory is compared; the rest are x4. */
const JOBS = [
  { fromPx: 512, toPx: 2048 },
  { fromPx: 1024, toPx: 8192 },
  { fromPx: 256, toPx: 1024 },
  { fromPx: 1024, toPx: 4096 },
  { fromPx: 2048, toPx: 8192 },
] as const;

export async function benchScale(options: ScaleOptions): Promise<ScaleRow[]> {
  const { runs, detail, maxMegapixels, say, ...choice } = options;
  const rows: ScaleRow[] = [];
  for (const { fromPx, toPx } of JOBS) {
    const megapixels = (toPx * toPx) / 2 ** 20;
    if (megapixels > maxMegapixels) continue;
    const results: ScaleResult[] = [];
    for (let i = 0; i < runs; i++) {
      say(`${fromPx} -> ${toPx}, run ${i + 1} of ${runs}`);
      results.push(await runChild({ ...choice, fromPx, scale: toPx / fromPx, detail }));
    }
    const seconds = median(results.map((result) => result.milliseconds)) / 1000;
    rows.push({
      fromPx,
      toPx,
      seconds,
      secondsPerMegapixel: seconds / megapixels,
      peakMegabytes: median(results.map((result) => result.peakBytes)) / 1e6,
    });
  }
  return rows;
}

async function runChild(job: ScaleJob): Promise<ScaleResult> {
  const { stdout } = await run(process.execPath, [...process.execArgv, CHILD, JSON.stringify(job)]);
  return JSON.parse(stdout) as ScaleResult;
}

export function scaleTable(rows: readonly ScaleRow[]): string {
  const table = markdownTable(
    ['job', 'megapixels', 'seconds', 's / megapixel', 'peak MB'],
    rows.map((row) => [
      `${row.fromPx} -> ${row.toPx}`,
      (row.toPx ** 2 / 2 ** 20).toFixed(0),
      row.seconds.toFixed(2),
      row.secondsPerMegapixel.toFixed(3),
      row.peakMegabytes.toFixed(0),
    ]),
  );
  const [small, large] = [
    rows.find(({ toPx }) => toPx === 2048),
    rows.find(({ fromPx, toPx }) => fromPx * 8 === toPx),
  ];
  const fourfold = rows
    .filter(({ fromPx, toPx }) => toPx === 4 * fromPx)
    .map((row) => row.secondsPerMegapixel);
  const notes = [
    ...(small && large
      ? [
          `Peak memory of 1024 -> 8192 over 512 -> 2048: ${(large.peakMegabytes / small.peakMegabytes).toFixed(2)}`,
        ]
      : []),
    `Slowest over fastest megapixel at x4: ${(Math.max(...fourfold) / Math.min(...fourfold)).toFixed(2)}`,
  ];
  return [table, '', ...notes].join('\n');
}
