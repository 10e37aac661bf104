/** Runs command lines inside the test: with fake stages, in a folder of its own, listening to what is printed. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { GeneratorOpener } from '../../cli/generator.js';
import type { ModelOpener } from '../../cli/model.js';
import { runCommandLine } from '../../cli/program.js';
import type { Raster } from '../../core/raster/raster.js';
import { encodeImage, type OutputFormat } from '../../core/runtime/node/codec.js';
import { type FakeOptions, fakeProvider } from '../core/pipeline/fake-stage.js';

export interface RunResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Lines of `out`, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the command printed.
  readonly json: any[];
}

export async function run(
  words: readonly string[],
  fake: FakeOptions = {},
  openWords?: GeneratorOpener,
): Promise<RunResult> {
  const printed = { out: '', err: '' };
  const listen = (stream: NodeJS.WriteStream, name: 'out' | 'err') =>
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      printed[name] += text;
      return true;
    });
  const spies = [listen(process.stdout, 'out'), listen(process.stderr, 'err')];
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const open: ModelOpener = async ({ backend }) => ({
      provider: fakeProvider(fake),
      backend,
      description: 'fake',
      dispose: async () => undefined,
    });
    await runCommandLine(words, open, openWords);
    const code = Number(process.exitCode ?? 0);
    return {
      code,
      ...printed,
      get json() {
        return printed.out
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line));
      },
    };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): { readonly path: string; file(name: string): string } {
  const state = { path: '' };
  beforeEach(async () => {
    state.path = await mkdtemp(path.join(os.tmpdir(), 'enlarger-'));
  });
  afterEach(() => rm(state.path, { recursive: true, force: true }));
  return {
    get path() {
      return state.path;
    },
    file: (name) => path.join(state.path, name),
  };
}

export async function savePicture(file: string, raster: Raster, format: OutputFormat = 'png'): Promise<void> {
  await writeFile(file, await encodeImage(raster, format));
}
