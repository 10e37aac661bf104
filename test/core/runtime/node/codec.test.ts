import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { createRaster, type Raster } from '../../../../core/raster/raster.js';
import {
  checkOutputSize,
  decodeImage,
  encodeImage,
  type OutputFormat,
} from '../../../../core/runtime/node/codec.js';

const WIDTH = 24;
const HEIGHT = 16;
const rgb = Buffer.from(
  Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const p = Math.floor(i / 3);
    return [(p % WIDTH) * 10, Math.floor(p / WIDTH) * 15, 128][i % 3];
  }),
);
const picture = (): Sharp => sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const pixel = ({ data, width }: Raster, x: number, y: number): number[] =>
  Array.from(data.slice((y * width + x) * 4, (y * width + x) * 4 + 4));

/** The largest difference of one colour channel, and of opaque alpha, from the picture above. */
function difference({ data }: Raster): number {
  let worst = 0;
  for (let i = 0; i < data.length; i++) {
    const expected = i % 4 === 3 ? 255 : rgb[Math.floor(i / 4) * 3 + (i % 4)];
    worst = Math.max(worst, Math.abs(data[i] - expected));
  }
  return worst;
}

function crc(bytes: Uint8Array): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let k = 0; k < 8; k++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** A PNG of one row, of exactly the samples given. */
function png(width: number, depth: number, colourType: number, row: Uint8Array, ...extra: Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(1, 4);
  header[8] = depth;
  header[9] = colourType;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', deflateSync(Buffer.concat([Buffer.of(0), row]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const words = (...values: number[]): Buffer => Buffer.from(values.flatMap((v) => [v >> 8, v & 255]));

async function p3Chunk(): Promise<Buffer> {
  const { icc } = await sharp(await picture().withIccProfile('p3').png().toBuffer()).metadata();
  return chunk('iCCP', Buffer.concat([Buffer.from('profile\0\0', 'latin1'), deflateSync(icc!)]));
}

describe('plain pictures', () => {
  it.each(['png', 'webp', 'tiff'] as const)(
    'come in exactly and without a notice from %s',
    async (format) => {
      const options = { png: {}, webp: { lossless: true }, tiff: { compression: 'none' } }[format];
      const decoded = await decodeImage(await picture().toFormat(format, options).toBuffer());
      expect(decoded).toMatchObject({ format, notices: [], bitDepth: 8, hadAlpha: false });
      expect(decoded.raster).toMatchObject({ width: WIDTH, height: HEIGHT });
      expect(difference(decoded.raster)).toBe(0);
    },
  );

  it('tell the quality of a JPEG', async () => {
    for (const quality of [30, 75, 92, 100]) {
      const decoded = await decodeImage(await picture().jpeg({ quality }).toBuffer());
      expect(decoded).toMatchObject({ format: 'jpeg', notices: [], jpegQuality: quality });
    }
    expect(await decodeImage(await picture().png().toBuffer())).not.toHaveProperty('jpegQuality');
  });

  it('with an sRGB profile are left exactly as they are', async () => {
    const decoded = await decodeImage(await picture().withIccProfile('srgb').png().toBuffer());
    expect(decoded.notices).toEqual([]);
    expect(difference(decoded.raster)).toBe(0);
  });

  it('keep straight alpha and the colour under it', async () => {
    const decoded = await decodeImage(png(2, 8, 6, Buffer.of(200, 100, 50, 3, 10, 20, 30, 0)));
    expect(decoded).toMatchObject({ hadAlpha: true, notices: [] });
    expect(Array.from(decoded.raster.data)).toEqual([200, 100, 50, 3, 10, 20, 30, 0]);
  });

  it('are told apart by their bytes in a buffer with an offset', async () => {
    const file = await picture().png().toBuffer();
    const padded = new Uint8Array(file.length + 7);
    padded.set(file, 7);
    expect(difference((await decodeImage(padded.subarray(7))).raster)).toBe(0);
  });
});

describe('converted knowingly', () => {
  it('16 bits, each sample to the nearest of 8', async () => {
    const { raster, notices, bitDepth } = await decodeImage(
      png(2, 16, 6, words(0, 128, 129, 65535, 65406, 65407, 25700, 32768)),
    );
    expect(Array.from(raster.data)).toEqual([0, 0, 1, 255, 254, 255, 100, 128]);
    expect(bitDepth).toBe(16);
    expect(notices).toEqual(['16 bits per channel were reduced to 8.']);
  });

  it('grey of 8, 16 and 2 bits, with a transparent level', async () => {
    const grey = await decodeImage(png(3, 8, 0, Buffer.of(0, 100, 255), chunk('tRNS', Buffer.of(0, 100))));
    expect(Array.from(grey.raster.data)).toEqual([0, 0, 0, 255, 100, 100, 100, 0, 255, 255, 255, 255]);
    expect(grey.notices).toEqual(['Grey was converted to RGB.']);
    const wide = await decodeImage(png(2, 16, 0, words(25700, 65535)));
    expect(Array.from(wide.raster.data)).toEqual([100, 100, 100, 255, 255, 255, 255, 255]);
    expect(wide.notices).toHaveLength(2);
    const two = await decodeImage(png(4, 2, 0, Buffer.of(0b00011011)));
    expect([0, 1, 2, 3].map((x) => pixel(two.raster, x, 0)[0])).toEqual([0, 85, 170, 255]);
  });

  it('indexed colours with transparency', async () => {
    const palette = chunk('PLTE', Buffer.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7));
    const file = png(4, 2, 3, Buffer.of(0b00011011), palette, chunk('tRNS', Buffer.of(255, 128, 0)));
    const { raster, notices, hadAlpha, bitDepth } = await decodeImage(file);
    expect(Array.from(raster.data)).toEqual([255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 255, 0, 9, 8, 7, 255]);
    expect({ notices, hadAlpha, bitDepth }).toEqual({
      notices: ['Indexed colours were converted to RGB.'],
      hadAlpha: true,
      bitDepth: 2,
    });
  });

  it.each([8, 16])('a Display P3 profile with %i bits', async (depth) => {
    const samples = [200, 100, 50, 128, 128, 128];
    const row = depth === 8 ? Buffer.from(samples) : words(...samples.map((v) => v * 257));
    const { raster, notices } = await decodeImage(png(2, depth, 2, row, await p3Chunk()));
    // From the published matrices: P3 (200, 100, 50) is sRGB (214.9, 92.6, 31.0).
    const [r, g, b] = pixel(raster, 0, 0);
    expect(Math.abs(r - 214.9)).toBeLessThan(2);
    expect(Math.abs(g - 92.6)).toBeLessThan(2);
    expect(Math.abs(b - 31)).toBeLessThan(2);
    expect(pixel(raster, 1, 0)).toEqual([128, 128, 128, 255]);
    expect(notices[0]).toMatch(/^Colours were converted from the profile ".*P3.*" to sRGB\.$/);
  });

  it('CMYK, inverted as Adobe writes it', async () => {
    const of = async (background: string): Promise<number[]> => {
      const flat = sharp({ create: { width: 16, height: 16, channels: 3, background } });
      const { raster, notices } = await decodeImage(
        await flat.toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
      );
      expect(notices.join()).toMatch(/^CMYK colours/);
      return pixel(raster, 8, 8);
    };
    expect(await of('#ffffff')).toEqual([255, 255, 255, 255]);
    expect(Math.max(...(await of('#000000')).slice(0, 3))).toBeLessThan(30);
    const [r, g, b] = await of('#2060c0');
    expect(r < 60 && g > 70 && g < 120 && b > 140).toBe(true);
  });

  it('an EXIF orientation', async () => {
    const file = await picture().withMetadata({ orientation: 6 }).png().toBuffer();
    const { raster, notices } = await decodeImage(file);
    expect(raster).toMatchObject({ width: HEIGHT, height: WIDTH });
    // A quarter turn clockwise: the bottom left corner comes to the top left.
    expect(pixel(raster, 0, 0)).toEqual([0, (HEIGHT - 1) * 15, 128, 255]);
    expect(notices).toEqual(['The picture was turned upright as its EXIF orientation asks.']);
  });

  it.each(['gif', 'webp'] as const)('an animated %s, by its first frame', async (format) => {
    const frames = Buffer.concat([Buffer.alloc(192, 40), Buffer.alloc(192, 200)]);
    const gif = await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .gif()
      .toBuffer();
    const file =
      format === 'gif' ? gif : await sharp(gif, { animated: true }).webp({ lossless: true }).toBuffer();
    const { raster, notices } = await decodeImage(file);
    expect(raster).toMatchObject({ width: 8, height: 8 });
    expect(Math.abs(pixel(raster, 4, 4)[0] - 40)).toBeLessThan(3);
    expect(notices[0]).toBe('The picture is animated: only the first of 2 frames was read.');
  });

  it('an animated PNG, by its first frame', async () => {
    const file = png(1, 8, 2, Buffer.of(1, 2, 3), chunk('acTL', Buffer.of(0, 0, 0, 2, 0, 0, 0, 0)));
    const { raster, notices } = await decodeImage(file);
    expect(pixel(raster, 0, 0)).toEqual([1, 2, 3, 255]);
    expect(notices).toEqual(['The picture is animated: only its first frame was read.']);
  });
});

