/**
 * Runs after `npm install` in a checkout: builds the command line and puts it where npx looks, so that
 * `npx enlarger` works there. Without the development tools (`npm ci --omit=dev`) there is nothing to build with,
 * and nothing is done.
 */

import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const hasTools = await import('esbuild').then(
  () => true,
  () => false,
);
if (hasTools) {
  const { buildCli } = await import('./build/cli.mjs');
  await buildCli(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
  await link();
} else {
  process.stderr.write('enlarger: not built, as esbuild is not installed\n');
}

/** npm links the commands of dependencies only, not those of the package itself. */
async function link() {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const folder = path.join(root, 'node_modules', '.bin');
  const command = path.join(folder, 'enlarger');
  await mkdir(folder, { recursive: true });
  await rm(command, { force: true });
  if (process.platform === 'win32') {
    await writeFile(`${command}.cmd`, '@node "%~dp0\\..\\..\\dist\\cli\\enlarger.js" %*\r\n');
  } else {
    await symlink(path.join('..', '..', 'dist', 'cli', 'enlarger.js'), command);
  }
}
