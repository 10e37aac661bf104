/**
 * Dead-leaves pictures: shapes of all sizes cover each other until nothing is bare. With radii of density
 * r^-3 they are scale-invariant and share the statistics of natural pictures (Lee, Mumford and Huang
 * 2001; Achddou, Gousseau and Ladjal 2021 train restoration networks on them). Owner: scripts/data.
 */
import sharp from 'sharp';
import type { Rng } from '../../../core/train/data/rng.js';
import type { Rgb } from './kit.js';

const LEAST_RADIUS = 3;
const GREATEST_RADIUS = 420;
const OVERSAMPLE = 2;

/** Radius by inverting the distribution function of r^-3 between the two bounds. */
function radius(rng: Rng): number {
  const a = LEAST_RADIUS ** -2;
  const b = GREATEST_RADIUS ** -2;
  return (a - rng.next() * (a - b)) ** -0.5;
}

/** Paints one leaf: disc, ellipse or rectangle, shaded, with stripes, grain or nothing on it. */
function paintLeaf(pixels: Uint8Array, size: number, rng: Rng, colour: Rgb): void {
  const r = radius(rng);
  const cx = rng.range(-r, size + r);
  const cy = rng.range(-r, size + r);
  const squeeze = rng.chance(0.4) ? 1 : rng.range(0.25, 1);
  const turn = rng.range(0, Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const rectangle = rng.chance(0.25);
  const shade = rng.range(-50, 50) / r;
  const stripes = rng.chance(0.35) ? rng.range(4, 30) : 0;
  const pitch = (2 * Math.PI) / Math.max(3, r * rng.range(0.03, 0.6));
  const grain = rng.chance(0.35) ? rng.range(4, 40) : 0;
  for (let y = Math.max(0, Math.ceil(cy - r)); y <= Math.min(size - 1, cy + r); y++) {
    for (let x = Math.max(0, Math.ceil(cx - r)); x <= Math.min(size - 1, cx + r); x++) {
      const u = (x - cx) * cos + (y - cy) * sin;
      const v = ((y - cy) * cos - (x - cx) * sin) / squeeze;
      if (rectangle ? Math.max(Math.abs(u), Math.abs(v)) > r * 0.7 : u * u + v * v > r * r) continue;
      let light = u * shade;
      if (stripes) light += stripes * Math.sin(v * squeeze * pitch);
      if (grain) light += grain * (rng.next() + rng.next() - 1);
      const i = (y * size + x) * 3;
      for (let c = 0; c < 3; c++) pixels[i + c] = Math.min(255, Math.max(0, colour[c] + light));
    }
  }
}

/** A square PNG of `sidePx`, its colours drawn from `palette` (pixels of one photograph). */
export async function deadLeaves(rng: Rng, palette: readonly Rgb[], sidePx: number): Promise<Buffer> {
  const size = sidePx * OVERSAMPLE;
  const pixels = new Uint8Array(size * size * 3);
  const leaves = Math.round((size * size) / 30);
  for (let i = 0; i < leaves; i++) paintLeaf(pixels, size, rng, palette[rng.int(palette.length)]);
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .resize(sidePx, sidePx, { kernel: 'lanczos3' })
    .png()
    .toBuffer();
}
