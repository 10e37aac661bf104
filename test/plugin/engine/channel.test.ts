import { z } from 'zod';
import { EnlargerError } from '../../../core/errors.js';
import {
  type Contract,
  type Endpoint,
  type Handlers,
  openChannel,
  Transferring,
} from '../../../plugin/engine/channel.js';

const CALLS = {
  double: { args: z.number(), result: z.number(), note: z.string() },
  bytes: { args: z.null(), result: z.custom<Uint8Array>((value) => value instanceof Uint8Array) },
} as const satisfies Contract;

const handlers: Handlers<typeof CALLS> = {
  double: async (value) => value * 2,
  bytes: async () => Uint8Array.of(1, 2),
};

const opened: MessagePort[] = [];
afterEach(() => {
  for (const port of opened.splice(0)) (port as unknown as { close(): void }).close();
});

function pair(own: Handlers<typeof CALLS> = handlers) {
  const { port1, port2 } = new MessageChannel();
  opened.push(port1 as never, port2 as never);
  openChannel(port2 as unknown as Endpoint, {}, CALLS, own);
  return { caller: openChannel(port1 as unknown as Endpoint, CALLS, {}, {}), port1, port2 };
}

describe('calls over a port', () => {
  it('answer, each its own caller', async () => {
    const { caller } = pair();
    expect(await Promise.all([1, 2, 3].map((value) => caller.call('double', value)))).toEqual([2, 4, 6]);
  });

  it('keep the code, the sentence and the hint of an error', async () => {
    const { caller } = pair({
      ...handlers,
      double: async () => {
        throw new EnlargerError('out-of-memory', 'No room.', 'Make some.');
      },
    });
    await expect(caller.call('double', 1)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: 'No room.',
      hint: 'Make some.',
    });
  });

  it('pass notes on while they run', async () => {
    const { caller } = pair({
      ...handlers,
      double: async (value, { note }) => {
        note('begun');
        note(42);
        return value;
      },
    });
    const notes: unknown[] = [];
    await caller.call('double', 1, { onNote: (note) => notes.push(note) });
    expect(notes).toEqual(['begun']);
  });

  it('are told when nobody wants the answer any more', async () => {
    const { caller } = pair({
      ...handlers,
      double: (_value, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new EnlargerError('cancelled', 'Stopped.')));
        }),
    });
    const abort = new AbortController();
    const answer = caller.call('double', 1, { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('hand buffers over', async () => {
    const given = Uint8Array.of(7, 8, 9);
    const { caller } = pair({ ...handlers, bytes: async () => new Transferring(given, [given.buffer]) });
    expect(await caller.call('bytes', null)).toEqual(Uint8Array.of(7, 8, 9));
    expect(given.length).toBe(0);
  });

  it('refuse what does not fit, on either side, and survive garbage', async () => {
    const { caller, port1 } = pair({ ...handlers, double: async () => 'two' as unknown as number });
    for (const garbage of [null, 5, {}, { v: 2, id: 0, kind: 'call:double', payload: 1 }, { v: 1, id: -1 }])
      port1.postMessage(garbage);
    await expect(caller.call('double', 1)).rejects.toMatchObject({ code: 'message-invalid' });
    await expect(caller.call('double', 'one' as unknown as number)).rejects.toMatchObject({
      code: 'message-invalid',
    });
    await expect(caller.call('bytes', null)).resolves.toEqual(Uint8Array.of(1, 2));
  });

  it('end with the channel', async () => {
    const { caller } = pair({ ...handlers, double: () => new Promise(() => undefined) });
    const answer = caller.call('double', 1);
    caller.close(new EnlargerError('engine-lost', 'Gone.'));
    await expect(answer).rejects.toMatchObject({ code: 'engine-lost' });
    await expect(caller.call('double', 1)).rejects.toMatchObject({ code: 'engine-lost' });
  });
});
