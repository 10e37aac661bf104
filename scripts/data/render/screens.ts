/** Interface screens: bars, cards, buttons, tables, charts and lists composed at random. Owner: scripts/data. */
import type { Rng } from '../../../core/train/data/rng.js';
import type { IconSet } from './icons.js';
import { css, hsl, oneOf, type Theme, theme, words } from './kit.js';

interface Pen {
  readonly rng: Rng;
  readonly colours: Theme;
  readonly font: string;
  readonly radius: number;
  readonly icons: IconSet;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function label(
  pen: Pen,
  x: number,
  y: number,
  size: number,
  count: number,
  fill: string,
  bold = false,
): string {
  return `<text x="${x}" y="${y}" font-family="${pen.font}" font-size="${size}"${bold ? ' font-weight="bold"' : ''} fill="${fill}">${words(pen.rng, count)}</text>`;
}

function icon({ rng, icons }: Pen, x: number, y: number, size: number, ink: string): string {
  const found = icons.icons[oneOf(rng, Object.keys(icons.icons))];
  const box = Math.max(found.width ?? icons.width ?? 16, found.height ?? icons.height ?? 16);
  return `<g transform="translate(${x} ${y}) scale(${size / box})" color="${ink}">${found.body.replaceAll('currentColor', ink)}</g>`;
}

function panel({ rng, colours, radius }: Pen, { x, y, w, h }: Box): string {
  const shadow = rng.chance(0.5) ? ' filter="url(#shadow)"' : '';
  const line = rng.chance(0.7)
    ? ` stroke="${css(colours.line)}" stroke-width="${oneOf(rng, [0.5, 1, 1, 1, 2])}"`
    : '';
  return `<rect x="${x + 0.5}" y="${y + 0.5}" width="${w}" height="${h}" rx="${radius}" fill="${css(colours.panel)}"${line}${shadow}/>`;
}

function button(pen: Pen, x: number, y: number): string {
  const { rng, colours, radius } = pen;
  const filled = rng.chance(0.6);
  const w = 60 + rng.int(70);
  const ink = css(filled ? colours.panel : colours.accent);
  const look = filled ? `fill="${css(colours.accent)}"` : `fill="none" stroke="${css(colours.accent)}"`;
  return `<rect x="${x + 0.5}" y="${y + 0.5}" width="${w}" height="28" rx="${radius}" ${look}/>${icon(pen, x + 8, y + 6, 16, ink)}${label(pen, x + 30, y + 19, 12, 1, ink)}`;
}

function table(pen: Pen, { x, y, w, h }: Box): string {
  const { rng, colours } = pen;
  const parts: string[] = [];
  const rowPx = 20 + rng.int(16);
  const columns = 2 + rng.int(4);
  for (let row = 0; (row + 1) * rowPx < h; row++) {
    const top = y + row * rowPx;
    if (row % 2 === 1)
      parts.push(`<rect x="${x}" y="${top}" width="${w}" height="${rowPx}" fill="${css(colours.page)}"/>`);
    parts.push(`<path d="M${x} ${top + rowPx - 0.5}h${w}" stroke="${css(colours.line)}"/>`);
    for (let c = 0; c < columns; c++)
      parts.push(
        label(
          pen,
          Math.round(x + 8 + (c * w) / columns),
          top + Math.round(rowPx * 0.65),
          11 + rng.int(2),
          1,
          css(row === 0 ? colours.faint : colours.text),
          row === 0,
        ),
      );
  }
  return parts.join('');
}

function chart({ rng, colours }: Pen, { x, y, w, h }: Box): string {
  const parts: string[] = [];
  for (let g = 0; g <= 4; g++)
    parts.push(
      `<path d="M${x} ${Math.round(y + (g * h) / 4) + 0.5}h${w}" stroke="${css(colours.line)}" stroke-dasharray="${rng.chance(0.3) ? '3 3' : 'none'}"/>`,
    );
  const count = 5 + rng.int(24);
  const values = Array.from({ length: count }, () => rng.next() * h);
  if (rng.chance(0.5)) {
    const bar = w / count;
    for (const [i, v] of values.entries()) {
      const place = `x="${(x + i * bar + 1).toFixed(1)}" y="${(y + h - v).toFixed(1)}"`;
      const size = `width="${(bar * 0.7).toFixed(1)}" height="${v.toFixed(1)}"`;
      const fill = css(i % 5 === 0 ? colours.second : colours.accent);
      parts.push(`<rect ${place} ${size} rx="2" fill="${fill}"/>`);
    }
  } else {
    const points = values
      .map((v, i) => `${(x + (i * w) / (count - 1)).toFixed(1)},${(y + v).toFixed(1)}`)
      .join(' ');
    parts.push(
      `<polygon points="${x},${y + h} ${points} ${x + w},${y + h}" fill="${css(colours.accent, 0.2)}"/>`,
    );
    parts.push(
      `<polyline points="${points}" fill="none" stroke="${css(colours.accent)}" stroke-width="${1 + rng.int(3)}"/>`,
    );
  }
  return parts.join('');
}

function list(pen: Pen, { x, y, w, h }: Box): string {
  const { rng, colours } = pen;
  const parts: string[] = [];
  const rowPx = 34 + rng.int(20);
  for (let top = y; top + rowPx < y + h; top += rowPx) {
    const hue = css(hsl(rng.range(0, 360), 0.6, 0.55));
    parts.push(
      rng.chance(0.5)
        ? `<circle cx="${x + 16}" cy="${top + rowPx / 2}" r="11" fill="${hue}"/>`
        : icon(pen, x + 5, top + rowPx / 2 - 10, 20, hue),
    );
    parts.push(
      label(
        pen,
        x + 36,
        Math.round(top + rowPx * 0.45),
        13,
        Math.max(1, Math.floor(w / 80)),
        css(colours.text),
        rng.chance(0.3),
      ),
    );
    parts.push(
      label(
        pen,
        x + 36,
        Math.round(top + rowPx * 0.8),
        10,
        Math.max(1, Math.floor(w / 60)),
        css(colours.faint),
      ),
    );
    if (rng.chance(0.4))
      parts.push(
        `<rect x="${x + w - 40}" y="${top + rowPx / 2 - 9}" width="32" height="18" rx="9" fill="${css(rng.chance(0.5) ? colours.accent : colours.line)}"/><circle cx="${x + w - 17}" cy="${top + rowPx / 2}" r="7" fill="${css(colours.panel)}"/>`,
      );
  }
  return parts.join('');
}

/** An SVG body: a window with a bar, perhaps a sidebar, and a grid of panels. */
export function screen(
  rng: Rng,
  fonts: readonly string[],
  sets: readonly IconSet[],
  widthPx: number,
  heightPx: number,
): string {
  const pen: Pen = {
    rng,
    colours: theme(rng),
    font: oneOf(rng, fonts),
    radius: oneOf(rng, [0, 2, 4, 6, 8, 12, 16]),
    icons: oneOf(rng, sets),
  };
  const { colours } = pen;
  const parts = [
    '<filter id="shadow" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="0" dy="2" stdDeviation="4" flood-opacity="0.25"/></filter>',
    `<rect width="100%" height="100%" fill="${css(colours.page)}"/>`,
    `<rect width="100%" height="44" fill="${css(rng.chance(0.5) ? colours.accent : colours.panel)}"/>`,
    label(pen, 52, 28, 16, 2, css(colours.text), true),
    icon(pen, 14, 12, 22, css(colours.text)),
  ];
  const left = rng.chance(0.6) ? 150 : 0;
  if (left > 0) {
    parts.push(
      `<rect y="44" width="${left}" height="${heightPx}" fill="${css(colours.panel)}"/><path d="M${left - 0.5} 44V${heightPx}" stroke="${css(colours.line)}"/>`,
    );
    parts.push(list(pen, { x: 4, y: 54, w: left - 12, h: heightPx - 60 }));
  }
  const columns = 1 + rng.int(3);
  const w = Math.floor((widthPx - left - 12 * (columns + 1)) / columns);
  for (let column = 0; column < columns; column++) {
    for (let y = 56; y < heightPx; ) {
      const h = 110 + rng.int(200);
      const x = left + 12 + column * (w + 12);
      parts.push(panel(pen, { x, y, w, h }), label(pen, x + 12, y + 24, 14, 2, css(colours.text), true));
      const inner = { x: x + 12, y: y + 34, w: w - 24, h: h - 76 };
      parts.push(oneOf(rng, [table, chart, list])(pen, inner));
      for (let b = x + 12; b + 130 < x + w; b += 140) parts.push(button(pen, b, y + h - 36));
      y += h + 12;
    }
  }
  return parts.join('');
}
