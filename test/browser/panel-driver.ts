/** Opens the panel's test page in states, looks for accessibility faults, takes pictures. */

import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium, type ServedPage, servePage } from './chromium.js';
import type { Scenario } from './pages/panel-scenario.js';

const ROOT = path.join(__dirname, '../..');
/** Pictures for people to look at; not in version control. */
export const SCREENSHOTS = path.join(ROOT, 'dist/screenshots');

/** Waits are for a machine that trains networks beside its tests. */
export const PATIENCE_MS = 120_000;

const photo = `data:image/png;base64,${readFileSync(path.join(ROOT, 'models/demo/welder.png')).toString('base64')}`;

/** Opens panels for the tests of a file. */
export interface Panels {
  /** A page of its own with the panel in a state; closed after the test. */
  open(scenario: Scenario, options?: BrowserContextOptions): Promise<Page>;
}

/** Serves the panel's test page and starts a browser before the tests of the file, and ends both after them. */
export function usePanels(): Panels {
  let browser: Browser;
  let served: ServedPage;
  const pages: Page[] = [];
  beforeAll(async () => {
    served = await servePage(path.join(__dirname, 'pages/panel-page.ts'));
    browser = await launchChromium({ webgpu: false });
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  return {
    async open(scenario, options) {
      const page = await openPanel(browser, served.url, scenario, options);
      pages.push(page);
      return page;
    },
  };
}

/** A page with the panel in a state. Errors of the page fail the test that closes it. */
async function openPanel(
  browser: Browser,
  url: string,
  scenario: Scenario,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 680 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(url);
  await page.waitForFunction('typeof openPanel === "function"');
  await page.evaluate(`openPanel(${JSON.stringify({ photo, ...scenario })})`);
  return page;
}

/** Evaluates in the page, where `opened` holds editor, host, engine and model. */
export async function ask<T>(page: Page, expression: string): Promise<T> {
  return (await page.evaluate(expression)) as T;
}

/** The layers of the document as "name width x height", from the bottom up. */
export function layersOf(page: Page): Promise<string[]> {
  return ask(
    page,
    `opened.editor.document.layers.map(({ name, pictures: [picture] }) =>
      name + (picture ? ' ' + picture.width + 'x' + picture.height : ''))`,
  );
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical, as "rule: element". */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return ask(
    page,
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, any }) =>
        id + ': ' + html.slice(0, 120) + ' ' + (any[0]?.message ?? ''))))`,
  );
}

/** Elements that stick out of the window sideways. */
export function overflowing(page: Page): Promise<string[]> {
  return ask(
    page,
    `[...document.querySelectorAll('#app *')]
      .filter((each) => !each.closest('.visually-hidden, .navigator, .compare, .stage-frame, svg'))
      .filter((each) => {
        const { left, right, width } = each.getBoundingClientRect();
        return width > 0 && (left < -0.5 || right > innerWidth + 0.5);
      })
      .map((each) => each.tagName + '.' + each.className)`,
  );
}

/** Saves what the window shows. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
}
