/** What all rendered pictures share: colours, words, and SVG to pixels in both styles of edge. Owner: scripts/data. */
import sharp from 'sharp';
import type { Rng } from '../../../core/train/data/rng.js';

export type Rgb = readonly [number, number, number];

/** One of several. */
export function oneOf<T>(rng: Rng, items: readonly T[]): T {
  return items[rng.int(items.length)];
}

export function css([r, g, b]: Rgb, alpha = 1): string {
  return alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha.toFixed(2)})`;
}

/** A colour of hue 0..360, saturation and lightness 0..1. */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Colours of one interface: page, panels on it, text and one or two accents. */
export interface Theme {
  readonly dark: boolean;
  readonly page: Rgb;
  readonly panel: Rgb;
  readonly line: Rgb;
  readonly text: Rgb;
  readonly faint: Rgb;
  readonly accent: Rgb;
  readonly second: Rgb;
}

export function theme(rng: Rng): Theme {
  const dark = rng.chance(0.4);
  const hue = rng.range(0, 360);
  const tint = rng.range(0, 0.25);
  const grey = (lightness: number): Rgb => hsl(hue, tint, dark ? 1 - lightness : lightness);
  const strong = (turn: number): Rgb => hsl((hue + turn) % 360, rng.range(0.5, 1), rng.range(0.35, 0.65));
  return {
    dark,
    page: grey(rng.range(0.86, 1)),
    panel: grey(rng.range(0.94, 1)),
    line: grey(rng.range(0.7, 0.9)),
    text: grey(rng.range(0, 0.2)),
    faint: grey(rng.range(0.35, 0.55)),
    accent: strong(rng.range(0, 360)),
    second: strong(rng.range(0, 360)),
  };
}

const WORDS =
  'the of and to in is for on that with as by from at this are be or an was not it can all use more one time file page view edit open save home help search order total price name date code list item new free best day work team plan team user group share copy image colour light dark print field water stone garden river summer window paper letter number market people mountain quiet yellow quick brown zebra jumps fjord waltz quartz Grüße Straße über Käse français été garçon niño mañana coração ação København Łódź İstanbul Москва книга Ελλάδα λόγος 2048 1,299 3.14 50% €19.90 $240 #7 08:45 v1.2.3 A4 Q3 H2O & @home (new) [draft] {x} i++ => != fn() //'.split(
    ' ',
  );

/** Words of several languages, numbers and signs, `count` of them. */
export function words(rng: Rng, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    const word = oneOf(rng, WORDS);
    const shown = rng.chance(0.12)
      ? word[0].toUpperCase() + word.slice(1)
      : rng.chance(0.04)
        ? word.toUpperCase()
        : word;
    text += (i > 0 ? ' ' : '') + shown + (rng.chance(0.08) ? oneOf(rng, [',', '.', ';', ':', '?', '!']) : '');
  }
  return escapeXml(text);
}

const SIGNS = [
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '0123456789',
  '0123456789abcdef',
  'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789',
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;-/()=+%#',
] as const;

/** Words that no neighbour lets guess: letters and digits by chance, `count` of them. */
export function codes(rng: Rng, count: number): string {
  const word = () => {
    const signs = oneOf(rng, SIGNS);
    return Array.from({ length: 2 + rng.int(7) }, () => signs[rng.int(signs.length)]).join('');
  };
  return escapeXml(Array.from({ length: count }, word).join(' '));
}

export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/**
 * A PNG of an SVG body of `width` x `height` units. Half of them, or `softShare`, are drawn at twice the size and reduced,
 * because pictures that people enlarge have soft edges as often as the hard ones of a rasteriser.
 */
export async function toPng(
  body: string,
  width: number,
  height: number,
  rng: Rng,
  softShare = 0.5,
): Promise<Buffer> {
  const zoom = rng.chance(softShare) ? 2 : 1;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width * zoom}" height="${height * zoom}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
  const drawn = sharp(Buffer.from(svg), { unlimited: true }).removeAlpha();
  if (zoom === 1) return drawn.png().toBuffer();
  const kernel = oneOf(rng, ['cubic', 'lanczos3', 'mitchell'] as const);
  return drawn.resize({ width, height, kernel }).png().toBuffer();
}
