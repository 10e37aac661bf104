/** The engine of a page that the build has put all parts into: what panels use. */

import type { EngineClient } from './engine-client.js';
import type { GeneratorClient } from './generator-client.js';
import { inlinedParts } from './inlined-parts.js';
import { createLocalEngine } from './local-engine.js';

/** Nothing is started before the first call. */
export function createEngine(): EngineClient & GeneratorClient {
  return createLocalEngine({ parts: inlinedParts(document) });
}
