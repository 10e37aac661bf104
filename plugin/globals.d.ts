/**
 * Timers: all that the seam takes for granted beyond ECMAScript and core/globals.d.ts. Editors' sandboxes have them,
 * and so has every page. No DOM here, so that a page's global does not compile in a sandbox.
 */
declare function setTimeout(callback: () => void, milliseconds: number): number;
declare function clearTimeout(handle: number): void;
