/** `enlarger pack`: looks at model packs. */

import type { Command } from 'commander';
import { loadPack, readManifest } from '../../core/pack/load.js';
import type { Pack } from '../../core/pack/schema.js';
import { writeSelfCheck } from '../self-check.js';
import { createFolderReader } from '../store/pack-reader.js';

export function registerPack(program: Command): void {
  const pack = program.command('pack').description('look at a model pack');
  pack
    .command('verify')
    .description('check that every file of a pack is the one its author described')
    .argument('<folder>', 'the folder that holds pack.json')
    .option('--json', 'print JSON')
    .action(verify);
  pack
    .command('inspect')
    .description('show what a pack says about itself')
    .argument('<folder>', 'the folder that holds pack.json')
    .option('--json', 'print the whole pack.json')
    .action(inspect);
  pack
    .command('self-check')
    .description('write the answer by which engines in editors prove themselves')
    .argument('<folder>', 'the folder that holds pack.json')
    .action(writeSelfCheck);
}

async function verify(folder: string, { json }: { json?: boolean }): Promise<void> {
  const { manifest } = await loadPack(createFolderReader(folder));
  const bytes = manifest.components.reduce((sum, component) => sum + component.bytes, 0);
  const summary = { pack: manifest.name, components: manifest.components.length, bytes };
  process.stdout.write(
    json
      ? `${JSON.stringify(summary)}\n`
      : `${summary.pack}: all ${summary.components} components are as described (${megabytes(bytes)}).\n`,
  );
}

async function inspect(folder: string, { json }: { json?: boolean }): Promise<void> {
  const manifest = await readManifest(createFolderReader(folder));
  process.stdout.write(json ? `${JSON.stringify(manifest, null, 2)}\n` : describe(manifest));
}

function describe({
  title,
  name,
  format,
  licence,
  created,
  components,
  latent,
  path,
  trainedOn,
}: Pack): string {
  const lines = [
    title,
    `  name ${name}, format ${format}, made ${created.slice(0, 10)}, licence ${licence}`,
    ...components.map(
      ({ role, factor, file, bytes, parameters, macsPerOutputPixel }) =>
        `  ${factor ? `${role} x${factor}` : role}: ${file}, ${megabytes(bytes)}, ${parameters} parameters, ` +
        `${(macsPerOutputPixel / 1000).toFixed(1)} kMAC per output pixel`,
    ),
  ];
  if (latent) lines.push(`  latent: ${latent.channels} channels, 1/${latent.factor} of the size`);
  if (path) lines.push(`  detail: ${path.defaultDetail} unless asked for otherwise`);
  lines.push('  trained on:', ...trainedOn.map((source) => `    ${source.name} (${source.licence})`));
  return `${lines.join('\n')}\n`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
