/** A server that speaks the OpenAI Images API, or answers in whatever other way a test wants. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeImage } from '../../../core/runtime/node/codec.js';
import { testPicture } from '../pipeline/fake-stage.js';

export interface ServedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent.
  readonly body: any;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Objects are sent as JSON. Undefined: never answered. */
  readonly body?: unknown;
  /** Breaks the connection off in the middle. */
  readonly breakOff?: boolean;
}

export interface ImageServer {
  readonly address: string;
  readonly requests: ServedRequest[];
  close(): Promise<void>;
}

export async function startImageServer(
  answer: (request: ServedRequest, index: number) => Answer | Promise<Answer>,
): Promise<ImageServer> {
  const requests: ServedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    const index = requests.push(request) - 1;
    send(response, await answer(request, index));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<ServedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    authorization: incoming.headers.authorization,
    body: text ? JSON.parse(text) : undefined,
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body, breakOff }: Answer): void {
  if (breakOff) {
    response.writeHead(status, { 'content-length': 1000 });
    response.write('{"data":');
    setTimeout(() => response.destroy(), 20);
    return;
  }
  if (body === undefined) return;
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, headers);
  response.end(bytes);
}

/** A PNG of a test picture, transparent at its left. */
export async function servedPng(side = 64): Promise<Buffer> {
  return Buffer.from(await encodeImage(testPicture(side, side, true), 'png'));
}

/** What a good server answers: n pictures in base64. */
export async function goodAnswer(n: number, side = 64): Promise<Answer> {
  const b64_json = (await servedPng(side)).toString('base64');
  return { body: { created: 1, data: Array(n).fill({ b64_json }) } };
}
