/** See parts.mjs. */
export function engineParts(
  root: string,
  options?: {
    readonly packFolder?: string;
    readonly generatorFolder?: string;
    readonly modelWorker?: string;
  },
): Promise<{ readonly name: string; readonly content: Buffer }[]>;
