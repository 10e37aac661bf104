/** The highest resident memory of this process, from a chosen moment on where the system allows it. */

import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Begins anew; the function it returns gives the highest memory since then, in bytes. Linux only: elsewhere the mark
 * cannot be set back, and the highest memory of the whole process is given.
 */
export function watchPeakMemory(): () => number {
  const own = setBack();
  return () => (own ? highWaterMark() : undefined) ?? process.resourceUsage().maxRSS * 1024;
}

/** Sets the kernel's high water mark to what is held now. */
function setBack(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

function highWaterMark(): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
