/** Opens the plugin's page in a sandboxed frame and serves a host to it. Owns the frame. */

import { type ListeningWindow, windowPort } from '../../bridge/port.js';
import { serveHost } from '../../bridge/serve.js';
import type { Host } from '../../host.js';

/** Where the plugin's page is served, or the page itself. */
export type PanelPage =
  | { readonly url: string; readonly html?: undefined }
  | { readonly html: string; readonly url?: undefined };

export type PanelOptions = PanelPage & {
  /** The element that the frame is put into. */
  readonly container: HTMLElement;
  readonly host: Host;
  /** CSS pixels; without them the frame fills the container. */
  readonly width?: number;
  readonly height?: number;
  /** The panel was closed, by itself or by `close`. */
  readonly onClose?: () => void;
};

export interface OpenedPanel {
  readonly frame: HTMLIFrameElement;
  /** Removes the frame and stops serving it. */
  close(): void;
}

/**
 * Opens the panel. The frame has an origin of its own ("null"): it can neither read the page nor ask it for anything
 * but what the host offers, and messages from other windows are not listened to.
 */
export function openPanel({ url, html, container, host, width, height, onClose }: PanelOptions): OpenedPanel {
  const frame = document.createElement('iframe');
  frame.title = 'Enlarger';
  frame.setAttribute('sandbox', 'allow-scripts allow-downloads allow-popups');
  frame.allow = 'clipboard-write';
  const resize = (wide: number | undefined, high: number | undefined) => {
    frame.style.width = wide === undefined ? '100%' : `${wide}px`;
    frame.style.height = high === undefined ? '100%' : `${high}px`;
  };
  frame.style.border = '0';
  resize(width, height);
  if (url !== undefined) frame.src = url;
  else frame.srcdoc = html;
  container.append(frame);
  const peer = frame.contentWindow;
  if (!peer) throw new TypeError('The container of the panel is not in the document.');

  let stop: (() => void) | null = null;
  const close = () => {
    if (!stop) return;
    stop();
    stop = null;
    frame.remove();
    onClose?.();
  };
  const served = withPanel(host, { close, resize });
  stop = serveHost(served, windowPort(window as ListeningWindow, peer, 'null'));
  return { frame, close };
}

/** The host, with what only the owner of the frame can do. */
function withPanel(host: Host, panel: { close(): void; resize(width: number, height: number): void }): Host {
  return {
    info: () => host.info(),
    command: () => host.command(),
    selection: () => host.selection(),
    thumbnail: (ref, maxPx) => host.thumbnail(ref, maxPx),
    read: (ref) => host.read(ref),
    write: (ref, result, options, signal) => host.write(ref, result, options, signal),
    place: (picture, signal) => host.place(picture, signal),
    finishJob: (job) => host.finishJob(job),
    store: (scope) => host.store(scope),
    notify: (message, options) => host.notify(message, options),
    subscribe: (listener) => host.subscribe(listener),
    async resize(width, height) {
      panel.resize(width, height);
      await host.resize(width, height);
    },
    async close() {
      await host.close();
      // The answer to this call should still reach the panel.
      setTimeout(() => panel.close(), 0);
    },
  };
}
