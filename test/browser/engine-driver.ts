/** A page with nothing but the engine of a plugin, in a sandboxed frame, and the native engine to compare with. */

import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { createFolderReader } from '../../cli/store/pack-reader.js';
import { loadPack } from '../../core/pack/load.js';
import type { StageProvider } from '../../core/pipeline/stage.js';
import { openStages } from '../../core/pipeline/stages.js';
import { upscale } from '../../core/pipeline/upscale.js';
import { createRaster, type Raster } from '../../core/raster/raster.js';
import type { Engine } from '../../core/runtime/engine.js';
import { decodeImage } from '../../core/runtime/node/codec.js';
import { createCpuEngine } from '../../core/runtime/node/cpu.js';
import { bundlePage, inlinePage } from '../../scripts/build/page.mjs';
import { engineParts } from '../../scripts/build/parts.mjs';
import { launchChromium } from './chromium.js';
import type { EngineTest, PageOptions, PageRequest } from './pages/engine-page-calls.js';
import { openSandboxed, type Sandbox } from './sandbox.js';
import { writeTinyPack } from './tiny-pack-folder.js';

export const ROOT = path.join(__dirname, '../..');
/** For a machine that trains networks beside its tests. */
export const SLOW = 600_000;

type Answer<K extends keyof EngineTest> = Awaited<ReturnType<EngineTest[K]>>;

/** The page of a test file; what it holds is there from the first test on. */
export class EnginePage {
  browser!: Browser;
  box!: Sandbox;
  native!: Engine;
  private provider!: StageProvider;
  /** Whether the page's engine runs on wasm without faults, so that tests without special wishes can share it. */
  private plain = false;
  private packFolder: string | null = null;

  call<K extends keyof EngineTest>(name: K, ...args: unknown[]): Promise<Answer<K>> {
    return this.box.frame.evaluate(
      ([method, values]) =>
        (globalThis as unknown as { engineTest: Record<string, (...all: unknown[]) => unknown> }).engineTest[
          method as string
        ](...(values as unknown[])),
      [name, args] as const,
    ) as Promise<Answer<K>>;
  }

  async open(options: PageOptions): Promise<void> {
    this.plain = false;
    await this.call('open', options);
  }

  async openPlain(): Promise<void> {
    if (this.plain) return;
    await this.open({});
    await this.call('start', 'wasm');
    this.plain = true;
  }

  async enlargedNatively(raster: Raster): Promise<Raster> {
    return (await upscale(raster, { scale: 2 }, { provider: this.provider, seed: 5 })).raster;
  }

  /** @param pack `tiny`: small random networks, and a worker that breaks when told to; `shipped`: the plugin as it is. */
  async start(pack: 'tiny' | 'shipped'): Promise<void> {
    this.browser = await launchChromium();
    this.native = await createCpuEngine({ threads: 1 });
    if (pack === 'tiny') this.packFolder = await writeTinyPack();
    const packFolder = this.packFolder ?? path.join(ROOT, 'models/enlarger-1');
    this.provider = openStages(await loadPack(createFolderReader(packFolder)), this.native);
    const bundle = await bundlePage({ entry: path.join(__dirname, 'pages/engine-page.ts') });
    const modelWorker = path.join(__dirname, 'pages/faulty-model-worker.ts');
    const parts = await engineParts(ROOT, this.packFolder ? { packFolder, modelWorker } : {});
    const html = inlinePage({ title: 'Engine', ...bundle, parts });
    this.box = await openSandboxed(this.browser, html, 'typeof engineTest === "object"');
  }

  async close(): Promise<void> {
    await this.box?.close();
    await this.browser?.close();
    await this.provider?.dispose();
    await this.native?.dispose();
    if (this.packFolder) rmSync(this.packFolder, { recursive: true, force: true });
  }
}

/** Opens the page before the tests of the file and closes it after them. */
export function useEnginePage(pack: 'tiny' | 'shipped'): EnginePage {
  const page = new EnginePage();
  beforeAll(() => page.start(pack), SLOW);
  afterAll(() => page.close(), SLOW);
  return page;
}

/** What the page is asked to enlarge: twice, unless told otherwise. */
export function request(file: Uint8Array, more: Partial<PageRequest> = {}): PageRequest {
  return {
    picture: Buffer.from(file).toString('base64'),
    target: { scale: 2 },
    seed: 5,
    maxSidePx: null,
    beyondLimit: 'clamp',
    formats: ['png'],
    ...more,
  };
}

/** The result of a page's job as a picture; what went wrong as an exception. */
export async function made(answer: Answer<'upscale'>): Promise<{
  raster: Raster;
  value: NonNullable<typeof answer.value>;
}> {
  if (!answer.value) throw new Error(JSON.stringify(answer.error));
  const { width, height, pieces } = answer.value.picture;
  const raster = createRaster(width, height);
  for (const piece of pieces) {
    const part = (await decodeImage(Buffer.from(piece.bytes, 'base64'))).raster;
    for (let y = 0; y < part.height; y++) {
      const row = part.data.subarray(y * part.width * 4, (y + 1) * part.width * 4);
      raster.data.set(row, ((piece.y + y) * width + piece.x) * 4);
    }
  }
  return { raster, value: answer.value };
}
