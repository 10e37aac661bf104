/**
 * The protocol: `{ v, id, kind, payload }`. A request carries a method and its arguments and is answered by one result
 * or one error under the same id, with any number of signs of life (`progress`) before it; events have ids of their
 * own and are not answered. Nothing is believed before it is parsed here.
 */

import * as z from 'zod/mini';
import { EnlargerError, type ErrorCode, toEnlargerError } from '../../core/errors.js';
import { HOST_VERSION } from '../host.js';
import { schemas } from './schemas.js';

/** Every method of a host and what it takes and gives. */
export const METHODS = {
  hello: { arguments: schemas.empty, result: schemas.hello },
  info: { arguments: schemas.empty, result: schemas.info },
  command: { arguments: schemas.empty, result: schemas.command },
  selection: { arguments: schemas.empty, result: schemas.selection },
  thumbnail: { arguments: schemas.thumbnail, result: schemas.optionalFile },
  read: { arguments: schemas.ref, result: schemas.file },
  'send-piece': { arguments: schemas.sendPiece, result: schemas.empty },
  write: { arguments: schemas.write, result: schemas.report },
  place: { arguments: schemas.place, result: schemas.report },
  'finish-job': { arguments: schemas.job, result: schemas.empty },
  'store-keys': { arguments: schemas.storeScope, result: schemas.keys },
  'store-get': { arguments: schemas.storeKey, result: schemas.value },
  'store-set': { arguments: schemas.storeSet, result: schemas.empty },
  notify: { arguments: schemas.notify, result: schemas.empty },
  resize: { arguments: schemas.size, result: schemas.empty },
  close: { arguments: schemas.empty, result: schemas.empty },
} as const;

export type Method = keyof typeof METHODS;
export type Arguments<M extends Method> = z.output<(typeof METHODS)[M]['arguments']>;
export type Result<M extends Method> = z.output<(typeof METHODS)[M]['result']>;

const KINDS = ['request', 'result', 'error', 'progress', 'event'] as const;
export type MessageKind = (typeof KINDS)[number];

export interface Message {
  readonly v: number;
  readonly id: string;
  readonly kind: MessageKind;
  readonly payload: unknown;
}

const envelope = z.object({
  v: z.number(),
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  kind: z.enum(KINDS),
  payload: z.unknown(),
});

const request = z.object({
  method: z.enum(Object.keys(METHODS) as [Method, ...Method[]]),
  arguments: z.unknown(),
});

export function message(kind: MessageKind, id: string, payload: unknown): Message {
  return { v: HOST_VERSION, id, kind, payload };
}

/** The envelope of a message, of any version; null when it is something else. */
export function parseMessage(raw: unknown): Message | null {
  return parse(envelope, raw);
}

/** The method and arguments of a request; null when there is no such method or they are not what it takes. */
export function parseRequest(payload: unknown): { [M in Method]: Request<M> }[Method] | null {
  const head = parse(request, payload);
  if (head === null) return null;
  const body = parse<unknown>(METHODS[head.method].arguments, head.arguments);
  // The schema was chosen by the method, so the pair belongs together; the compiler cannot follow that.
  return body === null
    ? null
    : ({ method: head.method, arguments: body } as { [M in Method]: Request<M> }[Method]);
}

export interface Request<M extends Method> {
  readonly method: M;
  readonly arguments: Arguments<M>;
}

/** The result of a method. @throws EnlargerError `message-invalid`. */
export function parseResult<M extends Method>(method: M, payload: unknown): Result<M> {
  const parsed = safely<unknown>(METHODS[method].result, payload);
  if (parsed.ok) return parsed.value as Result<M>;
  throw new EnlargerError(
    'message-invalid',
    `The editor's answer to "${method}" cannot be understood.`,
    'Close the plugin and open it again.',
  );
}

/** An event; null when it is none. */
export function parseEvent(payload: unknown): z.output<typeof schemas.event> | null {
  return parse(schemas.event, payload);
}

/** An error as it travels: causes stay at home. */
export function packError(error: unknown): { code: ErrorCode; message: string; hint: string } {
  const { code, message: sentence, hint } = toEnlargerError(error);
  return { code, message: sentence, hint };
}

/** The error that travelled; a code from a newer version becomes `internal`, its sentence stays. */
export function unpackError(payload: unknown): EnlargerError {
  const parsed = parse(schemas.error, payload);
  return parsed === null
    ? new EnlargerError(
        'message-invalid',
        'The editor reported an error that cannot be understood.',
        'Close the plugin and open it again.',
      )
    : new EnlargerError(parsed.code, parsed.message, parsed.hint);
}

/** Null for what does not fit; schemas whose values may be null are parsed with `safely`. */
function parse<T>(schema: z.ZodMiniType<T>, raw: unknown): T | null {
  const parsed = safely(schema, raw);
  return parsed.ok ? parsed.value : null;
}

/** Looking at a hostile object may throw (getters, proxies); that is one more way of being invalid. */
function safely<T>(schema: z.ZodMiniType<T>, raw: unknown): { ok: true; value: T } | { ok: false } {
  try {
    const parsed = z.safeParse(schema, raw);
    return parsed.success ? { ok: true, value: parsed.data } : { ok: false };
  } catch {
    return { ok: false };
  }
}
