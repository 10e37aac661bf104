/** The Photopea host in a real browser: real windows, origins and messages, with a page that answers as Photopea does. */

import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Frame, Page } from 'playwright-core';
import { launchChromium } from '../../../browser/chromium.js';

const PAGES = path.join(__dirname, '../../../browser/pages');

const PLUGIN = 'https://plugin.test';

let browser: Browser;
let scripts: { photopea: string; plugin: string };

beforeAll(async () => {
  browser = await launchChromium();
  scripts = { photopea: await bundle('photopea-page.ts'), plugin: await bundle('photopea-plugin-page.ts') };
}, 240_000);

afterAll(async () => {
  await browser?.close();
});

async function bundle(page: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(PAGES, page)],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

/** Answers for a site that consists of one script. */
async function serve(page: Page, origin: string, body: string): Promise<void> {
  await page.route(`${origin}/**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body })
      : route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><meta charset="utf-8"><body><script src="/page.js"></script>',
        }),
  );
}

/** Opens the page that plays Photopea at an address, with the plugin in it. */
async function openAt(origin: string): Promise<{ page: Page; frame: Frame }> {
  const page = await browser.newPage();
  // Other work may share the machine.
  page.setDefaultTimeout(90_000);
  await serve(page, PLUGIN, scripts.plugin);
  await serve(page, origin, scripts.photopea);
  await page.goto(`${origin}/?plugin=${encodeURIComponent(`${PLUGIN}/`)}`);
  const handle = await page.waitForSelector('iframe');
  const frame = (await handle.contentFrame()) as Frame;
  await frame.waitForFunction('globalThis.host');
  return { page, frame };
}

describe('the host inside a page', () => {
  it('selects, reads and puts a picture above', async () => {
    const { page, frame } = await openAt('https://www.photopea.com');
    const { layers } = (await frame.evaluate('host.selection()')) as {
      layers: { name: string; pictures: { ref: string }[] }[];
    };
    expect(layers).toMatchObject([{ name: 'photo', pictures: [{ width: 6, height: 4 }] }]);
    await frame.evaluate(`(async () => {
      const { pictures: [{ ref }] } = (await host.selection()).layers[0];
      const { bytes, format } = await host.read(ref);
      const bitmap = await createImageBitmap(new Blob([bytes]));
      if (bitmap.width !== 6 || bitmap.height !== 4) throw new Error('The wrong picture was read.');
      const piece = { bytes, format, x: 0, y: 0, width: 6, height: 4 };
      await host.write(ref, { width: 6, height: 4, pieces: [piece] }, { placement: 'layer', job: 'j', scale: 1 });
    })()`);
    const now = (await page.evaluate('layers()')) as unknown[];
    expect(now.slice(0, 2)).toEqual([
      ['photo, enlarged', [3, 2, 9, 6]],
      ['photo', [3, 2, 9, 6]],
    ]);
    await page.close();
  }, 240_000);

  it('promises to keep presets exactly where the browser lets frames of other sites keep anything', async () => {
    const { page, frame } = await openAt('https://www.photopea.com');
    const kept = await frame.evaluate(`(async () => {
      const store = host.store('personal');
      const { abilities: { personalStore } } = await host.info();
      const value = await store.set('preset', 'mine').then(() => store.get('preset'), (error) => error.code);
      return [personalStore, value];
    })()`);
    expect([
      [true, 'mine'],
      [false, 'store-failed'],
    ]).toContainEqual(kept);
    await page.close();
  }, 240_000);

  it('neither tells nor believes a page that only plays Photopea', async () => {
    const { page, frame } = await openAt('https://photopea.example');
    const code = await frame.evaluate('host.selection().then(() => "none", (error) => error.code)');
    expect(code).toBe('host-unavailable');
    expect(await page.evaluate('edits')).toEqual([]);
    await page.close();
  }, 240_000);
});
