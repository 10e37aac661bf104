/** See examples.mjs. */
export function buildExamples(root: string, dist?: string): Promise<void>;
