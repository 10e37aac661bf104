/** Sheets of vector icons, logos, emoji and flags at many sizes and colours. Owner: scripts/data. */
import type { Rng } from '../../../core/train/data/rng.js';
import { css, hsl, oneOf, theme } from './kit.js';

/** A set in Iconify's JSON form. */
export interface IconSet {
  readonly prefix: string;
  readonly width?: number;
  readonly height?: number;
  readonly icons: Readonly<Record<string, { body: string; width?: number; height?: number }>>;
}

/** An SVG body: rows of icons, each row of one size, on plain or shaded ground. */
export function iconSheet(rng: Rng, sets: readonly IconSet[], widthPx: number, heightPx: number): string {
  const colours = theme(rng);
  const parts = [`<rect width="100%" height="100%" fill="${css(colours.page)}"/>`];
  if (rng.chance(0.3)) {
    const from = css(hsl(rng.range(0, 360), 0.6, 0.5));
    const to = css(hsl(rng.range(0, 360), 0.6, 0.4));
    parts.push(
      `<linearGradient id="g" x2="${rng.next().toFixed(2)}" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient><rect width="100%" height="100%" fill="url(#g)"/>`,
    );
  }
  const set = oneOf(rng, sets);
  for (let y = 8; y < heightPx; ) {
    const size = oneOf(rng, [12, 16, 16, 20, 24, 24, 32, 40, 48, 64, 96, 160, 256]);
    const gap = Math.max(4, Math.round(size * rng.range(0.15, 0.6)));
    const from = rng.chance(0.7) ? set : oneOf(rng, sets);
    const names = Object.keys(from.icons);
    for (let x = 8; x + size < widthPx; x += size + gap) {
      const icon = from.icons[oneOf(rng, names)];
      const box = Math.max(icon.width ?? from.width ?? 16, icon.height ?? from.height ?? 16);
      const nudge = rng.chance(0.5) ? 0 : rng.next();
      const place = `translate(${(x + nudge).toFixed(2)} ${(y + nudge).toFixed(2)}) scale(${(size / box).toFixed(4)})`;
      if (rng.chance(0.12)) {
        const fill = css(rng.chance(0.5) ? colours.panel : colours.accent);
        parts.push(
          `<rect x="${x - 3}" y="${y - 3}" width="${size + 6}" height="${size + 6}" rx="${rng.int(10)}" fill="${fill}"/>`,
        );
      }
      const ink = css(rng.chance(0.6) ? colours.text : hsl(rng.range(0, 360), 0.8, rng.range(0.3, 0.7)));
      parts.push(`<g transform="${place}" color="${ink}">${icon.body.replaceAll('currentColor', ink)}</g>`);
    }
    y += size + gap;
  }
  return parts.join('');
}
