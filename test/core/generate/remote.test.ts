import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EnlargerError } from '../../../core/errors.js';
import type { Candidate, GenerateOptions, GenerateProgress } from '../../../core/generate/generator.js';
import { openRemoteGenerator, type RemoteOptions } from '../../../core/generate/remote.js';
import { decodeImage } from '../../../core/runtime/node/codec.js';
import { largestDifference, testPicture } from '../pipeline/fake-stage.js';
import { type Answer, goodAnswer, type ImageServer, servedPng, startImageServer } from './image-server.js';

const KEY = 'sk-very-secret-0123';
const decode = async (bytes: Uint8Array) => (await decodeImage(bytes)).raster;

let server: ImageServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(answer: Parameters<typeof startImageServer>[0]): Promise<ImageServer> {
  server = await startImageServer(answer);
  return server;
}

/** All candidates, and the error that ended them if one did. */
async function ask(
  options: Partial<RemoteOptions> & { address: string },
  wanted: Partial<GenerateOptions> = {},
) {
  const generator = openRemoteGenerator({ decode, key: KEY, ...options });
  const candidates: Candidate[] = [];
  let error: EnlargerError | undefined;
  try {
    for await (const candidate of generator.generate({ prompt: 'red apple', ...wanted }))
      candidates.push(candidate);
  } catch (caught) {
    error = caught as EnlargerError;
  }
  return { candidates, error };
}

async function failureOf(answer: Answer, options: Partial<RemoteOptions> = {}): Promise<EnlargerError> {
  const { address } = await serve(() => answer);
  const { candidates, error } = await ask({ address, ...options });
  expect(candidates).toEqual([]);
  expect(error).toMatchObject({ name: 'EnlargerError' });
  expect(`${error!.message} ${error!.hint}`).not.toContain(KEY);
  return error!;
}

