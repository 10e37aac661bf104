import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { createFolderReader } from '../../cli/store/pack-reader.js';
import { loadPack } from '../../core/pack/load.js';
import type { StageProvider } from '../../core/pipeline/stage.js';
import { openStages } from '../../core/pipeline/stages.js';
import { upscale } from '../../core/pipeline/upscale.js';
import { enlargeAlpha } from '../../core/raster/alpha.js';
import { createRaster, type Raster } from '../../core/raster/raster.js';
import type { Engine } from '../../core/runtime/engine.js';
import { decodeImage, encodeImage } from '../../core/runtime/node/codec.js';
import { createCpuEngine } from '../../core/runtime/node/cpu.js';
import { bundlePage, inlinePage } from '../../scripts/build/page.mjs';
import { engineParts } from '../../scripts/build/parts.mjs';
import { largestDifference, testPicture } from '../core/pipeline/fake-stage.js';
import { launchChromium } from './chromium.js';
import type { EngineTest, PageOptions, PageRequest } from './pages/engine-page-calls.js';
import { openSandboxed, type Sandbox } from './sandbox.js';
import { writeTinyPack } from './tiny-pack-folder.js';

const root = path.join(__dirname, '../..');
const SLOW = 600_000;
/** Software graphics compile every shader on the processor: seconds on an idle machine, minutes on a busy one. */
const SLOWEST = 1_800_000;

let browser: Browser;
let box: Sandbox;
let native: Engine;
let folder: string;
let provider: StageProvider;

type Answer<K extends keyof EngineTest> = Awaited<ReturnType<EngineTest[K]>>;

function call<K extends keyof EngineTest>(name: K, ...args: unknown[]): Promise<Answer<K>> {
  return box.frame.evaluate(
    ([method, values]) =>
      (globalThis as unknown as { engineTest: Record<string, (...all: unknown[]) => unknown> }).engineTest[
        method as string
      ](...(values as unknown[])),
    [name, args] as const,
  ) as Promise<Answer<K>>;
}

/** Whether the page's engine runs on wasm without faults, so that tests without special wishes can share it. */
let plain = false;

async function open(options: PageOptions): Promise<void> {
  plain = false;
  await call('open', options);
}

async function openPlain(): Promise<void> {
  if (plain) return;
  await open({});
  await call('start', 'wasm');
  plain = true;
}

async function openPage(options: { packFolder?: string; modelWorker?: string }): Promise<Sandbox> {
  const bundle = await bundlePage({ entry: path.join(__dirname, 'pages/engine-page.ts') });
  const html = inlinePage({ title: 'Engine', ...bundle, parts: await engineParts(root, options) });
  return openSandboxed(browser, html, 'typeof engineTest === "object"');
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function request(file: Uint8Array, more: Partial<PageRequest> = {}): PageRequest {
  return {
    picture: base64(file),
    target: { scale: 2 },
    seed: 5,
    maxSidePx: null,
    beyondLimit: 'clamp',
    formats: ['png'],
    ...more,
  };
}

/** The result of a page's job as a picture; what went wrong as an exception. */
async function made(answer: Answer<'upscale'>): Promise<{
  raster: Raster;
  value: NonNullable<typeof answer.value>;
}> {
  if (!answer.value) throw new Error(JSON.stringify(answer.error));
  const { width, height, pieces } = answer.value.picture;
  const raster = createRaster(width, height);
  for (const piece of pieces) {
    const part = (await decodeImage(Buffer.from(piece.bytes, 'base64'))).raster;
    for (let y = 0; y < part.height; y++) {
      const row = part.data.subarray(y * part.width * 4, (y + 1) * part.width * 4);
      raster.data.set(row, ((piece.y + y) * width + piece.x) * 4);
    }
  }
  return { raster, value: answer.value };
}

const enlargedNatively = async (raster: Raster) =>
  (await upscale(raster, { scale: 2 }, { provider, seed: 5 })).raster;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await writeTinyPack();
  native = await createCpuEngine({ threads: 1 });
  provider = openStages(await loadPack(createFolderReader(folder)), native);
}, SLOW);

