import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createCpuEngine } from '../../core/runtime/node/cpu.js';
import { launchChromium, type ServedPage, servePage } from './chromium.js';
import { type ProbeResult, probe } from './probe.js';

let browser: Browser;
let served: ServedPage;
let page: Page;
let expected: ProbeResult;

beforeAll(async () => {
  served = await servePage(path.join(__dirname, 'engines-page.ts'));
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(served.url);
  await page.waitForFunction('typeof runProbe === "function"');
  const engine = await createCpuEngine({ threads: 1 });
  expected = await probe(engine);
  await engine.dispose();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

function expectSame(actual: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThan(tolerance);
  });
}

describe('the same graphs in a browser', () => {
  for (const name of ['wasm', 'webgpu'])
    it(`train and run on ${name} as on the native engine`, async () => {
      const result = (await page.evaluate(`runProbe("${name}")`)) as ProbeResult & { description: string };
      expect(result.description).toMatch(name === 'wasm' ? /^WebAssembly/ : /^WebGPU: /);
      expectSame(result.losses, expected.losses, 1e-4);
      // Half of one 8-bit level.
      expectSame(result.picture, expected.picture, 1 / 510);
      expect(result.losses[3]).toBeLessThan(result.losses[0]);
    }, 600_000);
});
