/**
 * Calls between the panel's page and its workers: `{ v, id, kind, payload }` over any message port, with answers,
 * errors, side notes and cancelling. Both ends may call. Every message is validated on arrival by the contract that
 * both share; what does not fit is refused, never believed.
 */

import * as z from 'zod';
import { EnlargerError, ERROR_CODES, type ErrorCode, toEnlargerError } from '../../core/errors.js';

/** One end of a `MessageChannel`, in every realm that has them. */
export type TransferablePort = InstanceType<typeof MessagePort>;

/** What may be handed over instead of being copied. */
export type Transfer = ArrayBuffer | TransferablePort;

/** The part of a Worker, a worker's own scope or a MessagePort that a channel needs. */
export interface Endpoint {
  postMessage(message: unknown, transfer: Transfer[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start?(): void;
}

/** One call: what it takes, what it answers, and what it may say in between. */
export interface CallShape {
  readonly args: z.ZodType;
  readonly result: z.ZodType;
  readonly note?: z.ZodType;
}
export type Contract = Readonly<Record<string, CallShape>>;

type Args<C extends Contract, K extends keyof C> = z.input<C[K]['args']>;
type Result<C extends Contract, K extends keyof C> = z.output<C[K]['result']>;

export interface CallSettings {
  /** Its end is told to the other side, which answers `cancelled` when it has stopped. */
  readonly signal?: AbortSignal | undefined;
  readonly onNote?: ((note: never) => void) | undefined;
  readonly transfer?: Transfer[];
}

/** What a handler gets beside its arguments. */
export interface HandlerContext {
  readonly signal: AbortSignal;
  note(value: unknown): void;
}

/** A result whose buffers are handed over; the handler must not use them afterwards. */
export class Transferring<T> {
  constructor(
    readonly value: T,
    readonly transfer: Transfer[],
  ) {}
}

export type Handlers<C extends Contract> = {
  readonly [K in keyof C]: (
    args: z.output<C[K]['args']>,
    context: HandlerContext,
  ) => Promise<z.input<C[K]['result']> | Transferring<z.input<C[K]['result']>>>;
};

export interface Channel<C extends Contract> {
  /** @throws EnlargerError what the other side threw, or what `close` was given. */
  call<K extends keyof C & string>(name: K, args: Args<C, K>, settings?: CallSettings): Promise<Result<C, K>>;
  /** Ends the channel: calls without an answer reject with `error`, later ones too. */
  close(error: EnlargerError): void;
}

const VERSION = 1;
const failureSchema = z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string() });
const messageSchema = z.object({
  v: z.literal(VERSION),
  id: z.int().nonnegative(),
  kind: z.string(),
  payload: z.unknown(),
});

interface Pending {
  readonly shape: CallShape;
  readonly settings: CallSettings;
  resolve(value: unknown): void;
  reject(error: EnlargerError): void;
}

/**
 * Opens one end.
 * @param remote The calls that the other side answers.
 * @param own The calls that this side answers, with `handlers`.
 */
export function openChannel<R extends Contract, O extends Contract>(
  endpoint: Endpoint,
  remote: R,
  own: O,
  handlers: Handlers<O>,
): Channel<R> {
  const pending = new Map<number, Pending>();
  const running = new Map<number, AbortController>();
  let nextId = 0;
  let closed: EnlargerError | undefined;

  const send = (id: number, kind: string, payload: unknown, transfer: Transfer[] = []) =>
    endpoint.postMessage({ v: VERSION, id, kind, payload }, transfer);

  async function answer(id: number, name: string, payload: unknown): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      const shape = own[name];
      const args = shape?.args.safeParse(payload);
      if (!shape || !args?.success) throw garbled(name, args?.error);
      const context: HandlerContext = {
        signal: abort.signal,
        note: (value) => send(id, 'note', value),
      };
      const result = await handlers[name as keyof O](args.data as never, context);
      const moved = result instanceof Transferring;
      send(id, 'answer', moved ? result.value : result, moved ? result.transfer : []);
    } catch (error) {
      const { code, message, hint } = toEnlargerError(error);
      send(id, 'failure', { code, message, hint });
    } finally {
      running.delete(id);
    }
  }

  function settle(id: number, kind: string, payload: unknown): void {
    const call = pending.get(id);
    if (!call) return;
    if (kind === 'note') {
      const note = call.shape.note?.safeParse(payload);
      if (note?.success) (call.settings.onNote as ((value: unknown) => void) | undefined)?.(note.data);
      return;
    }
    pending.delete(id);
    if (kind === 'failure') {
      const failure = failureSchema.safeParse(payload);
      call.reject(failure.success ? revive(failure.data) : garbled(kind, failure.error));
      return;
    }
    const result = call.shape.result.safeParse(payload);
    if (result.success) call.resolve(result.data);
    else call.reject(garbled(kind, result.error));
  }

  function hear({ data }: { readonly data: unknown }): void {
    const message = messageSchema.safeParse(data);
    if (!message.success) return;
    const { id, kind, payload } = message.data;
    if (kind.startsWith('call:')) void answer(id, kind.slice(5), payload);
    else if (kind === 'cancel') running.get(id)?.abort();
    else settle(id, kind, payload);
  }
  endpoint.addEventListener('message', hear);
  endpoint.start?.();

  return {
    call(name, args, settings = {}) {
      const { signal, transfer } = settings;
      if (closed) return Promise.reject(closed);
      const id = nextId++;
      return new Promise<never>((resolve, reject) => {
        const cancel = () => send(id, 'cancel', null);
        const done = () => signal?.removeEventListener('abort', cancel);
        pending.set(id, {
          shape: remote[name],
          settings,
          resolve: (value) => {
            done();
            resolve(value as never);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        try {
          send(id, `call:${name}`, args, transfer);
        } catch (error) {
          pending.delete(id);
          reject(toEnlargerError(error));
          return;
        }
        if (signal?.aborted) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      });
    },
    close(error) {
      if (closed) return;
      closed = error;
      endpoint.removeEventListener('message', hear);
      for (const call of pending.values()) call.reject(error);
      pending.clear();
      for (const abort of running.values()) abort.abort();
    },
  };
}

function revive({ code, message, hint }: { code: ErrorCode; message: string; hint: string }): EnlargerError {
  return new EnlargerError(code, message, hint);
}

function garbled(name: string, cause: unknown): EnlargerError {
  return new EnlargerError(
    'message-invalid',
    `A message inside the plugin was not understood (${name}).`,
    'Close the plugin and open it again.',
    { cause },
  );
}
