/** A host that answers from a table and remembers what it was asked: what the bridge is tested with. */

import type { Host, HostEvent, HostStore, SelectedLayer, StoreScope } from '../../../plugin/host.js';

export const LAYER: SelectedLayer = {
  id: '1:2',
  name: 'Bird',
  pictures: [
    { ref: 'a', key: 'hash', width: 640, height: 480, source: 'original', tiles: false },
    { ref: 'b', key: 'drawn', width: 64, height: 48, source: 'rendered', tiles: true },
  ],
  skip: null,
};

export interface RecordingHost extends Host {
  readonly calls: { readonly method: string; readonly given: readonly unknown[] }[];
  emit(event: HostEvent): void;
  readonly listeners: Set<(event: HostEvent) => void>;
}

export function recordingHost(changes: Partial<Host> = {}): RecordingHost {
  const calls: RecordingHost['calls'] = [];
  const listeners = new Set<(event: HostEvent) => void>();
  const values: Record<StoreScope, Map<string, string>> = { document: new Map(), personal: new Map() };
  const record = <T>(method: string, given: readonly unknown[], answer: T): Promise<T> => {
    calls.push({ method, given });
    return Promise.resolve(answer);
  };
  const store = (scope: StoreScope): HostStore => ({
    maxValueBytes: scope === 'document' ? 100 : 5000,
    keys: () => Promise.resolve([...values[scope].keys()]),
    get: (key) => Promise.resolve(values[scope].get(key) ?? null),
    set: async (key, value) => {
      if (value === '') values[scope].delete(key);
      else values[scope].set(key, value);
    },
  });
  return {
    calls,
    listeners,
    emit: (event) => {
      for (const listener of [...listeners]) listener(event);
    },
    info: () =>
      record('info', [], {
        kind: 'test',
        title: 'Test',
        maxSidePx: 4096,
        formats: ['png', 'jpeg'] as const,
        abilities: {
          placements: ['replace', 'layer'] as const,
          pieces: true,
          documentStore: true,
          personalStore: true,
          groupedUndo: true,
        },
      }),
    command: () => record('command', [], { command: 'upscale' as const, scale: 2, preset: 'Crisp' }),
    selection: () =>
      record('selection', [], {
        layers: [LAYER],
        generated: { prompt: 'red apple', seed: 7, guidance: 3.5 },
      }),
    thumbnail: (ref, maxPx) =>
      record('thumbnail', [ref, maxPx], ref === 'a' ? { bytes: Uint8Array.of(9, 8), format: 'png' } : null),
    read: (ref) => record('read', [ref], { bytes: Uint8Array.of(1, 2, 3), format: 'jpeg' }),
    write: (ref, result, options) => record('write', [ref, result, options], { notices: ['A notice.'] }),
    place: (picture) => record('place', [picture], { notices: [] }),
    finishJob: (job) => record('finishJob', [job], undefined),
    store,
    notify: (message, options) => record('notify', [message, options], undefined),
    resize: (width, height) => record('resize', [width, height], undefined),
    close: () => record('close', [], undefined),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ...changes,
  };
}
