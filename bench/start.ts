/**
 * How long a plugin takes from an opened page to the first preview: the very page of the Figma plugin's engine, in a
 * sandboxed frame without an origin, in a browser that has never seen it.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePage, inlinePage } from '../scripts/build/page.mjs';
import { engineParts } from '../scripts/build/parts.mjs';
import { launchChromium } from '../test/browser/chromium.js';
import type { EngineTest, PageRequest } from '../test/browser/pages/engine-page-calls.js';
import { openSandboxed } from '../test/browser/sandbox.js';
import { markdownTable } from './table.js';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
/** What the panel asks for first: a part of the picture around its middle. */
const PREVIEW_PX = 96;

export interface StartRow {
  readonly engine: string;
  /** From asking for the page to a page that can be used. */
  readonly pageMs: number;
  /** Workers, wasm, model pack, self-check. */
  readonly engineMs: number;
  /** A preview of 96 x 96 pixels enlarged four times. */
  readonly previewMs: number;
  readonly secondPreviewMs: number;
  readonly pixelsPerSecond: number;
  readonly pageMegabytes: number;
}

export interface StartOptions {
  readonly runs: number;
  readonly say: (text: string) => void;
}

/** Measures `runs` fresh browsers, each engine that starts in them. */
export async function benchStart({ runs, say }: StartOptions): Promise<StartRow[]> {
  const bundle = await bundlePage({ entry: path.join(ROOT, 'test', 'browser', 'pages', 'engine-page.ts') });
  const html = inlinePage({ title: 'Start', ...bundle, parts: await engineParts(ROOT) });
  const picture = (await readFile(path.join(ROOT, 'models', 'demo', 'welder.png'))).toString('base64');
  const rows: StartRow[] = [];
  for (let run = 0; run < runs; run++) {
    say(`run ${run + 1} of ${runs}`);
    rows.push(await measure(html, picture));
  }
  return rows;
}

async function measure(html: string, picture: string): Promise<StartRow> {
  const browser = await launchChromium();
  try {
    const opened = performance.now();
    const { frame, close } = await openSandboxed(browser, html, 'typeof engineTest === "object"');
    const pageMs = performance.now() - opened;
    const request: PageRequest = {
      picture,
      target: { scale: 4 },
      seed: 1,
      maxSidePx: null,
      beyondLimit: 'clamp',
      formats: ['png'],
      crop: { x: 16, y: 16, width: PREVIEW_PX, height: PREVIEW_PX },
    };
    const result = await frame.evaluate(async (wanted) => {
      const { engineTest } = globalThis as unknown as { engineTest: EngineTest };
      await engineTest.open({});
      const start = await engineTest.start('auto');
      const first = await engineTest.upscale(wanted);
      const second = await engineTest.upscale(wanted);
      return { start, first: { ...first, value: undefined }, second: { ...second, value: undefined } };
    }, request);
    await close();
    const { start, first, second } = result;
    const fault = start.error ?? first.error ?? second.error;
    if (!start.value || fault) throw new Error(fault?.message ?? 'The engine did not start.');
    return {
      engine: start.value.description,
      pageMs,
      engineMs: start.ms,
      previewMs: first.ms,
      secondPreviewMs: second.ms,
      pixelsPerSecond: start.value.pixelsPerSecond,
      pageMegabytes: html.length / 1e6,
    };
  } finally {
    await browser.close();
  }
}

/** The rows as Markdown, in seconds. */
export function startTable(rows: readonly StartRow[]): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(2);
  return markdownTable(
    ['engine', 'page MB', 'page s', 'engine s', 'first preview s', 'start to preview s', 'next preview s'],
    rows.map((row) => [
      row.engine,
      row.pageMegabytes.toFixed(1),
      seconds(row.pageMs),
      seconds(row.engineMs),
      seconds(row.previewMs),
      seconds(row.pageMs + row.engineMs + row.previewMs),
      seconds(row.secondPreviewMs),
    ]),
  );
}
