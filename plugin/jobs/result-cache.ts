/**
 * An engine that remembers its last results, so that what was just made (a preview, a job whose placement failed) comes
 * at once when it is asked for again. Results are told apart by the picture's bytes and every setting.
 */

import { sha256Hex } from '../../core/pack/hash.js';
import type { EngineClient, UpscaleRequest, UpscaleResult } from '../engine/engine-client.js';

export interface ResultCacheOptions {
  /** Results kept, least recently used dropped first; default 5. */
  readonly entries?: number;
  /** Bytes of encoded pictures kept in all; default 128 MiB. */
  readonly maxBytes?: number;
}

/** The engine with a memory. The memory goes with `dispose` and whenever another engine is chosen. */
export function withResultCache(
  engine: EngineClient,
  { entries = 5, maxBytes = 128 * 1024 * 1024 }: ResultCacheOptions = {},
): EngineClient {
  // In order of last use: a Map keeps the order of insertion.
  const kept = new Map<string, UpscaleResult>();
  let runs: string | null = null;

  const keep = (key: string, result: UpscaleResult) => {
    kept.set(key, result);
    let bytes = 0;
    for (const each of kept.values()) bytes += bytesOf(each);
    for (const [oldest, each] of kept) {
      if (kept.size <= entries && bytes <= maxBytes) break;
      kept.delete(oldest);
      bytes -= bytesOf(each);
    }
  };

  return {
    async start(wanted) {
      const facts = await engine.start(wanted);
      const now = `${facts.name} ${facts.pack.name}`;
      if (runs !== null && runs !== now) kept.clear();
      runs = now;
      return facts;
    },
    async upscale(request, options) {
      const key = await keyOf(request);
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const result = await engine.upscale(request, options);
      keep(key, result);
      return result;
    },
    async dispose() {
      kept.clear();
      await engine.dispose();
    },
  };
}

async function keyOf({ bytes, ...settings }: UpscaleRequest): Promise<string> {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${await sha256Hex(bytes)} ${JSON.stringify(sorted)}`;
}

function bytesOf({ picture }: UpscaleResult): number {
  return picture.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
