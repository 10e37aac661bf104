/** See page.mjs. */
export interface PageScript {
  readonly script: string;
  readonly style: string;
}
export function bundlePage(options: {
  readonly entry: string;
  readonly define?: Record<string, string>;
  readonly minify?: boolean;
}): Promise<PageScript>;
export function inlinePage(page: {
  readonly title: string;
  readonly script: string;
  readonly style?: string;
  readonly parts?: readonly { readonly name: string; readonly content: Buffer }[];
}): string;
