/** Writes dist/figma, dist/photopea, dist/playground and dist/engine, reports their sizes and enforces the budget. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { writeFigma } from './figma.mjs';
import { bundlePage, inlinePage } from './page.mjs';
import { engineParts } from './parts.mjs';
import { writePhotopea } from './photopea.mjs';
import { writePlayground } from './playground.mjs';
import { writeEngine } from './sdk.mjs';
import { reportSizes } from './sizes.mjs';

/**
 * @param {string} root The checkout.
 * @throws Error when a page is larger than its budget.
 */
export async function buildPlugins(root) {
  const entry = path.join(root, 'ui', 'main.tsx');
  if (!existsSync(entry)) throw new Error('ui/main.tsx, the panel of every plugin, is not there.');
  const parts = await engineParts(root);
  const hasGenerator = parts.some(({ name }) => name.startsWith('pack/generator/'));
  /** @param {'figma' | 'photopea' | 'web'} kind Which host the page talks to. */
  const page = async (kind) => {
    const bundle = await bundlePage({ entry, define: { HOST_KIND: JSON.stringify(kind) } });
    return { ...bundle, html: inlinePage({ title: 'Enlarger', ...bundle, parts }) };
  };
  const context = { root, hasGenerator, page };
  const figma = await writeFigma(context);
  await writePhotopea(context);
  await writePlayground(context);
  await writeEngine(parts, path.join(root, 'dist'));
  reportSizes({ ...figma, parts, hasGenerator });
}
