/**
 * A port: one end of a channel between an editor's side and the panel's page. It copies and passes on; it knows
 * nothing of what a message means. What arrives is `unknown` and is validated by whoever listens.
 *
 * The parts of windows and of Figma's API that ports need are written down structurally, so that this file compiles
 * in a sandbox, a page and Node alike.
 */

import { copyPlain } from './plain.js';

export interface Port {
  /** Sends plain data: objects, arrays, strings, numbers, booleans, null and Uint8Array. */
  post(message: unknown): void;
  /** Calls back with every message that arrives, until the returned function is called. */
  listen(listener: (message: unknown) => void): () => void;
}

/** What `figma.ui` offers to a port. */
export interface FigmaUi {
  postMessage(message: unknown): void;
  on(type: 'message', callback: (message: unknown) => void): void;
  off(type: 'message', callback: (message: unknown) => void): void;
}

/** What a `MessageEvent` tells. */
export interface ArrivedMessage {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
}

/** What a window offers to whoever listens in it. */
export interface ListeningWindow {
  addEventListener(type: 'message', listener: (event: ArrivedMessage) => void): void;
  removeEventListener(type: 'message', listener: (event: ArrivedMessage) => void): void;
}

/** What a window offers to whoever sends to it. */
export interface TargetWindow {
  postMessage(message: unknown, targetOrigin: string): void;
}

/** What a `MessagePort` offers. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start(): void;
}

/** The sandbox's end in Figma. Figma queues what is sent before the page has loaded. */
export function figmaMainPort(ui: FigmaUi): Port {
  return {
    post: (message) => ui.postMessage(message),
    listen(listener) {
      const arrived = (message: unknown) => listener(message);
      ui.on('message', arrived);
      return () => ui.off('message', arrived);
    },
  };
}

/**
 * The page's end in Figma. Figma documents neither the origin nor the window that its messages come from, so neither
 * is checked: nothing is believed before it is validated, and there is nothing to ask of this page but to answer.
 */
export function figmaPagePort(self: ListeningWindow, parent: TargetWindow): Port {
  return {
    post: (message) => parent.postMessage({ pluginMessage: message }, '*'),
    listen: (listener) =>
      listenIn(self, (event) => {
        const { data } = event;
        if (typeof data === 'object' && data !== null && 'pluginMessage' in data)
          listener(data.pluginMessage);
      }),
  };
}

/**
 * One end between two windows: messages count only when they come from `peer` and from `origin`. A sandboxed frame
 * has the origin "null", to which a message can only be addressed with "*".
 */
export function windowPort(
  self: ListeningWindow,
  peer: TargetWindow,
  origin: string,
  options: { readonly anyOrigin?: boolean } = {},
): Port {
  return {
    post: (message) => peer.postMessage(message, origin === 'null' || options.anyOrigin ? '*' : origin),
    listen: (listener) =>
      listenIn(self, (event) => {
        if (event.source !== peer) return;
        if (event.origin === origin || options.anyOrigin) listener(event.data);
      }),
  };
}

/** One end of a `MessageChannel`, which nobody else can reach. */
export function channelPort(port: MessagePortLike): Port {
  return {
    post: (message) => port.postMessage(message),
    listen(listener) {
      const arrived = (event: { readonly data: unknown }) => listener(event.data);
      port.addEventListener('message', arrived);
      port.start();
      return () => port.removeEventListener('message', arrived);
    },
  };
}

/**
 * Two ends in one memory, for tests and for hosts that live in the panel's own page: copies as strictly as the
 * strictest editor and delivers later, in order.
 */
export function memoryPorts(): readonly [Port, Port] {
  const ends = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const end = (own: 0 | 1): Port => ({
    post(message) {
      const copy = copyPlain(message);
      void Promise.resolve().then(() => {
        for (const listener of [...ends[own === 0 ? 1 : 0]]) listener(copy);
      });
    },
    listen(listener) {
      ends[own].add(listener);
      return () => void ends[own].delete(listener);
    },
  });
  return [end(0), end(1)];
}

function listenIn(self: ListeningWindow, listener: (event: ArrivedMessage) => void): () => void {
  self.addEventListener('message', listener);
  return () => self.removeEventListener('message', listener);
}
