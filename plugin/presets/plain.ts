/**
 * Copies of data nobody vouches for: only what JSON can say, bounded in depth and number of values, and without the
 * keys that reach into prototypes. What comes out may be spread, compared and serialised safely.
 */

import { EnlargerError } from '../../core/errors.js';
import { MAX_DEPTH } from './limits.js';

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

const MAX_VALUES = 20_000;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A copy of the value. Forbidden keys and fields that are no data (functions, undefined) are left out; halves of
 * characters become U+FFFD.
 * @throws EnlargerError `preset-invalid` when it is too deep, too large or has a number that is not finite.
 */
export function toPlain(value: unknown, where: string): Plain {
  let left = MAX_VALUES;
  const copy = (from: unknown, depth: number): Plain | undefined => {
    if (left-- <= 0) throw refused(where, 'it holds too many values');
    if (from === null || typeof from === 'boolean') return from;
    if (typeof from === 'string') return wellFormed(from);
    if (typeof from === 'number') {
      // JSON has no minus zero.
      if (Number.isFinite(from)) return from + 0;
      throw refused(where, 'one of its numbers is too large or no number');
    }
    if (typeof from !== 'object') return undefined;
    if (depth >= MAX_DEPTH) throw refused(where, 'its parts lie too deep in each other');
    if (Array.isArray(from)) {
      if (from.length > left) throw refused(where, 'it holds too many values');
      return Array.from(from, (each) => copy(each, depth + 1) ?? null);
    }
    const made: Record<string, Plain> = {};
    for (const key of Object.keys(from)) {
      if (FORBIDDEN_KEYS.has(key)) continue;
      const inner = copy((from as Record<string, unknown>)[key], depth + 1);
      if (inner !== undefined) made[wellFormed(key)] = inner;
    }
    return made;
  };
  try {
    return copy(value, 0) ?? null;
  } catch (cause) {
    // A getter or a proxy may throw anything.
    throw cause instanceof EnlargerError ? cause : refused(where, 'it cannot be read', cause);
  }
}

/**
 * The content of a JSON text as a plain copy.
 * @param maxLength In characters.
 * @throws EnlargerError `preset-invalid` when it is too long, no JSON, or as `toPlain`.
 */
export function parseJson(text: string, maxLength: number, where: string): Plain {
  if (text.length > maxLength) throw refused(where, 'it is too long');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw refused(where, 'it is not valid JSON', cause);
  }
  return toPlain(content, where);
}

/** The error of everything in this room that is refused: "<where> cannot be used: <why>." */
export function refused(where: string, why: string, cause?: unknown): EnlargerError {
  const hint = 'Ask whoever made it for a new copy.';
  return new EnlargerError('preset-invalid', `${where} cannot be used: ${why}.`, hint, { cause });
}

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');
