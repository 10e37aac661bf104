/**
 * A person's day with the whole plugin: the panel in a sandboxed frame without an origin, the real engine behind it, and
 * Figma's main code with a strict model of its API on the other side.
 */

import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Paint } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { Browser, FrameLocator } from 'playwright-core';
import sharp from 'sharp';
import { bundlePage, inlinePage } from '../../scripts/build/page.mjs';
import { engineParts } from '../../scripts/build/parts.mjs';
import type { LayerSpec } from '../plugin/hosts/figma/fake/entry.js';
import { FigmaVm } from '../plugin/hosts/figma/vm.js';
import { launchChromium } from './chromium.js';
import { relay } from './figma-relay.js';
import type { Faults } from './pages/engine-page-calls.js';
import { screenshot } from './panel-driver.js';
import { openSandboxed, type Sandbox } from './sandbox.js';
import { writeTinyPack } from './tiny-pack-folder.js';

const ROOT = path.join(__dirname, '../..');
/** Software graphics compile every shader on the processor: seconds on an idle machine, minutes on a busy one. */
const SLOW = 600_000;
const [WIDTH, HEIGHT] = [12, 8];

let browser: Browser | undefined;
let html: string;
let folder: string;
let figma: FigmaVm;
let box: Sandbox;
let panel: FrameLocator;

beforeAll(async () => {
  folder = await writeTinyPack();
  const bundle = await bundlePage({ entry: path.join(__dirname, 'pages/plugin-page.ts') });
  const modelWorker = path.join(__dirname, 'pages/faulty-model-worker.ts');
  const parts = await engineParts(ROOT, { packFolder: folder, modelWorker });
  html = inlinePage({ title: 'Enlarger', ...bundle, parts });
}, SLOW);
afterEach(async () => {
  await box?.close();
  figma?.close();
  await browser?.close();
});
afterAll(() => {
  if (folder) rmSync(folder, { recursive: true });
});

async function colour(hue: number): Promise<number[]> {
  const background = { r: 20 * hue, g: 200 - 10 * hue, b: 90 };
  return [
    ...(await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background } })
      .png()
      .toBuffer()),
  ];
}

/** So many layers, each with a picture of its own; the one at `torn` holds half a file. */
async function open(count: number, { torn = -1, webgpu = false } = {}): Promise<void> {
  browser = await launchChromium({ webgpu });
  const hashes = Array.from({ length: count }, (_, at) => `picture-${at}`);
  const layers = hashes.map((hash, at): LayerSpec => {
    const fill = { type: 'IMAGE', scaleMode: 'FILL', imageHash: hash } as Paint;
    return { id: `1:${at + 1}`, type: 'RECTANGLE', name: `Layer ${at + 1}`, fills: [fill] };
  });
  const files = await Promise.all(hashes.map((_, at) => colour(at)));
  const images = hashes.map((hash, at) => ({
    hash,
    width: WIDTH,
    height: HEIGHT,
    bytes: at === torn ? files[at]?.slice(0, 60) : files[at],
  }));
  figma = await FigmaVm.open({ layers, images: images as never, drawing: files[0] as number[] });
  figma.run({ command: 'open' });
  box = await openSandboxed(browser, html, 'document.querySelector("#app")?.childElementCount > 0');
  box.page.setDefaultTimeout(SLOW);
  panel = box.page.frameLocator('iframe');
  await relay(figma, box);
}

const button = (name: string | RegExp) => panel.getByRole('button', { name });
const heading = (name: string | RegExp) => panel.getByRole('heading', { name });
const tree = () => figma.ask<object>('fake.tree()');
/** Names of the layers whose picture is another one than at first. */
const changed = () =>
  figma.ask<string[]>(
    `fake.page.children.filter(({ fills }) => !/^picture-/.test(fills[0].imageHash)).map(({ name }) => name)`,
  );

/** Makes the engine fail at its next tile, once it has nothing else to do. */
async function fail(faults: Faults): Promise<void> {
  await panel
    .locator('[aria-busy=false]')
    .getByRole('slider', { name: 'Compare before and after' })
    .waitFor();
  await box.frame.evaluate(`fail(${JSON.stringify(faults)})`);
}

async function use(engine: 'wasm' | 'webgpu'): Promise<void> {
  await panel.getByRole('tab', { name: 'About this machine' }).click();
  await panel.getByLabel('Engine to use').selectOption(engine);
  await panel.getByText(engine === 'wasm' ? /^CPU, about/ : /^WebGPU: /).waitFor();
  await panel.getByRole('tab', { name: 'Upscale' }).click();
  await panel.getByLabel('2×').click();
}

it(
  'ten layers, one of which is no picture: nine are larger, one is explained, one undo brings all back',
  async () => {
    await open(10, { torn: 4 });
    const before = tree();
    await use('wasm');
    await button('Upscale 10 layers').click();
    await heading('9 enlarged, 1 failed: “Layer 5”').waitFor();
    await screenshot(box.page, 'plugin-ten-layers');
    expect(changed()).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10].map((at) => `Layer ${at}`));
    figma.evaluate('fake.journal.undo()');
    expect(tree()).toEqual(before);
    expect(box.refused).toEqual([]);
  },
  SLOW,
);

it(
  'cancel in the middle of a tile leaves the document as it was, and the next try succeeds',
  async () => {
    await open(2);
    const before = tree();
    await use('wasm');
    await fail({ hangFrom: 0 });
    await button('Upscale 2 layers').click();
    await panel.getByRole('progressbar', { name: 'Layer 1' }).waitFor();
    await button('Cancel').click();
    await heading('Nothing enlarged, 2 stopped').waitFor();
    expect(tree()).toEqual(before);
    await button('Try 2 layers again').click();
    await heading('2 enlarged').waitFor();
    expect(changed()).toEqual(['Layer 1', 'Layer 2']);
  },
  SLOW,
);

it(
  'a graphics device that is destroyed in the middle costs nothing but a sentence',
  async () => {
    await open(1, { webgpu: true });
    await use('webgpu');
    await fail({ loseNext: true });
    await button(/^Upscale to/).click();
    await heading('1 enlarged').waitFor();
    await panel.getByText(/graphics card stopped in the middle/).waitFor();
    await screenshot(box.page, 'plugin-device-lost');
    expect(changed()).toEqual(['Layer 1']);
  },
  SLOW,
);
