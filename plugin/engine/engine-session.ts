/**
 * A picture worker and the model worker that works for it. Owns both: starts them, has the engine prove itself, and
 * puts another model worker in the place of one that failed, the same engine first, then the processor.
 */

import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import { type CallSettings, type Channel, openChannel } from './channel.js';
import type { EngineChoiceName, EngineFacts, UpscaleRequest, UpscaleResult } from './engine-client.js';
import type { EngineParts, WorkerHandle } from './engine-parts.js';
import { GENERATE_CALLS } from './generate-messages.js';
import type {
  EnlargeCandidateRequest,
  EnlargedCandidate,
  GeneratedCandidate,
  GenerateRequest,
  GeneratorInfo,
} from './generator-client.js';
import { ENGINE_CALLS, NO_CALLS, PAGE_CALLS, PICTURE_CALLS } from './messages.js';
import { slowdownOf } from './slowdown.js';

type EngineName = 'webgpu' | 'wasm';

/** All that the page asks of the picture worker. */
const WORKER_CALLS = { ...PICTURE_CALLS, ...GENERATE_CALLS };

interface Model {
  readonly name: EngineName;
  readonly worker: WorkerHandle;
  readonly channel: Channel<typeof ENGINE_CALLS>;
}

/** What is known of this machine beyond one session. */
export interface MachineFacts {
  /** Floating-point operations per second of its graphics card, once that has proved itself. */
  gpuOperationsPerSecond: number | null;
}

/** How often an engine may fail within one job before the next one takes over. */
const ALLOWED_FAILURES = {
  webgpu: { lost: 1, memory: 2 },
  wasm: { lost: 2, memory: 6 },
} as const;

export class EngineSession {
  private model: Model | undefined;
  private running: EngineFacts | undefined;
  private failures = { lost: 0, memory: 0 };
  private readonly told = new Set<string>();
  private ended: EnlargerError | undefined;

  private constructor(
    private readonly parts: EngineParts,
    private readonly startTimeoutMs: number,
    private readonly pictures: WorkerHandle,
    private readonly channel: Channel<typeof WORKER_CALLS>,
    private readonly machine: MachineFacts,
  ) {}

