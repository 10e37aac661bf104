import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { Scenario } from './pages/panel-scenario.js';
import { accessibilityFaults, ask, layersOf, PATIENCE_MS, screenshot, usePanels } from './panel-driver.js';

jest.setTimeout(4 * PATIENCE_MS);

const panels = usePanels();
let page: Page;

const open = async (scenario: Partial<Scenario> = {}) => {
  page = await panels.open({
    layers: [{ name: 'Icon', sample: 'small' }],
    command: { command: 'presets' },
    ...scenario,
  });
};
const button = (name: string | RegExp) => page.getByRole('button', { name });
const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });
const choose = async (preset: string, command: string) => {
  await button(`More for ${preset}`).click();
  await page.getByRole('menuitem', { name: command }).click();
};
const save = async (name: string, author = '') => {
  await button('Save current…').click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('textbox', { name: 'Your name (optional)' }).fill(author);
  await page.getByRole('textbox', { name: 'Name', exact: true }).press('Enter');
  await row(name).waitFor();
};

it('are saved, applied with one click and used by the button', async () => {
  await open();
  await page.getByRole('heading', { name: 'No presets yet' }).waitFor();
  await save('Four', 'Ada');
  await page.getByRole('tab', { name: 'Upscale' }).click();
  await page.getByText('Preset Four', { exact: true }).waitFor();
  await page.getByLabel('2×').click();
  await page.getByText('Preset Four (changed)').waitFor();
  await button('Save as preset…').click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Two');
  await page.getByLabel('My own').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await row('Two').waitFor();
  await page.getByRole('heading', { name: 'In this document' }).waitFor();
  await page.getByRole('heading', { name: 'My own' }).waitFor();

  await button(/^Four/).click();
  expect(await button(/^Four/).getAttribute('aria-pressed')).toBe('true');
  await button('Upscale to 96 × 64').click();
  await page.getByRole('heading', { name: '1 enlarged' }).waitFor();
  expect(await layersOf(page)).toEqual(['Icon 96x64']);
});

it('are found, renamed, duplicated, made the default, deleted and brought back', async () => {
  await open();
  await save('Crisp icons', 'Ada');
  await save('Soft portrait');
  await page.getByRole('textbox', { name: 'Search presets' }).fill('ada');
  await row('Soft portrait').waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Search presets' }).fill('nothing like it');
  await button('Show all presets').click();
  await row('Soft portrait').waitFor();

  await choose('Soft portrait', 'Rename…');
  const field = page.getByRole('textbox', { name: 'Name' });
  await field.fill('');
  await button('Rename').click();
  await page.getByText('Give it a name.').waitFor();
  await field.fill('Soft skin');
  await button('Rename').click();
  await row('Soft skin').waitFor();

  await choose('Soft skin', 'Duplicate');
  await row('Soft skin 2').waitFor();
  await choose('Crisp icons', 'Use as default here');
  await row('Crisp icons').getByText('Default').waitFor();
  await choose('Crisp icons', 'Delete');
  await page.getByText('“Crisp icons” was deleted.').waitFor();
  expect(await row('Crisp icons').count()).toBe(0);
  await button('Undo').click();
  await row('Crisp icons').getByText('Default').waitFor();
});