afterAll(async () => {
  await browser?.close();
  await native?.dispose();
  rmSync(folder, { recursive: true, force: true });
}, SLOW);

describe('the engine of a plugin', () => {
  const picture = testPicture(40, 32);
  let file: Uint8Array;
  let wanted: Raster;

  beforeAll(async () => {
    box = await openPage({
      packFolder: folder,
      modelWorker: path.join(__dirname, 'pages/faulty-model-worker.ts'),
    });
    file = await encodeImage(picture, 'png');
    wanted = await enlargedNatively(picture);
  }, SLOW);
  afterAll(() => box.close());

  it(
    'gives what the native engine gives, with exact transparency, and asks for no network',
    async () => {
      const soft = testPicture(40, 32, true);
      await open({});
      const started = await call('start', 'wasm');
      expect(started.value).toMatchObject({
        name: 'wasm',
        description: 'WebAssembly, 1 thread',
        pack: { name: 'tiny', licence: 'MIT', defaultDetail: 0.5 },
      });
      expect(started.value!.pixelsPerSecond).toBeGreaterThan(0);
      const { raster, value } = await made(await call('upscale', request(await encodeImage(soft, 'png'))));
      const truth = await enlargedNatively(soft);
      expect(largestDifference(raster, truth)).toBeLessThanOrEqual(2);
      const alpha = enlargeAlpha(
        soft.data.filter((_, i) => i % 4 === 3),
        40,
        32,
        80,
        64,
      );
      expect(Array.from(raster.data.filter((_, i) => i % 4 === 3))).toEqual(Array.from(alpha));
      expect(value).toMatchObject({ inputWidth: 40, inputHeight: 32, seed: 5, engine: 'wasm', notices: [] });
      expect(value.progress.at(-1)).toBe(100);
      expect(await call('state')).toMatchObject({ origin: 'null', models: 1, pictures: 1 });
      expect(box.refused).toEqual([]);
    },
    SLOW,
  );

  it(
    'cuts results beyond the limit into exact pieces, or reduces them and says so',
    async () => {
      await openPlain();
      const whole = await made(await call('upscale', request(file)));
      const pieces = await made(
        await call('upscale', request(file, { maxSidePx: 50, beyondLimit: 'pieces' })),
      );
      expect(pieces.value.picture.pieces.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
        [0, 0, 40, 32],
        [40, 0, 40, 32],
        [0, 32, 40, 32],
        [40, 32, 40, 32],
      ]);
      expect(largestDifference(pieces.raster, whole.raster)).toBe(0);
      const clamped = await made(await call('upscale', request(file, { maxSidePx: 60 })));
      expect([clamped.raster.width, clamped.raster.height]).toEqual([60, 48]);
      expect(clamped.value.notices.join()).toMatch(/at most 60 pixels.*60 x 48 instead of 80 x 64/);
    },
    SLOW,
  );

  it(
    'takes the processor, with a sentence, when the graphics card computes wrongly',
    async () => {
      await open({ plainWasm: true, faults: [{ pretendWebGpu: true, offset: 0.1 }, {}] });
      const { value } = await call('start', 'auto');
      expect(value).toMatchObject({
        name: 'wasm',
        reason: expect.stringMatching(/graphics card is not used.*wrongly/),
      });
      await open({ plainWasm: true, faults: [{ pretendWebGpu: true, offset: 0.1 }] });
      expect((await call('start', 'webgpu')).error).toMatchObject({ code: 'bad-picture' });
    },
    SLOW,
  );

  it(
    'goes on with smaller pieces when memory ends',
    async () => {
      await open({ faults: [{ memoryAt: 4 }, {}] });
      await call('start', 'wasm');
      const { raster, value } = await made(await call('upscale', request(file, { tilePx: 64 })));
      expect(largestDifference(raster, wanted)).toBeLessThanOrEqual(2);
      expect(value.notices.join(' ')).toMatch(/ran out of memory.*started again/);
      expect(await call('state')).toMatchObject({ models: 2, pictures: 1 });
    },
    SLOW,
  );

  it(
    'goes on at the failed tile when the device is lost, then on the processor',
    async () => {
      const gone = { pretendWebGpu: true, loseAt: 4 };
      await open({ plainWasm: true, faults: [gone, gone, {}] });
      await call('start', 'auto');
      const { raster, value } = await made(await call('upscale', request(file, { tilePx: 64 })));
      expect(largestDifference(raster, wanted)).toBeLessThanOrEqual(2);
      expect(value.engine).toBe('wasm');
      expect(value.notices.join(' ')).toMatch(/given up.*processor/);
      expect(value.progress).toEqual([...value.progress].sort((a, b) => a - b));
      expect((await call('start')).value).toMatchObject({
        name: 'wasm',
        reason: expect.stringMatching(/not used any more/),
      });
    },
    SLOW,
  );

  it(
    'stops in the middle of a tile, and does the next job',
    async () => {
      await open({ faults: [{ hangFrom: 3 }, {}] });
      await call('start', 'wasm');
      const stopped = await call('upscale', request(file, { cancelMs: 300, cancelAfter: 'begin' }));
      expect(stopped.error).toMatchObject({ code: 'cancelled' });
      const { raster } = await made(await call('upscale', request(file)));
      expect(largestDifference(raster, wanted)).toBeLessThanOrEqual(2);
      expect(await call('state')).toMatchObject({ models: 2 });
    },
    SLOW,
  );

  it(
    'says what is wrong with files that are no pictures',
    async () => {
      await openPlain();
      const photo = await encodeImage(testPicture(64, 64), 'jpeg');
      const codeOf = async (bytes: Uint8Array) => (await call('upscale', request(bytes))).error?.code;
      expect(await codeOf(Buffer.from('not a picture'))).toBe('input-unreadable');
      expect(await codeOf(new Uint8Array())).toBe('input-unreadable');
      expect(await codeOf(photo.subarray(0, photo.length / 2))).toBe('input-unreadable');
      expect(await codeOf(file.subarray(0, file.length / 2))).toBe('input-unreadable');
      expect(await codeOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe(
        'input-unsupported',
      );
      const { value } = await made(await call('upscale', request(file)));
      expect(value.picture.width).toBe(80);
    },
    SLOW,
  );

  describe('reads', () => {
    const rgba = (raster: Raster) =>
      sharp(raster.data, { raw: { width: raster.width, height: raster.height, channels: 4 } });
    const soft = testPicture(33, 21, true);
    const hard = testPicture(33, 21);
    const files: [name: string, tolerance: number, notice: RegExp, make: () => Promise<Uint8Array>][] = [
      ['PNG with transparency', 0, /^$/, () => rgba(soft).png().toBuffer()],
      ['indexed PNG', 0, /Indexed/, () => rgba(hard).png({ palette: true, colours: 16 }).toBuffer()],
      ['grey PNG', 0, /Grey/, () => rgba(hard).removeAlpha().toColourspace('b-w').png().toBuffer()],
      ['16-bit PNG', 0, /16 bits/, () => rgba(soft).toColourspace('rgb16').png().toBuffer()],
      ['PNG in another colour space', 3, /profile/, () => rgba(soft).withIccProfile('p3').png().toBuffer()],
      ['JPEG', 4, /^$/, () => rgba(hard).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()],
      [
        'turned JPEG',
        4,
        /EXIF/,
        () =>
          rgba(hard)
            .withMetadata({ orientation: 6 })
            .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
            .toBuffer(),
      ],
      ['WebP with transparency', 0, /^$/, () => rgba(soft).webp({ lossless: true, exact: true }).toBuffer()],
      ['GIF', 0, /^$/, () => rgba(hard).gif().toBuffer()],
      ['AVIF', 6, /^$/, () => rgba(hard).avif({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()],
    ];
    it.each(files)(
      '%s',
      async (_, tolerance, notice, make) => {
        await openPlain();
        const bytes = await make();
        const { raster, value } = await made(await call('upscale', request(bytes, { target: { scale: 1 } })));
        expect(largestDifference(raster, (await decodeImage(bytes)).raster)).toBeLessThanOrEqual(tolerance);
        expect(value.notices.join(' ')).toMatch(notice);
      },
      SLOW,
    );

    it(
      'the first frame of an animation, and CMYK, and says so',
      async () => {
        await openPlain();
        const frames = Buffer.concat(
          [false, true].map((transparent) => new Uint8Array(testPicture(16, 16, transparent).data)),
        );
        const gif = await sharp(frames, { raw: { width: 16, height: 32, channels: 4, pageHeight: 16 } })
          .gif()
          .toBuffer();
        const animated = await made(await call('upscale', request(gif, { target: { scale: 1 } })));
        expect(animated.raster.height).toBe(16);
        expect(animated.value.notices.join()).toMatch(/animated/);
        const cmyk = await rgba(testPicture(16, 16)).toColourspace('cmyk').jpeg().toBuffer();
        const press = await made(await call('upscale', request(cmyk, { target: { scale: 1 } })));
        expect(press.value.notices.join()).toMatch(/CMYK/);
      },
      SLOW,
    );
  });

  it(
    'needs no more memory after many jobs than after a few',
    async () => {
      const resident = async (): Promise<number> => {
        const session = await browser.newBrowserCDPSession();
        const { processInfo } = await session.send('SystemInfo.getProcessInfo');
        await session.detach();
        const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
        const sizes = execFileSync('ps', ['-o', 'rss=', '-p', pids.join(',')])
          .toString()
          .trim()
          .split(/\s+/);
        return sizes.reduce((sum, size) => sum + Number(size), 0) / 1024;
      };
      await openPlain();
      await call('repeat', request(file), 5);
      const before = await resident();
      await call('repeat', request(file), 20);
      expect((await resident()) - before).toBeLessThan(64);
    },
    SLOW,
  );

  describe('on a graphics device', () => {
    const small = testPicture(24, 16);
    const options = { settings: { startTimeoutMs: SLOWEST } };

    it(
      'gives what the native engine gives',
      async () => {
        await open(options);
        const { value } = await call('start', 'webgpu');
        expect(value).toMatchObject({ name: 'webgpu', description: expect.stringMatching(/^WebGPU: /) });
        const { raster } = await made(await call('upscale', request(await encodeImage(small, 'png'))));
        expect(largestDifference(raster, await enlargedNatively(small))).toBeLessThanOrEqual(2);
      },
      SLOWEST,
    );

    it(
      'goes on with the same picture when the device is destroyed',
      async () => {
        await open({ ...options, faults: [{ loseAt: 3 }, {}] });
        await call('start', 'webgpu');
        const { raster, value } = await made(await call('upscale', request(await encodeImage(small, 'png'))));
        expect(largestDifference(raster, await enlargedNatively(small))).toBeLessThanOrEqual(2);
        expect(value.engine).toBe('webgpu');
        expect(value.notices.join(' ')).toMatch(/graphics card stopped.*started again/);
        expect(await call('state')).toMatchObject({ models: 2, pictures: 1 });
      },
      SLOWEST,
    );
  });
});

describe('the plugin as it ships', () => {
  beforeAll(async () => {
    box = await openPage({});
  }, SLOW);
  afterAll(() => box.close());

  it(
    'gives the picture of the native engine',
    async () => {
      await open({});
      expect((await call('start', 'wasm')).value).toMatchObject({
        name: 'wasm',
        pack: { name: 'enlarger-1' },
      });
      const pack = await loadPack(createFolderReader(path.join(root, 'models/enlarger-1')));
      const stages = openStages(pack, native);
      const { raster: photo } = await decodeImage(
        await sharp(readFileSync(path.join(root, 'models/demo/welder.png')))
          .extract({ left: 40, top: 40, width: 32, height: 24 })
          .png()
          .toBuffer(),
      );
      const { raster } = await made(await call('upscale', request(await encodeImage(photo, 'png'))));
      const truth = await upscale(photo, { scale: 2 }, { provider: stages, seed: 5 });
      expect(largestDifference(raster, truth.raster)).toBeLessThanOrEqual(2);
      await stages.dispose();
    },
    SLOW,
  );
});
