/** Whatever arrives, neither side crashes, answers wrongly or stops serving the next good message. */

import fc from 'fast-check';
import { connectHost } from '../../../plugin/bridge/connect.js';
import { memoryPorts, type Port } from '../../../plugin/bridge/port.js';
import { serveHost } from '../../../plugin/bridge/serve.js';
import { HOST_VERSION } from '../../../plugin/host.js';
import { recordingHost } from './recording-host.js';

/** A port without a channel: the test throws messages at it and reads what it posts. */
function bench(): {
  port: Port;
  throwAt: (message: unknown) => void;
  posted: { kind: string; id: string }[];
} {
  const listeners = new Set<(message: unknown) => void>();
  const posted: { kind: string; id: string }[] = [];
  return {
    posted,
    throwAt: (message) => {
      for (const listener of [...listeners]) listener(message);
    },
    port: {
      post: (message) => void posted.push(message as { kind: string; id: string }),
      listen: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}

const trap = new Proxy(
  {},
  {
    get() {
      throw new Error('trap');
    },
    ownKeys() {
      throw new Error('trap');
    },
    has() {
      throw new Error('trap');
    },
  },
);

const anything = fc.anything({
  withTypedArray: true,
  withNullPrototype: true,
  withBigInt: true,
  withMap: true,
});

/** Objects that throw when they are looked at, alone and inside an envelope. */
const TRAPS = [
  trap,
  {
    get v() {
      throw new Error('getter');
    },
  },
  { v: HOST_VERSION, id: 'trap', kind: 'request', payload: trap },
  { v: HOST_VERSION, id: 'trap', kind: 'request', payload: { method: 'read', arguments: trap } },
  { v: HOST_VERSION, id: 'trap', kind: 'event', payload: trap },
  { v: HOST_VERSION, id: trap, kind: trap, payload: trap },
];

const METHOD_NAMES = [
  'hello',
  'info',
  'command',
  'selection',
  'thumbnail',
  'read',
  'send-piece',
  'write',
  'place',
  'finish-job',
  'store-keys',
  'store-get',
  'store-set',
  'notify',
  'resize',
  'close',
  '__proto__',
  'constructor',
];

const nearly = fc.record({
  v: fc.oneof(fc.constant(HOST_VERSION), anything),
  id: fc.oneof(fc.string({ maxLength: 80 }), fc.constant('known'), anything),
  kind: fc.oneof(fc.constantFrom('request', 'result', 'error', 'progress', 'event'), anything),
  payload: fc.oneof(
    anything,
    fc.record({
      method: fc.oneof(fc.constantFrom(...METHOD_NAMES), anything),
      arguments: fc.oneof(
        anything,
        fc.record(
          {
            ref: anything,
            upload: anything,
            piece: anything,
            picture: anything,
            scope: anything,
            key: anything,
          },
          { requiredKeys: [] },
        ),
      ),
    }),
  ),
});

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('the host side survives any message and asks the host for nothing that was not asked properly', async () => {
  const host = recordingHost();
  const { port, throwAt, posted } = bench();
  const stop = serveHost(host, port);
  await fc.assert(
    fc.asyncProperty(fc.oneof(nearly, anything), async (garbage) => {
      throwAt(garbage);
      await tick();
    }),
    { numRuns: 3_000 },
  );
  for (const message of TRAPS) throwAt(message);
  await tick();
  const writes = host.calls.filter(({ method }) => method === 'write' || method === 'place');
  expect(writes).toEqual([]);
  posted.length = 0;
  throwAt({ v: HOST_VERSION, id: 'after', kind: 'request', payload: { method: 'info', arguments: {} } });
  await tick();
  expect(posted).toMatchObject([{ id: 'after', kind: 'result' }]);
  stop();
});

test('the panel side survives any message, and a call ends by its own answer only', async () => {
  const { port, throwAt, posted } = bench();
  const connecting = connectHost(port);
  throwAt({
    v: HOST_VERSION,
    id: posted[0]?.id,
    kind: 'result',
    payload: { maxValueBytes: { document: 1, personal: 1 } },
  });
  const host = await connecting;
  for (const message of TRAPS) throwAt(message);
  const seen: string[] = [];
  host.subscribe(({ kind }) => seen.push(kind));
  await fc.assert(
    fc.asyncProperty(fc.oneof(nearly, anything), async (garbage) => {
      posted.length = 0;
      const answer = host.command();
      throwAt(garbage);
      throwAt({ v: HOST_VERSION, id: posted[0]?.id, kind: 'result', payload: { command: 'open' } });
      expect(await answer).toEqual({ command: 'open' });
    }),
    { numRuns: 2_000 },
  );
  expect(seen.every((kind) => ['selection', 'theme', 'command'].includes(kind))).toBe(true);
  host.disconnect();
});

test('an answer that does not fit ends the call with a sentence and goes no further', async () => {
  await fc.assert(
    fc.asyncProperty(anything, fc.constantFrom('result', 'error'), async (payload, kind) => {
      const { port, throwAt, posted } = bench();
      const connecting = connectHost(port);
      throwAt({
        v: HOST_VERSION,
        id: posted[0]?.id,
        kind: 'result',
        payload: { maxValueBytes: { document: 1, personal: 1 } },
      });
      const host = await connecting;
      const reading = host.read('x').then(
        () => 'read',
        (error: { code: string; message: string }) => error,
      );
      throwAt({ v: HOST_VERSION, id: posted[1]?.id, kind, payload });
      expect(await reading).toMatchObject({ code: 'message-invalid', message: expect.any(String) });
      host.disconnect();
    }),
    { numRuns: 300 },
  );
});

test('properties that nobody asked for are dropped on the way', async () => {
  const host = recordingHost({
    command: async () => ({ command: 'open', extra: 1 }) as never,
  });
  const [near, far] = memoryPorts();
  const stop = serveHost(host, far);
  const connected = await connectHost(near);
  expect(Object.keys(await connected.command())).toEqual(['command']);
  connected.disconnect();
  stop();
});
