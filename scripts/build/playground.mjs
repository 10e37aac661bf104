/** dist/playground: the layer editor and, for its frame, the very page that the plugins are made of. */

import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundlePage, inlinePage } from './page.mjs';

/** @param {{ root: string, dist?: string, page: (kind: 'web') => Promise<{ html: string }> }} context */
export async function writePlayground({ root, dist = path.join(root, 'dist'), page }) {
  const folder = path.join(dist, 'playground');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'plugin.html'), (await page('web')).html);
  const source = path.join(root, 'playground');
  const entry = ['main.tsx', 'main.ts']
    .map((name) => path.join(source, name))
    .find((file) => existsSync(file));
  if (!entry) return;
  const bundle = await bundlePage({ entry });
  await writeFile(path.join(folder, 'index.html'), inlinePage({ title: 'Enlarger playground', ...bundle }));
  const samples = path.join(source, 'samples');
  if (existsSync(samples)) await cp(samples, path.join(folder, 'samples'), { recursive: true });
}
