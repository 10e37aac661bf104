/**
 * A preset as a link: deflated JSON in the fragment of a URL, which browsers do not send to servers. Whoever opens a
 * link trusts nobody: its length, the size it unpacks to and its content are bounded and checked.
 */

import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import { EnlargerError } from '../../core/errors.js';
import { fromBase64Url, toBase64Url } from './base64url.js';
import { MAX_LINK_LENGTH, MAX_PRESET_LENGTH } from './limits.js';
import { refused } from './plain.js';
import type { Preset } from './preset.js';
import { parsePresetText } from './schema.js';

const FIELD = 'preset=';
const WHERE = 'The preset in the link';

/** The inflater sees this much at a time: at most a thousandfold comes out before its size is looked at. */
const SLICE_BYTES = 256;

/**
 * A link to `base` (any URL, or '' for the fragment alone) that carries the preset.
 * @throws EnlargerError `preset-invalid` when it is too large for a link.
 */
export function presetToLink(preset: Preset, base: string): string {
  const packed = toBase64Url(deflateSync(strToU8(JSON.stringify(preset)), { level: 9 }));
  if (packed.length > MAX_LINK_LENGTH)
    throw new EnlargerError(
      'preset-invalid',
      `The preset "${preset.name}" is too large for a link.`,
      'Export it as a file instead.',
    );
  return `${base.split('#', 1)[0]}#${FIELD}${packed}`;
}

/** Whether a text looks like a link with a preset; nothing is unpacked. */
export function isPresetLink(text: string): boolean {
  return packedPart(text) !== null;
}

/**
 * The preset that a link, or its fragment alone, carries.
 * @throws EnlargerError `preset-invalid`.
 */
export function presetFromLink(link: string): Preset {
  const packed = packedPart(link);
  if (packed === null) throw refused('The link', 'there is no preset in it');
  if (packed.length > MAX_LINK_LENGTH) throw refused(WHERE, 'it is too long');
  const bytes = fromBase64Url(packed);
  if (!bytes) throw refused(WHERE, 'the link was not copied whole');
  return parsePresetText(strFromU8(inflateAtMost(bytes, MAX_PRESET_LENGTH)), WHERE);
}

function packedPart(text: string): string | null {
  const fragment = text.slice(text.indexOf('#') + 1).trim();
  const field = fragment.split('&').find((part) => part.startsWith(FIELD));
  return field === undefined ? null : field.slice(FIELD.length);
}

/** Inflates, and stops as soon as more than `maxBytes` have come out. */
function inflateAtMost(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const out = new Uint8Array(maxBytes);
  let length = 0;
  const inflate = new Inflate((chunk) => {
    if (length + chunk.length > maxBytes) throw refused(WHERE, 'it unpacks to more than a preset can be');
    out.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES)
      inflate.push(bytes.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= bytes.length);
  } catch (cause) {
    throw cause instanceof EnlargerError ? cause : refused(WHERE, 'the link was not copied whole', cause);
  }
  return out.subarray(0, length);
}
