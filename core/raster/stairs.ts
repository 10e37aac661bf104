/**
 * Takes the stairs out of hard masks: where a boundary between full and empty pixels climbs by steps of one
 * pixel, the line through the middles of its runs is the outline that was sampled (for a straight edge exactly,
 * and the idea of morphological antialiasing, Reshetov 2009). Corners, notches and lone steps' long arms stay.
 */

/** Coverage changes by at most half a pixel, over at most this many pixels of a run. */
const LONGEST_RAMP = 16;

/** A straight piece of boundary between two neighbouring lines of pixels. */
interface Run {
  /** First and last pixel along the line. */
  readonly from: number;
  readonly to: number;
  /** Where the boundary goes at each end: towards the full side (1), away from it (-1), nowhere known (0). */
  readonly turns: readonly [number, number];
  /** Length of the boundary across at each end. */
  readonly across: readonly [number, number];
}

/** A mask seen along one axis: `at(along, across)`. */
interface View {
  readonly length: number;
  readonly lines: number;
  readonly index: (along: number, line: number) => number;
}

/**
 * Changes coverage (0..1, `width` x `height`) in place so that stairs become slopes. Only pixels that are exactly
 * 0 or 1 on both sides of a boundary change, by at most one half.
 */
export function smoothStairs(coverage: Float32Array, width: number, height: number): void {
  const hard = coverage.slice();
  smoothAlong(hard, coverage, { length: width, lines: height, index: (x, y) => y * width + x }, 1);
  smoothAlong(hard, coverage, { length: height, lines: width, index: (y, x) => y * width + x }, 2);
}

/** Runs shorter than `shortest` are the other axis' business: each slope must be taken once. */
function smoothAlong(hard: Float32Array, coverage: Float32Array, view: View, shortest: number): void {
  const { lines, index } = view;
  let above: Run[] = [];
  let here = runsBetween(hard, view, 0);
  for (let line = 0; line + 1 < lines; line++) {
    const below = line + 2 < lines ? runsBetween(hard, view, line + 1) : [];
    for (const run of here) {
      if (run.to - run.from + 1 < shortest) continue;
      const fullFirst = hard[index(run.from, line)] === 1;
      const ends = [0, 1].map((end) =>
        slopeAt(run, end as 0 | 1, fullFirst ? above : below, fullFirst ? below : above),
      );
      if (ends[0].offset !== 0) ramp(coverage, view, line, run, 0, ends[0], fullFirst);
      if (ends[1].offset !== 0) ramp(coverage, view, line, run, 1, ends[1], fullFirst);
    }
    above = here;
    here = below;
  }
}

/** The runs of the boundary between `line` and the next one. */
function runsBetween(hard: Float32Array, { length, lines, index }: View, line: number): Run[] {
  const crossing = (i: number) => {
    const a = hard[index(i, line)];
    const b = hard[index(i, line + 1)];
    return (a === 1 && b === 0) || (a === 0 && b === 1) ? a - b : 0;
  };
  const runs: Run[] = [];
  for (let i = 0; i < length; i++) {
    const side = crossing(i);
    if (side === 0) continue;
    const from = i;
    while (i + 1 < length && crossing(i + 1) === side) i++;
    const end = (inside: number, outside: number): [turn: number, across: number] => {
      if (outside < 0 || outside >= length) return [0, 0];
      const [full, empty] = side > 0 ? [line, line + 1] : [line + 1, line];
      // The neighbour on the full side is empty: the boundary goes that way, and the other way likewise.
      const towards = hard[index(outside, full)] === 0 && hard[index(outside, empty)] === 0;
      const away = hard[index(outside, full)] === 1 && hard[index(outside, empty)] === 1;
      if (!towards && !away) return [0, 0];
      let k = towards ? full : empty;
      const step = towards ? full - empty : empty - full;
      let across = 0;
      while (k >= 0 && k < lines && across < 3) {
        if (hard[index(inside, k)] !== (towards ? 1 : 0) || hard[index(outside, k)] !== (towards ? 0 : 1))
          break;
        across++;
        k += step;
      }
      return [towards ? 1 : -1, across];
    };
    const [left, right] = [end(from, from - 1), end(i, i + 1)];
    runs.push({ from, to: i, turns: [left[0], right[0]], across: [left[1], right[1]] });
  }
  return runs;
}

const lengthOf = (run: Run): number => run.to - run.from + 1;

/**
 * Both ends turn to the same side, but the run is not the longest around, as it is on top of something round: a tab
 * or a notch. Specks of a pixel or two count as noise of the sampling.
 */
const isFeature = (run: Run, neighbour: Run): boolean =>
  run.turns[0] !== 0 &&
  run.turns[0] === run.turns[1] &&
  lengthOf(run) > 2 &&
  lengthOf(run) < 1.5 * lengthOf(neighbour);

interface Slope {
  /** How far the outline moves at the end of the run, in pixels towards the empty side; 0 at corners. */
  readonly offset: number;
  /** Twice the pixels over which it does. */
  readonly reach: number;
}
const NONE: Slope = { offset: 0, reach: 0 };

/** A long run beside a short one bends near its end only: it is straight in between. */
const STRETCH = 2;

/** The slope at one end of a run. */
function slopeAt(run: Run, end: 0 | 1, towards: readonly Run[], away: readonly Run[]): Slope {
  const turn = run.turns[end];
  if (turn === 0 || run.across[end] !== 1) return NONE;
  const at = end === 0 ? run.from - 1 : run.to + 1;
  const next = (turn > 0 ? towards : away).find((each) => (end === 0 ? each.to === at : each.from === at));
  if (!next || isFeature(run, next) || isFeature(next, run)) return NONE;
  const reach = rampLength(run, next);
  return { offset: (-turn * reach) / (reach + rampLength(next, run)), reach };
}

/** How much of a run its slope towards the next one takes, counted from both ends. */
const rampLength = (run: Run, next: Run): number =>
  Math.min(lengthOf(run), STRETCH * lengthOf(next), LONGEST_RAMP);

/** Moves the outline from nothing in the middle of the run to `offset` at its end. */
function ramp(
  coverage: Float32Array,
  { index }: View,
  line: number,
  run: Run,
  end: 0 | 1,
  { offset, reach }: Slope,
  fullFirst: boolean,
): void {
  const half = reach / 2;
  const pixels = Math.ceil(half);
  for (let k = 0; k < pixels; k++) {
    // The ramp runs over the pixel from `a` to `b`, measured from the end of the run.
    const [a, b] = [k, Math.min(k + 1, half)];
    const area = offset * (b - a) * (1 - (a + b) / 2 / half);
    const i = end === 0 ? run.from + k : run.to - k;
    const [full, empty] = fullFirst ? [line, line + 1] : [line + 1, line];
    coverage[index(i, area > 0 ? empty : full)] += area;
  }
}
