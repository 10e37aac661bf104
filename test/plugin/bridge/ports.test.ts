/** Ports: what passes, what is refused, and whose messages count. */

import fc from 'fast-check';
import { copyPlain } from '../../../plugin/bridge/plain.js';
import {
  type ArrivedMessage,
  channelPort,
  figmaMainPort,
  figmaPagePort,
  type MessagePortLike,
  memoryPorts,
  windowPort,
} from '../../../plugin/bridge/port.js';

class FakeWindow {
  readonly sent: { message: unknown; targetOrigin: string }[] = [];
  private readonly listeners = new Set<(event: ArrivedMessage) => void>();
  addEventListener(_type: 'message', listener: (event: ArrivedMessage) => void): void {
    this.listeners.add(listener);
  }
  removeEventListener(_type: 'message', listener: (event: ArrivedMessage) => void): void {
    this.listeners.delete(listener);
  }
  postMessage(message: unknown, targetOrigin: string): void {
    this.sent.push({ message, targetOrigin });
  }
  arrive(event: ArrivedMessage): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.string(),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
})).value;

test('plain data is copied equal and shares nothing', () => {
  fc.assert(
    fc.property(plain, (value) => {
      const copy = copyPlain(value);
      expect(copy).toEqual(value);
      if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value);
    }),
  );
  const bytes = Uint8Array.of(1, 2);
  const copy = copyPlain({ bytes }) as { bytes: Uint8Array };
  bytes[0] = 9;
  expect(copy.bytes[0]).toBe(1);
});

test.each([
  ['function', () => 1],
  ['symbol', Symbol('mixed')],
  ['bigint', 1n],
  ['Map', new Map()],
  ['class instance', new FakeWindow()],
  ['ArrayBuffer', new ArrayBuffer(2)],
  ['Float32Array', new Float32Array(2)],
  ['Uint8ClampedArray', new Uint8ClampedArray(2)],
  ['Error', new Error('x')],
])('a %s does not pass, at any depth', (_name, value) => {
  expect(() => copyPlain({ deep: [value] })).toThrow(TypeError);
});

test('a message that contains itself does not pass', () => {
  const loop: Record<string, unknown> = {};
  loop.self = { loop };
  expect(() => copyPlain(loop)).toThrow(TypeError);
});

test('memory ports deliver later, in order, as copies', async () => {
  const [a, b] = memoryPorts();
  const got: unknown[] = [];
  const stop = b.listen((message) => got.push(message));
  const first = { n: [1] };
  a.post(first);
  a.post('second');
  first.n.push(2);
  expect(got).toEqual([]);
  await Promise.resolve();
  await Promise.resolve();
  expect(got).toEqual([{ n: [1] }, 'second']);
  stop();
  a.post('third');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(got).toHaveLength(2);
});

test('a window port listens to its peer at its origin only', () => {
  const self = new FakeWindow();
  const peer = new FakeWindow();
  const port = windowPort(self, peer, 'https://editor.example');
  const got: unknown[] = [];
  const stop = port.listen((message) => got.push(message));
  self.arrive({ data: 1, origin: 'https://editor.example', source: peer });
  self.arrive({ data: 2, origin: 'https://evil.example', source: peer });
  self.arrive({ data: 3, origin: 'https://editor.example', source: new FakeWindow() });
  stop();
  self.arrive({ data: 4, origin: 'https://editor.example', source: peer });
  expect(got).toEqual([1]);
  port.post('hello');
  expect(peer.sent).toEqual([{ message: 'hello', targetOrigin: 'https://editor.example' }]);
});

test('a sandboxed frame is addressed with a star and still checked by window', () => {
  const self = new FakeWindow();
  const frame = new FakeWindow();
  const port = windowPort(self, frame, 'null');
  const got: unknown[] = [];
  port.listen((message) => got.push(message));
  port.post('x');
  self.arrive({ data: 1, origin: 'null', source: frame });
  self.arrive({ data: 2, origin: 'null', source: null });
  expect(frame.sent[0]?.targetOrigin).toBe('*');
  expect(got).toEqual([1]);
});

test('Figma: the page wraps and unwraps pluginMessage, the sandbox does not', () => {
  const page = new FakeWindow();
  const parent = new FakeWindow();
  const port = figmaPagePort(page, parent);
  const got: unknown[] = [];
  port.listen((message) => got.push(message));
  for (const data of [{ pluginMessage: { a: 1 } }, { other: 1 }, 'text', null])
    page.arrive({ data, origin: 'null', source: null });
  port.post({ b: 2 });
  expect(got).toEqual([{ a: 1 }]);
  expect(parent.sent).toEqual([{ message: { pluginMessage: { b: 2 } }, targetOrigin: '*' }]);

  const callbacks = new Set<(message: unknown) => void>();
  const posted: unknown[] = [];
  const main = figmaMainPort({
    postMessage: (message) => posted.push(message),
    on: (_type, callback) => callbacks.add(callback),
    off: (_type, callback) => callbacks.delete(callback),
  });
  const stop = main.listen((message) => got.push(message));
  for (const callback of callbacks) callback({ c: 3 });
  main.post({ d: 4 });
  expect(got).toEqual([{ a: 1 }, { c: 3 }]);
  expect(posted).toEqual([{ d: 4 }]);
  stop();
  expect(callbacks.size).toBe(0);
});

test('a message channel carries both ways', async () => {
  const { port1, port2 } = new MessageChannel();
  const a = channelPort(port1 as unknown as MessagePortLike);
  const b = channelPort(port2 as unknown as MessagePortLike);
  const answer = new Promise((resolve) => a.listen(resolve));
  b.listen((message) => b.post({ echo: message }));
  a.post({ bytes: Uint8Array.of(1) });
  expect(await answer).toEqual({ echo: { bytes: Uint8Array.of(1) } });
  port1.close();
});
