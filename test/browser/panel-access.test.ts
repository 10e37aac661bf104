import type { Page } from 'playwright-core';
import type { Scenario } from './pages/panel-scenario.js';
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

const several: Scenario['layers'] = [
  { name: 'Welder at work', sample: 'photo' },
  { name: 'Company logo with a long name that no row can show as a whole', sample: 'logo' },
  { name: 'Settings screen', sample: 'screen' },
  { name: 'Background video', video: true },
  { name: 'Broken file', sample: 'damaged' },
];
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
const compare = (page: Page) => page.getByRole('slider', { name: 'Compare before and after' });

/** Every state of the panel that a person stays in, and how it is reached. */
const STATES: Readonly<Record<string, { scenario: Scenario; reach: (page: Page) => Promise<void> }>> = {
  'upscale-one': {
    scenario: { layers: several.slice(0, 1) },
    reach: (page) => compare(page).waitFor(),
  },
  'upscale-several': {
    scenario: { layers: several, info: { maxSidePx: 2048 } },
    async reach(page) {
      await page.getByLabel('Custom').click();
      await page.getByRole('textbox', { name: 'Long side' }).fill('2560');
      await page.getByLabel('Cut into pieces').waitFor();
      await compare(page).waitFor();
    },
  },
  'upscale-empty': {
    scenario: { layers: [] },
    reach: (page) => heading(page, 'Select a picture in Fixture').waitFor(),
  },
  'engine-failed': {
    scenario: { layers: several.slice(0, 1), engine: { broken: ['auto'] } },
    reach: (page) => button(page, 'Use the processor').waitFor(),
  },
  'slow-question': {
    scenario: { layers: several.slice(0, 1), engine: { name: 'wasm', pixelsPerSecond: 2500 } },
    async reach(page) {
      await page.getByText(/^CPU, about/).waitFor();
      await button(page, /^Upscale to/).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  running: {
    scenario: { layers: several, engine: { stepMs: 3000 } },
    async reach(page) {
      await button(page, /^Upscale 4/).click();
      await page.getByRole('progressbar', { name: 'Welder at work' }).waitFor();
    },
  },
  summary: {
    scenario: { layers: several, failing: [{ method: 'write', argument: 'layer-2' }] },
    async reach(page) {
      await button(page, /^Upscale 4/).click();
      await heading(page, /^2 enlarged/).waitFor();
    },
  },
  presets: {
    scenario: { layers: several.slice(0, 1), command: { command: 'presets' } },
    async reach(page) {
      for (const [name, author] of [
        ['Crisp icons', 'Ada'],
        ['Soft portrait', 'Grace'],
        ['Large print', ''],
      ]) {
        await button(page, 'Save current…').click();
        await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
        await page.getByRole('textbox', { name: 'Your name (optional)' }).fill(author);
        await page.getByRole('textbox', { name: 'Name', exact: true }).press('Enter');
        await page.getByRole('listitem').filter({ hasText: name }).waitFor();
      }
      await button(page, 'More for Soft portrait').click();
      await page.getByRole('menuitem', { name: 'Use as default here' }).click();
      await page.getByText('Default', { exact: true }).waitFor();
      await button(page, 'More for Crisp icons').click();
    },
  },
  'presets-empty': {
    scenario: { layers: [], command: { command: 'presets' } },
    reach: (page) => heading(page, 'No presets yet').waitFor(),
  },
  'presets-save': {
    scenario: { layers: several.slice(0, 1) },
    async reach(page) {
      await button(page, 'Save as preset…').click();
      await page.getByRole('dialog', { name: 'Save settings as preset' }).waitFor();
    },
  },
  'about-processor': {
    scenario: { layers: [], engine: { name: 'wasm' } },
    async reach(page) {
      await page.getByRole('tab', { name: 'About this machine' }).click();
      await page.getByText('published matrix products', { exact: false }).waitFor();
    },
  },
  about: {
    scenario: { layers: several.slice(0, 1), command: { command: 'upscale', scale: 4 } },
    async reach(page) {
      await heading(page, '1 enlarged').waitFor();
      await page.getByRole('tab', { name: 'About this machine' }).click();
      await page.getByText('Trained on', { exact: false }).click();
    },
  },
};

/** What still hangs over the edge once the page has had time to follow a new size. */
async function overflowingAtRest(page: Page): Promise<string[]> {
  let outside = await overflowing(page);
  for (let tries = 0; outside.length > 0 && tries < 50; tries++) {
    await page.waitForTimeout(100);
    outside = await overflowing(page);
  }
  return outside;
}

describe.each(Object.entries(STATES))('%s', (name, { scenario, reach }) => {
  it.each(['light', 'dark'] as const)('is accessible and fits, %s', async (colorScheme) => {
    const page = await panels.open(scenario, { colorScheme, deviceScaleFactor: 2 });
    await reach(page);
    await screenshot(page, `${name}-360-${colorScheme}@2x`);
    const faults = [await accessibilityFaults(page)];
    const outside: string[][] = [];
    for (const width of [320, 480]) {
      await page.setViewportSize({ width, height: 680 });
      outside.push(await overflowingAtRest(page));
      await screenshot(page, `${name}-${width}-${colorScheme}@2x`);
    }
    expect(faults).toEqual([[]]);
    expect(outside).toEqual([[], []]);
  });
});

it('is drawn at one pixel a pixel, too', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await panels.open(STATES['upscale-one'].scenario, { colorScheme });
    await compare(page).waitFor();
    await screenshot(page, `upscale-one-360-${colorScheme}@1x`);
  }
});

