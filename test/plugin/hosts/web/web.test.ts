/** The web host in a real browser: pictures in everything a page holds them in, and the panel in its sandboxed frame. */

import path from 'node:path';
import { build } from 'esbuild';
import type { Frame } from 'playwright-core';
import { createRaster } from '../../../../core/raster/raster.js';
import { encodePng } from '../../../../plugin/hosts/fixture/index.js';
import { useServedPage } from '../../../browser/chromium.js';

const PAGES = path.join(__dirname, '../../../browser/pages');

const shared = useServedPage(path.join(PAGES, 'web-page.ts'), async (page) => {
  const body = Buffer.from(encodePng(createRaster(12, 8, [9, 9, 9, 255])).bytes);
  // The route would add a permission of its own where there is none.
  for (const [name, origin] of [
    ['picture', 'http://nobody.test'],
    ['open', '*'],
  ]) {
    const headers = { 'access-control-allow-origin': origin };
    await page.route(`http://elsewhere.test/${name}.png`, (route) =>
      route.fulfill({ contentType: 'image/png', body, headers }),
    );
  }
  await page.route('http://elsewhere.test/missing.png', (route) => route.fulfill({ status: 404 }));
});
const { call } = shared;

describe('reading', () => {
  it.each([
    ['png', 'png', true],
    ['jpeg', 'jpeg', true],
    ['webp', 'webp', true],
    ['bytes', 'png', null],
    ['url', 'png', null],
    ['image', 'webp', null],
    ['canvas', 'png', null],
    ['bitmap', 'png', null],
    ['revoked', 'png', null],
    ['another origin that permits it', 'png', null],
  ])('takes a picture from %s', async (name, format, untouched) => {
    const read = await call('readFrom', name);
    expect(read).toMatchObject({ code: 'none', format, untouched, size: [12, 8], thumbnail: [6, 4] });
    expect(read.layers[0]).toMatchObject({ name: 'Picture', pictures: [{ width: 12, height: 8 }] });
  });

  it.each([
    ['bmp', [2, 1]],
    ['svg', [30, 20]],
  ])('redraws what the engine does not read: %s', async (name, size) => {
    expect(await call('readFrom', name)).toMatchObject({ code: 'none', format: 'png', size });
  });

  it('says that a picture of another origin cannot be read', async () => {
    const { layers, code } = await call('readFrom', 'foreign');
    expect(layers[0].pictures[0]).toMatchObject({ width: 12, height: 8 });
    expect(code).toBe('input-unreadable');
  });

  it.each(['nonsense', 'missing'])('skips what is no picture: %s', async (name) => {
    const { layers, code } = await call('readFrom', name);
    expect(layers[0].skip).toEqual({ code: 'missing-image', reason: 'cannot be read' });
    expect(code).toBe('input-unreadable');
  });
});

describe('writing', () => {
  it('gives an <img> its larger picture', async () => {
    const { size, layers, finished, info } = await call('oneImage');
    expect(size).toEqual([24, 16]);
    expect(layers[0].pictures[0]).toMatchObject({ width: 24, height: 16 });
    expect(finished).toEqual(['job']);
    expect(info).toMatchObject({ kind: 'web', abilities: { placements: ['replace'], groupedUndo: true } });
  });

  it('joins pieces', async () => {
    expect(await call('joined')).toEqual([[8, 4]]);
  });

  it('turns what the page throws, and what it does not offer, into sentences', async () => {
    expect(await call('refusals')).toEqual(['placement-failed', 'placement-failed', 'store-failed']);
  });

  it('keeps personal presets in the storage of the page', async () => {
    expect(await call('stores')).toEqual(['mine', 'mine']);
  });
});

describe('panel in a frame', () => {
  let frame: Frame;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [path.join(PAGES, 'frame-page.ts')],
      bundle: true,
      format: 'iife',
      target: 'es2022',
      write: false,
      logLevel: 'silent',
    });
    const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
    await call('open', `<!doctype html><script>${script}</script>`);
    await shared.page.waitForFunction('document.querySelector("iframe")');
    const handle = await shared.page.waitForSelector('iframe');
    frame = (await handle.contentFrame())!;
    await frame.waitForFunction('globalThis.connected');
  }, 60_000);

  // biome-ignore lint/suspicious/noExplicitAny: answers of the host.
  const inFrame = (script: string): Promise<any> => frame.evaluate(script);

  it('has an origin of its own and reaches nothing but the host', async () => {
    expect(await inFrame('origin')).toBe('null');
    expect(
      await inFrame('(() => { try { return parent.document.title; } catch { return "refused"; } })()'),
    ).toBe('refused');
    expect(await inFrame('host.info()')).toMatchObject({ title: 'Test page', kind: 'web' });
  });

  it('selects, reads and writes through the bridge', async () => {
    const { layers } = await inFrame('host.selection()');
    expect(layers).toMatchObject([
      { id: 'a', skip: null, pictures: [{ width: 12, height: 8 }] },
      { id: 'b', skip: { reason: 'locked' }, pictures: [] },
    ]);
    await inFrame(`host.read('a').then(({ bytes, format }) => host.write('a', {
      width: 12, height: 8, pieces: [{ bytes, format, x: 0, y: 0, width: 12, height: 8 }]
    }, { placement: 'replace', job: 'job', scale: 1 }))`);
    expect(await shared.page.evaluate('taken')).toEqual(['a 12x8 image/png']);
  });

  it('hears of events, and nobody else can ask in its place', async () => {
    await shared.page.evaluate('webHost.emit({ kind: "theme", theme: "dark" })');
    await frame.waitForFunction('events.length > 0');
    expect(await inFrame('events')).toEqual(['theme']);
    const answers = await shared.page.evaluate(`new Promise((done) => {
      const heard = [];
      addEventListener('message', ({ source, data }) => { if (source !== frames[0]) heard.push(data); });
      postMessage({ v: 1, id: 'forged', kind: 'request', payload: { method: 'info', arguments: {} } }, '*');
      setTimeout(() => done(heard.length), 200);
    })`);
    // Only the forged request itself: nobody has answered it.
    expect(answers).toBe(1);
  });

  it('can change its size and close itself', async () => {
    await inFrame('host.resize(420, 640)');
    const style = await shared.page.evaluate('[opened.frame.style.width, opened.frame.style.height]');
    expect(style).toEqual(['420px', '640px']);
    await inFrame('host.close()').catch(() => undefined);
    await shared.page.waitForFunction('!document.querySelector("iframe")');
    expect(await shared.page.evaluate('taken.at(-1)')).toBe('closed');
    await shared.page.evaluate('opened.close()');
    expect(await shared.page.evaluate('taken.filter((entry) => entry === "closed").length')).toBe(1);
  });
});
