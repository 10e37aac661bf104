/** The Figma plugin as it is built with a generator: from a prompt to a layer that keeps it. Its networks are untrained. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { bundlePage, inlinePage } from '../../scripts/build/page.mjs';
import { engineParts } from '../../scripts/build/parts.mjs';
import { flowPack } from '../core/generate/tiny-generator.js';
import { FigmaVm } from '../plugin/hosts/figma/vm.js';
import { launchChromium } from './chromium.js';
import { relay } from './figma-relay.js';
import { screenshot } from './panel-driver.js';
import { openSandboxed } from './sandbox.js';
import { writeTinyPack } from './tiny-pack-folder.js';

const ROOT = path.join(__dirname, '../..');
const SLOW = 900_000;
/** Of an untrained generator's candidates. */
const SIDE = 32;

let browser: Browser;
let html: string;
const folders: string[] = [];

async function writeGenerator(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'enlarger-generator-'));
  const { manifest, files } = await flowPack();
  writeFileSync(path.join(folder, 'pack.json'), JSON.stringify(manifest));
  for (const [name, bytes] of files) writeFileSync(path.join(folder, name), bytes);
  return folder;
}

beforeAll(async () => {
  const [packFolder, generatorFolder] = await Promise.all([writeTinyPack(), writeGenerator()]);
  folders.push(packFolder, generatorFolder);
  const bundle = await bundlePage({
    entry: path.join(ROOT, 'ui/main.tsx'),
    define: { HOST_KIND: '"figma"' },
  });
  const parts = await engineParts(ROOT, { packFolder, generatorFolder });
  html = inlinePage({ title: 'Enlarger', ...bundle, parts });
  browser = await launchChromium({ webgpu: false });
}, SLOW);

afterAll(async () => {
  await browser?.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test(
  'a prompt becomes four candidates, the picked one a layer with its prompt, and one undo takes it back',
  async () => {
    const figma = await FigmaVm.open({ layers: [] }, { generator: true });
    const before = figma.ask(`fake.tree()`);
    figma.run({ command: 'generate' });
    const box = await openSandboxed(browser, html, 'document.querySelector("#app")?.childElementCount > 0');
    const panel = box.page.frameLocator('iframe');
    try {
      await relay(figma, box);
      box.page.setDefaultTimeout(SLOW);
      await panel.getByRole('textbox', { name: 'Prompt' }).fill('red apple');
      await panel.getByRole('textbox', { name: 'Seed' }).fill('20');
      await panel.getByRole('button', { name: 'Generate' }).click();
      const third = panel.getByRole('radio', { name: 'Picture 3 of 4, seed 22' });
      await panel.getByRole('radio', { name: 'Picture 4 of 4, seed 23' }).waitFor();
      await third.check();
      await panel.getByLabel('256').click();
      await panel.getByRole('button', { name: 'Enlarge and place' }).click();
      await panel.getByRole('heading', { name: 'Placed at 256 × 256' }).waitFor();
      await screenshot(box.page, 'figma-generate');
      const stages = await panel
        .getByRole('radiogroup', { name: 'Stages' })
        .locator('.numbers')
        .allInnerTexts();
      expect(stages).toEqual([SIDE, 2 * SIDE, 4 * SIDE, 8 * SIDE].map(String));

      const [layer] = figma.ask<
        { name: string; pluginData: Record<string, string>; fills: { imageHash: string }[] }[]
      >(`fake.page.children.map((layer) => fake.tree(layer))`);
      expect(layer.name).toBe('red apple');
      expect(JSON.parse(layer.pluginData.generated)).toEqual({ prompt: 'red apple', seed: 22, guidance: 3 });
      const stored = figma.ask<number[]>(`[...fake.images.stored.get('${layer.fills[0].imageHash}').bytes]`);
      expect(await sharp(Buffer.from(stored)).metadata()).toMatchObject({
        format: 'png',
        width: 256,
        height: 256,
        hasAlpha: true,
      });
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
