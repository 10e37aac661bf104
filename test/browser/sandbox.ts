/**
 * A page as an editor shows it: one HTML file in a sandboxed frame with an opaque origin, on a network where
 * everything but that file and the page around it is refused, and noted.
 */

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Frame, Page } from 'playwright-core';

export interface Sandbox {
  readonly page: Page;
  readonly frame: Frame;
  /** Addresses that the frame asked for in vain. */
  readonly refused: string[];
  close(): Promise<void>;
}

/** Opens `html` in a frame of a new page. @param ready An expression that is true once it can be used. */
export async function openSandboxed(browser: Browser, html: string, ready: string): Promise<Sandbox> {
  const outer =
    '<!doctype html><title>editor</title><iframe sandbox="allow-scripts" src="/plugin.html" ' +
    'style="width:400px;height:640px"></iframe>';
  const server = http.createServer(({ url }, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(url === '/plugin.html' ? html : outer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const page = await browser.newPage();
  const refused: string[] = [];
  await page.route('**/*', (route) => {
    const asked = route.request().url();
    if (asked === url || asked === `${url}plugin.html` || /^(blob|data):/.test(asked))
      return route.continue();
    refused.push(asked);
    return route.abort();
  });
  // Other work may share the machine.
  page.setDefaultTimeout(180_000);
  page.setDefaultNavigationTimeout(180_000);
  await page.goto(url);
  const frame = page.frames().find((each) => each.url().endsWith('/plugin.html'));
  if (!frame) throw new Error('The frame did not load.');
  await frame.waitForFunction(ready);
  return {
    page,
    frame,
    refused,
    async close() {
      await page.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
