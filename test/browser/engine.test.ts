import { execFileSync } from 'node:child_process';
import { enlargeAlpha } from '../../core/raster/alpha.js';
import type { Raster } from '../../core/raster/raster.js';
import { encodeImage } from '../../core/runtime/node/codec.js';
import { LAPTOP_GPU } from '../../plugin/engine/slowdown.js';
import { largestDifference, testPicture } from '../core/pipeline/fake-stage.js';
import { made, request, SLOW, useEnginePage } from './engine-driver.js';

const engine = useEnginePage('tiny');

describe('the engine of a plugin', () => {
  const picture = testPicture(40, 32);
  let file: Uint8Array;
  let wanted: Raster;

  beforeAll(async () => {
    file = await encodeImage(picture, 'png');
    wanted = await engine.enlargedNatively(picture);
  }, SLOW);

  it(
    'gives what the native engine gives, with exact transparency, and asks for no network',
    async () => {
      const soft = testPicture(40, 32, true);
      await engine.open({});
      const started = await engine.call('start', 'wasm');
      expect(started.value).toMatchObject({
        name: 'wasm',
        description: 'WebAssembly, 1 thread',
        pack: { name: 'tiny', licence: 'MIT', defaultDetail: 0.5 },
      });
      const { pixelsPerSecond, operationsPerSecond, slowdown } = started.value!;
      expect(pixelsPerSecond).toBeGreaterThan(0);
      expect(slowdown).toEqual({
        times: LAPTOP_GPU.operationsPerSecond / operationsPerSecond,
        than: 'laptop',
      });
      const { raster, value } = await made(
        await engine.call('upscale', request(await encodeImage(soft, 'png'))),
      );
      const truth = await engine.enlargedNatively(soft);
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
      expect(await engine.call('state')).toMatchObject({ origin: 'null', models: 1, pictures: 1 });
      expect(engine.box.refused).toEqual([]);
    },
    SLOW,
  );

  it(
    'cuts results beyond the limit into exact pieces, or reduces them and says so',
    async () => {
      await engine.openPlain();
      const whole = await made(await engine.call('upscale', request(file)));
      const pieces = await made(
        await engine.call('upscale', request(file, { maxSidePx: 50, beyondLimit: 'pieces' })),
      );
      expect(pieces.value.picture.pieces.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
        [0, 0, 40, 32],
        [40, 0, 40, 32],
        [0, 32, 40, 32],
        [40, 32, 40, 32],
      ]);
      expect(largestDifference(pieces.raster, whole.raster)).toBe(0);
      const clamped = await made(await engine.call('upscale', request(file, { maxSidePx: 60 })));
      expect([clamped.raster.width, clamped.raster.height]).toEqual([60, 48]);
      expect(clamped.value.notices.join()).toMatch(/at most 60 pixels.*60 x 48 instead of 80 x 64/);
    },
    SLOW,
  );

  it(
    'takes the processor, with a sentence, when the graphics card computes wrongly',
    async () => {
      await engine.open({ plainWasm: true, faults: [{ pretendWebGpu: true, offset: 0.1 }, {}] });
      const { value } = await engine.call('start', 'auto');
      expect(value).toMatchObject({
        name: 'wasm',
        reason: expect.stringMatching(/graphics card is not used.*wrongly/),
      });
      await engine.open({ plainWasm: true, faults: [{ pretendWebGpu: true, offset: 0.1 }] });
      expect((await engine.call('start', 'webgpu')).error).toMatchObject({ code: 'bad-picture' });
    },
    SLOW,
  );

  it(
    'goes on with smaller pieces when memory ends',
    async () => {
      await engine.open({ faults: [{ memoryAt: 4 }, {}] });
      await engine.call('start', 'wasm');
      const { raster, value } = await made(await engine.call('upscale', request(file, { tilePx: 64 })));
      expect(largestDifference(raster, wanted)).toBeLessThanOrEqual(2);
      expect(value.notices.join(' ')).toMatch(/ran out of memory.*started again/);
      expect(await engine.call('state')).toMatchObject({ models: 2, pictures: 1 });
    },
    SLOW,
  );

  it(
    'goes on at the failed tile when the device is lost, then on the processor',
    async () => {
      const gone = { pretendWebGpu: true, loseAt: 4 };
      await engine.open({ plainWasm: true, faults: [gone, gone, {}] });
      await engine.call('start', 'auto');
      const { raster, value } = await made(await engine.call('upscale', request(file, { tilePx: 64 })));
      expect(largestDifference(raster, wanted)).toBeLessThanOrEqual(2);
      expect(value.engine).toBe('wasm');
      expect(value.notices.join(' ')).toMatch(/given up.*processor/);
      expect(value.progress).toEqual([...value.progress].sort((a, b) => a - b));
      expect((await engine.call('start')).value).toMatchObject({
        name: 'wasm',
        reason: expect.stringMatching(/not used any more/),
      });
    },
    SLOW,
  );

  it(
    'stops in the middle of a tile, and does the next job',
    async () => {
      await engine.open({ faults: [{ hangFrom: 3 }, {}] });
      await engine.call('start', 'wasm');
      const stopped = await engine.call('upscale', request(file, { cancelMs: 300, cancelAfter: 'begin' }));
      expect(stopped.error).toMatchObject({ code: 'cancelled' });
      const { raster } = await made(await engine.call('upscale', request(file)));
      expect(largestDifference(raster, wanted)).toBeLessThanOrEqual(2);
      expect(await engine.call('state')).toMatchObject({ models: 2 });
    },
    SLOW,
  );

  it(
    'says what is wrong with files that are no pictures',
    async () => {
      await engine.openPlain();
      const photo = await encodeImage(testPicture(64, 64), 'jpeg');
      const codeOf = async (bytes: Uint8Array) => (await engine.call('upscale', request(bytes))).error?.code;
      expect(await codeOf(Buffer.from('not a picture'))).toBe('input-unreadable');
      expect(await codeOf(new Uint8Array())).toBe('input-unreadable');
      expect(await codeOf(photo.subarray(0, photo.length / 2))).toBe('input-unreadable');
      expect(await codeOf(file.subarray(0, file.length / 2))).toBe('input-unreadable');
      expect(await codeOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe(
        'input-unsupported',
      );
      const { value } = await made(await engine.call('upscale', request(file)));
      expect(value.picture.width).toBe(80);
    },
    SLOW,
  );

  it(
    'needs no more memory after many jobs than after a few',
    async () => {
      const resident = async (): Promise<number> => {
        const session = await engine.browser.newBrowserCDPSession();
        const { processInfo } = await session.send('SystemInfo.getProcessInfo');
        await session.detach();
        const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
        const sizes = execFileSync('ps', ['-o', 'rss=', '-p', pids.join(',')])
          .toString()
          .trim()
          .split(/\s+/);
        return sizes.reduce((sum, size) => sum + Number(size), 0) / 1024;
      };
      await engine.openPlain();
      await engine.call('repeat', request(file), 5);
      const before = await resident();
      await engine.call('repeat', request(file), 20);
      expect((await resident()) - before).toBeLessThan(64);
    },
    SLOW,
  );
});
