import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { Scenario } from './pages/panel-scenario.js';
import { ask, layersOf, PATIENCE_MS, usePanels } from './panel-driver.js';

jest.setTimeout(4 * PATIENCE_MS);

const panels = usePanels();
let page: Page;

const open = async (scenario: Scenario) => {
  page = await panels.open(scenario);
};
const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = (name: string | RegExp) => page.getByRole('heading', { name });
const PHOTO: Scenario = { layers: [{ name: 'Welder', sample: 'photo' }] };

describe('upscale', () => {
  it('says what will become of the selection, and does it', async () => {
    await open(PHOTO);
    await page.getByText('160 × 120 → 640 × 480').waitFor();
    await page.getByLabel('2×').click();
    await page.getByText('160 × 120 → 320 × 240').waitFor();
    await button('Upscale to 320 × 240').click();
    await heading('1 enlarged').waitFor();
    expect(await layersOf(page)).toEqual(['Welder 320x240']);
    expect(await ask(page, 'opened.editor.history.length')).toBe(1);
    expect(await ask(page, 'opened.host.notifications')).toEqual([{ message: '1 enlarged', error: false }]);
    await ask(page, 'opened.editor.undo()');
    expect(await layersOf(page)).toEqual(['Welder 160x120']);
    await button('Done').click();
    await button('Upscale to 320 × 240').waitFor();
  });

  it('starts at once when the editor asks for it', async () => {
    await open({ ...PHOTO, command: { command: 'upscale', scale: 4 } });
    await heading('1 enlarged').waitFor();
    expect(await layersOf(page)).toEqual(['Welder 640x480']);
  });

  it('asks to select something when there is nothing', async () => {
    await open({ layers: [], command: { command: 'upscale', scale: 2 } });
    await heading('Select a picture in Fixture').waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
    await ask(page, `opened.editor.select(opened.editor.add({ name: 'Late', kind: 'text' }))`);
    await page.getByText('Will be skipped: no picture inside').waitFor();
  });

  it('stops when it is cancelled and leaves what is not finished as it was', async () => {
    await open({
      layers: [
        { name: 'One', sample: 'photo' },
        { name: 'Two', sample: 'screen' },
      ],
      engine: { stepMs: 400 },
    });
    await button('Upscale 2 layers').click();
    await page.getByRole('progressbar', { name: 'Whole job' }).waitFor();
    await button('Cancel').click();
    await heading('Nothing enlarged, 2 stopped').waitFor();
    expect(await layersOf(page)).toEqual(['One 160x120', 'Two 120x200']);
    expect(await ask(page, 'opened.editor.history')).toEqual([]);
    await button('Try 2 layers again').waitFor();
  });

  it('goes on past every layer that fails, and says why of each', async () => {
    const names = [
      'Photo',
      'Logo',
      'Screen',
      'Damaged',
      'Locked',
      'Video',
      'Hero',
      'Icon',
      'Tile',
      'Refused',
    ];
    const kinds = [
      'photo',
      'logo',
      'screen',
      'damaged',
      'photo',
      undefined,
      'photo',
      'small',
      'logo',
      'screen',
    ];
    await open({
      layers: names.map((name, at) => ({
        name,
        ...(kinds[at] ? { sample: kinds[at] as 'photo' } : {}),
        locked: name === 'Locked',
        video: name === 'Video',
      })),
      failing: [{ method: 'write', argument: 'layer-9' }],
    });
    await button('Upscale 8 layers').click();
    await heading(/^6 enlarged, 2 skipped: 1 locked, 1 video, 2 failed/).waitFor();
    const items = await page.getByRole('listitem').allInnerTexts();
    expect(items).toHaveLength(10);
    expect(items[0]).toContain('160 × 120 → 640 × 480');
    expect(items[3]).toContain('its file is damaged. Put the picture into the layer again.');
    expect(items[4]).toContain('skipped: locked');
    expect(items[5]).toContain('skipped: video');
    expect(await layersOf(page)).toContain('Tile 384x384');

    const saved = page.waitForEvent('download');
    await button('Save file: Refused, enlarged').click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe('Refused 480x800.png');
    expect(
      readFileSync((await download.path())!)
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');

    await ask(page, 'opened.failing = []');
    await button('Try 2 layers again').click();
    await heading(/^1 enlarged, 1 failed: “Damaged”/).waitFor();
    expect(await layersOf(page)).toContain('Refused 480x800');
  });

  it('makes way for the next layer after a job without bad news', async () => {
    await open(PHOTO);
    await button(/^Upscale to/).click();
    await heading('1 enlarged').waitFor();
    await ask(page, `opened.editor.select(opened.editor.add({ name: 'Next', kind: 'text' }))`);
    await page.getByText('Next').waitFor();
    expect(await heading('1 enlarged').count()).toBe(0);
  });

  it('asks before a slow run on the processor', async () => {
    await open({ ...PHOTO, engine: { name: 'wasm', pixelsPerSecond: 2500 } });
    await page.getByText('Takes about 2 minutes').waitFor();
    await page.getByText('CPU, about 35 times slower than a laptop’s graphics card').waitFor();
    await button('Upscale to 640 × 480').click();
    await page.getByRole('dialog', { name: 'This takes about 2 minutes' }).waitFor();
    await page.getByText('The processor does the work, about 35 times slower', { exact: false }).waitFor();
    await button('Not now').click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await layersOf(page)).toEqual(['Welder 160x120']);
    await button('Upscale to 640 × 480').click();
    await button('Start').click();
    await heading('1 enlarged').waitFor();
  });

  it('gives a way out when the engine does not start', async () => {
    await open({ ...PHOTO, engine: { broken: ['auto', 'webgpu'] } });
    await page.getByText('The graphics card gave wrong answers in the self-check.').waitFor();
    expect(await button(/^Upscale to/).getAttribute('aria-disabled')).toBe('true');
    await button('Use the processor').click();
    await page.getByText(/^CPU, about/).waitFor();
    await button(/^Upscale to/).click();
    await heading('1 enlarged').waitFor();
  });

  it('says what is wrong with a typed size', async () => {
    await open(PHOTO);
    await page.getByLabel('Custom').click();
    const field = page.getByRole('textbox', { name: 'Long side' });
    await field.fill('12 metres');
    await page.getByText('Type whole pixels from 1 to 65536.').first().waitFor();
    expect(await button(/^Upscale/).getAttribute('aria-disabled')).toBe('true');
    await field.fill('100');
    await page
      .getByText('The picture already is larger', { exact: false })
      .or(page.getByText('The picture is already larger than 100 pixels', { exact: false }))
      .waitFor();
    await page.getByText('Choose from 160 to 2560 pixels.').waitFor();
    await field.fill('1000');
    await button('Upscale to 1000 × 750').waitFor();
  });

  it('offers pieces only beyond the limit of the editor', async () => {
    await open({ ...PHOTO, info: { maxSidePx: 500 } });
    await page.getByText('1 result would be larger than 500 pixels', { exact: false }).waitFor();
    await page.getByText('160 × 120 → 500 × 375').waitFor();
    await page.getByLabel('Cut into pieces').click();
    await page.getByText('160 × 120 → 640 × 480').waitFor();
    await button('Upscale to 640 × 480').click();
    await heading('1 enlarged').waitFor();
    expect((await layersOf(page)).length).toBeGreaterThan(2);
    await button('Done').click();
    await page.getByLabel('2×').click();
    expect(await page.getByLabel('Cut into pieces').count()).toBe(0);
  });
});

