/**
 * Core's `Engine` on the far side of a message port, in a model worker that may be replaced while a job runs. Owns the
 * models' bytes, so that a new worker can go on where the last one broke; which worker comes next is the page's to
 * decide.
 */

import { EnlargerError, toEnlargerError } from '../../../core/errors.js';
import type { Engine, EngineName, Program } from '../../../core/runtime/engine.js';
import { type Channel, type Endpoint, openChannel } from '../channel.js';
import { MODEL_CALLS, NO_CALLS } from '../messages.js';

/** Why a worker has to be replaced: its memory ended, or its device or the worker itself is gone. */
export interface EngineFailure {
  readonly failure: 'memory' | 'lost';
  readonly message: string;
}

interface Connection {
  readonly channel: Channel<typeof MODEL_CALLS>;
  readonly name: EngineName;
  readonly description: string;
  /** Fails when whoever waits for this worker has to stop waiting. */
  readonly abandoned: Promise<never>;
  abandon(error: EnlargerError): void;
}

export class RemoteEngine implements Engine {
  private connection: Connection | undefined;
  /** Whether a failure is the worker's own (while it proves itself) and no reason to replace it. */
  private onTrial = false;

  /** @param replace Resolves when another worker is attached and has proved itself, rejects when none is left. */
  constructor(private readonly replace: (failure: EngineFailure) => Promise<unknown>) {}

  get name(): EngineName {
    return this.current().name;
  }

  get description(): string {
    return this.current().description;
  }

  /** Uses the model worker behind `port` from now on; `trial` runs on it before anything else does. */
  async attach<T>(
    port: Endpoint,
    name: EngineName,
    description: string,
    trial: () => Promise<T>,
  ): Promise<T> {
    this.detach();
    let abandon: (error: EnlargerError) => void = () => undefined;
    const abandoned = new Promise<never>((_, reject) => {
      abandon = reject;
    });
    // Heard by whoever races against it; between calls nobody does.
    abandoned.catch(() => undefined);
    const channel = openChannel(port, MODEL_CALLS, NO_CALLS, {});
    this.connection = { channel, name, description, abandoned, abandon };
    this.onTrial = true;
    try {
      return await trial();
    } finally {
      this.onTrial = false;
    }
  }

  /** The worker is gone: calls in flight reject. */
  detach(error = new EnlargerError('engine-lost', 'The engine was stopped.')): void {
    this.connection?.abandon(error);
    this.connection?.channel.close(error);
    this.connection = undefined;
  }

  async load(model: Uint8Array): Promise<Program> {
    const loaded: { connection?: Connection; id: number } = { id: -1 };
    let released = false;

    /** The model's number in the current worker, which may not have seen it yet. */
    const idIn = async (connection: Connection): Promise<number> => {
      if (loaded.connection !== connection) {
        loaded.id = await connection.channel.call('load', model);
        loaded.connection = connection;
      }
      return loaded.id;
    };

    await this.retried((connection) => idIn(connection));
    return {
      run: async (inputs) => {
        if (released) throw new EnlargerError('internal', 'A model was run after it was released.');
        return this.once(async (connection) => {
          const program = await idIn(connection);
          // Copied, not handed over: a tile that fails is run again.
          return connection.channel.call('run', { program, inputs });
        });
      },
      dispose: async () => {
        released = true;
        const { connection, id } = loaded;
        if (connection && connection === this.connection) await connection.channel.call('release', id);
      },
    };
  }

  dispose(): Promise<void> {
    this.detach();
    return Promise.resolve();
  }

  private current(): Connection {
    if (this.connection) return this.connection;
    throw new EnlargerError('internal', 'No engine is running.');
  }

  /** A call that is made again on each replacement, until there is none. */
  private async retried<T>(task: (connection: Connection) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.once(task);
      } catch (error) {
        if (this.onTrial) throw error;
        const { code } = toEnlargerError(error);
        if (code !== 'engine-lost' && code !== 'out-of-memory') throw error;
      }
    }
  }

  /**
   * One call. When the worker fails it is replaced first; the error then tells the pipeline to try again with less
   * at once (`out-of-memory`, `engine-lost`).
   */
  private async once<T>(task: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = this.current();
    try {
      return await Promise.race([task(connection), connection.abandoned]);
    } catch (error) {
      const cause = toEnlargerError(error);
      // A rejected model, or an end that was asked for, is nobody's failure.
      if (this.onTrial || cause.code === 'graph-invalid' || cause.code === 'cancelled') throw cause;
      const failure = cause.code === 'out-of-memory' ? 'memory' : 'lost';
      await this.replace({ failure, message: cause.message });
      throw failure === 'memory'
        ? cause
        : new EnlargerError('engine-lost', 'The engine broke and was replaced.', '', { cause });
    }
  }
}
