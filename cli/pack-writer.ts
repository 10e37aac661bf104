/** Packs on their way to a folder: trained parameters as half-precision components, and the pack.json that describes them. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { EnlargerError } from '../core/errors.js';
import { dimText, encodeModel, type Graph, storeFloat16, type Value } from '../core/graph/index.js';
import { buildComponent, type ComponentBuilder, componentLayout } from '../core/nets/components.js';
import { toHalf } from '../core/pack/half.js';
import { sha256Hex } from '../core/pack/hash.js';
import { PACK_FILE } from '../core/pack/load.js';
import { type ComponentRole, PACK_FORMAT, type PackComponent, parsePack } from '../core/pack/schema.js';
import { writeFileAtomic } from '../core/runtime/node/atomic-write.js';
import { RunFolder } from './store/run-folder.js';

const sourcesSchema = z.object({
  sources: z.array(z.object({ name: z.string(), licences: z.array(z.string()).min(1) })),
});

/** A JSON document of this form. @throws EnlargerError `option-invalid` naming the field that is wrong. */
export async function readJson<T>(file: string, schema: z.ZodType<T, unknown>): Promise<T> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new EnlargerError('option-invalid', `${file} cannot be read.`, 'Check the path.', { cause });
  });
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new EnlargerError(
    'option-invalid',
    `${file} is not valid at "${issue.path.join('.')}": ${issue.message}.`,
  );
}

/** A component and the bytes of its file. */
export interface Made {
  readonly entry: PackComponent;
  readonly bytes: Uint8Array;
}

/** What a pack says besides its components. */
export interface PackAbout {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  readonly trainedOn: readonly { readonly name: string; readonly licence: string }[];
  /** Sections such as `latent`, `path` and `generator`. */
  readonly sections: Readonly<Record<string, unknown>>;
}

/** The training pictures of a list, by name and licence. */
export async function readSources(file: string, without: readonly string[]): Promise<PackAbout['trainedOn']> {
  const { sources } = await readJson(file, sourcesSchema);
  return sources
    .filter(({ name }) => !without.includes(name))
    .map(({ name, licences }) => ({ name, licence: licences.join(', ') }));
}

/**
 * Writes components, loss curves of the runs they come from, and last pack.json, so that a torn write is no pack.
 * @throws EnlargerError `pack-invalid` when the parts do not make a valid pack.
 */
export async function writePack(
  out: string,
  made: readonly Made[],
  { name, title, licence, trainedOn, sections }: PackAbout,
  runs: { readonly folder: string; readonly names: readonly string[] },
): Promise<void> {
  const manifest = parsePack(
    {
      format: PACK_FORMAT,
      name,
      title,
      licence,
      created: new Date().toISOString(),
      components: made.map(({ entry }) => entry),
      ...sections,
      trainedOn,
    },
    out,
  );
  for (const { entry, bytes } of made) await writeFileAtomic(path.join(out, entry.file), bytes);
  for (const run of runs.names) {
    // A run that was imported from a pack has learnt nothing here: what the pack's folder shows of it stays.
    const curve = await readFile(RunFolder.of(runs.folder, run).file('curve.png')).catch(() => undefined);
    if (curve) await writeFileAtomic(path.join(out, 'curves', `${run}.png`), curve);
  }
  await writeFileAtomic(path.join(out, PACK_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const { role, factor, bytes, parameters } of manifest.components)
    process.stdout.write(`${role}${factor ?? ''}: ${parameters} parameters, ${bytes} bytes\n`);
}

/** A trained network as a component of a pack. */
export async function makeComponent(
  about: { role: ComponentRole; factor?: 2 | 4; haloPx: number; macs: number },
  build: ComponentBuilder,
  params: Float32Array,
): Promise<Made> {
  const name = `${about.role}${about.factor ? `-x${about.factor}` : ''}`;
  const overflow = (index: number) => {
    throw new EnlargerError('pack-invalid', `Parameter ${index} of ${name} is too large for half precision.`);
  };
  const graph: Graph = buildComponent(
    name,
    build,
    params,
    storeFloat16((data) => toHalf(data, overflow)),
  );
  const bytes = encodeModel(graph);
  const ports = (values: { name: string; value: Value }[]) =>
    values.map((port) => ({
      name: port.name,
      shape: port.value.shape.map((dim) => (typeof dim === 'number' ? dim : dimText(dim))),
    }));
  const entry = {
    role: about.role,
    ...(about.factor && { factor: about.factor }),
    file: `${name}.onnx`,
    sha256: await sha256Hex(bytes),
    bytes: bytes.length,
    parameters: componentLayout(build).size,
    inputs: ports(graph.inputs.map((value) => ({ name: value.name, value }))),
    outputs: ports(graph.outputs),
    haloPx: about.haloPx,
    macsPerOutputPixel: Math.round(about.macs),
  };
  return { entry, bytes };
}
