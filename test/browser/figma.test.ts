/**
 * The whole Figma plugin at work: its main code in a VM against the fake API, its page as built in a sandboxed frame of
 * real Chromium, and between them nothing but messages.
 */

import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Paint } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { bundlePage, inlinePage } from '../../scripts/build/page.mjs';
import { engineParts } from '../../scripts/build/parts.mjs';
import type { LayerSpec } from '../plugin/hosts/figma/fake/entry.js';
import { FigmaVm } from '../plugin/hosts/figma/vm.js';
import { launchChromium } from './chromium.js';
import { relay } from './figma-relay.js';
import { screenshot } from './panel-driver.js';
import { openSandboxed } from './sandbox.js';
import { writeTinyPack } from './tiny-pack-folder.js';

const ROOT = path.join(__dirname, '../..');
const SLOW = 900_000;

let browser: Browser;
let html: string;
let folder: string;
let photo: number[];

beforeAll(async () => {
  folder = await writeTinyPack();
  const bundle = await bundlePage({
    entry: path.join(ROOT, 'ui/main.tsx'),
    define: { HOST_KIND: '"figma"' },
  });
  html = inlinePage({ title: 'Enlarger', ...bundle, parts: await engineParts(ROOT, { packFolder: folder }) });
  photo = [
    ...(await sharp(path.join(ROOT, 'models/demo/welder.png'))
      .resize(48, 36, { fit: 'cover' })
      .png()
      .toBuffer()),
  ];
  browser = await launchChromium({ webgpu: false });
}, SLOW);

afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
});

const fill = (scaleMode: string, more: object = {}): Paint =>
  ({ type: 'IMAGE', scaleMode, imageHash: 'photo', ...more }) as Paint;

const CROP = fill('CROP', {
  imageTransform: [
    [0.5, 0, 0.25],
    [0, 0.5, 0.25],
  ],
  filters: { exposure: 0.25 },
  opacity: 0.5,
});

const LAYERS: readonly LayerSpec[] = [
  { id: '1:1', type: 'RECTANGLE', name: 'Hero', fills: [CROP] },
  { id: '1:2', type: 'ELLIPSE', name: 'Avatar', fills: [fill('FILL')] },
  { id: '1:3', type: 'RECTANGLE', name: 'Kept', fills: [fill('FILL')], locked: true },
];

test(
  'one menu command enlarges every picture once, in place, and one undo brings all back',
  async () => {
    const figma = await FigmaVm.open({
      layers: LAYERS,
      images: [{ hash: 'photo', width: 48, height: 36, bytes: photo }],
      drawing: photo,
    });
    const before = figma.ask(`fake.tree()`);
    figma.run({ command: 'upscale-2x' });
    const box = await openSandboxed(browser, html, 'document.querySelector("#app")?.childElementCount > 0');
    try {
      await relay(figma, box);
      await box.frame.waitForFunction(
        '/2 enlarged, 1 skipped: locked/.test(document.body.innerText)',
        undefined,
        { polling: 500, timeout: SLOW },
      );
      await screenshot(box.page, 'figma-upscale-2x');

      const [hero, avatar, kept] = figma.ask<{ fills: (Paint & { imageHash: string })[] }[]>(
        `fake.page.children.map((layer) => fake.tree(layer))`,
      );
      const imageHash = hero?.fills[0]?.imageHash as string;
      expect(imageHash).toMatch(/^[0-9a-f]{40}$/);
      expect(hero?.fills).toStrictEqual([{ ...CROP, imageHash }]);
      expect(avatar?.fills).toStrictEqual([{ ...fill('FILL'), imageHash }]);
      expect(kept?.fills).toStrictEqual([fill('FILL')]);

      const stored = figma.ask<number[]>(`[...fake.images.stored.get('${imageHash}').bytes]`);
      expect(await sharp(Buffer.from(stored)).metadata()).toMatchObject({
        format: 'png',
        width: 96,
        height: 72,
      });
      const { data } = await sharp(Buffer.from(stored))
        .resize(48, 36)
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const original = await sharp(Buffer.from(photo)).removeAlpha().raw().toBuffer();
      const difference = data.reduce((sum, value, at) => sum + Math.abs(value - (original[at] as number)), 0);
      // Reduced again it is the picture that came in, whatever an untrained network adds.
      expect(difference / data.length).toBeLessThan(12);

      const steps = figma.ask<number[]>(`fake.journal.counts`);
      expect(steps).toEqual([expect.any(Number), 0]);
      figma.evaluate(`fake.journal.undo()`);
      expect(figma.ask(`fake.tree()`)).toEqual(before);
      expect(box.refused).toEqual([]);
    } finally {
      await box.close();
      figma.close();
    }
  },
  SLOW,
);
