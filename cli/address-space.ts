/** A limit on memory that native code answers by aborting, found out before there is anything to lose. */

import { readFileSync } from 'node:fs';
import { EnlargerError } from '../core/errors.js';

/** Measured with one thread: 1.65 GB abort in the middle of a picture, 2 GB are enough for any with small tiles. */
const NEEDED_BYTES = 1.9e9;

/**
 * @param limits What Linux says of a process's limits; other systems have no such file and are not checked.
 * @throws EnlargerError `out-of-memory` when this process may not have the address space that the engines reserve.
 */
export function requireAddressSpace(limits = ownLimits()): void {
  const soft = /^Max address space\s+(\d+)/m.exec(limits)?.[1];
  if (soft === undefined || Number(soft) >= NEEDED_BYTES) return;
  throw new EnlargerError(
    'out-of-memory',
    `This program may use only ${Math.round(Number(soft) / 1e6)} MB of address space, and its engine needs ${NEEDED_BYTES / 1e6}.`,
    'Raise the limit with "ulimit -v unlimited", or wherever your system sets it.',
  );
}

function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
