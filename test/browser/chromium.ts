/** Real Chromium for tests: finds the system's, says how to get one, serves a page with one bundled script. */

import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { panelCss } from '../../scripts/panel-css.mjs';

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** WebGPU on a machine without a graphics card runs on Chromium's own software adapter. */
const WITH_WEBGPU = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

const FLAGS = [
  '--no-sandbox',
  '--headless=new',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Starts a browser. Pages that need no WebGPU draw several times faster without its software adapter.
 * @throws Error that says how to install one.
 */
export async function launchChromium({ webgpu = true } = {}): Promise<Browser> {
  const executablePath = CANDIDATES.find((file) => file && existsSync(file));
  if (!executablePath)
    throw new Error(
      'No Chromium found. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program.',
    );
  return chromium.launch({ executablePath, args: [...FLAGS, ...(webgpu ? WITH_WEBGPU : ['--disable-gpu'])] });
}

export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Bundles `entry` for a page and serves it together with ONNX Runtime's wasm files, on this machine only.
 */
export async function servePage(entry: string): Promise<ServedPage> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: 'page',
    plugins: [panelCss],
    write: false,
    logLevel: 'silent',
  });
  const script = outputFiles.find((file) => file.path.endsWith('.js'))!;
  const style = outputFiles.find((file) => file.path.endsWith('.css'));
  const wasm = path.join(__dirname, '../../node_modules/onnxruntime-web/dist');
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>test</title><style>${style?.text ?? ''}</style><body><div id="app"></div><script type="module" src="/page.js"></script></body></html>`;
  const server = http.createServer((request, response) => {
    const name = path.basename(request.url ?? '/');
    if (name === 'page.js')
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script.contents);
    else if (name.endsWith('.wasm'))
      response
        .writeHead(200, { 'content-type': 'application/wasm' })
        .end(readFileSync(path.join(wasm, name)));
    else response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const OPENING_MS = 120_000;

/** One page for all tests of a file, there from the first test on. */
export interface SharedPage {
  readonly page: Page;
  /** Calls a function of the page with plain values. */
  // biome-ignore lint/suspicious/noExplicitAny: what the page gives is described where it is made.
  call(name: string, ...given: unknown[]): Promise<any>;
}

/**
 * Serves a script and opens it in one page, before the tests of the file; waits until it says `ready`.
 * @param prepare Runs before the page is opened.
 */
export function useServedPage(
  entry: string,
  prepare: (page: Page) => Promise<void> = async () => {},
): SharedPage {
  let browser: Browser;
  let served: ServedPage;
  let page: Page;
  beforeAll(async () => {
    served = await servePage(entry);
    browser = await launchChromium();
    page = await browser.newPage();
    await prepare(page);
    await page.goto(served.url);
    await page.waitForFunction('globalThis.ready');
  }, OPENING_MS);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  return {
    get page() {
      return page;
    },
    call: (name, ...given) => page.evaluate(`${name}(...${JSON.stringify(given)})`),
  };
}
