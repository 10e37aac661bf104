import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { CanvasGeneratorOptions, Scenario } from './pages/panel-scenario.js';
import {
  accessibilityFaults,
  ask,
  layersOf,
  overflowing,
  PATIENCE_MS,
  screenshot,
  usePanels,
} from './panel-driver.js';

jest.setTimeout(8 * PATIENCE_MS);

const panels = usePanels();
let page: Page;

const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = (name: string | RegExp) => page.getByRole('heading', { name });
const tab = (name: string) => page.getByRole('tab', { name });
const prompt = () => page.getByRole('textbox', { name: 'Prompt' });
const candidate = (number: number) => page.getByRole('radio', { name: `Picture ${number} of 4` });
const stage = (name: string | RegExp) => page.getByRole('radio', { name });

const scenario = (generator: CanvasGeneratorOptions = {}, more: Partial<Scenario> = {}): Scenario => ({
  layers: [{ name: 'Pear', sample: 'logo', prompt: 'a green pear' }],
  ...more,
  engine: { ...more.engine, generator },
});
const open = async (what: Scenario) => {
  page = await panels.open(what);
};
/** Waits for an element that is so to have the focus, which moves once the new view is painted. */
const focused = (so: string) => page.waitForFunction(`document.activeElement.${so}`);

/** Types a prompt and waits for the last candidate. */
async function generateApples(): Promise<void> {
  await tab('Generate').click();
  await prompt().fill('red apple');
  await page.getByRole('textbox', { name: 'Seed' }).fill('7');
  await button('Generate').click();
  await candidate(4).waitFor();
}
async function pickSecond(): Promise<void> {
  await generateApples();
  await candidate(2).check();
}

/** Every state that a person stays in, and how it is reached. */
const STATES: Readonly<Record<string, { scenario: Scenario; reach: () => Promise<void> }>> = {
  'generate-empty': {
    scenario: scenario(),
    async reach() {
      await tab('Generate').click();
      await button('Generate').click();
      await page.getByRole('tabpanel').getByText('Say in a few words', { exact: false }).waitFor();
    },
  },
  'generate-making': {
    scenario: scenario({ stepMs: 1500 }),
    async reach() {
      await tab('Generate').click();
      await prompt().fill('red apple');
      await button('Generate').click();
      await candidate(1).waitFor();
    },
  },
  'generate-picked': {
    scenario: scenario(),
    async reach() {
      await pickSecond();
      await page.getByText('Advanced').click();
    },
  },
  'generate-error': {
    scenario: scenario({ failsFrom: 2 }),
    async reach() {
      await tab('Generate').click();
      await prompt().fill('red apple');
      await button('Generate').click();
      await page.getByText('The generator stopped in the middle.', { exact: false }).waitFor();
    },
  },
  'generate-enlarging': {
    scenario: scenario({ stageMs: 6000 }),
    async reach() {
      await pickSecond();
      await button('Enlarge and place').click();
      await stage('After stage 1, 512 × 512').waitFor();
    },
  },
  'generate-placed': {
    scenario: scenario(),
    async reach() {
      await pickSecond();
      await button('Enlarge and place').click();
      await heading('Placed at 2048 × 2048').waitFor();
      await stage('As it came in, 128 × 128').check();
      await page.getByLabel('4×').click();
    },
  },
  'generate-unplaced': {
    scenario: scenario({}, { failing: [{ method: 'place' }] }),
    async reach() {
      await pickSecond();
      await button('Enlarge and place').click();
      await button('Save file').waitFor();
    },
  },
};

describe.each(Object.entries(STATES))('%s', (name, { scenario: what, reach }) => {
  it.each(['light', 'dark'] as const)('is accessible and fits, %s', async (colorScheme) => {
    page = await panels.open(what, { colorScheme, deviceScaleFactor: 2 });
    await reach();
    await screenshot(page, `${name}-360-${colorScheme}@2x`);
    const faults = await accessibilityFaults(page);
    const outside: string[][] = [];
    for (const width of [320, 480]) {
      await page.setViewportSize({ width, height: 680 });
      outside.push(await overflowing(page));
      await screenshot(page, `${name}-${width}-${colorScheme}@2x`);
    }
    expect(faults).toEqual([]);
    expect(outside).toEqual([[], []]);
  });
});

it('is not there when the engine only enlarges, and the editor is told so', async () => {
  await open({ layers: [], command: { command: 'generate' } });
  await page.getByText('This version cannot generate pictures.', { exact: false }).waitFor();
  expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Upscale', 'Presets', 'About this machine']);
});

