/**
 * A generator on a server that speaks the OpenAI Images API, as LocalAI and others do. Nothing is sent anywhere
 * unless somebody opens it with an address; then the prompt goes there, and the key to no other origin.
 */

import { z } from 'zod';
import { EnlargerError } from '../errors.js';
import type { Raster } from '../raster/raster.js';
import type { Candidate, GenerateOptions, Generator, GeneratorFacts } from './generator.js';
import {
  answerError,
  connectionError,
  type Refusal,
  readRefusal,
  refusalError,
  timeoutError,
} from './remote-errors.js';
import { candidateSeed, checkCancelled, checkRequest } from './request.js';

export interface RemoteOptions {
  /** Address of the server: its root, its /v1, or the images endpoint itself. */
  readonly address: string;
  readonly key?: string | undefined;
  /** Default: what the server uses by itself. */
  readonly model?: string | undefined;
  /** Side of the pictures asked for, in pixels; default 1024. */
  readonly sizePx?: number | undefined;
  /** Time for one request, with everything it brings; default two minutes. */
  readonly timeoutMs?: number | undefined;
  /** Decodes an image file. */
  readonly decode: (bytes: Uint8Array) => Promise<Raster>;
}

const DEFAULT_SIZE_PX = 1024;
const DEFAULT_TIMEOUT_MS = 120_000;
/** The longest prompt that any known server of this kind takes. */
const MAX_PROMPT_LENGTH = 32_000;
/** An answer with several large pictures in base64 stays far below this. */
const MAX_BYTES = 256 << 20;

const answerSchema = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish(), url: z.string().nullish() })).min(1),
});

