/**
 * The engine's parts as the build puts them into a page: gzip in base64, one inert script element each. A sandboxed
 * frame can fetch nothing, so everything the engine needs is in the one file.
 */

import type { EngineParts } from './engine-parts.js';

/** Elements of the page's parts have this in front of their names. */
export const PART_PREFIX = 'enlarger:';

/** @param document The page that holds the parts, or is still being parsed. */
export function inlinedParts(page: Document): EngineParts {
  const blobs = new Map<string, Promise<Blob>>();

  function part(name: string): Promise<Blob> {
    let blob = blobs.get(name);
    if (!blob) blobs.set(name, (blob = parsed(page).then(() => takePart(page, name))));
    return blob;
  }

  const urls = new Map<string, Promise<string>>();
  function workerUrl(kind: string): Promise<string> {
    let url = urls.get(kind);
    if (!url) urls.set(kind, (url = part(`worker/${kind}`).then(scriptUrl)));
    return url;
  }

  let dataUrls: Promise<boolean> | undefined;
  async function scriptUrl(packed: Blob): Promise<string> {
    const source = await new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).text();
    dataUrls ??= takesDataUrls();
    if (await dataUrls) return `data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`;
    return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  }

  return {
    async startWorker(kind) {
      return new Worker(await workerUrl(kind), { name: `enlarger-${kind}` });
    },
    wasm: (name) => part(`wasm/${name}`),
    async packFiles() {
      await parsed(page);
      const names = partNames(page, 'pack/');
      for (const name of names) void part(name);
      const packed = [...blobs.keys()].filter((name) => name.startsWith('pack/'));
      return Promise.all(
        packed.map(async (name) => ({ path: name.slice('pack/'.length), content: await part(name) })),
      );
    },
  };
}

/** Resolves when the parts, which stand at the end of the page, are there. */
function parsed(page: Document): Promise<void> {
  if (page.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => page.addEventListener('DOMContentLoaded', () => resolve(), { once: true }));
}

function partNames(page: Document, prefix: string): string[] {
  const elements = page.querySelectorAll(`script[id^="${PART_PREFIX}${prefix}"]`);
  return Array.from(elements, ({ id }) => id.slice(PART_PREFIX.length));
}

/** The content of a part; its text is removed from the page, as it would only take memory. */
function takePart(page: Document, name: string): Blob {
  const element = page.getElementById(PART_PREFIX + name);
  if (!element?.textContent) throw new Error(`The page was built without ${name}.`);
  const blob = new Blob([fromBase64(element.textContent.trim())]);
  element.remove();
  return blob;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;
  if (native) return native(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** How long a worker of one line may take to start. */
const PROBE_MS = 5000;

/**
 * Whether workers may be started from data URLs. In a frame without an origin Chromium counts those as secure, and
 * gives them WebGPU, but not workers from blobs; a page's policy may forbid them.
 */
function takesDataUrls(): Promise<boolean> {
  return new Promise((resolve) => {
    let worker: Worker | undefined;
    const done = (answer: boolean) => {
      clearTimeout(timer);
      worker?.terminate();
      resolve(answer);
    };
    const timer = setTimeout(() => done(false), PROBE_MS);
    try {
      worker = new Worker('data:text/javascript,postMessage(0)');
      worker.onmessage = () => done(true);
      worker.onerror = () => done(false);
    } catch {
      done(false);
    }
  });
}
