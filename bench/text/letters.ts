/** How wrong a text was read. */

/**
 * Levenshtein's distance: the fewest characters to insert, delete or replace to get from one text to the
 * other. Characters are code points.
 */
export function levenshtein(a: string, b: string): number {
  const [from, to] = [[...a], [...b]];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}

/** White space as single blanks, and the signs that a reader cannot tell apart as one sign. */
export function normaliseText(text: string): string {
  return text
    .replace(/[‘’`´]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/[‐‑–—]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

export interface Reading {
  readonly wanted: string;
  readonly read: string;
}

/** Wrong characters per character that was there, over all readings together, after `normaliseText`. */
export function characterErrorRate(readings: readonly Reading[]): number {
  let wrong = 0;
  let all = 0;
  for (const { wanted, read } of readings) {
    const truth = normaliseText(wanted);
    wrong += levenshtein(truth, normaliseText(read));
    all += [...truth].length;
  }
  return wrong / all;
}
