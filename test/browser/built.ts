/** What `npm run build` makes for pages, built into a folder of its own with a tiny pack, and served as `npm start` does. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { buildExamples } from '../../scripts/build/examples.mjs';
import { bundlePage, inlinePage } from '../../scripts/build/page.mjs';
import { engineParts } from '../../scripts/build/parts.mjs';
import { writePlayground } from '../../scripts/build/playground.mjs';
import { buildSdkScripts, writeEngine } from '../../scripts/build/sdk.mjs';
import { serve } from '../../scripts/serve.mjs';
import { writeTinyPack } from './tiny-pack-folder.js';

const ROOT = path.join(__dirname, '../..');

/** Waits are for a machine that has other work to do. */
export const PATIENCE_MS = 240_000;

export interface Built {
  /** Of the playground; examples and package lie below it. */
  readonly url: string;
  close(): Promise<void>;
}

export async function buildAndServe(): Promise<Built> {
  const dist = mkdtempSync(path.join(tmpdir(), 'enlarger-dist-'));
  const packFolder = await writeTinyPack();
  const parts = await engineParts(ROOT, { packFolder });
  await writeEngine(parts, dist);
  await buildSdkScripts(ROOT, dist);
  await buildExamples(ROOT, dist);
  await writePlayground({
    root: ROOT,
    dist,
    async page(kind) {
      const entry = path.join(ROOT, 'ui', 'main.tsx');
      const bundle = await bundlePage({ entry, define: { HOST_KIND: JSON.stringify(kind) } });
      return { html: inlinePage({ title: 'Enlarger', ...bundle, parts }) };
    },
  });
  const { url, close } = await serve(ROOT, 0, dist);
  return {
    url,
    async close() {
      await close();
      for (const folder of [dist, packFolder]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A page of the server. Errors in it are collected. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.setDefaultNavigationTimeout(PATIENCE_MS);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  return { page, errors };
}

/** Clicks through an enlargement in the panel and waits for its end. */
export async function upscaleInPanel(panel: FrameLocator, factor: string): Promise<void> {
  await panel.getByLabel(factor, { exact: true }).click();
  const start = panel.getByRole('button', { name: /^Upscale to/ });
  const done = panel.getByRole('heading', { name: '1 enlarged' });
  // On a slow machine the panel asks before it takes minutes.
  const sure = panel.getByRole('button', { name: 'Start', exact: true });
  await start.click();
  await done.or(sure).first().waitFor();
  if (await sure.isVisible()) await sure.click();
  await done.waitFor();
}
