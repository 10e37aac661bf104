/**
 * The host's side of the bridge: answers requests that arrive at a port by calling a `Host`, and passes its events on.
 * It survives anything that arrives and anything that the host throws.
 */

import { EnlargerError } from '../../core/errors.js';
import { HOST_VERSION, type Host, type StoreScope } from '../host.js';
import type { Port } from './port.js';
import { type Arguments, type Method, message, packError, parseMessage, parseRequest } from './protocol.js';
import { Timer } from './timer.js';
import { Uploads } from './uploads.js';

/** How often a request that takes long shows a sign of life. */
const HEARTBEAT_MS = 2_000;

type Handlers = { readonly [M in Method]: (given: Arguments<M>) => Promise<unknown> };

/** Serves a host at a port until the returned function is called. */
export function serveHost(
  host: Host,
  port: Port,
  options: { readonly heartbeatMs?: number } = {},
): () => void {
  const heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
  const handlers = makeHandlers(host);
  let stopped = false;
  let events = 0;
  const timers = new Set<Timer>();

  /** A port that is gone (the panel was closed) must not bring the host down. */
  const post = (kind: 'result' | 'error' | 'progress' | 'event', id: string, payload: unknown): boolean => {
    if (stopped) return false;
    try {
      port.post(message(kind, id, payload));
      return true;
    } catch {
      return false;
    }
  };

  const answer = async (id: string, payload: unknown): Promise<void> => {
    const started = Date.now();
    const timer = new Timer();
    timers.add(timer);
    const beat = () =>
      timer.set(() => {
        if (post('progress', id, { elapsedMs: Date.now() - started })) beat();
      }, heartbeatMs);
    beat();
    try {
      const request = parseRequest(payload);
      if (request === null) throw invalid();
      const handle = handlers[request.method] as (given: unknown) => Promise<unknown>;
      const result = await handle(request.arguments);
      if (!post('result', id, result))
        post('error', id, packError(new EnlargerError('internal', 'The editor could not send its answer.')));
    } catch (error) {
      post('error', id, packError(error));
    } finally {
      timer.stop();
      timers.delete(timer);
    }
  };

  const unlisten = port.listen((raw) => {
    const arrived = parseMessage(raw);
    if (stopped || arrived?.kind !== 'request') return;
    if (arrived.v !== HOST_VERSION) post('error', arrived.id, packError(otherVersion()));
    else void answer(arrived.id, arrived.payload);
  });
  const unsubscribe = host.subscribe((event) => {
    events += 1;
    post('event', `event-${events}`, event);
  });
  return () => {
    stopped = true;
    for (const timer of timers) timer.stop();
    unlisten();
    unsubscribe();
  };
}

function makeHandlers(host: Host): Handlers {
  const uploads = new Uploads();
  const nothing = async (done: Promise<void>) => {
    await done;
    return {};
  };
  const longest = (scope: StoreScope): number => {
    try {
      return host.store(scope).maxValueBytes;
    } catch {
      return 0;
    }
  };
  return {
    hello: async () => ({ maxValueBytes: { document: longest('document'), personal: longest('personal') } }),
    info: () => host.info(),
    command: () => host.command(),
    selection: () => host.selection(),
    thumbnail: ({ ref, maxPx }) => host.thumbnail(ref, maxPx),
    read: ({ ref }) => host.read(ref),
    'send-piece': async ({ upload, piece }) => {
      uploads.add(upload, piece);
      return {};
    },
    write: async ({ ref, picture, options }) => host.write(ref, uploads.take(picture), options),
    place: async ({ picture, ...rest }) => host.place({ ...rest, picture: uploads.take(picture) }),
    'finish-job': ({ job }) => nothing(host.finishJob(job)),
    'store-keys': async ({ scope }) => host.store(scope).keys(),
    'store-get': async ({ scope, key }) => host.store(scope).get(key),
    'store-set': async ({ scope, key, value }) => nothing(host.store(scope).set(key, value)),
    notify: ({ message: sentence, error }) => nothing(host.notify(sentence, { error })),
    resize: ({ width, height }) => nothing(host.resize(width, height)),
    close: () => nothing(host.close()),
  };
}

function invalid(): EnlargerError {
  return new EnlargerError(
    'message-invalid',
    'The editor was asked for something it does not understand.',
    'Close the plugin and open it again.',
  );
}

function otherVersion(): EnlargerError {
  return new EnlargerError(
    'host-unavailable',
    'The panel and the plugin are of different versions.',
    'Close the plugin, reload the editor and open it again.',
  );
}
