/** Runs one method in a Chromium of its own, so that its memory can be told from that of the others. */

import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Raster } from '../../core/raster/raster.js';
import { launchChromium } from '../../test/browser/chromium.js';
import { bytesOf, type PageResult, type PixelText, toText, withAlpha, withoutAlpha } from './pixels.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const { resolve } = createRequire(import.meta.url);

/** Folders that the pages read from, by the first part of the address. */
export const folders = (pack: string): Readonly<Record<string, string>> => ({
  pack,
  tfjs: path.join(HERE, '../node_modules/@tensorflow/tfjs-backend-wasm/dist'),
  upscalerjs: path.join(HERE, '../node_modules/@upscalerjs'),
});
const ORT_FOLDER = path.dirname(resolve('onnxruntime-web'));

const TYPES: Readonly<Record<string, string>> = {
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.js': 'text/javascript',
};

export interface BrowserRun {
  /** File of the page's script beside this one. */
  readonly page: 'page-ours.ts' | 'page-upscalerjs.ts';
  /** What the page opens. */
  readonly name: string;
  readonly pack: string;
}

export interface Enlarged {
  readonly picture: Raster;
  readonly milliseconds: number;
}

export interface BrowserMethod {
  /** The back end that the page says it runs on. */
  readonly backend: string;
  enlarge(lr: Raster): Promise<Enlarged>;
  /** Peak resident memory of the page's process so far in bytes, where the system tells (Linux). */
  peakBytes(): Promise<number | undefined>;
  close(): Promise<void>;
}

async function serve(script: string, roots: Readonly<Record<string, string>>) {
  const server = http.createServer(async (request, response) => {
    const address = new URL(request.url ?? '/', 'http://localhost').pathname;
    const [, first, ...rest] = address.split('/');
    const type = TYPES[path.extname(address)] ?? 'application/octet-stream';
    if (address === '/') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>');
    } else if (address === '/page.js') {
      response.writeHead(200, { 'content-type': type }).end(script);
    } else {
      const file = roots[first] ? path.join(roots[first], ...rest) : path.join(ORT_FOLDER, first);
      const bytes = await readFile(file).catch(() => undefined);
      response.writeHead(bytes ? 200 : 404, { 'content-type': type }).end(bytes);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, server };
}

/** Opens a page on its method and warms it up on a small picture. */
export async function openInBrowser({ page: entry, name, pack }: BrowserRun): Promise<BrowserMethod> {
  const bundle = { bundle: true, format: 'esm', platform: 'browser', target: 'es2022' } as const;
  const { outputFiles } = await build({
    ...bundle,
    entryPoints: [path.join(HERE, entry)],
    write: false,
    logLevel: 'silent',
  });
  const { url, server } = await serve(outputFiles[0].text, folders(pack));
  const browser = await launchChromium({ webgpu: false });
  const close = async () => {
    await browser.close();
    server.close();
  };
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(url);
    await page.waitForFunction('typeof prepare === "function"');
    const call = <T>(text: string) => page.evaluate(text) as Promise<T>;
    const backend = await call<string>(`prepare(${JSON.stringify(name)})`);
    const enlarge = async ({ width, height, data }: Raster): Promise<Enlarged> => {
      const picture: PixelText = toText(width, height, withoutAlpha(data));
      const made = await call<PageResult>(`enlarge(${JSON.stringify(picture)})`);
      const raster = { width: made.width, height: made.height, data: withAlpha(bytesOf(made)) };
      return { picture: raster, milliseconds: made.milliseconds };
    };
    await enlarge({ width: 32, height: 32, data: new Uint8ClampedArray(32 * 32 * 4).fill(128) });
    return {
      backend,
      enlarge,
      async peakBytes() {
        const session = await browser.newBrowserCDPSession();
        const { processInfo } = await session.send('SystemInfo.getProcessInfo');
        const peaks = processInfo
          .filter(({ type }) => type === 'renderer')
          .map(({ id }) => peakOfProcess(id));
        const known = (await Promise.all(peaks)).filter((peak) => peak !== undefined);
        return known.length > 0 ? Math.max(...known) : undefined;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** "High water mark" of a process's resident memory. */
async function peakOfProcess(id: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
