/** See playground.mjs. */
export function writePlayground(context: {
  readonly root: string;
  readonly dist?: string;
  readonly page: (kind: 'web') => Promise<{ readonly html: string }>;
}): Promise<void>;