it('generates, picks, enlarges stage by stage and places with prompt and seed', async () => {
  await open(scenario());
  await pickSecond();
  await page.getByText('seed 8', { exact: true }).waitFor();
  await page.getByLabel('1024').click();
  await page.getByText('Detail and stages').click();
  await page.getByLabel('Twice each time').click();
  await button('Enlarge and place').click();
  await heading('Placed at 1024 × 1024').waitFor();
  expect(await layersOf(page)).toEqual(['Pear 96x96', 'red apple 1024x1024']);
  expect(await ask(page, 'opened.editor.document.layers.at(-1).generated')).toEqual({
    prompt: 'red apple',
    seed: 8,
    guidance: 3,
  });
  expect(await ask(page, 'opened.editor.history.length')).toBe(1);
  const stages = page.getByRole('radiogroup', { name: 'Stages' });
  expect(await stages.locator('.numbers').allInnerTexts()).toEqual(['128', '256', '512', '1024']);
  // Whoever goes back to a stage sees its own pixels, at the same place.
  const seen = page.getByRole('img', { name: /^What the stage made/ });
  await page.waitForFunction(`document.querySelector('.stage-frame img').naturalWidth === 1024`);
  await stage('After stage 1, 256 × 256').check();
  await page.waitForFunction(`document.querySelector('.stage-frame img').naturalWidth === 256`);
  const before = (await seen.boundingBox())!.width;
  await page.getByLabel('4×').click();
  expect((await seen.boundingBox())!.width).toBeCloseTo(4 * before, 0);
  await button('Done').click();
  expect(await candidate(2).isChecked()).toBe(true);
  await focused(`getAttribute('aria-label') === 'Picture 2 of 4, seed 8'`);
});

it('appears as it is made, stops and goes on', async () => {
  await open(scenario({ stepMs: 700 }));
  await tab('Generate').click();
  await prompt().fill('red apple');
  await prompt().press('Enter');
  await candidate(1).waitFor();
  expect(await candidate(4).count()).toBe(0);
  await page.getByRole('status').getByText('Picture 1 of 4 is ready.').waitFor();
  await button('Cancel').click();
  await page.getByText(/^Stopped after \d pictures?\.$/).waitFor();
  await candidate(1).check();
  await button('Make the rest').click();
  await candidate(4).waitFor();
  expect(await candidate(1).isChecked()).toBe(true);
});

it('places nothing when enlarging is cancelled, with the keyboard alone', async () => {
  await open(scenario({ stageMs: 2000 }));
  await generateApples();
  await candidate(1).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  expect(await candidate(2).isChecked()).toBe(true);
  await button('Enlarge and place').focus();
  await page.keyboard.press('Enter');
  await heading('Enlarging “red apple”').waitFor();
  await focused(`textContent === 'Enlarging “red apple”'`);
  await page
    .getByRole('status')
    .getByText(/^(Enlarging has begun|\d+ percent.*)\.$/)
    .waitFor();
  await button('Cancel').focus();
  await page.keyboard.press('Enter');
  await candidate(2).waitFor();
  await page.getByRole('status').getByText('Stopped. Nothing was placed.').waitFor();
  expect(await layersOf(page)).toEqual(['Pear 96x96']);
});

it('says why candidates failed and makes the rest when it works again', async () => {
  await open(scenario({ failsFrom: 2 }));
  await tab('Generate').click();
  await prompt().fill('red apple');
  await button('Generate').click();
  await page.getByRole('alert').getByText('Try again, or use the processor', { exact: false }).waitFor();
  expect(await candidate(2).count()).toBe(1);
  await ask(page, 'opened.engine.repaired = true');
  await button('Try again').click();
  await candidate(4).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

it('saves the picture that the editor did not take, or places it again', async () => {
  await open(scenario({}, { failing: [{ method: 'place' }] }));
  await pickSecond();
  await button('Enlarge and place').click();
  await heading('The picture could not be placed').waitFor();
  const saved = page.waitForEvent('download');
  await button('Save file').click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe('red apple 2048x2048.png');
  expect(readFileSync((await download.path())!).readUInt32BE(16)).toBe(2048);
  await ask(page, 'opened.failing = []');
  await button('Place again').click();
  await heading('Placed at 2048 × 2048').waitFor();
  expect(await layersOf(page)).toEqual(['Pear 96x96', 'red apple 2048x2048']);
});

it('varies the selected picture when the editor asks for it', async () => {
  await open(scenario({}, { command: { command: 'generate' } }));
  await tab('Generate').and(page.locator('[aria-selected=true]')).waitFor();
  await page.waitForFunction(`document.querySelector('textarea')?.value === 'a green pear'`);
  await focused(`matches('textarea')`);
  expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).not.toBe('41');
  await prompt().fill('something else');
  await button('Vary the selected picture').click();
  expect(await prompt().inputValue()).toBe('a green pear');
  await page.getByText('Advanced').click();
  expect(await page.getByRole('slider', { name: 'Guidance' }).inputValue()).toBe('5');
});

it('says what is wrong with a prompt', async () => {
  await open(scenario({ guidance: false }));
  await tab('Generate').click();
  expect(await page.getByText('Advanced').count()).toBe(0);
  await prompt().fill('x'.repeat(81));
  await page.getByText('The prompt has 81 characters, and 80 are the most. Shorten it.').waitFor();
  expect(await prompt().getAttribute('aria-invalid')).toBe('true');
  await button('Generate').click();
  expect(await page.getByRole('radiogroup').count()).toBe(0);
  await focused(`matches('textarea')`);
});
