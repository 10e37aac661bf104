/**
 * The panel's side of the bridge: a `Host` whose every call is a message. Calls end: with an answer, with the error
 * that travelled back, or with `host-unavailable` when the other side shows no sign of life for `timeoutMs`.
 */

import { EnlargerError } from '../../core/errors.js';
import {
  type EnlargedPicture,
  HOST_VERSION,
  type Host,
  type HostEvent,
  type HostStore,
  type StoreScope,
} from '../host.js';
import { orStopped, throwIfStopped } from '../stopping.js';
import type { Port } from './port.js';
import {
  type Arguments,
  type Message,
  type Method,
  message,
  parseEvent,
  parseMessage,
  parseResult,
  type Result,
  unpackError,
} from './protocol.js';
import { Timer } from './timer.js';

const TIMEOUT_MS = 30_000;
const HELLO_EVERY_MS = 250;

export interface ConnectOptions {
  /** Longest silence of the other side within one call. */
  readonly timeoutMs?: number;
}

export interface ConnectedHost extends Host {
  /** Stops listening; calls under way fail with `host-unavailable`. */
  disconnect(): void;
}

interface Pending {
  readonly settle: (arrived: Message) => void;
  readonly fail: (error: EnlargerError) => void;
  /** Starts the time-out anew. */
  readonly alive: () => void;
}

/**
 * Greets the host until it answers (it may start later than the panel) and gives it.
 * @throws EnlargerError `host-unavailable` when nobody answers within `timeoutMs` or the versions differ.
 */
export async function connectHost(port: Port, options: ConnectOptions = {}): Promise<ConnectedHost> {
  const line = new Line(port, options.timeoutMs ?? TIMEOUT_MS);
  const timer = new Timer();
  const again = () =>
    timer.set(() => {
      line.repeat(hello.id);
      again();
    }, HELLO_EVERY_MS);
  const hello = line.start('hello', {});
  again();
  try {
    const { maxValueBytes } = await hello.result;
    return remoteHost(line, maxValueBytes);
  } catch (error) {
    line.close();
    throw error;
  } finally {
    timer.stop();
  }
}

function remoteHost(line: Line, maxValueBytes: Readonly<Record<StoreScope, number>>): ConnectedHost {
  const call = <M extends Method>(method: M, given: Arguments<M>) => line.start(method, given).result;
  /** One picture per message: a channel that only copies never holds more than one piece. */
  const send = async (picture: EnlargedPicture, signal: AbortSignal | undefined) => {
    const upload = line.newId();
    for (const piece of picture.pieces) {
      throwIfStopped(signal);
      // Pieces alone change nothing: a stopped upload is forgotten on the other side.
      await orStopped(call('send-piece', { upload, piece: { ...piece } }), signal);
    }
    throwIfStopped(signal);
    return { upload, width: picture.width, height: picture.height, count: picture.pieces.length };
  };
  const store = (scope: StoreScope): HostStore => ({
    maxValueBytes: maxValueBytes[scope],
    keys: () => call('store-keys', { scope }),
    get: (key) => call('store-get', { scope, key }),
    set: async (key, value) => void (await call('store-set', { scope, key, value })),
  });
  return {
    info: () => call('info', {}),
    command: () => call('command', {}),
    selection: () => call('selection', {}),
    thumbnail: (ref, maxPx) => call('thumbnail', { ref, maxPx }),
    read: (ref) => call('read', { ref }),
    write: async (ref, result, writeOptions, signal) =>
      call('write', { ref, picture: await send(result, signal), options: { ...writeOptions } }),
    place: async ({ name, picture, generated, job }, signal) =>
      call('place', { name, picture: await send(picture, signal), generated, job }),
    finishJob: async (job) => void (await call('finish-job', { job })),
    store,
    notify: async (sentence, notifyOptions) =>
      void (await call('notify', { message: sentence, error: notifyOptions?.error ?? false })),
    resize: async (width, height) => void (await call('resize', { width, height })),
    close: async () => void (await call('close', {})),
    subscribe: (listener) => line.subscribe(listener),
    disconnect: () => line.close(),
  };
}

/** Requests under way on a port, and the listeners of events. */
class Line {
  private readonly pending = new Map<string, Pending>();
  private readonly sent = new Map<string, Message>();
  private readonly listeners = new Set<(event: HostEvent) => void>();
  private readonly unlisten: () => void;
  /** Panels that follow one another on one channel must not take each other's answers. */
  private readonly prefix = Math.random().toString(36).slice(2, 10);
  private count = 0;
  private closed = false;

  constructor(
    private readonly port: Port,
    private readonly timeoutMs: number,
  ) {
    this.unlisten = port.listen((raw) => this.arrive(raw));
  }

  newId(): string {
    this.count += 1;
    return `${this.prefix}-${this.count}`;
  }

  start<M extends Method>(
    method: M,
    given: Arguments<M>,
  ): { readonly id: string; readonly result: Promise<Result<M>> } {
    const id = this.newId();
    const result = new Promise<Result<M>>((resolve, reject) => {
      if (this.closed) {
        reject(silent());
        return;
      }
      const timer = new Timer();
      const end = () => {
        timer.stop();
        this.pending.delete(id);
        this.sent.delete(id);
      };
      const fail = (error: unknown) => {
        end();
        reject(error);
      };
      const alive = () => timer.set(() => fail(silent()), this.timeoutMs);
      this.pending.set(id, {
        fail,
        alive,
        settle: ({ v, kind, payload }) => {
          end();
          if (kind === 'error') reject(unpackError(payload));
          else if (v !== HOST_VERSION) reject(otherVersion());
          else {
            try {
              resolve(parseResult(method, payload));
            } catch (error) {
              reject(error);
            }
          }
        },
      });
      alive();
      const request = message('request', id, { method, arguments: given });
      if (method === 'hello') this.sent.set(id, request);
      try {
        this.port.post(request);
      } catch (error) {
        fail(
          new EnlargerError('message-invalid', 'This cannot be sent to the editor.', '', { cause: error }),
        );
      }
    });
    return { id, result };
  }

  /** Sends a greeting again that may have come before anybody listened. */
  repeat(id: string): void {
    const again = this.sent.get(id);
    if (again) this.port.post(again);
  }

  subscribe(listener: (event: HostEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    this.unlisten();
    this.listeners.clear();
    for (const { fail } of [...this.pending.values()]) fail(silent());
  }

  private arrive(raw: unknown): void {
    const arrived = parseMessage(raw);
    if (arrived === null || this.closed) return;
    if (arrived.kind === 'event') {
      const event = arrived.v === HOST_VERSION ? parseEvent(arrived.payload) : null;
      if (event) for (const listener of [...this.listeners]) listener(event);
      return;
    }
    const pending = this.pending.get(arrived.id);
    if (arrived.kind === 'progress') pending?.alive();
    else if (arrived.kind !== 'request') pending?.settle(arrived);
  }
}

function silent(): EnlargerError {
  return new EnlargerError(
    'host-unavailable',
    'The editor does not answer.',
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
