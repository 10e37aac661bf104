/** What went wrong with an image server, in sentences. Owns nothing; never repeats the key. */

import { EnlargerError } from '../errors.js';

/** What an unsuccessful answer says. */
export interface Refusal {
  readonly status: number;
  /** The server's own words, shortened to one line; empty if it has none. */
  readonly message: string;
  readonly code: string;
  /** The parameter that the server objects to, if it says so. */
  readonly param: string;
  /** Seconds to wait, if it says so. */
  readonly retryAfter: number | null;
}

const LONGEST_MESSAGE = 300;

/** Reads the body of an unsuccessful answer, in any of the forms that servers of this API use. */
export function readRefusal(response: Response, body: string, key: string | undefined): Refusal {
  let said: Record<string, unknown> = {};
  try {
    const json: unknown = JSON.parse(body);
    const outer = (typeof json === 'object' && json) as Record<string, unknown>;
    const inner = outer.error ?? outer;
    said = typeof inner === 'object' && inner ? (inner as Record<string, unknown>) : { message: inner };
  } catch {
    // A proxy's page or nothing at all: there is nothing to quote.
  }
  const word = (value: unknown) => (typeof value === 'string' ? value : '');
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    status: response.status,
    message: oneLine(word(said.message) || word(said.detail), key),
    code: word(said.code) || word(said.type),
    param: word(said.param),
    retryAfter: Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : null,
  };
}

function oneLine(text: string, key: string | undefined): string {
  const plain = (key ? text.replaceAll(key, '***') : text).replace(/\s+/g, ' ').trim();
  return plain.length > LONGEST_MESSAGE ? `${plain.slice(0, LONGEST_MESSAGE)} ...` : plain;
}

const MODERATION = /content[_ ]?(policy|filter)|moderation|safety system|safety_violation/i;
const QUOTA = /quota|billing|credit/i;

/** The error for an unsuccessful answer. */
export function refusalError(refusal: Refusal, address: string, hasKey: boolean): EnlargerError {
  const { status, message, code, retryAfter } = refusal;
  const quoted = message ? ` It says: ${message.replace(/[.\s]+$/, '')}.` : '';
  const failed = (text: string, hint = '') => new EnlargerError('generator-failed', text + quoted, hint);
  const refused = (text: string, hint: string) => new EnlargerError('generator-refused', text + quoted, hint);
  if (status < 500 && MODERATION.test(`${code} ${message}`))
    return refused('The image server refused the prompt by its rules for content.', 'Say it in other words.');
  if (status === 401 || status === 403)
    return hasKey
      ? refused('The image server did not accept the key.', 'Check the key, and that it may make pictures.')
      : refused('The image server wants a key.', 'Give the key that its operator gave you.');
  if (status === 404)
    return failed(
      `There is no image generation at ${address}, or no such model.`,
      'Check address and model.',
    );
  if (status === 429 || status === 402)
    return QUOTA.test(`${code} ${message}`)
      ? failed("The account's quota at the image server is used up.", 'Look at the account, or wait.')
      : failed(
          'The image server has too many requests at the moment.',
          retryAfter === null ? 'Try again later.' : `Try again in ${retryAfter} seconds.`,
        );
  if (status === 408 || status === 504)
    return failed('The image server ran out of time.', 'Try again, or ask for fewer or smaller pictures.');
  if (status >= 500) return failed(`The image server failed (${status}).`, 'Try again later.');
  return failed(`The image server did not accept the request (${status}).`, 'Check model and size.');
}

/** The error for an answer that never came. */
export function connectionError(cause: unknown, address: string): EnlargerError {
  const code = causeCode(cause);
  const make = (text: string, hint: string) => new EnlargerError('generator-failed', text, hint, { cause });
  if (code === 'ECONNREFUSED')
    return make(`Nothing answers at ${address}.`, 'Start the image server, or check the address.');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return make(`The image server ${address} cannot be found.`, 'Check the address and the network.');
  if (/CERT|SSL|TLS|SELF_SIGNED|ISSUER/.test(code))
    return make(`The image server ${address} could not prove who it is.`, 'Check its certificate.');
  return make(`The connection to the image server ${address} broke off.`, 'Check the network and try again.');
}

/** Node tells the reason in the cause of the cause; browsers tell none. */
function causeCode(error: unknown): string {
  for (let at = error, depth = 0; at && depth < 5; depth++) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === 'string') return code;
    at = Array.isArray(errors) ? errors[0] : cause;
  }
  return '';
}

export const timeoutError = (address: string, ms: number): EnlargerError =>
  new EnlargerError(
    'generator-failed',
    `The image server ${address} did not answer within ${Math.round(ms / 100) / 10} seconds.`,
    'Try again, or allow it more time.',
  );

export const answerError = (what: string, cause?: unknown): EnlargerError =>
  new EnlargerError(
    'generator-failed',
    `The image server answered, but ${what}.`,
    'Check that the address is that of an OpenAI-compatible image API.',
    { cause },
  );
