/** dist/figma: what "Import plugin from manifest" in Figma asks for. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * @param {{ root: string, hasGenerator: boolean, page: (kind: 'figma') => Promise<{ html: string, script: string,
 *   style: string }> }} context
 * @returns {Promise<{ page: { html: string, script: string, style: string }, mainBytes: number }>}
 */
export async function writeFigma({ root, hasGenerator, page }) {
  const folder = path.join(root, 'dist', 'figma');
  await mkdir(folder, { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'plugin', 'hosts', 'figma', 'main.ts')],
    bundle: true,
    format: 'iife',
    platform: 'neutral',
    // Figma's sandbox is an older engine without the newest syntax.
    target: 'es2017',
    minify: true,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
    define: { ENLARGER_GENERATOR: String(hasGenerator), 'process.env.NODE_ENV': '"production"' },
  });
  const built = await page('figma');
  await writeFile(path.join(folder, 'main.js'), outputFiles[0].contents);
  await writeFile(path.join(folder, 'ui.html'), built.html);
  await writeFile(path.join(folder, 'manifest.json'), await manifest(root, hasGenerator));
  return { page: built, mainBytes: outputFiles[0].contents.length };
}

/** The manifest of the checkout, with paths inside the folder and no command that has nothing behind it. */
async function manifest(root, hasGenerator) {
  const content = JSON.parse(await readFile(path.join(root, 'manifest.json'), 'utf8'));
  const offered = ({ command }) => hasGenerator || (command !== 'generate' && command !== 'vary');
  return `${JSON.stringify(
    {
      ...content,
      main: 'main.js',
      ui: 'ui.html',
      menu: content.menu?.filter(offered),
      relaunchButtons: content.relaunchButtons?.filter(offered),
    },
    null,
    2,
  )}\n`;
}
