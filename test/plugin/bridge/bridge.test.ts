/** A host behind the bridge behaves as the host itself: calls, errors, events, stores, time-outs. */

import { EnlargerError } from '../../../core/errors.js';
import { type ConnectedHost, connectHost } from '../../../plugin/bridge/connect.js';
import { memoryPorts, type Port } from '../../../plugin/bridge/port.js';
import { serveHost } from '../../../plugin/bridge/serve.js';
import type { EnlargedPicture, Host, HostEvent } from '../../../plugin/host.js';
import { recordingHost } from './recording-host.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function bridged(host: Host, timeoutMs = 20_000): Promise<ConnectedHost> {
  const [near, far] = memoryPorts();
  closers.push(serveHost(host, far, { heartbeatMs: 20 }));
  const connected = await connectHost(near, { timeoutMs });
  closers.push(() => connected.disconnect());
  return connected;
}

/** A port that writes down what passes through it. */
function tapped(port: Port): { port: Port; posted: unknown[] } {
  const posted: unknown[] = [];
  return {
    posted,
    port: {
      post(message) {
        posted.push(message);
        port.post(message);
      },
      listen: (listener) => port.listen(listener),
    },
  };
}

const TWO_PIECES: EnlargedPicture = {
  width: 5,
  height: 2,
  pieces: [
    { x: 0, y: 0, width: 3, height: 2, bytes: Uint8Array.of(1, 2, 3), format: 'png' },
    { x: 3, y: 0, width: 2, height: 2, bytes: Uint8Array.of(4, 5), format: 'jpeg' },
  ],
};

test('answers what the host answers', async () => {
  const host = recordingHost();
  const connected = await bridged(host);
  expect(await connected.info()).toEqual(await host.info());
  expect(await connected.command()).toEqual(await host.command());
  expect(await connected.selection()).toEqual(await host.selection());
  expect(await connected.thumbnail('a', 96)).toEqual({ bytes: Uint8Array.of(9, 8), format: 'png' });
  expect(await connected.thumbnail('b', 96)).toBeNull();
  expect(await connected.read('a')).toEqual({ bytes: Uint8Array.of(1, 2, 3), format: 'jpeg' });
  await connected.finishJob('job-1');
  await connected.notify('Done.', { error: true });
  await connected.resize(400, 600);
  await connected.close();
  expect(host.calls.slice(-4)).toEqual([
    { method: 'finishJob', given: ['job-1'] },
    { method: 'notify', given: ['Done.', { error: true }] },
    { method: 'resize', given: [400, 600] },
    { method: 'close', given: [] },
  ]);
});

test('pictures travel one per message and arrive whole', async () => {
  const host = recordingHost();
  const [near, far] = memoryPorts();
  const { port, posted } = tapped(near);
  const connected = await connecting(port, far, host);
  const options = { placement: 'replace' as const, job: 'j', scale: 2 };
  expect(await connected.write('a', TWO_PIECES, options)).toEqual({ notices: ['A notice.'] });
  await connected.place({
    name: 'red apple',
    picture: TWO_PIECES,
    generated: { prompt: 'red apple', seed: 1, guidance: 2 },
    job: 'j',
  });
  expect(host.calls[0]).toEqual({ method: 'write', given: ['a', TWO_PIECES, options] });
  expect(host.calls[1]?.given[0]).toMatchObject({ name: 'red apple', picture: TWO_PIECES, job: 'j' });
  const pictures = posted.map((message) => countBytes(message));
  expect(Math.max(...pictures)).toBe(1);
  expect(pictures.filter((count) => count === 1)).toHaveLength(4);
});

test('an upload that is stopped never becomes a change', async () => {
  const host = recordingHost();
  const [near, far] = memoryPorts();
  const { port, posted } = tapped(near);
  const connected = await connecting(port, far, host);
  const abort = new AbortController();
  const options = { placement: 'replace' as const, job: 'j', scale: 2 };
  const writing = connected.write('a', TWO_PIECES, options, abort.signal);
  abort.abort();
  await expect(writing).rejects.toMatchObject({ code: 'cancelled' });
  await expect(connected.write('a', TWO_PIECES, options, abort.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  const placing = connected.place(
    { name: 'red apple', picture: TWO_PIECES, generated: null, job: 'j' },
    abort.signal,
  );
  await expect(placing).rejects.toMatchObject({ code: 'cancelled' });
  await connected.info();
  expect(posted.reduce<number>((sum, message) => sum + countBytes(message), 0)).toBe(1);
  expect(host.calls.map(({ method }) => method)).toEqual(['info']);
});

async function connecting(near: Port, far: Port, host: Host): Promise<ConnectedHost> {
  closers.push(serveHost(host, far));
  const connected = await connectHost(near);
  closers.push(() => connected.disconnect());
  return connected;
}

function countBytes(value: unknown): number {
  if (value instanceof Uint8Array) return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + countBytes(item), 0);
}

test('a picture with a gap, an overlap or a missing piece never reaches the host', async () => {
  const host = recordingHost();
  const connected = await bridged(host);
  const options = { placement: 'replace' as const, job: 'j', scale: 2 };
  const [first, second] = TWO_PIECES.pieces as [
    EnlargedPicture['pieces'][number],
    EnlargedPicture['pieces'][number],
  ];
  for (const pieces of [[first], [first, { ...second, x: 2 }], [first, second, second]])
    await expect(connected.write('a', { ...TWO_PIECES, pieces }, options)).rejects.toMatchObject({
      code: 'message-invalid',
    });
  expect(host.calls).toEqual([]);
});

test('errors come back with code, sentence and hint; anything else as internal', async () => {
  const host = recordingHost({
    read: () => Promise.reject(new EnlargerError('layer-gone', 'The layer is gone.', 'Select it again.')),
    info: () => Promise.reject(new TypeError('x is not a function')),
    selection: () => {
      throw new EnlargerError('internal', 'Thrown at once.');
    },
  });
  const connected = await bridged(host);
  const error = await connected.read('a').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(EnlargerError);
  expect(error).toMatchObject({
    code: 'layer-gone',
    message: 'The layer is gone.',
    hint: 'Select it again.',
  });
  await expect(connected.info()).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('x is not a function'),
  });
  await expect(connected.selection()).rejects.toMatchObject({ message: 'Thrown at once.' });
  expect(await connected.command()).toMatchObject({ command: 'upscale' });
});