  /**
   * @param signal Ends the start, and with it the workers that there are by then.
   * @throws EnlargerError `pack-*`, `backend-unavailable`, `cancelled`.
   */
  static async open(
    parts: EngineParts,
    wanted: EngineChoiceName,
    startTimeoutMs: number,
    machine: MachineFacts,
    signal: AbortSignal,
  ): Promise<EngineSession> {
    const started = performance.now();
    const worker = await parts.startWorker('picture');
    let session: EngineSession | undefined;
    const channel = openChannel(worker, WORKER_CALLS, PAGE_CALLS, {
      replaceEngine: async ({ failure, message }) => {
        await session?.replace(failure, message);
        return null;
      },
    });
    const opened = new EngineSession(parts, startTimeoutMs, worker, channel, machine);
    session = opened;
    worker.addEventListener('error', () => opened.close(crashed(opened.running !== undefined)));
    const abort = () => opened.close();
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) abort();
      const pack = await channel.call('open', { files: await parts.packFiles() });
      const choice = await opened.choose(wanted);
      opened.running = { ...choice, pack, startMs: performance.now() - started };
      return opened;
    } catch (error) {
      const { ended } = opened;
      opened.close();
      throw ended ?? error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  get facts(): EngineFacts {
    return this.running!;
  }

  /** Whether there is a model worker to go on with. */
  get alive(): boolean {
    return this.ended === undefined && this.model !== undefined;
  }

  /** Enlarges; at most one at a time. @throws EnlargerError as `EngineClient.upscale`. */
  async upscale(request: UpscaleRequest, settings: CallSettings): Promise<UpscaleResult> {
    this.failures = { lost: 0, memory: 0 };
    this.told.clear();
    const result = await this.channel.call('upscale', { ...request }, settings);
    this.learnSpeed(result);
    return { ...result, notices: [...result.notices, ...this.told] };
  }

  generator(): Promise<GeneratorInfo | null> {
    return this.channel.call('generator', null);
  }

  /** As `GeneratorClient.generate`; one job of any kind at a time. */
  async generate(request: GenerateRequest, settings: CallSettings): Promise<GeneratedCandidate> {
    this.failures = { lost: 0, memory: 0 };
    return this.channel.call('generate', { ...request }, settings);
  }

  async enlargeCandidate(
    request: EnlargeCandidateRequest,
    settings: CallSettings,
  ): Promise<EnlargedCandidate> {
    this.failures = { lost: 0, memory: 0 };
    this.told.clear();
    const result = await this.channel.call('enlargeCandidate', { ...request }, settings);
    this.learnSpeed(result);
    return { ...result, notices: [...result.notices, ...this.told] };
  }

  /** Ends everything; calls in hand reject. */
  close(error = new EnlargerError('cancelled', 'The job was stopped before it was done.')): void {
    this.ended ??= error;
    this.killModel();
    this.channel.close(error);
    this.pictures.terminate();
  }

  private async choose(wanted: EngineChoiceName) {
    if (wanted !== 'auto') return this.startModel(wanted, 'It was asked for.');
    try {
      return await this.startModel(
        'webgpu',
        'It is the fastest engine here, and its answers are right.',
        true,
      );
    } catch (error) {
      if (this.ended) throw this.ended;
      const { message } = toEnlargerError(error);
      return this.startModel('wasm', `The graphics card is not used: ${message}`);
    }
  }

  /** Starts an engine and has it prove itself. */
  private async startModel(name: EngineName, reason: string, refuseSoftware = false) {
    const worker = await this.parts.startWorker('model');
    if (this.ended) {
      worker.terminate();
      throw this.ended;
    }
    const channel = openChannel(worker, ENGINE_CALLS, NO_CALLS, {});
    const model = { name, worker, channel };
    this.model = model;
    worker.addEventListener('error', () => this.modelDied(model));
    try {
      return await this.inTime(async () => {
        const { port1, port2 } = new MessageChannel();
        const started = await channel.call(
          'start',
          { name, wasm: await this.parts.wasm(name), port: port1 },
          { transfer: [port1] },
        );
        if (started.software && refuseSoftware) {
          throw new EnlargerError(
            'backend-unavailable',
            'There is none that the browser lets plugins use, only a slow imitation.',
          );
        }
        const { description } = started;
        const proof = await this.channel.call(
          'attach',
          { port: port2, name, description },
          { transfer: [port2] },
        );
        const { operationsPerSecond } = proof;
        // A program that pretends to be a card says nothing about cards.
        if (name === 'webgpu' && !started.software && operationsPerSecond > 0)
          this.machine.gpuOperationsPerSecond = operationsPerSecond;
        const slowdown =
          name === 'wasm' ? slowdownOf(operationsPerSecond, this.machine.gpuOperationsPerSecond) : null;
        return { name, description, reason, ...proof, slowdown };
      });
    } catch (error) {
      if (this.model === model) this.killModel();
      throw error;
    }
  }

  /** A driver that hangs must not hang the plugin. */
  private async inTime<T>(task: () => Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new EnlargerError('backend-unavailable', 'The engine did not answer in time.')),
        this.startTimeoutMs,
      );
    });
    try {
      return await Promise.race([task(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A model worker that ended by itself: whoever waits for it hears of it and asks for another one. */
  private modelDied(model: Model): void {
    if (this.model !== model) return;
    model.channel.close(new EnlargerError('engine-lost', 'The engine ended unexpectedly.'));
    void this.channel.call('detach', null).catch(() => undefined);
  }

  private async replace(failure: 'lost' | 'memory', message: string): Promise<void> {
    const name = this.model?.name ?? 'wasm';
    this.killModel();
    this.failures[failure]++;
    if (this.failures[failure] <= ALLOWED_FAILURES[name][failure]) {
      try {
        await this.restart(name, this.running?.reason ?? '');
        this.tell(name, failure);
        return;
      } catch (error) {
        if (name === 'wasm' || this.ended) throw error;
      }
    }
    if (name === 'wasm') throw gaveUp(failure, message);
    this.failures = { lost: 0, memory: 0 };
    const why = failure === 'memory' ? 'its memory was too small' : 'it stopped again and again';
    await this.restart('wasm', `The graphics card is not used any more: ${why}.`);
    this.told.add(
      `The graphics card was given up (${why}); the rest was made on the processor, which is slower.`,
    );
  }

  private async restart(name: EngineName, reason: string): Promise<void> {
    const choice = await this.startModel(name, reason);
    if (this.running) this.running = { ...this.running, ...choice };
  }

  private tell(name: EngineName, failure: 'lost' | 'memory'): void {
    const engine = name === 'webgpu' ? 'The graphics card' : 'The engine';
    this.told.add(
      failure === 'memory'
        ? `${engine} ran out of memory; it was started again and went on with smaller pieces.`
        : `${engine} stopped in the middle; it was started again and went on where it was.`,
    );
  }

  private killModel(): void {
    this.model?.channel.close(new EnlargerError('engine-lost', 'The engine was stopped.'));
    this.model?.worker.terminate();
    this.model = undefined;
  }

  /** A whole job tells more about the speed than a small tile does. */
  private learnSpeed({ stages }: UpscaleResult): void {
    const milliseconds = stages.reduce((sum, stage) => sum + stage.milliseconds, 0);
    const pixels = stages.reduce((sum, { width, height }) => sum + width * height, 0);
    if (!this.running || milliseconds < 500) return;
    this.running = { ...this.running, pixelsPerSecond: (pixels / milliseconds) * 1000 };
  }
}

function crashed(wasRunning: boolean): EnlargerError {
  return wasRunning
    ? new EnlargerError(
        'out-of-memory',
        'The browser ended the work on this picture, most likely because memory was short.',
        'Close other programs and try again.',
      )
    : new EnlargerError(
        'backend-unavailable',
        'The engine could not be started, because this page may not start workers.',
        'Use another browser, or the desktop program of your editor.',
      );
}

function gaveUp(failure: 'lost' | 'memory', message: string): EnlargerError {
  return failure === 'memory'
    ? new EnlargerError(
        'out-of-memory',
        'There is not enough memory for this picture.',
        'Close other programs and try again.',
      )
    : new EnlargerError('internal', `The engine stopped again and again: ${message}`, 'Try another engine.');
}
