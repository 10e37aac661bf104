/** The one job of the panel: asked about when it is slow, running, ended. Decides nothing about pixels or layers. */

import { signal } from '@preact/signals';
import { type EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { EngineClient } from '../../plugin/engine/engine-client.js';
import type { Host, Selection } from '../../plugin/host.js';
import type { JobItem, JobOptions, JobSettings, JobStatus, JobSummary } from '../../plugin/jobs/job.js';

/** A job as it was asked for. */
export interface JobOrder {
  readonly selection: Selection;
  readonly settings: JobSettings;
}

/** The order for only these of its layers. */
export function orderOf(order: JobOrder, items: readonly JobItem[]): JobOrder {
  const ids = new Set(items.map(({ layerId }) => layerId));
  const layers = order.selection.layers.filter(({ id }) => ids.has(id));
  return { ...order, selection: { ...order.selection, layers } };
}

export type JobPhase =
  | { readonly kind: 'idle' }
  /** A slow run: the user is asked first. */
  | { readonly kind: 'asking'; readonly order: JobOrder; readonly seconds: number }
  | { readonly kind: 'running'; readonly status: JobStatus | null; readonly cancelling: boolean }
  | { readonly kind: 'ended'; readonly summary: JobSummary; readonly order: JobOrder }
  /** The job as a whole broke, not one layer of it. */
  | { readonly kind: 'broken'; readonly error: EnlargerError; readonly order: JobOrder };

/** What editors show of a message. */
const NOTIFY_LENGTH = 100;

export type RunJob = (options: JobOptions) => Promise<JobSummary>;

export type JobState = ReturnType<typeof createJobState>;

export function createJobState(parts: {
  readonly host: Host;
  readonly engine: EngineClient;
  readonly runJob: RunJob;
  /** Seconds to ask about before a job starts; null starts it at once. */
  readonly slowSeconds: (order: JobOrder) => number | null;
  readonly onBegin: () => void;
  readonly onEnd: () => void;
}) {
  const phase = signal<JobPhase>({ kind: 'idle' });
  let abort: AbortController | null = null;

  async function run(order: JobOrder): Promise<void> {
    abort = new AbortController();
    const { signal: aborted } = abort;
    phase.value = { kind: 'running', status: null, cancelling: false };
    parts.onBegin();
    try {
      const summary = await parts.runJob({
        host: parts.host,
        engine: parts.engine,
        ...order,
        signal: aborted,
        onStatus(status) {
          if (phase.value.kind === 'running') phase.value = { ...phase.value, status };
        },
      });
      phase.value = { kind: 'ended', summary, order };
      tellEditor(summary);
    } catch (error) {
      phase.value = { kind: 'broken', error: toEnlargerError(error), order };
    } finally {
      abort = null;
      parts.onEnd();
    }
  }

  /** The editor's own message, for whoever looks at the picture and not at the panel. */
  function tellEditor({ sentence, failed }: JobSummary): void {
    const message = sentence.length > NOTIFY_LENGTH ? `${sentence.slice(0, NOTIFY_LENGTH - 1)}…` : sentence;
    parts.host.notify(message, { error: failed > 0 }).catch(() => undefined);
  }

  return {
    phase,
    /** Starts a job, or asks first. A job that runs already goes on undisturbed. */
    async start(order: JobOrder): Promise<void> {
      if (phase.value.kind === 'running') return;
      const seconds = parts.slowSeconds(order);
      if (seconds !== null) phase.value = { kind: 'asking', order, seconds };
      else await run(order);
    },
    /** Yes to the question. */
    async confirm(): Promise<void> {
      if (phase.value.kind === 'asking') await run(phase.value.order);
    },
    cancel(): void {
      if (phase.value.kind === 'asking') phase.value = { kind: 'idle' };
      if (phase.value.kind !== 'running' || !abort) return;
      phase.value = { ...phase.value, cancelling: true };
      abort.abort();
    },
    /** Leaves the summary. */
    dismiss(): void {
      if (phase.value.kind === 'ended' || phase.value.kind === 'broken') phase.value = { kind: 'idle' };
    },
  };
}
