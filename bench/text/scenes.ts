/**
 * What designers enlarge besides photographs, drawn as SVG so that the exact enlargement is known: pages of
 * small type, icons, and a small interface screen.
 */

import sharp from 'sharp';
import type { Raster, Rect } from '../../core/raster/raster.js';
import { decodeImage } from '../../core/runtime/node/codec.js';

export interface Scene {
  readonly name: string;
  /** Pixels at 1x. */
  readonly width: number;
  readonly height: number;
  /** The SVG body, in pixels at 1x. */
  readonly body: string;
  /** The lines of text to be read, with their places in pixels at 1x. */
  readonly lines: readonly TextLine[];
}

export interface TextLine {
  readonly text: string;
  readonly sizePx: number;
  readonly box: Rect;
}

/** Debian packages with the fonts; all but the Noto and Clear Sans families are known from training. */
export const FONT_PACKAGES =
  'fonts-noto-core fonts-noto-mono fonts-clear-sans fonts-dejavu-core fonts-inter fonts-open-sans';
const FONTS = ['Noto Sans', 'Noto Serif', 'Clear Sans', 'DejaVu Sans', 'Inter', 'Open Sans'] as const;
/** Font families that have to be installed. */
export const FAMILIES: readonly string[] = FONTS;

const SIZES_PX = [6, 7, 8, 9, 10, 11, 12, 14] as const;

/** Off pure black and white, so that clipping hides no overshoot. */
const THEMES = [
  { name: 'light', page: '#f0f1f3', ink: '#26282c', accent: '#2467c9', line: '#b9bdc4', panel: '#fafafa' },
  { name: 'dark', page: '#1f2226', ink: '#dcdfe3', accent: '#7fb2ff', line: '#545a63', panel: '#2b2f35' },
] as const;
type Theme = (typeof THEMES)[number];

/** Half are words, half are codes, where a reader cannot guess from the neighbours what a letter must be. */
const SENTENCES = [
  'Sort 48 items by name, date or size in this folder',
  'Order K7Q2-9XFM, box 36B, bin R58, 4.75 kg, lot 80T',
  'Your session ends in 15 minutes unless you reply',
  'IBAN XK05 1212 0123 4567 8906, ref. 2071/B, 3 of 68',
  'Invoice 2071 was paid on 3 May with card 4417',
  'fe80::9c3a:71ff:b26d on eth3, mtu 1482, rx 5836093',
  'No results found. Check the spelling and try again',
  'x = 0.618, y = 27.35, w = 1493, h = 806, r = 5.82',
  'Changes made by Olivia Berg were saved at 09:52',
  'Sizes 36 38 39 42 in Mauve, Ecru, Taupe; art. 58-63QG',
  'Only members of the group Harbour can edit this page',
  'a9f3c6e8 0b5d72 3ed1 88c5 b6e0 9a4f7d 5ce3 f0a86b',
] as const;

const PAGE_WIDTH_PX = 384;

/** One page of all sizes in one font: lines start between pixels, every other one stands between rows too. */
function page(font: string, theme: Theme, start: number): Scene {
  let y = 4;
  const lines: TextLine[] = [];
  const drawn = SIZES_PX.map((sizePx, i) => {
    const text = SENTENCES[(start + i) % SENTENCES.length];
    const height = Math.ceil(sizePx * 1.9);
    const [x, base] = [8 + i * 0.29, y + Math.round(height * 0.68) + (i % 2) * 0.5];
    lines.push({ text, sizePx, box: { x: 0, y, width: PAGE_WIDTH_PX, height } });
    y += height;
    return `<text x="${x}" y="${base}" font-family="${font}" font-size="${sizePx}" fill="${theme.ink}">${text}</text>`;
  });
  const height = y + 4;
  const ground = `<rect width="${PAGE_WIDTH_PX}" height="${height}" fill="${theme.page}"/>`;
  const name = `${font}, ${theme.name}`;
  return { name, width: PAGE_WIDTH_PX, height, body: ground + drawn.join(''), lines };
}

/** Pages of type in every font, light and dark. */
export function textPages(): Scene[] {
  return FONTS.flatMap((font, f) => THEMES.map((theme, t) => page(font, theme, f * 5 + t * 6)));
}

