/** Pages of text: columns, headlines, small print and code in many fonts and sizes. Owner: scripts/data. */
import type { Rng } from '../../../core/train/data/rng.js';
import { codes, css, hsl, oneOf, theme, words } from './kit.js';

/** Sizes of type on a page, in pixels, the usual ones several times. */
const PAGE_SIZES = [8, 9, 10, 10, 11, 11, 12, 12, 13, 14, 14, 16, 18, 20, 24, 28, 32, 40] as const;
/** Four times the sizes at which letters are hardest to tell apart. */
const SMALL_TYPE_SIZES = [
  18, 20, 22, 22, 24, 24, 24, 26, 28, 28, 28, 30, 32, 32, 36, 40, 44, 48, 56,
] as const;

/** An SVG body: paragraphs of one font each, some with headlines, some turned a little. */
export function textPage(rng: Rng, fonts: readonly string[], widthPx: number, heightPx: number): string {
  return page(rng, fonts, widthPx, heightPx, PAGE_SIZES, words);
}

/** As `textPage`, at the size small type has once it is enlarged; half of it codes, in which every sign occurs. */
export function typePage(rng: Rng, fonts: readonly string[], widthPx: number, heightPx: number): string {
  const write = rng.chance(0.5) ? words : codes;
  return page(rng, fonts, widthPx, heightPx, SMALL_TYPE_SIZES, write);
}

function page(
  rng: Rng,
  fonts: readonly string[],
  widthPx: number,
  heightPx: number,
  sizes: readonly number[],
  write: (rng: Rng, count: number) => string,
): string {
  const colours = theme(rng);
  const parts = [
    `<rect width="100%" height="100%" fill="${css(rng.chance(0.5) ? colours.panel : colours.page)}"/>`,
  ];
  const columns = 1 + rng.int(3);
  const columnPx = (widthPx - 24) / columns;
  for (let column = 0; column < columns; column++) {
    const x = 16 + column * columnPx + (rng.chance(0.5) ? 0 : rng.next());
    for (let y = 24; y < heightPx; ) {
      const font = oneOf(rng, fonts);
      const size = oneOf(rng, sizes);
      const ink = css(
        rng.chance(0.75)
          ? colours.text
          : rng.chance(0.5)
            ? colours.accent
            : hsl(rng.range(0, 360), 0.7, 0.45),
      );
      const style = `${rng.chance(0.2) ? 'font-weight="bold" ' : ''}${rng.chance(0.12) ? 'font-style="italic" ' : ''}`;
      const leading = size * rng.range(1.15, 1.6);
      const lines = 1 + rng.int(size > 20 ? 3 : 7);
      const perLine = Math.max(1, Math.floor((columnPx - 16) / (size * 3.1)));
      const turn = rng.chance(0.06) ? ` transform="rotate(${rng.range(-12, 12).toFixed(1)} ${x} ${y})"` : '';
      if (rng.chance(0.12)) {
        const height = (leading * lines + size).toFixed(1);
        parts.push(
          `<rect x="${x - 6}" y="${y - size}" width="${columnPx - 16}" height="${height}" rx="${rng.int(12)}" fill="${css(colours.accent, 0.25)}"/>`,
        );
      }
      for (let line = 0; line < lines; line++, y += leading) {
        parts.push(
          `<text x="${x.toFixed(2)}" y="${y.toFixed(2)}" font-family="${font}" font-size="${size}" ${style}fill="${ink}"${turn}>${write(rng, perLine)}</text>`,
        );
      }
      y += leading * rng.range(0.4, 1.2);
    }
  }
  return parts.join('');
}
