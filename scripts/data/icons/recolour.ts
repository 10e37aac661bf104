/** Finds the one colour of an icon and gives it another, in OKLCH, where hue can turn without changing lightness. */

import { converter, type Oklch, type Rgb } from 'culori';
import { COLOURS, type Colour } from '../../../core/train/data/captions.js';

const toOklch = converter('oklch');
const toRgb = converter('rgb');

/** Hue in degrees and typical lightness of the colours' names in OKLCH. */
const NAMED: Record<Colour, { readonly hue: number; readonly lightness: number }> = {
  red: { hue: 27, lightness: 0.6 },
  orange: { hue: 58, lightness: 0.74 },
  yellow: { hue: 95, lightness: 0.86 },
  green: { hue: 145, lightness: 0.68 },
  blue: { hue: 258, lightness: 0.6 },
  purple: { hue: 303, lightness: 0.54 },
  pink: { hue: 352, lightness: 0.74 },
};

/** Chroma below which a pixel is grey. */
const GREY = 0.06;
/** Hues nearer to the main one than the first turn with it, those beyond the second stay, between them it fades. */
const WINDOW = [32, 58] as const;
/** Chroma over which the same fades in, so that no edge shows where a colour goes over into grey. */
const TINT = [0.015, 0.06] as const;

const ramp = (x: number, [from, to]: readonly [number, number]) => {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};
const OPAQUE = 128;

const between = (a: number, b: number) => Math.abs(((a - b + 540) % 360) - 180);

interface Pixel {
  readonly at: number;
  readonly colour: Oklch & { readonly h: number };
}

/** Visible pixels with at least this chroma, and how many are mostly opaque in all. */
function chromatic(
  rgba: Uint8Array,
  chroma: number,
  opaqueFrom: number,
): { pixels: Pixel[]; opaque: number } {
  const pixels: Pixel[] = [];
  let opaque = 0;
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3] < opaqueFrom) continue;
    opaque++;
    const rgb: Rgb = { mode: 'rgb', r: rgba[at] / 255, g: rgba[at + 1] / 255, b: rgba[at + 2] / 255 };
    const colour = toOklch(rgb);
    if (colour.h !== undefined && colour.c > chroma) pixels.push({ at, colour: { ...colour, h: colour.h } });
  }
  return { pixels, opaque };
}

/** The colour that most of an icon has, or null when it is grey or motley. */
export function mainColour(rgba: Uint8Array): Colour | null {
  const { pixels, opaque } = chromatic(rgba, GREY, OPAQUE);
  if (pixels.length < 0.4 * opaque) return null;
  const counts = COLOURS.map((name) => {
    const { hue, lightness } = NAMED[name];
    // Red and pink, orange and yellow share hues: lightness decides where both are near.
    return pixels.filter(({ colour: { h, l } }) => between(h, hue) + 60 * Math.abs(l - lightness) < 34)
      .length;
  });
  const most = Math.max(...counts);
  return most > 0.6 * pixels.length ? COLOURS[counts.indexOf(most)] : null;
}

/** The icon with what has its main colour turned to another; the rest, and all shading, stays. */
export function recolour(rgba: Uint8Array, from: Colour, to: Colour): Uint8Array {
  const made = rgba.slice();
  const { pixels } = chromatic(rgba, TINT[0], 1);
  const share = ({ c, h }: Pixel['colour']) =>
    (1 - ramp(between(h, NAMED[from].hue), WINDOW)) * ramp(c, TINT);
  const chosen = pixels.filter(({ colour }) => share(colour) > 0);
  const mean = (of: (colour: Oklch & { h: number }) => number) =>
    chosen.reduce((sum, { colour }) => sum + of(colour), 0) / chosen.length;
  const lighter = NAMED[to].lightness - mean((colour) => colour.l);
  const turn = NAMED[to].hue - NAMED[from].hue;
  for (const { at, colour } of chosen) {
    const { l, c, h } = colour;
    // Highlights and shadows keep their place: the middle moves most.
    const shift = lighter * 4 * l * (1 - l);
    const turned = toRgb({ mode: 'oklch', l: l + shift, c, h: h + turn });
    const kept = toRgb(colour);
    const part = share(colour);
    const [r, g, b] = (['r', 'g', 'b'] as const).map((i) => kept[i] + part * (turned[i] - kept[i]));
    [r, g, b].forEach((value, i) => {
      made[at + i] = Math.round(Math.min(1, Math.max(0, value)) * 255);
    });
  }
  return made;
}