describe('preview', () => {
  const requests = () =>
    ask<{ crop: unknown; seed: number }[]>(
      page,
      'opened.engine.requests.map(({ crop, seed }) => ({ crop, seed }))',
    );

  it('shows a part before and after, chosen by dragging or with arrow keys', async () => {
    await open(PHOTO);
    const compare = page.getByRole('slider', { name: 'Compare before and after' });
    await compare.waitFor();
    const [first] = await requests();
    // As much as the view shows pixel by pixel, around the middle.
    expect(first.crop).toEqual({ x: 51, y: 39, width: 59, height: 42 });

    const navigator = page.getByRole('application');
    const box = (await navigator.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 1, box.y + 1, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction('opened.engine.requests.at(-1).crop.x === 0');
    await compare.waitFor();
    await navigator.press('ArrowRight');
    await page.waitForFunction('opened.engine.requests.at(-1).crop.x > 20');
    await compare.waitFor();
    await compare.fill('80');
    expect(await compare.getAttribute('aria-valuetext')).toBe('before 80 %, after 20 %');
    expect(await layersOf(page)).toEqual(['Welder 160x120']);
  });

  it('shows with the seed that the job then uses', async () => {
    await open(PHOTO);
    await page.getByRole('textbox', { name: 'Seed' }).fill('1234');
    await page.waitForFunction('opened.engine.requests.at(-1)?.seed === 1234');
    await button(/^Upscale to/).click();
    await heading('1 enlarged').waitFor();
    expect((await requests()).find(({ crop }) => !crop)!.seed).toBe(1234);
    await button('Done').click();
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('1234');
    await button('Keep this seed').click();
    await button('Another seed').click();
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).not.toBe('1234');
  });

  it('says why there is none, and the other layers can be previewed', async () => {
    await open({
      layers: [
        { name: 'Broken', sample: 'damaged' },
        { name: 'Welder', sample: 'photo' },
      ],
    });
    await page.getByText('The picture cannot be read: its file is damaged.', { exact: false }).waitFor();
    await button(/^Preview Welder/).click();
    await page.getByRole('slider', { name: 'Compare before and after' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('about this machine', () => {
  it('tells engine, pack and the stages of the last job, and copies them', async () => {
    await open(PHOTO);
    await button(/^Upscale to/).click();
    await heading('1 enlarged').waitFor();
    await page.getByRole('tab', { name: 'About this machine' }).click();
    await page.getByText('WebGPU: Test adapter').waitFor();
    await page.getByText('4× → 640 × 480').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button('Copy diagnostics').click();
    await button('Copied').waitFor();
    const text = await ask<string>(page, 'navigator.clipboard.readText()');
    expect(text).toContain('Engine: WebGPU: Test adapter');
    expect(text).toContain('Last job: 160 × 120 on webgpu: x4 to 640 × 480');
    expect(text).not.toContain('Welder');
    await page.getByLabel('Engine to use').selectOption('wasm');
    await page.getByText('CPU, about 35 times slower than a laptop’s graphics card').waitFor();
    await page.getByText('WebAssembly, 1 thread').waitFor();
    await page.getByText('This browser offers no WebGPU.').waitFor();
  });
});
