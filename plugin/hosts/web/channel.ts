/** What hosts in a page share towards the panel: whoever listens, and the command that it was opened for. */

import type { HostCommand, HostEvent } from '../../host.js';

export type Listener = (event: HostEvent) => void;

export interface HostChannel {
  /** The last command; "open" before there was one. */
  command(): Promise<HostCommand>;
  subscribe(listener: Listener): () => void;
  emit(event: HostEvent): void;
  /** Whoever opened the panel decides about its frame; see open-panel.ts. */
  resize(): Promise<void>;
  close(): Promise<void>;
}

export function createHostChannel(): HostChannel {
  const listeners = new Set<Listener>();
  let pending: HostCommand = { command: 'open' };
  return {
    command: async () => pending,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(event) {
      if (event.kind === 'command') pending = event.command;
      for (const listener of [...listeners]) listener(event);
    },
    async resize() {},
    async close() {},
  };
}
