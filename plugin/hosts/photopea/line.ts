/**
 * The line to Photopea: scripts out, answers back, one at a time. Photopea's own "done" is not relied on (it comes
 * early, late, twice or never); every script echoes its answer under an id of its own and then an end mark. A script
 * that dies in Photopea is silence, so silence is followed by a ping that tells a dead script from a dead editor.
 */

import { EnlargerError } from '../../../core/errors.js';
import type { Port } from '../../bridge/port.js';

export interface LineOptions {
  /** Longest wait for one script before the ping. */
  readonly timeoutMs?: number;
  /** Longest wait for the answer to the ping. */
  readonly pingMs?: number;
}

export interface RunOptions {
  /** Binary files that the script sends unless it answers null; they carry no id, so their number has to be known. */
  readonly files?: number;
  /** For scripts that take long; default the line's own. */
  readonly timeoutMs?: number;
}

export interface Answer {
  /** What the script gave, as JSON let it through. */
  readonly value: unknown;
  readonly files: readonly Uint8Array[];
}

/** A script that died in Photopea: it threw, or ended without its end mark while Photopea goes on. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

const TIMEOUT_MS = 15_000;
const PING_MS = 5_000;

interface Flight {
  readonly id: string;
  readonly wanted: number;
  readonly files: Uint8Array[];
  begun: boolean;
  answer: { readonly value: unknown } | { readonly error: string } | null;
  ended: boolean;
  readonly settle: () => void;
  readonly pong: () => void;
}

export class PhotopeaLine {
  private readonly prefix = `enlarger-${Math.random().toString(36).slice(2, 10)}`;
  private readonly unlisten: () => void;
  private count = 0;
  private flight: Flight | null = null;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly port: Port,
    private readonly options: LineOptions = {},
  ) {
    this.unlisten = port.listen((message) => this.arrive(message));
  }

  /** Whether a script is on its way. */
  get busy(): boolean {
    return this.flight !== null;
  }

  /**
   * Runs a script that assigns `answer` (null when it does not), after all earlier ones have ended.
   * @throws ScriptError when the script died; EnlargerError `host-unavailable` when Photopea is silent.
   */
  run(script: string, options: RunOptions = {}): Promise<Answer> {
    const next = this.queue.then(() => this.fly(script, options));
    this.queue = next.catch(() => undefined);
    return next;
  }

  close(): void {
    this.unlisten();
  }

  private fly(script: string, { files = 0, timeoutMs = this.options.timeoutMs ?? TIMEOUT_MS }: RunOptions) {
    this.count++;
    const id = `${this.prefix}-${this.count}`;
    return new Promise<Answer>((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout>;
      const land = (end: () => void) => {
        clearTimeout(timer);
        this.flight = null;
        end();
      };
      const flight: Flight = {
        id,
        wanted: files,
        files: [],
        begun: false,
        answer: null,
        ended: false,
        settle: () => {
          const { answer } = flight;
          if (!flight.ended || answer === null) return;
          if ('error' in answer) land(() => reject(new ScriptError(answer.error)));
          else if (answer.value === null || flight.files.length >= files)
            land(() => resolve({ ...answer, files: flight.files }));
        },
        // Photopea works in order: whatever has not come before the pong will not come.
        pong: () => land(() => reject(new ScriptError('The script ended without an answer.'))),
      };
      this.flight = flight;
      const ping = () => {
        timer = setTimeout(() => land(() => reject(silent())), this.options.pingMs ?? PING_MS);
        this.port.post(`app.echoToOE(${JSON.stringify(`${id}:pong`)});`);
      };
      timer = setTimeout(ping, timeoutMs);
      try {
        this.port.post(wrap(id, script));
      } catch (cause) {
        land(() => reject(silent(cause)));
      }
    });
  }

  private arrive(message: unknown): void {
    const { flight } = this;
    if (!flight) return;
    if (message instanceof ArrayBuffer) {
      // A file that was late for an earlier script comes before the mark.
      if (flight.begun && flight.files.length < flight.wanted) flight.files.push(new Uint8Array(message));
      flight.settle();
      return;
    }
    if (typeof message !== 'string' || !message.startsWith(`${flight.id}:`)) return;
    const text = message.slice(flight.id.length + 1);
    if (text === 'begin') flight.begun = true;
    else if (text === 'pong') flight.pong();
    else if (text === 'end') flight.ended = true;
    else flight.answer = parse(text);
    flight.settle();
  }
}

/** The script with its answer and end mark. Neither `return` nor `finally` stands in the `try`: both are unsafe there. */
function wrap(id: string, script: string): string {
  return `app.echoToOE(${JSON.stringify(`${id}:begin`)});
(function () {
var answer = null, failure = null;
try {
${script}
} catch (error) { failure = String(error && error.message ? error.message : error); }
app.echoToOE(${JSON.stringify(`${id}:`)} + JSON.stringify(failure === null ? { value: answer } : { error: failure }));
app.echoToOE(${JSON.stringify(`${id}:end`)});
})();`;
}

function parse(text: string): Flight['answer'] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) {
      if ('error' in parsed) return { error: String(parsed.error) };
      return { value: 'value' in parsed ? parsed.value : null };
    }
  } catch {
    // Told below: an answer that is no JSON is no answer.
  }
  return { error: 'Photopea gave an answer that cannot be read.' };
}

function silent(cause?: unknown): EnlargerError {
  return new EnlargerError(
    'host-unavailable',
    'Photopea does not answer.',
    'Close any open dialog in Photopea, or reload it, and try again.',
    { cause },
  );
}
