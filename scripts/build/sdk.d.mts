/** See sdk.mjs. */
export const ENTRIES: Readonly<Record<string, string>>;
export function buildSdk(root: string, outDir?: string): Promise<void>;
export function buildSdkScripts(root: string, outDir?: string): Promise<void>;
export function writeEngine(
  parts: readonly { readonly name: string; readonly content: Buffer }[],
  outDir: string,
): Promise<void>;