it('travel as files and links', async () => {
  await open();
  await save('Crisp icons', 'Ada');
  const saved = page.waitForEvent('download');
  await choose('Crisp icons', 'Save as file');
  const download = await saved;
  expect(download.suggestedFilename()).toBe('Crisp icons.enlarger-preset.json');
  const text = readFileSync((await download.path())!, 'utf8');

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await choose('Crisp icons', 'Copy link');
  await page.getByText('The link to “Crisp icons” is on the clipboard.', { exact: false }).first().waitFor();
  const link = await ask<string>(page, 'navigator.clipboard.readText()');
  expect(link).toContain('#preset=');

  await choose('Crisp icons', 'Delete');
  await page.getByText('“Crisp icons” was deleted.').waitFor();
  const chooser = page.waitForEvent('filechooser');
  await button('Import and export').click();
  await page.getByRole('menuitem', { name: 'Import files…' }).click();
  const file = (name: string, content: string) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(content),
  });
  await (await chooser).setFiles([file('good.json', text), file('bad.json', '{"format":"9.0"}')]);
  await page.getByText('Added “Crisp icons”.').waitFor();
  await page.getByText('bad.json was made by a newer version of Enlarger', { exact: false }).waitFor();
  await row('Crisp icons').waitFor();

  await choose('Crisp icons', 'Delete');
  await button('Import and export').click();
  await page.getByRole('menuitem', { name: 'Import from a link…' }).click();
  await page.getByRole('textbox', { name: 'Link' }).fill('https://example.org/nothing');
  await button('Import').last().click();
  await page.getByText('there is no preset in it', { exact: false }).waitFor();
  await page.getByRole('textbox', { name: 'Link' }).fill(link);
  await page.getByRole('textbox', { name: 'Link' }).press('Enter');
  await page.getByText('Added “Crisp icons”.').waitFor();

  await open({ fragment: link.slice(link.indexOf('#')), command: { command: 'open' } });
  await page.getByRole('dialog', { name: 'Import a preset from a link' }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await row('Crisp icons').waitFor();
});

it('go on when storage fails, and say so', async () => {
  await open({ failing: [{ method: 'set' }] });
  await save('Unlucky');
  await row('Unlucky').getByText('Not saved').waitFor();
  await page.getByText('It could not be saved', { exact: false }).first().waitFor();
  await button(/^Unlucky/).click();
  await ask(page, 'opened.failing = []');
  await choose('Unlucky', 'Try to save again');
  await row('Unlucky').getByText('Not saved').waitFor({ state: 'detached' });
});

/** A colleague with the same document open somewhere else; `grace` and `theirs` stay in the page. */
const meetColleague = () =>
  ask(
    page,
    `opened.colleague().then(async (library) => {
      globalThis.grace = library;
      globalThis.theirs = library.state.entries[0];
    })`,
  );
const told = (who: string) => ask<string[]>(page, `${who}.state.notices.map(({ message }) => message)`);

it('changed by two people: the last one wins, both are told, and no version is lost', async () => {
  await open();
  await save('Crisp icons', 'Ada');
  await meetColleague();
  await page.getByRole('tab', { name: 'Upscale' }).click();
  await page.getByLabel('2×').click();
  await page.getByRole('tab', { name: 'Presets' }).click();

  // Grace saves a change while Ada is about to save hers, which is the last.
  await button('More for Crisp icons').click();
  await ask(page, `grace.change(theirs, { author: 'Grace', detail: 0.9 }).then(() => undefined)`);
  await page.getByRole('menuitem', { name: 'Update with the settings now' }).click();
  await page
    .getByText('Grace changed "Crisp icons" while you edited it. Your version replaced theirs.')
    .waitFor();
  await screenshot(page, 'preset-conflict-won');
  await button('Keep their version too').click();
  await row('Grace').getByText('Crisp icons').waitFor();
  await row('Ada').getByText('2x', { exact: false }).waitFor();
  expect(await row('Ada').getByRole('button', { pressed: true }).count()).toBe(1);
  expect(await row('Grace').getByRole('button', { pressed: true }).count()).toBe(0);

  // Grace hears of it when her panel looks again.
  await ask(page, 'grace.refresh()');
  expect(await told('grace')).toEqual(['Ada changed "Crisp icons" after you. Their version replaced yours.']);

  // And the other way round: Grace is the last, and Ada is told when hers does.
  await ask(page, `grace.change(theirs, { author: 'Grace', detail: 0.1 }).then(() => undefined)`);
  await page.getByRole('tab', { name: 'Upscale' }).click();
  await page.getByRole('tab', { name: 'Presets' }).click();
  await page.getByText('Grace changed "Crisp icons" after you. Their version replaced yours.').waitFor();
  expect(await page.getByRole('button', { pressed: true }).count()).toBe(0);
  await screenshot(page, 'preset-conflict-lost');
  expect(await accessibilityFaults(page)).toEqual([]);
  await button('Keep my version too').click();
  await row('Ada').getByText('Crisp icons 2').waitFor();
  expect(await row('Grace').count()).toBe(2);
  expect(await page.getByText('replaced', { exact: false }).count()).toBe(0);
});
