import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import sharp from 'sharp';
import { presetFromLink, presetToLink } from '../../plugin/presets/link.js';
import type { Preset } from '../../plugin/presets/preset.js';
import { type Built, buildAndServe, openPage, PATIENCE_MS, upscaleInPanel } from './built.js';
import { launchChromium } from './chromium.js';

jest.setTimeout(4 * PATIENCE_MS);

const CRISP: Preset = {
  ...{ format: '1.0', id: 'crisp', name: 'Crisp', author: 'Ada', target: { scale: 4 }, detail: 0.2 },
  ...{ seedPolicy: { kind: 'random' }, pack: 'tiny', changed: '2026-01-02T03:04:05.000Z' },
};

let browser: Browser;
let built: Built;
let page: Page;
let panel: FrameLocator;
let errors: string[];

beforeAll(async () => {
  built = await buildAndServe();
  browser = await launchChromium({ webgpu: false });
});
beforeEach(async () => {
  ({ page, errors } = await openPage(browser, built.url));
  panel = page.frameLocator('iframe');
  await page.waitForFunction('window.editor && editor.layers.value.length === 1');
});
afterEach(async () => {
  await page?.context().close();
  expect(errors).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await built?.close();
});

const layer = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} `) });
const layers = () => page.locator('.layer .name').allInnerTexts();
const tool = (name: string) => page.getByRole('button', { name, exact: true });
/** Side lengths of a layer on the canvas, in its units. */
const box = () =>
  page.evaluate(`(() => { const [o] = editor.canvas.getObjects();
    return [o.left, o.top, o.getScaledWidth(), o.getScaledHeight()].map((n) => Math.round(n * 100) / 100); })()`);

async function small(name: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const raw = { create: { width: 48, height: 32, channels: 3 as const, background: '#c86432' } };
  return { name, mimeType: 'image/png', buffer: await sharp(raw).png().toBuffer() };
}

describe('playground', () => {
  it('opens a picture, enlarges it from the panel, undoes, redoes and saves', async () => {
    await page.getByRole('button', { name: 'Delete Volcano' }).click();
    await page.locator('input[type=file]').setInputFiles(await small('stone.png'));
    await layer('stone').waitFor();
    expect(await layers()).toEqual(['stone\n48 x 32 px']);
    const before = await box();
    await panel.getByText('48 × 32 →').first().waitFor();
    await upscaleInPanel(panel, '2×');
    expect(await layers()).toEqual(['stone\n96 x 64 px']);
    expect(await box()).toEqual(before);
    await tool('Undo').click();
    await page.getByText('48 x 32 px').waitFor();
    await tool('Redo').click();
    await page.getByText('96 x 64 px').waitFor();
    expect(await box()).toEqual(before);
    const download = page.waitForEvent('download');
    await tool('Save PNG').click();
    const file = await (await download).path();
    const { width, height } = await sharp(readFileSync(file)).metadata();
    expect([width, height]).toEqual([96, 64]);
  });

  it('keeps several layers: order, lock, hide, delete, by keys as well', async () => {
    await page.getByLabel('Add a sample picture').selectOption('heart.png');
    await layer('Heart').waitFor();
    const names = async () => (await layers()).map((text) => text.split('\n')[0]);
    expect(await names()).toEqual(['Heart', 'Volcano']);
    await layer('Volcano').focus();
    await page.keyboard.press('Alt+ArrowUp');
    expect(await names()).toEqual(['Volcano', 'Heart']);
    await page.keyboard.press('Control+z');
    await page.waitForFunction('editor.layers.value[0].name === "Heart"');
    await page.getByRole('button', { name: 'Lock Heart' }).click();
    await layer('Heart').click();
    await panel
      .getByText(/locked/)
      .first()
      .waitFor();
    await page.locator('.canvas').focus();
    await page.keyboard.press('Delete');
    expect(await names()).toEqual(['Heart', 'Volcano']);
    await page.getByRole('button', { name: 'Hide Volcano' }).click();
    expect(await page.evaluate('editor.canvas.getObjects()[0].visible')).toBe(false);
    await layer('Volcano').click();
    await page.locator('.canvas').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Backspace');
    expect(await names()).toEqual(['Heart']);
    await tool('Undo').click();
    await page.waitForFunction('editor.layers.value.length === 2');
    await layer('Heart').click();
    await layer('Volcano').click({ modifiers: ['Shift'] });
    expect(await page.evaluate('editor.layers.value.map(({ selected }) => selected)')).toEqual([true, true]);
    await panel
      .getByText(/hidden/)
      .first()
      .waitFor();
  });

  it('says what it cannot open, and that there is nothing to save', async () => {
    const buffer = Buffer.from('no picture');
    await page
      .locator('input[type=file]')
      .setInputFiles([{ name: 'notes.png', mimeType: 'image/png', buffer }, await small('good.png')]);
    await page.getByText('“notes.png”: not a picture that this browser can show.').waitFor();
    await layer('good').waitFor();
    await page.keyboard.press('Control+a');
    await page.locator('.canvas').focus();
    await page.keyboard.press('Delete');
    await page.getByText('Drop pictures here, paste one, or open a file.').waitFor();
    expect(await tool('Save PNG').isDisabled()).toBe(true);
  });

  it('opens a link to a preset, at first and later, asks, and makes such links', async () => {
    const dialog = panel.getByRole('dialog', { name: 'Import a preset from a link' });
    const presets = panel.getByRole('tabpanel').getByRole('listitem');
    await page.goto(`${built.url}${presetToLink(CRISP, '')}`);
    await page.reload();
    await dialog.waitFor();
    await dialog.getByText('“Crisp” by Ada').waitFor();
    expect(await presets.count()).toBe(0);
    await dialog.getByRole('button', { name: 'Import' }).click();
    await presets.filter({ hasText: 'Crisp' }).waitFor();
    expect(await page.evaluate('document.querySelector("iframe").sandbox.value')).not.toMatch(/same-origin/);

    const later = presetToLink({ ...CRISP, id: 'soft', name: 'Soft' }, '');
    await page.evaluate(`location.hash = ${JSON.stringify(later)}`);
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await presets.count()).toBe(1);

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await panel.getByRole('button', { name: 'More for Crisp' }).click();
    await panel.getByRole('menuitem', { name: 'Copy link' }).click();
    await panel
      .getByText('on the clipboard', { exact: false })
      .or(panel.getByText('#preset='))
      .first()
      .waitFor();
    const shown = await panel.getByText('#preset=').allTextContents();
    const link = shown[0] ?? ((await page.evaluate('navigator.clipboard.readText()')) as string);
    expect(link.startsWith(`${built.url}#preset=`)).toBe(true);
    expect(presetFromLink(link)).toMatchObject({ name: 'Crisp', target: { scale: 4 } });
  });

  it('is light and dark together with its panel, and accessible in both', async () => {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    const frame = page.frames().find((each) => each.url().includes('plugin.html'))!;
    await panel.getByRole('tab').first().waitFor();
    const ground = () =>
      frame.evaluate(
        'getComputedStyle(document.documentElement).colorScheme + getComputedStyle(document.body).backgroundColor',
      );
    const light = await ground();
    await tool('Dark theme').click();
    for (const name of ['Light theme', 'Dark theme']) {
      await tool(name).waitFor();
      await page.evaluate(axe);
      const faults = await page.evaluate(`axe.run({ exclude: ['iframe'] }, { resultTypes: ['violations'] })
        .then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`);
      expect(faults).toEqual([]);
      await page.screenshot({
        path: path.join(
          __dirname,
          '../../dist/screenshots',
          `playground-${name === 'Light theme' ? 'dark' : 'light'}.png`,
        ),
      });
      if (name === 'Light theme') {
        expect(await ground()).not.toBe(light);
        await tool(name).click();
      }
    }
  });
});