describe('a remote generator', () => {
  it('asks as the API wants it, and hands out the pictures', async () => {
    const { address, requests } = await serve(({ body }) => goodAnswer(body.n));
    const { candidates, error } = await ask(
      { address, model: 'flux', sizePx: 512 },
      { prompt: ' red apple ', count: 2, seed: 40 },
    );
    expect(error).toBeUndefined();
    expect(requests).toEqual([
      {
        method: 'POST',
        path: '/v1/images/generations',
        authorization: `Bearer ${KEY}`,
        body: { prompt: 'red apple', n: 2, size: '512x512', response_format: 'b64_json', model: 'flux' },
      },
    ]);
    expect(candidates.map(({ index, seed, kind }) => [index, seed, kind])).toEqual([
      [0, 40, 'raster'],
      [1, 41, 'raster'],
    ]);
    const generator = openRemoteGenerator({ address, decode });
    const picture = await generator.picture(candidates[1]);
    expect(largestDifference(picture as never, testPicture(64, 64, true))).toBe(0);
  });

  it.each([
    ['', '/v1/images/generations'],
    ['/', '/v1/images/generations'],
    ['/v1', '/v1/images/generations'],
    ['/openai/v1/', '/openai/v1/images/generations'],
    ['/v1/images/generations', '/v1/images/generations'],
    ['/v1/images/generations?api-version=2', '/v1/images/generations?api-version=2'],
  ])('finds the endpoint of an address that ends with %p', async (ending, path) => {
    const { address, requests } = await serve(({ body }) => goodAnswer(body.n));
    await ask({ address: address + ending });
    expect(requests[0].path).toBe(path);
  });

  it('sends no key, model or anything else that it was not given', async () => {
    const { address, requests } = await serve(({ body }) => goodAnswer(body.n));
    await ask({ address, key: undefined });
    expect(requests[0].authorization).toBeUndefined();
    expect(Object.keys(requests[0].body).sort()).toEqual(['n', 'prompt', 'response_format', 'size']);
  });

  it('fetches pictures that are answered by address, and takes data addresses', async () => {
    const png = await servedPng();
    const { address, requests } = await serve(({ path }) =>
      path === '/made/1.png'
        ? { body: png }
        : {
            body: {
              data: [{ url: '/made/1.png' }, { url: `data:image/png;base64,${png.toString('base64')}` }],
            },
          },
    );
    const { candidates } = await ask({ address }, { count: 2 });
    expect(candidates).toHaveLength(2);
    expect(requests[1]).toMatchObject({ method: 'GET', path: '/made/1.png', authorization: `Bearer ${KEY}` });
  });

  it('never shows the key to another origin', async () => {
    const png = await servedPng();
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end(png);
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/blob.png`;
    const { address } = await serve(() => ({ body: { data: [{ url }] } }));
    const { candidates } = await ask({ address });
    other.close();
    expect(candidates).toHaveLength(1);
    expect(seen).toEqual([undefined]);
  });

  it('does without the form of answer where a server does not know it', async () => {
    const { address, requests } = await serve(({ body }) =>
      body.response_format
        ? {
            status: 400,
            body: { error: { message: "Unknown parameter: 'response_format'.", param: 'response_format' } },
          }
        : goodAnswer(body.n),
    );
    const { candidates } = await ask({ address }, { count: 3 });
    expect(candidates).toHaveLength(3);
    expect(requests).toHaveLength(2);
  });

  it('asks one at a time where a server makes one at a time, and again where it made too few', async () => {
    const single = await serve(({ body }) =>
      body.n > 1
        ? { status: 400, body: { error: { message: 'You must provide n=1 for this model.' } } }
        : goodAnswer(1),
    );
    expect((await ask({ address: single.address }, { count: 3 })).candidates).toHaveLength(3);
    expect(single.requests.map(({ body }) => body.n)).toEqual([3, 1, 1, 1]);
    await single.close();
    const few = await serve(({ body }) => goodAnswer(Math.min(2, body.n)));
    expect((await ask({ address: few.address }, { count: 5 })).candidates).toHaveLength(5);
    expect(few.requests.map(({ body }) => body.n)).toEqual([5, 3, 1]);
  });

  it('takes no more than was asked for, and reports progress that rises to 100', async () => {
    const { address } = await serve(() => goodAnswer(4));
    const seen: GenerateProgress[] = [];
    const onProgress = (progress: GenerateProgress) => {
      seen.push(progress);
    };
    expect((await ask({ address }, { count: 2, onProgress })).candidates).toHaveLength(2);
    expect(seen.map(({ percent }) => percent)).toEqual([0, 50, 100]);
  });
});

describe('a remote generator says what went wrong', () => {
  it('when the key is wrong, or there is none', async () => {
    const answer = {
      status: 401,
      body: { error: { message: `Incorrect API key: ${KEY}.`, code: 'invalid_api_key' } },
    };
    const wrong = await failureOf(answer);
    expect(wrong).toMatchObject({
      code: 'generator-refused',
      message: expect.stringMatching(/did not accept the key.*Incorrect API key: \*{3}\./),
    });
    await server!.close();
    const none = { status: 401, body: { detail: 'Missing bearer token' } };
    expect((await failureOf(none, { key: undefined })).message).toBe(
      'The image server wants a key. It says: Missing bearer token.',
    );
  });

  it('when the prompt is refused by rules for content', async () => {
    for (const code of ['content_policy_violation', 'moderation_blocked']) {
      const error = await failureOf({
        status: 400,
        body: { error: { code, message: 'Your request was rejected.', type: 'image_generation_user_error' } },
      });
      expect(error).toMatchObject({
        code: 'generator-refused',
        message:
          'The image server refused the prompt by its rules for content. It says: Your request was rejected.',
        hint: 'Say it in other words.',
      });
      await server!.close();
    }
  });

  it.each<[string, Answer, RegExp, RegExp]>([
    [
      'there are too many requests',
      { status: 429, headers: { 'retry-after': '17' }, body: {} },
      /too many requests/,
      /17 seconds/,
    ],
    [
      'the quota is used up',
      { status: 429, body: { error: { code: 'insufficient_quota', message: 'x' } } },
      /quota/,
      /account/,
    ],
    [
      'there is nothing like that',
      { status: 404, body: 'Not Found' },
      /no image generation at http/,
      /address/,
    ],
    ['the server fails', { status: 500, body: '<html>oops</html>' }, /failed \(500\)/, /later/],
    ['the server gives up', { status: 504, body: '' }, /ran out of time/, /fewer or smaller/],
    [
      'it does not like the request',
      { status: 400, body: { error: 'unknown size' } },
      /\(400\)\. It says: unknown size\./,
      /size/,
    ],
    ['the answer is no JSON', { body: '<!doctype html><p>Welcome' }, /not with JSON/, /address/],
    ['the JSON is cut off', { body: '{"data":[{"b64_json":"iVBO' }, /not with JSON/, /address/],
    ['the JSON is about something else', { body: { models: [] } }, /without a list of pictures/, /address/],
    ['the list is empty', { body: { data: [] } }, /without a list of pictures/, /address/],
    ['a picture is missing', { body: { data: [{ revised_prompt: 'x' }] } }, /picture/, /address/],
    ['what came is not base64', { body: { data: [{ b64_json: '%%%' }] } }, /not in base64/, /address/],
    [
      'what came is not a picture',
      { body: { data: [{ b64_json: Buffer.from('hello, I am text').toString('base64') }] } },
      /not a picture/,
      /address/,
    ],
    [
      'the picture cannot be fetched',
      { body: { data: [{ url: 'file:///etc/passwd' }] } },
      /address of a picture is none/,
      /address/,
    ],
    ['the connection breaks off', { breakOff: true }, /broke off/, /network/],
  ])('when %s', async (_, answer, message, hint) => {
    const error = await failureOf(answer);
    expect(error).toMatchObject({
      code: 'generator-failed',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('when a fetched picture is a page, or gone', async () => {
    const { address } = await serve(({ path }, index) =>
      path.startsWith('/v1')
        ? { body: { data: [{ url: '/picture' }] } }
        : index < 2
          ? { body: '<html>please log in</html>', headers: { 'content-type': 'text/html' } }
          : { status: 410, body: 'gone' },
    );
    expect((await ask({ address })).error?.message).toMatch(/not a picture/);
    expect((await ask({ address })).error?.message).toMatch(/cannot be fetched \(410\)/);
  });

  it('when nothing answers, at once', async () => {
    const { address, close } = await serve(() => ({}));
    await close();
    const { error } = await ask({ address });
    expect(error).toMatchObject({
      code: 'generator-failed',
      message: `Nothing answers at ${address}/v1/images/generations.`,
      hint: expect.stringMatching(/Start the image server/),
    });
  });

  it('when there is no such host', async () => {
    const { error } = await ask({ address: 'http://no-such-host.invalid' });
    expect(error).toMatchObject({
      code: 'generator-failed',
      message: expect.stringMatching(/cannot be found/),
    });
  });

  it('when it takes too long', async () => {
    const { address } = await serve(() => ({}));
    const { error } = await ask({ address, timeoutMs: 150 });
    expect(error).toMatchObject({
      code: 'generator-failed',
      message: expect.stringMatching(/did not answer within 0\.2 seconds|within 0\.1/),
      hint: expect.stringMatching(/more time/),
    });
  });

  it('when it is stopped by the user', async () => {
    const abort = new AbortController();
    const { address } = await serve(() => {
      setTimeout(() => abort.abort(), 30);
      return {};
    });
    const { error } = await ask({ address }, { signal: abort.signal });
    expect(error?.code).toBe('cancelled');
  });

  it('and loses no picture that was made', async () => {
    const b64_json = (await servedPng()).toString('base64');
    const { address } = await serve((_, index) =>
      index === 0 ? { body: { data: [{ b64_json: 'aGVsbG8=' }, { b64_json }] } } : { status: 500, body: '' },
    );
    const beside = await ask({ address }, { count: 2 });
    expect(beside.candidates).toHaveLength(1);
    expect(beside.error?.message).toMatch(/not a picture/);
    await server!.close();
    const later = await serve((_, index) => (index === 0 ? goodAnswer(1) : { status: 500, body: '' }));
    const half = await ask({ address: later.address }, { count: 2 });
    expect(half.candidates).toHaveLength(1);
    expect(half.error?.message).toMatch(/failed \(500\)/);
  });
});

describe('a remote generator refuses before it asks', () => {
  it.each(['', 'localhost:8080', 'ftp://example.org', 'http://', 'http://user:pass@example.org'])(
    'the address %p',
    (address) => {
      expect(() => openRemoteGenerator({ address, decode })).toThrow(
        expect.objectContaining({ code: 'option-invalid' }),
      );
    },
  );

  it('sizes, prompts and choices that are not there', async () => {
    const { address, requests } = await serve(() => goodAnswer(1));
    expect(() => openRemoteGenerator({ address, decode, sizePx: 64 })).toThrow(/from 128|64 pixels/);
    for (const [wanted, code] of [
      [{ prompt: '  ' }, 'prompt-invalid'],
      [{ prompt: 'x'.repeat(32_001) }, 'prompt-invalid'],
      [{ count: 17 }, 'option-invalid'],
      [{ guidance: 3 }, 'option-invalid'],
      [{ steps: 3 }, 'option-invalid'],
    ] as const)
      expect((await ask({ address }, wanted)).error).toMatchObject({ code });
    expect(requests).toEqual([]);
  });
});
