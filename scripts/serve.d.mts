/** See serve.mjs. */
export function serve(root: string, port: number): Promise<{ readonly url: string; close(): Promise<void> }>;
