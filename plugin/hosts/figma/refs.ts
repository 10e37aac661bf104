/** Names of places that hold a picture: what the panel hands back to read and write one. */

import { EnlargerError } from '../../../core/errors.js';
import type { PaintedPicture } from './paints.js';

/**
 * Where in a node: its fills or strokes; runs of its text or regions of its vector network, when those are filled
 * differently.
 */
export const SLOTS = ['fills', 'strokes', 'text', 'regions'] as const;
export type Slot = (typeof SLOTS)[number];

export type Place =
  | { readonly kind: 'paint'; readonly nodeId: string; readonly slot: Slot; readonly picture: PaintedPicture }
  /** The node as Figma draws it. */
  | { readonly kind: 'drawing'; readonly nodeId: string };

/** Node ids hold ":" and ";", hashes are hexadecimal, so "|" separates. */
export function refOf(place: Place): string {
  if (place.kind === 'drawing') return `drawing|${place.nodeId}`;
  return `${place.slot}|${place.picture.tiles ? 'tiles' : 'once'}|${place.picture.hash}|${place.nodeId}`;
}

/** @throws EnlargerError `message-invalid`. */
export function placeOf(ref: string): Place {
  const [first = '', second = '', hash = '', ...rest] = ref.split('|');
  if (first === 'drawing' && second !== '') return { kind: 'drawing', nodeId: ref.slice('drawing|'.length) };
  const slot = SLOTS.find((known) => known === first);
  const nodeId = rest.join('|');
  if (slot === undefined || hash === '' || nodeId === '' || (second !== 'tiles' && second !== 'once'))
    throw new EnlargerError('message-invalid', 'There is no such picture in this document.');
  return { kind: 'paint', slot, nodeId, picture: { hash, tiles: second === 'tiles' } };
}
