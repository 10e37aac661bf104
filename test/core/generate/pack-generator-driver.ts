import type { Candidate, GenerateOptions, Generator } from '../../../core/generate/generator.js';
import { openPackGenerator } from '../../../core/generate/pack-generator.js';
import type { Engine, Program } from '../../../core/runtime/engine.js';
import { testEngine } from '../graph/harness.js';
import { flowPack, load, type PackDraft, sdPack } from './tiny-generator.js';

export async function open(pack: PackDraft | Promise<PackDraft>, engine?: Engine): Promise<Generator> {
  return openPackGenerator(await load(await pack), engine ?? (await testEngine()));
}

export async function all(generator: Generator, options: GenerateOptions): Promise<Candidate[]> {
  const made: Candidate[] = [];
  for await (const candidate of generator.generate(options)) made.push(candidate);
  return made;
}

export const latentOf = (candidate: Candidate) => {
  if (candidate.kind !== 'latent') throw new Error('not a latent');
  return candidate.latent;
};

export function range(values: Float32Array): [least: number, most: number] {
  let [least, most] = [values[0], values[0]];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

export const distance = (a: Float32Array, b: Float32Array) =>
  range(a.map((value, i) => Math.abs(value - b[i])))[1];

/** Packs that tests only read are made once. */
const drafts = new Map<string, Promise<PackDraft>>();
export function shared(name: string, make: () => Promise<PackDraft>): Promise<PackDraft> {
  const made = drafts.get(name) ?? make();
  drafts.set(name, made);
  return made;
}
export const sharedSd = () => shared('sd', () => sdPack({ side: 8 }));
export const sharedFlow = () => shared('flow', () => flowPack());

/** The tests' engine, with `run` in the place of its programs' own. */
export async function engineThatRuns(
  run: (program: Program, inputs: Parameters<Program['run']>[0]) => ReturnType<Program['run']>,
): Promise<Engine> {
  const real = await testEngine();
  return {
    ...real,
    async load(model) {
      const program = await real.load(model);
      return { ...program, run: (inputs) => run(program, inputs) };
    },
  };
}

/** An engine that counts the runs of each model by its inputs' names, with the first dimension of each input. */
export async function spyEngine(): Promise<{ engine: Engine; runs: Record<string, readonly number[]>[] }> {
  const runs: Record<string, readonly number[]>[] = [];
  const engine = await engineThatRuns((program, inputs) => {
    runs.push(Object.fromEntries(Object.entries(inputs).map(([name, { dims }]) => [name, dims])));
    return program.run(inputs);
  });
  return { engine, runs };
}
