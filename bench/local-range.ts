/** The range of samples around each place of a picture, for finding flat places and edges. */

/** Smallest and largest sample within `reach` pixels along both axes. */
export function localRange(
  samples: Float32Array,
  width: number,
  height: number,
  reach: number,
): { low: Float32Array; high: Float32Array } {
  const along = (source: Float32Array, pick: (a: number, b: number) => number) => {
    const rows = slide(source, height, width, width, 1, reach, pick);
    return slide(rows, width, height, 1, width, reach, pick);
  };
  return { low: along(samples, Math.min), high: along(samples, Math.max) };
}

/**
 * Sliding minimum or maximum of `count` lines of `length` samples, by van Herk's two running picks: one from
 * the start of each block of a window's length, one from its end. The border counts as repeated.
 */
function slide(
  source: Float32Array,
  count: number,
  length: number,
  lineStep: number,
  step: number,
  reach: number,
  pick: (a: number, b: number) => number,
): Float32Array {
  const result = new Float32Array(source.length);
  const window = 2 * reach + 1;
  const padded = new Float32Array(length + 2 * reach);
  const fromStart = new Float32Array(padded.length);
  const fromEnd = new Float32Array(padded.length);
  for (let line = 0; line < count; line++) {
    for (let i = 0; i < padded.length; i++) {
      const inside = Math.min(length - 1, Math.max(0, i - reach));
      padded[i] = source[line * lineStep + inside * step];
      fromStart[i] = i % window === 0 ? padded[i] : pick(fromStart[i - 1], padded[i]);
    }
    for (let i = padded.length - 1; i >= 0; i--) {
      const last = i % window === window - 1 || i === padded.length - 1;
      fromEnd[i] = last ? padded[i] : pick(fromEnd[i + 1], padded[i]);
    }
    for (let i = 0; i < length; i++)
      result[line * lineStep + i * step] = pick(fromEnd[i], fromStart[i + 2 * reach]);
  }
  return result;
}