/** Thrown inside, where another way of asking may still do. */
class RefusedRequest extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** @throws EnlargerError `option-invalid` for an address that is none, or a size out of range. */
export function openRemoteGenerator(options: RemoteOptions): Generator {
  const { key, model, decode, sizePx = DEFAULT_SIZE_PX, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const endpoint = endpointOf(options.address);
  const { origin } = endpoint;
  if (!(Number.isInteger(sizePx) && sizePx >= 128 && sizePx <= 4096))
    throw new EnlargerError(
      'option-invalid',
      `Pictures of ${sizePx} pixels cannot be asked for.`,
      'Choose from 128 to 4096.',
    );
  const facts: GeneratorFacts = {
    kind: 'remote',
    title: model ? `${model} at ${origin}` : origin,
    width: sizePx,
    height: sizePx,
    transparent: false,
    latentSpace: null,
    steps: null,
    guidance: null,
    seeded: false,
    maxPromptLength: MAX_PROMPT_LENGTH,
  };
  // Some servers know only one form of answer, and refuse to be told which.
  let format: { response_format?: 'b64_json' } = { response_format: 'b64_json' };
  let oneEach = false;

  const headers = (url: string): Record<string, string> =>
    key !== undefined && new URL(url).origin === origin ? { authorization: `Bearer ${key}` } : {};

  async function post(prompt: string, n: number, signal: AbortSignal): Promise<string> {
    const body = JSON.stringify({
      prompt,
      n,
      size: `${sizePx}x${sizePx}`,
      ...format,
      ...(model && { model }),
    });
    const sent = {
      ...headers(endpoint.href),
      'content-type': 'application/json',
      accept: 'application/json',
    };
    const response = await fetch(endpoint.href, { method: 'POST', headers: sent, body, signal });
    checkLength(response);
    const text = await response.text();
    if (!response.ok) throw new RefusedRequest(readRefusal(response, text, key));
    return text;
  }

  /** Asks for n pictures, or for as many as the server makes at a time. */
  async function ask(prompt: string, n: number, signal: AbortSignal): Promise<string> {
    try {
      return await post(prompt, n, signal);
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      const { refusal } = error;
      const about = (name: string) =>
        refusal.param === name || new RegExp(`'${name}'|\\b${name} ?=`).test(refusal.message);
      if (refusal.status === 400 && format.response_format && about('response_format')) format = {};
      else if (refusal.status === 400 && n > 1 && about('n')) oneEach = true;
      else throw refusalError(refusal, endpoint.href, key !== undefined);
      return ask(prompt, oneEach ? 1 : n, signal);
    }
  }

  /** The files of one answer, in order; an entry that cannot be had is its error. */
  async function request(prompt: string, n: number, user: AbortSignal | undefined) {
    return within(timeoutMs, user, endpoint.href, async (signal) => {
      const entries = readAnswer(await ask(prompt, n, signal)).slice(0, n);
      return Promise.all(
        entries.map(async ({ b64_json: base64, url }) => {
          try {
            const bytes = base64 ? fromBase64(base64) : await download(url, signal);
            return await decodePicture(bytes, decode);
          } catch (error) {
            if (signal.aborted) throw error;
            return error instanceof EnlargerError ? error : connectionError(error, String(url));
          }
        }),
      );
    });
  }

  async function download(url: string | null | undefined, signal: AbortSignal): Promise<Uint8Array> {
    if (!url) throw answerError('one of its pictures is missing');
    const inline = /^data:[^,]*;base64,(.*)$/s.exec(url);
    if (inline) return fromBase64(inline[1]);
    const place = parseUrl(url, endpoint.href);
    if (!place) throw answerError('the address of a picture is none');
    const response = await fetch(place.href, { headers: headers(place.href), signal });
    checkLength(response);
    if (!response.ok) throw answerError(`the picture it points to cannot be fetched (${response.status})`);
    return new Uint8Array(await response.arrayBuffer());
  }

  async function* generate(wanted: GenerateOptions): AsyncGenerator<Candidate> {
    const { prompt, count, seed } = checkRequest(facts, wanted);
    const { signal, onProgress } = wanted;
    let made = 0;
    const report = async () => {
      const percent = (made / count) * 100;
      const candidate = Math.min(count, made + 1);
      await onProgress?.({ percent, candidate, count, step: 0, steps: 0, secondsLeft: null });
    };
    await report();
    while (made < count) {
      checkCancelled(signal);
      const answers = await request(prompt, oneEach ? 1 : count - made, signal);
      // Good pictures first: what the server made is not lost to an error beside it.
      for (const raster of answers) {
        if (raster instanceof EnlargerError) continue;
        const index = made++;
        await report();
        yield { kind: 'raster', index, seed: candidateSeed(seed, index), raster };
      }
      const error = answers.find((each) => each instanceof EnlargerError);
      if (error) throw error;
    }
  }

  return {
    facts,
    generate,
    picture(candidate) {
      if (candidate.kind === 'raster') return Promise.resolve(candidate.raster);
      throw new EnlargerError('internal', 'A remote generator was given the latent of another one.');
    },
    dispose: () => Promise.resolve(),
  };
}

/** Runs a task that ends with the time, or when the user stops it; other failures are the connection's. */
async function within<T>(
  timeoutMs: number,
  user: AbortSignal | undefined,
  address: string,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, timeoutMs);
  user?.addEventListener('abort', stop, { once: true });
  try {
    return await task(controller.signal);
  } catch (error) {
    checkCancelled(user);
    if (late) throw timeoutError(address, timeoutMs);
    throw error instanceof EnlargerError ? error : connectionError(error, address);
  } finally {
    clearTimeout(timer);
    user?.removeEventListener('abort', stop);
  }
}

function endpointOf(address: string): URL {
  const url = parseUrl(address.trim());
  if (!url || url.username || url.password)
    throw new EnlargerError(
      'option-invalid',
      'The address of the image server is not an http or https address.',
      'Give something like http://localhost:8080.',
    );
  const path = url.pathname.replace(/\/+$/, '');
  if (path.endsWith('/images/generations')) url.pathname = path;
  else url.pathname = `${path}${/\/v\d+$/.test(path) ? '' : '/v1'}/images/generations`;
  url.hash = '';
  return url;
}

function parseUrl(text: string, base?: string): URL | undefined {
  try {
    const url = new URL(text, base);
    return /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

function checkLength(response: Response): void {
  if (Number(response.headers.get('content-length') ?? 0) > MAX_BYTES)
    throw answerError('with more data than any picture has');
}

function readAnswer(text: string) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw answerError('not with JSON', cause);
  }
  const answer = answerSchema.safeParse(json);
  if (!answer.success) throw answerError('without a list of pictures', answer.error);
  return answer.data.data;
}

function fromBase64(text: string): Uint8Array {
  try {
    const raw = atob(text.replace(/^data:[^,]*,/, ''));
    return Uint8Array.from(raw, (character) => character.charCodeAt(0));
  } catch (cause) {
    throw answerError('one of its pictures is not in base64', cause);
  }
}

async function decodePicture(bytes: Uint8Array, decode: RemoteOptions['decode']): Promise<Raster> {
  try {
    return await decode(bytes);
  } catch (cause) {
    throw answerError('what it sent is not a picture that can be read', cause);
  }
}