test('stores of both scopes work, with their own longest value', async () => {
  const connected = await bridged(recordingHost());
  const document = connected.store('document');
  const personal = connected.store('personal');
  expect([document.maxValueBytes, personal.maxValueBytes]).toEqual([100, 5000]);
  expect(await document.get('k')).toBeNull();
  await document.set('k', 'v');
  expect(await document.get('k')).toBe('v');
  expect(await personal.keys()).toEqual([]);
  expect(await document.keys()).toEqual(['k']);
  await document.set('k', '');
  expect(await document.keys()).toEqual([]);
});

test('a host without stores still connects, and its store calls fail with its own error', async () => {
  const host = recordingHost({
    store: () => {
      throw new EnlargerError('store-failed', 'There is no store.');
    },
  });
  const connected = await bridged(host);
  expect(connected.store('document').maxValueBytes).toBe(0);
  await expect(connected.store('document').keys()).rejects.toMatchObject({ code: 'store-failed' });
});

test('events reach every listener until it leaves', async () => {
  const host = recordingHost();
  const connected = await bridged(host);
  const seen: HostEvent[] = [];
  const leave = connected.subscribe((event) => seen.push(event));
  host.emit({ kind: 'selection' });
  host.emit({ kind: 'command', command: { command: 'presets' } });
  await connected.info();
  leave();
  host.emit({ kind: 'theme', theme: 'dark' });
  await connected.info();
  expect(seen).toEqual([{ kind: 'selection' }, { kind: 'command', command: { command: 'presets' } }]);
});

test('a slow answer with signs of life is waited for; silence ends the call', async () => {
  const slow = recordingHost({
    read: () =>
      new Promise((resolve) => setTimeout(() => resolve({ bytes: Uint8Array.of(5), format: 'png' }), 1_500)),
  });
  const connected = await bridged(slow, 600);
  expect((await connected.read('a')).bytes).toEqual(Uint8Array.of(5));

  const [near, far] = memoryPorts();
  const stop = serveHost(recordingHost(), far);
  const silent = await connectHost(near, { timeoutMs: 100 });
  stop();
  await expect(silent.info()).rejects.toMatchObject({ code: 'host-unavailable' });
  silent.disconnect();
});

test('nobody there: connecting fails; a host that starts later is found', async () => {
  const [near] = memoryPorts();
  await expect(connectHost(near, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'host-unavailable' });

  const [page, editor] = memoryPorts();
  const connecting = connectHost(page, { timeoutMs: 20_000 });
  setTimeout(() => closers.push(serveHost(recordingHost(), editor)), 100);
  const late = await connecting;
  expect((await late.info()).kind).toBe('test');
  late.disconnect();
});

test('disconnecting ends calls under way and stopping the server unsubscribes from the host', async () => {
  const host = recordingHost({ read: () => new Promise(() => {}) });
  const [near, far] = memoryPorts();
  const stop = serveHost(host, far);
  const connected = await connectHost(near);
  const reading = connected.read('a');
  connected.disconnect();
  await expect(reading).rejects.toMatchObject({ code: 'host-unavailable' });
  await expect(connected.info()).rejects.toMatchObject({ code: 'host-unavailable' });
  expect(host.listeners.size).toBe(1);
  stop();
  expect(host.listeners.size).toBe(0);
});

test('another version on either side is refused with a sentence', async () => {
  const [near, far] = memoryPorts();
  closers.push(serveHost(recordingHost(), far));
  const answers: unknown[] = [];
  near.listen((raw) => answers.push(raw));
  near.post({ v: 99, id: 'x', kind: 'request', payload: { method: 'info', arguments: {} } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(answers).toMatchObject([{ id: 'x', kind: 'error', payload: { code: 'host-unavailable' } }]);

  const [page, editor] = memoryPorts();
  editor.listen((raw) => {
    editor.post({ v: 99, id: (raw as { id: string }).id, kind: 'result', payload: {} });
  });
  await expect(connectHost(page)).rejects.toMatchObject({
    code: 'host-unavailable',
    message: expect.stringContaining('versions'),
  });
});
