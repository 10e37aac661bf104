import type { Browser } from 'playwright-core';
import { type Built, buildAndServe, openPage, PATIENCE_MS, upscaleInPanel } from './built.js';
import { launchChromium } from './chromium.js';

jest.setTimeout(4 * PATIENCE_MS);

let browser: Browser;
let built: Built;

beforeAll(async () => {
  built = await buildAndServe();
  browser = await launchChromium({ webgpu: false });
});
afterAll(async () => {
  await browser?.close();
  await built?.close();
});

describe('examples', () => {
  it('image: ten lines enlarge a picture of a page', async () => {
    const { page, errors } = await openPage(browser, `${built.url}examples/image/`);
    const size = () => page.evaluate('[photo.naturalWidth, photo.naturalHeight]');
    await page.waitForFunction('photo.naturalWidth === 360');
    await page.getByRole('button', { name: 'Enlarge 2x' }).click();
    await page.waitForFunction('photo.complete && photo.naturalWidth > 360');
    expect(await size()).toEqual([720, 480]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('toast-ui: an editor that is not ours, enlarged from the panel and undone', async () => {
    const { page, errors } = await openPage(browser, `${built.url}examples/toast-ui/`);
    const panel = page.frameLocator('iframe[title="Enlarger"]');
    const size = () => page.evaluate('editor.getCanvasSize()');
    const pixels = () => page.evaluate('editor.toDataURL()');
    await page.waitForFunction('window.editor && editor.getImageName() === "volcano"');
    await panel.getByText('360 × 240 →').first().waitFor();
    // Something drawn on the picture belongs to what is enlarged.
    await page.evaluate(
      `editor.addShape('rect', { fill: '#00f', width: 60, height: 60, left: 100, top: 100 })`,
    );
    const before = await pixels();
    await upscaleInPanel(panel, '2×');
    expect(await size()).toEqual({ width: 720, height: 480 });
    const [red, green, blue] = (await page.evaluate(`(async () => {
      const image = new Image(); image.src = editor.toDataURL(); await image.decode();
      const canvas = document.createElement('canvas'); canvas.width = 720; canvas.height = 480;
      const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
      return [...context.getImageData(200, 200, 1, 1).data];
    })()`)) as number[];
    expect(blue).toBeGreaterThan(Math.max(red, green) + 60);
    await page.evaluate('editor.undo()');
    expect(await size()).toEqual({ width: 360, height: 240 });
    expect(await pixels()).toBe(before);
    await page.evaluate('editor.redo()');
    expect(await size()).toEqual({ width: 720, height: 480 });
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
