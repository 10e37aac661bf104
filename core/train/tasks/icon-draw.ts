/**
 * Which icon a place in a batch gets: families in equal shares, whatever the number of their members, and now and then a
 * twin of a member (moved, or mirrored) in its place.
 */

import { createRng, type Rng } from '../data/rng.js';

export interface DrawnIcon {
  readonly example: number;
  /** For what else is random about this place in the batch. */
  readonly rng: Rng;
}

/** A function of the step and the place in the batch only. */
export type IconDraw = (step: number, index: number) => DrawnIcon;

const TWIN_SHARE = 0.15;

/** The icons, in order: the family of each, and whether it is another icon's twin. */
export function createIconDraw(
  icons: readonly { readonly family: string; readonly twin?: boolean | undefined }[],
  seed: number,
): IconDraw {
  const families = new Map<string, { members: number[]; twins: number[] }>();
  for (const [i, { family, twin }] of icons.entries()) {
    const lists = families.get(family) ?? { members: [], twins: [] };
    families.set(family, lists);
    (twin ? lists.twins : lists.members).push(i);
  }
  const all = [...families.values()];
  return (step, index) => {
    const rng = createRng(seed, step, index);
    const { members, twins } = all[rng.int(all.length)];
    const list = twins.length > 0 && rng.chance(TWIN_SHARE) ? twins : members;
    return { example: list[rng.int(list.length)], rng };
  };
}