/** Drawn on a grid of 16 x 16 units: magnifier, arrow, tick, heart, bars, gear, house, pen. */
const ICONS = [
  '<circle cx="7" cy="7" r="4.5" fill="none" stroke="INK" stroke-width="1.5"/><path d="M10.5 10.5L14 14" stroke="INK" stroke-width="1.5"/>',
  '<path d="M2 8h11M9 4l4 4-4 4" fill="none" stroke="INK" stroke-width="1.5"/>',
  '<rect x="2" y="2" width="12" height="12" rx="2" fill="ACCENT"/><path d="M4.5 8l2.5 2.5 4.5-5" fill="none" stroke="PAGE" stroke-width="1.5"/>',
  '<path d="M8 14C2 9.5 1.5 7 1.5 5.5a3.25 3.25 0 0 1 6.5-1 3.25 3.25 0 0 1 6.5 1C14.5 7 14 9.5 8 14z" fill="INK"/>',
  '<path d="M2 14V8h3v6zM6.5 14V3h3v11zM11 14v-4h3v4z" fill="ACCENT"/>',
  '<circle cx="8" cy="8" r="2" fill="none" stroke="INK"/><circle cx="8" cy="8" r="5.5" fill="none" stroke="INK" stroke-width="2" stroke-dasharray="2.2 2.12"/>',
  '<path d="M2 8l6-5.5L14 8M4 7v6.5h8V7" fill="none" stroke="INK" stroke-width="1.25"/>',
  '<path d="M3 13l1-3 7-7 2 2-7 7z" fill="none" stroke="INK"/>',
];

function icons(theme: Theme): Scene {
  const [width, height] = [208, 112];
  const inked = (svg: string) =>
    svg.replaceAll('INK', theme.ink).replaceAll('ACCENT', theme.accent).replaceAll('PAGE', theme.page);
  const rows = [16, 20, 24].map((size, row) =>
    ICONS.map((icon, i) => {
      const [x, y] = [8 + i * 25 + (i % 4) * 0.25, 8 + row * 34 + (i % 2) * 0.5];
      return `<g transform="translate(${x} ${y}) scale(${size / 16})">${inked(icon)}</g>`;
    }).join(''),
  );
  const ground = `<rect width="${width}" height="${height}" fill="${theme.page}"/>`;
  return { name: `icons, ${theme.name}`, width, height, body: ground + rows.join(''), lines: [] };
}

function screen(theme: Theme): Scene {
  const [width, height] = [320, 200];
  const { page: ground, panel, ink, accent, line } = theme;
  const label = (x: number, y: number, size: number, fill: string, text: string, weight = 400) =>
    `<text x="${x}" y="${y}" font-family="Noto Sans" font-size="${size}" font-weight="${weight}" fill="${fill}">${text}</text>`;
  const row = (i: number, name: string, value: string) =>
    `<path d="M104 ${60.5 + i * 24}h204" stroke="${line}"/>${label(110, 76 + i * 24, 11, ink, name)}${label(260, 76 + i * 24, 11, accent, value)}`;
  const body = [
    `<rect width="${width}" height="${height}" fill="${ground}"/>`,
    `<rect width="${width}" height="28" fill="${accent}"/>${label(10, 19, 13, panel, 'Billing overview', 700)}`,
    `<rect x="8.5" y="36.5" width="84" height="156" rx="6" fill="${panel}" stroke="${line}"/>`,
    ...['Home', 'Projects', 'Members', 'Usage'].map((text, i) => label(18, 56 + i * 22, 11, ink, text)),
    `<rect x="98.5" y="36.5" width="214" height="156" rx="6" fill="${panel}" stroke="${line}"/>`,
    label(110, 53, 12, ink, 'March', 700),
    row(0, 'Storage', '$18.40'),
    row(1, 'Rendering', '$7.95'),
    row(2, 'Support', '$30.00'),
    `<rect x="110" y="142" width="76" height="24" rx="12" fill="${accent}"/>${label(126, 158, 11, panel, 'Pay now')}`,
    `<rect x="196.5" y="142.5" width="76" height="23" rx="12" fill="none" stroke="${accent}"/>${label(212, 158, 11, accent, 'Details')}`,
    `<path d="M110 186l20-8 20 4 20-10 20 6 20-12 20 8 20-4 20 6" fill="none" stroke="${accent}" stroke-width="1.5"/>`,
  ];
  return { name: `screen, ${theme.name}`, width, height, body: body.join(''), lines: [] };
}

/** Icons and screens, light and dark. */
export function drawings(): Scene[] {
  return [...THEMES.map(icons), ...THEMES.map(screen)];
}

/** A scene's pixels, `zoom` times as large: 1 is what gets enlarged, 4 the exact enlargement. */
export async function render({ width, height, body }: Scene, zoom: number): Promise<Raster> {
  const size = `width="${width * zoom}" height="${height * zoom}" viewBox="0 0 ${width} ${height}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${body}</svg>`;
  return (await decodeImage(await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer())).raster;
}
