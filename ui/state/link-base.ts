/** What links to presets begin with. */

/** What of a page decides it. */
export interface Address {
  readonly href: string;
  /** Of the page around this one; empty at the top or where it is not told. */
  readonly referrer: string;
  readonly framed: boolean;
}

/** Editors of their own, whose address says nothing to others. */
const EDITORS: readonly string[] = ['figma', 'photopea'];

/**
 * The address that others can open: the page's own at the top, the surrounding page's for the playground and other web
 * pages; nothing inside an editor, where the link is the fragment alone and is pasted into another panel.
 * @param kind Of the host.
 */
export function linkBase(kind: string, { href, referrer, framed }: Address): string {
  const address = !framed ? href : EDITORS.includes(kind) ? '' : referrer;
  return /^https?:/.test(address) ? address.split('#', 1)[0] : '';
}