it('follows the theme of the editor rather than that of the system', async () => {
  const page = await panels.open({ layers: [] }, { colorScheme: 'light' });
  await heading(page, 'Select a picture in Fixture').waitFor();
  const background = () => ask<string>(page, 'getComputedStyle(document.body).backgroundColor');
  expect(await background()).toBe('rgb(255, 255, 255)');
  await ask(page, `opened.host.emit({ kind: 'theme', theme: 'dark' })`);
  await page.waitForFunction(`document.documentElement.dataset.theme === 'dark'`);
  expect(await background()).toBe('rgb(44, 44, 44)');
  // Figma's own colours win over these.
  await ask(page, `document.documentElement.style.setProperty('--figma-color-bg', 'rgb(1, 2, 3)')`);
  expect(await background()).toBe('rgb(1, 2, 3)');
});

it('can be used with the keyboard alone', async () => {
  const page = await panels.open({
    layers: several.slice(0, 1),
    engine: { stepMs: 150 },
  });
  await compare(page).waitFor();
  const focused = () =>
    ask<string>(
      page,
      `(({ activeElement: e }) => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent)(document)`,
    );
  const seen: string[] = [];
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press('Tab');
      const now = await focused();
      seen.push(now);
      if (now.startsWith(name)) return;
    }
    throw new Error(`${name} was not reached; seen: ${seen.join(' | ')}`);
  };

  await tabTo('Upscale');
  await page.keyboard.press('ArrowRight');
  await heading(page, 'No presets yet').waitFor();
  await page.keyboard.press('Home');
  await compare(page).waitFor();
  await tabTo('Compare before and after');
  await page.keyboard.press('ArrowRight');
  expect(await compare(page).inputValue()).toBe('51');
  await tabTo('Part in the preview');
  await tabTo('4×');
  await page.keyboard.press('ArrowLeft');
  await page.getByText('160 × 120 → 320 × 240').waitFor();
  await tabTo('Detail');
  await page.keyboard.press('Home');
  expect(await page.getByRole('textbox', { name: 'Seed' }).count()).toBe(0);
  await tabTo('Upscale to 320 × 240');
  await page.keyboard.press('Enter');
  await page.getByRole('progressbar', { name: 'Whole job' }).waitFor();
  expect(await focused()).toMatch(/^(Starting…|Enlarging 1 layer)$/);
  await tabTo('Cancel');
  await page.keyboard.press('Enter');
  await heading(page, 'Nothing enlarged, 1 stopped').waitFor();
  await page.getByRole('status').getByText('Nothing enlarged, 1 stopped.').waitFor();
  expect(await focused()).toBe('Nothing enlarged, 1 stopped');
  await tabTo('Try 1 layer again');
  await page.keyboard.press('Enter');
  await heading(page, '1 enlarged').waitFor();
  await tabTo('Done');
  await page.keyboard.press('Enter');
  await button(page, /^Upscale to/).waitFor();
  expect(await layersOf(page)).toEqual(['Welder at work 320x240']);
});
