import { EnlargerError } from '../../../core/errors.js';
import { createRaster, cropRaster, type Raster } from '../../../core/raster/raster.js';
import { decodeImage } from '../../../core/runtime/node/codec.js';
import type { UpscaleRequest } from '../../../plugin/engine/engine-client.js';
import { chooseFormat, type EncoderOpener } from '../../../plugin/engine/worker/encode.js';
import { type EnlargeTools, enlarge } from '../../../plugin/engine/worker/enlarge.js';
import { openPngEncoder } from '../../../plugin/engine/worker/png-writer.js';
import {
  type FakeOptions,
  fakeProvider,
  largestDifference,
  testPicture,
} from '../../core/pipeline/fake-stage.js';

const openEncoder: EncoderOpener = (_format, width, height, transparent) =>
  openPngEncoder(width, height, transparent);

function tools(picture: Raster, fake: FakeOptions = {}, more: Partial<EnlargeTools> = {}): EnlargeTools {
  return {
    provider: fakeProvider(fake),
    decode: async () => ({ raster: picture, notices: ['Read.'] }),
    openEncoder,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  };
}

const request = (more: Partial<UpscaleRequest> = {}): UpscaleRequest => ({
  bytes: Uint8Array.of(1),
  target: { scale: 4 },
  seed: 3,
  maxSidePx: null,
  beyondLimit: 'clamp',
  formats: ['png'],
  ...more,
});

async function whole({ picture }: Awaited<ReturnType<typeof enlarge>>): Promise<Raster> {
  expect(picture.pieces).toHaveLength(1);
  return (await decodeImage(picture.pieces[0].bytes)).raster;
}

/** The picture moved around its edge. */
function rolled(picture: Raster, dx: number, dy: number): Raster {
  const out = createRaster(picture.width, picture.height);
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++)
      for (let c = 0; c < 4; c++)
        out.data[(y * picture.width + x) * 4 + c] =
          picture.data[(((y + dy) % picture.height) * picture.width + ((x + dx) % picture.width)) * 4 + c];
  return out;
}

const textured: FakeOptions = { alignPx: 8, haloPx: 8, noise: { channels: 4, factor: 8, gain: 0.05 } };

describe('enlarge', () => {
  it('reports what it read, made and noticed', async () => {
    const made = await enlarge(request({ detail: 0.2 }), tools(testPicture(40, 24)));
    expect(made).toMatchObject({
      inputWidth: 40,
      inputHeight: 24,
      seed: 3,
      detail: 0.2,
      notices: ['Read.'],
      stages: [{ factor: 4, width: 160, height: 96 }],
      picture: { width: 160, height: 96, pieces: [{ x: 0, y: 0, width: 160, height: 96, format: 'png' }] },
    });
  });

  it('gives in a preview the very pixels that the whole picture will have', async () => {
    const picture = testPicture(96, 80);
    const crop = { x: 30, y: 21, width: 25, height: 18 };
    const full = await whole(await enlarge(request(), tools(picture, textured)));
    const part = await whole(await enlarge(request({ crop }), tools(picture, textured)));
    const wanted = cropRaster(full, { x: 120, y: 84, width: 100, height: 72 });
    expect(largestDifference(part, wanted)).toBeLessThanOrEqual(1);
  });

  it('keeps the borders of a repeating picture together', async () => {
    const picture = testPicture(32, 32);
    const plain: FakeOptions = { alignPx: 8, haloPx: 8 };
    const tiled = async (input: Raster, fake: FakeOptions) =>
      whole(await enlarge(request({ tiles: true }), tools(input, fake)));
    const moved = await tiled(rolled(picture, 8, 16), plain);
    expect(largestDifference(moved, rolled(await tiled(picture, plain), 32, 64))).toBeLessThanOrEqual(1);
    // What is invented at the edge is the same from whichever side it is looked at.
    const flat = createRaster(32, 32, [90, 90, 90, 255]);
    const grain = await tiled(flat, textured);
    const across = await whole(
      await enlarge(
        request({ tiles: true, crop: { x: 24, y: 0, width: 8, height: 32 } }),
        tools(flat, textured),
      ),
    );
    expect(
      largestDifference(across, cropRaster(grain, { x: 96, y: 0, width: 32, height: 128 })),
    ).toBeLessThanOrEqual(1);
  });

  it('hands out the first pieces while later ones are still being made', async () => {
    const order: string[] = [];
    const opener: EncoderOpener = (...args) => {
      order.push('open');
      const encoder = openEncoder(...args);
      const finish = () => {
        order.push('finish');
        return encoder.finish();
      };
      return { ...encoder, finish };
    };
    const made = await enlarge(
      request({ maxSidePx: 200, beyondLimit: 'pieces' }),
      tools(testPicture(40, 150), {}, { openEncoder: opener }),
    );
    expect(made.picture.pieces.map(({ y, height }) => [y, height])).toEqual([
      [0, 200],
      [200, 200],
      [400, 200],
    ]);
    expect(order).toEqual(['open', 'finish', 'open', 'finish', 'open', 'finish']);
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const stopping = tools(
      testPicture(300, 300),
      {},
      { signal: abort.signal, onProgress: () => abort.abort() },
    );
    await expect(enlarge(request({ tilePx: 64 }), stopping)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('chooseFormat', () => {
  it('takes what the editor prefers, unless it would lose transparency', () => {
    expect(chooseFormat(['jpeg', 'png'], false)).toBe('jpeg');
    expect(chooseFormat(['jpeg', 'png'], true)).toBe('png');
    expect(chooseFormat(['webp', 'png'], true)).toBe('png');
    expect(chooseFormat(['jpeg', 'webp'], true)).toBe('webp');
    expect(chooseFormat(['gif', 'jpeg'], true)).toBe('jpeg');
    expect(() => chooseFormat(['gif'], false)).toThrow(EnlargerError);
  });
});
