/** `npm run bench -- <what>`: runs the measurements, prints their tables and keeps them as Markdown and JSON. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { toEnlargerError } from '../core/errors.js';
import { benchGenerator, generatorTable } from './generator.js';
import { benchJpeg, jpegTable } from './jpeg.js';
import type { ModelChoice } from './methods.js';
import { benchPeers, peersTables } from './peers.js';
import { perceptualSanity } from './perceptual/sanity.js';
import { benchScale, scaleTable } from './scale.js';
import { benchStart, startTable } from './start.js';
import { benchText, textTable } from './text.js';

interface Flags {
  readonly pack?: string;
  readonly backend: string;
  readonly threads?: number;
  readonly data: string;
  readonly hr?: string[];
  readonly scales: number[];
  readonly limit?: number;
  readonly only?: string[];
  readonly timed: number;
  readonly peersFrom?: string;
  readonly qualities: number[];
  readonly runs: number;
  readonly maxMegapixels: number;
  readonly detail?: number;
  readonly generator: string;
  readonly icons: string;
  readonly latents: string;
  readonly guidance?: number;
  readonly steps?: number;
  readonly out: string;
}

const TASKS: Readonly<Record<string, (flags: Flags) => Promise<{ table: string; data: unknown }>>> = {
  async peers(flags) {
    const { scales, limit, only, timed, runs, peersFrom } = flags;
    const how = { scales, limit, only, timed, runs, peersFrom };
    const data = await benchPeers({ ...model(flags), sets: sets(flags), ...how, say });
    return { table: peersTables(data), data };
  },
  async text({ limit, out, ...flags }) {
    const data = await benchText({ ...model(flags), out, limit, say });
    return { table: textTable(data), data };
  },
  async jpeg(flags) {
    const { qualities, limit, scales } = flags;
    const data = await benchJpeg({
      ...model(flags),
      set: sets(flags)[0],
      scale: scales[0],
      qualities,
      limit,
      say,
    });
    return { table: jpegTable(data), data };
  },
  async scale(flags) {
    const { runs, maxMegapixels, detail } = flags;
    const data = await benchScale({ ...model(flags), runs, maxMegapixels, detail, say });
    return { table: scaleTable(data), data };
  },
  async generator({ generator, ...flags }) {
    const data = await benchGenerator({ ...flags, pack: generator, say });
    return { table: generatorTable(data), data };
  },
  async start({ runs }) {
    const data = await benchStart({ runs, say });
    return { table: startTable(data), data };
  },
  async perceptual({ data }) {
    const of = (set: string, name: string) => path.join(data, set, 'x4', 'HR', `${name}.png`);
    const table = await perceptualSanity({
      textured: [of('Set14', 'img_001')],
      others: [of('Set5', 'img_003'), of('Set5', 'img_001')],
    });
    return { table, data: null };
  },
};

const model = ({ pack, backend, threads }: Pick<Flags, 'pack' | 'backend' | 'threads'>): ModelChoice => ({
  backend,
  ...(pack !== undefined && { pack }),
  ...(threads !== undefined && { threads }),
});

const sets = ({ data, hr }: Flags): string[] => hr ?? ['Set5', 'Set14'].map((set) => path.join(data, set));

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const numbers = (text: string): number[] => text.split(',').map(Number);

const program = new Command('bench')
  .description('side-by-side measurements; see bench/README.md')
  .argument('[what...]', `of ${Object.keys(TASKS).join(', ')}; all without`)
  .option('--data <folder>', 'where Set5 and Set14 are', '../shared/data')
  .option('--hr <folders...>', 'folders of originals, in place of Set5 and Set14')
  .option('--scales <list>', 'how many times as large', numbers, [2, 4])
  .option('--limit <n>', 'only the first pictures of each set', Number)
  .option('--only <words...>', 'peers: methods whose name contains one of these')
  .option('--timed <n>', 'peers: time and memory on the first pictures; 0: none', Number, 1)
  .option('--peers-from <file>', 'peers: take the quality of the peers from an earlier peers.json')
  .option('--qualities <list>', 'jpeg: qualities of the input', numbers, [50, 75, 90])
  .option('--runs <n>', 'peers, scale, start: runs of each job', Number, 3)
  .option('--max-megapixels <n>', 'scale: leave out larger jobs', Number, 64)
  .option('--detail <0..1>', 'scale: detail', Number)
  .option('--generator <folder>', 'generator: its pack', 'models/icons-1')
  .option('--icons <folder>', 'generator: its training icons', '.work/data/icons')
  .option('--latents <file>', 'generator: their latents', '.work/runs/icon-latents/latents')
  .option('--guidance <n>', 'generator: guidance', Number)
  .option('--steps <n>', 'generator: evaluations', Number)
  .option('--pack <folder>', 'model pack')
  .option('--backend <name>', 'engine in Node', 'auto')
  .option('--threads <n>', 'threads of the engine in Node', Number)
  .option('--out <folder>', 'where tables and pictures go', 'bench/results')
  .action(async (what: string[], flags: Flags) => {
    await mkdir(flags.out, { recursive: true });
    for (const name of what.length > 0 ? what : Object.keys(TASKS)) {
      const task = TASKS[name];
      if (!task) program.error(`There is no measurement called "${name}".`);
      const { table, data } = await task(flags);
      process.stdout.write(`## ${name}\n\n${table}\n\n`);
      await writeFile(path.join(flags.out, `${name}.md`), `${table}\n`);
      if (data) await writeFile(path.join(flags.out, `${name}.json`), `${JSON.stringify(data, null, 2)}\n`);
    }
  });

program.parseAsync().catch((cause: unknown) => {
  const error = toEnlargerError(cause);
  const trace = error.code === 'internal' && error.cause instanceof Error ? error.cause.stack : undefined;
  process.stderr.write(
    [error.message, error.hint, trace, ''].filter((line) => line !== undefined).join('\n'),
  );
  process.exitCode = 2;
});
