/** Which icon a place in a batch gets: families in equal shares, whatever the number of their members. */

import { createRng, type Rng } from '../data/rng.js';

export interface DrawnIcon {
  readonly example: number;
  /** For what else is random about this place in the batch. */
  readonly rng: Rng;
}

/** A function of the step and the place in the batch only. */
export type IconDraw = (step: number, index: number) => DrawnIcon;

/** @param families The family of every icon, in order. */
export function createIconDraw(families: readonly string[], seed: number): IconDraw {
  const members = new Map<string, number[]>();
  for (const [i, family] of families.entries()) {
    const list = members.get(family);
    if (list) list.push(i);
    else members.set(family, [i]);
  }
  const lists = [...members.values()];
  return (step, index) => {
    const rng = createRng(seed, step, index);
    const list = lists[rng.int(lists.length)];
    return { example: list[rng.int(list.length)], rng };
  };
}