describe('refused in plain words', () => {
  const code = async (bytes: Uint8Array): Promise<string> =>
    decodeImage(bytes).then(
      () => 'read',
      (error) => `${error.code}: ${error.message}`,
    );

  it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('a %s that was cut off', async (format) => {
    const file = await picture().toFormat(format).toBuffer();
    for (const share of [0.2, 0.5, 0.9]) {
      expect(await code(file.subarray(0, Math.floor(file.length * share)))).toMatch(
        /^input-unreadable: The \w+ file is damaged or incomplete\.$/,
      );
    }
  });

  it('a damaged file, an empty one and something else entirely', async () => {
    const file = await picture().png().toBuffer();
    file[file.length >> 1] ^= 255;
    expect(await code(file)).toMatch(/^input-unreadable: The PNG file is damaged/);
    expect(await code(new Uint8Array(0))).toBe('input-unreadable: The file is empty.');
    expect(await code(Buffer.from('dear reader'))).toMatch(/^input-unreadable: The file is not a picture/);
  });

  it('formats that are known but not read', async () => {
    const svg = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>';
    expect(await code(Buffer.from(svg))).toBe('input-unsupported: SVG files cannot be read.');
    expect(await code(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'))).toMatch(
      /^input-unsupported: HEIC/,
    );
    expect(await code(Buffer.from('8BPS\0\x01'))).toMatch(/^input-unsupported: Photoshop/);
  });

  it('more pixels than allowed', async () => {
    const file = await picture().png().toBuffer();
    await expect(decodeImage(file, { maxPixels: 100 })).rejects.toMatchObject({ code: 'input-unsupported' });
  });
});

describe('encodeImage', () => {
  const soft = createRaster(5, 3, [200, 100, 50, 128]);
  const solid = createRaster(5, 3, [200, 100, 50, 255]);

  it('writes PNG and lossless WebP that come back the same, with alpha only where needed', async () => {
    for (const raster of [soft, solid]) {
      for (const format of ['png', 'webp'] as const) {
        const decoded = await decodeImage(await encodeImage(raster, format, { quality: 100 }));
        expect(decoded.raster).toEqual(raster);
        expect(decoded).toMatchObject({ format, notices: [], hadAlpha: raster === soft });
      }
    }
  });

  it('lays transparency over white in a JPEG of the quality asked for', async () => {
    const decoded = await decodeImage(await encodeImage(soft, 'jpeg', { quality: 95 }));
    expect(decoded.jpegQuality).toBe(95);
    const [r, g, b] = pixel(decoded.raster, 2, 1);
    expect([Math.abs(r - 227), Math.abs(g - 177), Math.abs(b - 152)].every((d) => d < 6)).toBe(true);
  });

  it('refuses sizes the format cannot hold, before any work', () => {
    const limits: [OutputFormat, number][] = [
      ['jpeg', 65535],
      ['webp', 16383],
      ['png', 1_000_000],
    ];
    for (const [format, limit] of limits) {
      expect(() => checkOutputSize(limit, 1, format)).not.toThrow();
      expect(() => checkOutputSize(1, limit + 1, format)).toThrow(
        expect.objectContaining({ code: 'output-too-large' }),
      );
    }
    return expect(encodeImage(createRaster(16384, 1), 'webp')).rejects.toMatchObject({
      code: 'output-too-large',
    });
  });

  it('refuses a quality out of range', () =>
    expect(encodeImage(solid, 'jpeg', { quality: 101 })).rejects.toMatchObject({ code: 'option-invalid' }));
});
