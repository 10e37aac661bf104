/**
 * A second picture of every icon for training: moved by a few pixels, and mirrored where that leaves the meaning. What is
 * mirrored is captioned so, or the prior would have to expect both directions at once.
 */

import type { Rng } from '../../../core/train/data/rng.js';

/** Pixels an icon is moved by at most, to each side. */
const REACH_PX = 4;
const MIRRORED_SHARE = 0.5;
/** Groups of emojibase: symbols and flags read one way only. */
const ONE_WAY_GROUPS: ReadonlySet<number> = new Set([8, 9]);
/** Names of things with a side, with hands that point, or with writing on them. */
const ONE_WAY =
  /\b(left|leftwards|right|rightwards|clock|oclock|thirty|watch|timer|stopwatch|compass|calendar|newspaper|ticket|tickets|label|card|ledger|keyboard|calculator|notes?|score|pager|scroll|memo|banknote|dollar|euro|pound|yen|sign|atm|button|keycap|dice|die|joker|mahjong|spanner|abacus|chart|map|globe|telephone|receipt|book|notebook|passport|envelope|e mail|customs|luggage|restroom|closet)\b/;

/** Whether an icon may be shown the other way round. `label` in plain words. */
export function mayMirror(label: string, group: number): boolean {
  return !ONE_WAY_GROUPS.has(group) && !ONE_WAY.test(label);
}

/** How a twin differs: mirrored first, then moved. */
export interface Twin {
  readonly mirrored: boolean;
  readonly rgba: Uint8Array;
}

/** The twin of an icon of `side` x `side` pixels; nothing visible leaves the frame. */
export function twinOf(rgba: Uint8Array, side: number, mirrorable: boolean, rng: Rng): Twin {
  const mirrored = mirrorable && rng.chance(MIRRORED_SHARE);
  const { left, right, top, bottom } = margins(rgba, side, mirrored);
  const dx = draw(rng, Math.min(REACH_PX, left), Math.min(REACH_PX, right));
  const dy = draw(rng, Math.min(REACH_PX, top), Math.min(REACH_PX, bottom));
  const made = new Uint8Array(rgba.length);
  for (let y = Math.max(0, dy); y < Math.min(side, side + dy); y++)
    for (let x = Math.max(0, dx); x < Math.min(side, side + dx); x++) {
      const fromX = mirrored ? side - 1 - (x - dx) : x - dx;
      const from = ((y - dy) * side + fromX) * 4;
      made.set(rgba.subarray(from, from + 4), (y * side + x) * 4);
    }
  return { mirrored, rgba: made };
}

/** A whole number in -back..forth. */
const draw = (rng: Rng, back: number, forth: number) => rng.int(back + forth + 1) - back;

/** Empty columns and rows on each side, as seen after mirroring. */
function margins(rgba: Uint8Array, side: number, mirrored: boolean) {
  let [left, right, top, bottom] = [side, side, side, side];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      if (rgba[(y * side + x) * 4 + 3] === 0) continue;
      left = Math.min(left, x);
      right = Math.min(right, side - 1 - x);
      top = Math.min(top, y);
      bottom = Math.min(bottom, side - 1 - y);
    }
  return mirrored ? { left: right, right: left, top, bottom } : { left, right, top, bottom };
}
