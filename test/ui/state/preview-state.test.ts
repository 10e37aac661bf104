import * as fc from 'fast-check';
import { EnlargerError } from '../../../core/errors.js';
import type { PictureRef } from '../../../plugin/host.js';
import { createFixtureHost, FixtureEditor } from '../../../plugin/hosts/fixture/index.js';
import { createPreviewState, cropAround } from '../../../ui/state/preview-state.js';
import { createFakeEngine, pictureLayer, until } from '../fakes.js';

const CROP = { x: 0, y: 0, width: 20, height: 10 };
const SETTINGS = { target: { scale: 2 }, seed: 1, maxSidePx: null, beyondLimit: 'clamp' } as const;

describe('the part around a centre', () => {
  it('lies inside the picture in whole pixels, whatever the view', () => {
    const side = fc.integer({ min: 1, max: 5000 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        side,
        side,
        share,
        share,
        side,
        side,
        fc.double({ min: 1, max: 16, noNaN: true }),
        (...all) => {
          const [width, height, x, y, wide, high, scale] = all;
          const crop = cropAround({ width, height }, { x, y }, { width: wide, height: high }, scale);
          expect(Object.values(crop).every(Number.isInteger)).toBe(true);
          expect(crop.x).toBeGreaterThanOrEqual(0);
          expect(crop.y).toBeGreaterThanOrEqual(0);
          expect(crop.width).toBeGreaterThanOrEqual(1);
          expect(crop.x + crop.width).toBeLessThanOrEqual(width);
          expect(crop.y + crop.height).toBeLessThanOrEqual(height);
        },
      ),
    );
  });

  it('is as large as the view shows pixel by pixel', () => {
    const crop = cropAround({ width: 1000, height: 1000 }, { x: 0.5, y: 0 }, { width: 400, height: 200 }, 4);
    expect(crop).toEqual({ x: 450, y: 0, width: 100, height: 50 });
  });
});

async function setUp() {
  const editor = new FixtureEditor([pictureLayer('a'), pictureLayer('b')]);
  editor.select('a', 'b');
  const host = createFixtureHost(editor);
  const engine = createFakeEngine();
  const preview = createPreviewState(host, engine);
  const refs = (await host.selection()).layers.map(({ pictures }): PictureRef => pictures[0]);
  return { host, engine, preview, refs };
}

describe('previews', () => {
  it('are made one at a time, and of many asked for meanwhile only the last', async () => {
    const { engine, preview, refs } = await setUp();
    await preview.show(refs[0]);
    engine.hold = true;
    preview.request(CROP, SETTINGS);
    await until(() => engine.requests.length === 1);
    for (let x = 1; x <= 9; x++) preview.request({ ...CROP, x }, SETTINGS);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(engine.requests).toHaveLength(1);
    engine.release();
    await until(() => preview.result.value?.crop.x === 9);
    expect(engine.requests.map(({ crop }) => crop!.x)).toEqual([0, 9]);
    expect(preview.busy.value).toBe(false);
    preview.dispose();
  });

  it('wait while a job runs', async () => {
    const { engine, preview, refs } = await setUp();
    await preview.show(refs[0]);
    preview.pause();
    preview.request(CROP, SETTINGS);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(engine.requests).toHaveLength(0);
    preview.resume();
    await until(() => preview.result.value !== null);
    preview.dispose();
  });

  it('in hand are given up for a job, and made again after it', async () => {
    const { engine, preview, refs } = await setUp();
    await preview.show(refs[0]);
    engine.hold = true;
    preview.request(CROP, SETTINGS);
    expect(preview.busy.value).toBe(true);
    await until(() => engine.requests.length === 1);
    preview.pause();
    await until(() => !preview.busy.value);
    expect(preview.result.value).toBeNull();
    expect(preview.error.value).toBeNull();
    engine.release();
    preview.resume();
    await until(() => preview.result.value !== null);
    expect(engine.requests).toHaveLength(2);
    preview.dispose();
  });

  it('of a picture that is no longer shown are thrown away', async () => {
    const { engine, preview, refs } = await setUp();
    await preview.show(refs[0]);
    engine.hold = true;
    preview.request(CROP, SETTINGS);
    await until(() => engine.requests.length === 1);
    await preview.show(refs[1]);
    engine.release();
    await until(() => !preview.busy.value);
    expect(preview.result.value).toBeNull();
    expect(preview.source.value?.picture.ref).toBe(refs[1].ref);
    preview.dispose();
  });

  it('that fail say why, and can be tried again', async () => {
    const { engine, preview, refs } = await setUp();
    await preview.show(refs[0]);
    engine.failure = new EnlargerError('bad-picture', 'It came out black.', 'Choose another engine.');
    preview.request(CROP, SETTINGS);
    await until(() => preview.error.value !== null);
    expect(preview.error.value?.code).toBe('bad-picture');
    engine.failure = null;
    await preview.reload();
    expect(preview.error.value).toBeNull();
    preview.request(CROP, SETTINGS);
    await until(() => preview.result.value !== null);
    preview.dispose();
  });
});
