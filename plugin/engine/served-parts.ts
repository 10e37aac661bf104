/**
 * The engine's parts as a web server gives them: a folder that the build writes (dist/engine in the package). For pages
 * that are no sandboxed frames; those have everything inlined.
 */

import { EnlargerError } from '../../core/errors.js';
import type { EngineClient } from './engine-client.js';
import type { EngineParts } from './engine-parts.js';
import { createLocalEngine, type LocalEngineOptions } from './local-engine.js';

/**
 * An engine in workers, from the served folder. Nothing is fetched before the first call, and nothing but that folder.
 * @param url Address of the folder, absolute or relative to the page.
 */
export function createPageEngine(
  url: string | URL,
  options: Omit<LocalEngineOptions, 'parts'> = {},
): EngineClient {
  return createLocalEngine({ ...options, parts: servedParts(url) });
}

/** @param url Address of the folder, absolute or relative to the page. */
export function servedParts(url: string | URL): EngineParts {
  const folder = new URL(url, document.baseURI);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  const address = (name: string) => new URL(name, folder);
  // What has been fetched once serves every later worker.
  const fetched = new Map<string, Promise<Blob>>();
  const part = (name: string): Promise<Blob> => {
    let blob = fetched.get(name);
    if (!blob) {
      blob = fetchBlob(address(name));
      // A failed fetch must not be remembered as the answer for good.
      blob.catch(() => fetched.delete(name));
      fetched.set(name, blob);
    }
    return blob;
  };

  return {
    async startWorker(kind) {
      const script = `${kind}-worker.js`;
      // Browsers start workers from the page's own origin only.
      const own = folder.origin === location.origin;
      const source = own ? address(script).href : URL.createObjectURL(await part(script));
      return new Worker(source, { name: `enlarger-${kind}` });
    },
    wasm: (name) => part(`wasm/${name}.bin`),
    async packFiles() {
      const names: unknown = JSON.parse(await (await part('pack.json')).text());
      if (!Array.isArray(names)) throw unreachable(address('pack.json'));
      return Promise.all(
        names.map(async (path: string) => ({ path, content: await part(`pack/${path}.bin`) })),
      );
    },
  };
}

async function fetchBlob(address: URL): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw unreachable(address, cause);
  }
  if (!response.ok) throw unreachable(address, new Error(`HTTP ${response.status}`));
  return response.blob();
}

function unreachable(address: URL, cause?: unknown): EnlargerError {
  return new EnlargerError(
    'backend-unavailable',
    `A part of the engine could not be loaded from ${address.href}.`,
    'Serve the folder dist/engine of the package "enlarger" there.',
    { cause },
  );
}
