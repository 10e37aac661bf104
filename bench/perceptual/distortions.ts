/** Ways to spoil a picture that the perceptual distance is tried on. Every random one repeats exactly. */

import { createRaster, type Raster } from '../../core/raster/raster.js';
import { resizeRaster } from '../../core/raster/resample.js';
import { decodeImage, encodeImage } from '../../core/runtime/node/codec.js';
import { createRng } from '../../core/train/data/rng.js';

type Sample = (x: number, y: number, channel: number) => number;

/** A picture computed sample by sample; opaque. */
function draw(width: number, height: number, sample: Sample): Raster {
  const picture = createRaster(width, height, [0, 0, 0, 255]);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 4) for (let c = 0; c < 3; c++) picture.data[i + c] = sample(x, y, c);
  return picture;
}

const at = ({ width, height, data }: Raster, x: number, y: number, c: number): number =>
  data[(Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * 4 + c];

/** Gaussian blur, `sigma` in pixels. */
export function blur(picture: Raster, sigma: number): Raster {
  const reach = Math.ceil(3 * sigma);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  const along = (source: Raster, dx: number, dy: number) =>
    draw(source.width, source.height, (x, y, c) =>
      taps.reduce(
        (sum, tap, i) => sum + (tap / total) * at(source, x + dx * (i - reach), y + dy * (i - reach), c),
        0,
      ),
    );
  return along(along(picture, 1, 0), 0, 1);
}

/** White Gaussian noise, `sigma` in levels of 0..255. */
export function addNoise(picture: Raster, sigma: number): Raster {
  const rng = createRng(1);
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
  return draw(picture.width, picture.height, (x, y, c) => at(picture, x, y, c) + sigma * gaussian());
}

/** Through a JPEG file and back. */
export async function throughJpeg(picture: Raster, quality: number): Promise<Raster> {
  return (await decodeImage(await encodeImage(picture, 'jpeg', { quality }))).raster;
}

/** Reduced by `factor` and enlarged again, bicubic both ways. */
export function throughBicubic(picture: Raster, factor: number): Raster {
  const { width, height } = picture;
  return resizeRaster(resizeRaster(picture, width / factor, height / factor), width, height);
}

/** `share` of the way from `a` to `b`. */
export function blend(a: Raster, b: Raster, share: number): Raster {
  return draw(a.width, a.height, (x, y, c) => at(a, x, y, c) * (1 - share) + at(b, x, y, c) * share);
}

/** Moved to the right by whole pixels, the left edge repeated. */
export function shift(picture: Raster, pixels: number): Raster {
  return draw(picture.width, picture.height, (x, y, c) => at(picture, x - pixels, y, c));
}

/**
 * What bicubic enlargement loses, put back in the wrong place: the fine detail of each pixel is taken from
 * up to `reach` pixels away, the same way for a whole patch. Texture looks as it did; no pixel is right.
 */
export function misplacedDetail(picture: Raster, factor: number, reach: number): Raster {
  const coarse = throughBicubic(picture, factor);
  const patches = new Map<number, readonly [number, number]>();
  const offset = (x: number, y: number) => {
    const key = Math.floor(y / 24) * 4096 + Math.floor(x / 24);
    let moved = patches.get(key);
    if (!moved) {
      const rng = createRng(2, key);
      patches.set(key, (moved = [rng.int(2 * reach + 1) - reach, rng.int(2 * reach + 1) - reach]));
    }
    return moved;
  };
  return draw(picture.width, picture.height, (x, y, c) => {
    const [dx, dy] = offset(x, y);
    return at(coarse, x, y, c) + at(picture, x + dx, y + dy, c) - at(coarse, x + dx, y + dy, c);
  });
}

/** Vertical one-pixel stripes of +-`height` levels, as a network with a broken last layer makes them. */
export function hatch(picture: Raster, height: number): Raster {
  return draw(
    picture.width,
    picture.height,
    (x, y, c) => at(picture, x, y, c) + ((x ^ y) & 1 ? height : -height),
  );
}
