/**
 * Enlarges the pictures of the selected layers, one after the other. Owns the order of things: a layer is written only
 * when all of its pictures are made, so that stopping leaves it either as it was or finished.
 */

import { type EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { UpscaleResult } from '../engine/engine-client.js';
import type { HostInfo, Placement } from '../host.js';
import { throwIfStopped } from '../stopping.js';
import { Deadline } from './deadline.js';
import type { ItemState, JobItem, JobOptions, JobSummary } from './job.js';
import { JobMeter } from './meter.js';
import { type JobPlan, type PlannedLayer, type PlannedPicture, planJob } from './plan.js';
import { summarise } from './summary.js';

/**
 * Runs a job to its end. Whatever goes wrong with a layer is told in its item and stops no other layer; after the
 * signal it resolves within a second, and layers that are not finished are as they were.
 * @throws EnlargerError only when the editor does not answer at all (`host-unavailable`) before anything has begun.
 */
export async function runJob(options: JobOptions): Promise<JobSummary> {
  const deadline = new Deadline(options.signal);
  const plan = planJob(options.selection, options.settings.target);
  try {
    const info = await deadline.wait(options.host.info(), false);
    return await new JobRun(options, info, plan, deadline).run();
  } catch (error) {
    if (toEnlargerError(error).code !== 'cancelled') throw error;
    return summarise(
      itemsOf(
        plan,
        plan.layers.map(({ state }) => unbegun(state)),
      ),
      [],
    );
  }
}

type Outcome = { readonly result: UpscaleResult } | { readonly error: EnlargerError };

class JobRun {
  private readonly job = `job-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  private readonly meter: JobMeter;
  private readonly states: ItemState[];
  private readonly notices: string[] = [];
  /** What the engine gave for each unit, kept until the last layer that shows it has ended. */
  private readonly outcomes = new Map<string, Outcome>();
  private readonly layersLeft = new Map<string, number>();
  /** A write that had not ended when waiting for it ended. */
  private unsettled: Promise<unknown> | null = null;
  private ended = false;

  constructor(
    private readonly options: JobOptions,
    private readonly info: HostInfo,
    private readonly plan: JobPlan,
    private readonly deadline: Deadline,
  ) {
    this.meter = new JobMeter(plan);
    this.states = plan.layers.map(({ state }) => state);
    for (const { pictures } of plan.layers) {
      for (const unit of new Set(pictures.map((picture) => picture.unit))) {
        this.layersLeft.set(unit, (this.layersLeft.get(unit) ?? 0) + 1);
      }
    }
  }

  async run(): Promise<JobSummary> {
    const { signal } = this.options;
    this.tell();
    for (const [index, layer] of this.plan.layers.entries()) {
      if (layer.state.kind !== 'waiting') continue;
      if (signal?.aborted) break;
      this.states[index] = await this.enlargeLayer(index, layer);
      if (this.states[index].kind !== 'cancelled') this.endLayer(layer);
      this.tell();
    }
    for (const [index, state] of this.states.entries()) this.states[index] = unbegun(state);
    await this.finish();
    this.ended = !this.states.some(({ kind }) => kind === 'cancelled');
    this.tell();
    return summarise(this.items(), this.notices);
  }

  private async enlargeLayer(index: number, layer: PlannedLayer): Promise<ItemState> {
    const results: UpscaleResult[] = [];
    try {
      for (const planned of layer.pictures) results.push(await this.enlarge(index, layer, planned));
    } catch (error) {
      return endState(toEnlargerError(error));
    }
    return this.options.signal?.aborted ? { kind: 'cancelled' } : this.writeLayer(layer, results);
  }

  /** The enlarged picture, made now or for an earlier layer. */
  private async enlarge(
    index: number,
    layer: PlannedLayer,
    { picture, unit }: PlannedPicture,
  ): Promise<UpscaleResult> {
    const known = this.outcomes.get(unit);
    if (known) return unwrap(known);
    const { host, engine, settings, signal } = this.options;
    const working = () => {
      this.states[index] = { kind: 'working', percent: this.meter.layerPercent(layer) };
      this.tell();
    };
    working();
    // A read has no consequences, so nobody need wait for its end.
    const { bytes } = await this.deadline.wait(host.read(picture.ref), false);
    const follow = this.meter.follow(unit);
    try {
      const result = await this.deadline.wait(
        engine.upscale(
          {
            bytes,
            target: settings.target,
            seed: settings.seed,
            ...(settings.detail === undefined ? {} : { detail: settings.detail }),
            ...(settings.steps === undefined ? {} : { steps: settings.steps }),
            maxSidePx: this.info.maxSidePx,
            beyondLimit: this.info.abilities.pieces ? settings.beyondLimit : 'clamp',
            formats: this.info.formats,
            tiles: picture.tiles,
          },
          {
            ...(signal ? { signal } : {}),
            onProgress: ({ percent, secondsLeft }) => {
              if (this.states[index].kind !== 'working') return;
              follow(percent, secondsLeft !== null);
              working();
            },
          },
        ),
      );
      throwIfStopped(signal);
      this.outcomes.set(unit, { result });
      this.meter.unitEnded(unit);
      working();
      return result;
    } catch (cause) {
      const error = toEnlargerError(cause);
      // Other layers with the same pixels would fail the same way.
      if (error.code !== 'cancelled') this.outcomes.set(unit, { error });
      throw error;
    }
  }

  /** Puts all pictures of a layer; once begun it goes on to the last, so that no layer is left half done. */
  private async writeLayer(layer: PlannedLayer, results: readonly UpscaleResult[]): Promise<ItemState> {
    const { host, signal } = this.options;
    const notices = new Set(layer.notices);
    const placement = this.placement();
    for (const [written, { picture }] of layer.pictures.entries()) {
      const result = results[written];
      const scale = result.picture.width / result.inputWidth;
      const writing = host.write(
        picture.ref,
        result.picture,
        { placement, job: this.job, scale },
        written === 0 ? signal : undefined,
      );
      let stopped = false;
      writing.catch((cause: unknown) => {
        stopped = toEnlargerError(cause).code === 'cancelled';
      });
      try {
        const report = await this.deadline.wait(writing);
        for (const notice of [...result.notices, ...report.notices]) notices.add(notice);
      } catch (cause) {
        const error = toEnlargerError(cause);
        if ((stopped || error.code === 'layer-gone') && written === 0) return endState(error);
        const { message, hint } = error.code === 'cancelled' ? this.leave(writing) : error;
        const before =
          written > 0 ? ` Enlarged before that: ${written} of its ${results.length} pictures.` : '';
        return { kind: 'failed', message: message + before, hint, rescued: result.picture };
      }
    }
    const first = results.reduce((best, next) => (area(best) >= area(next) ? best : next));
    const { width, height } = first.picture;
    return { kind: 'done', width, height, notices: [...notices] };
  }

  /** A write that outlasts the job: whether it still arrives cannot be known here. */
  private leave(writing: Promise<unknown>): { readonly message: string; readonly hint: string } {
    this.unsettled = writing;
    return {
      message: 'The editor was still taking the picture when you stopped.',
      hint: 'Look at the layer, and undo if it has changed.',
    };
  }

  /** The way asked for, or the editor's own where it cannot do that. */
  private placement(): Placement {
    const { placements } = this.info.abilities;
    const { placement } = this.options.settings;
    if (placements.includes(placement)) return placement;
    this.notice(`${this.info.title} cannot put pictures that way, so its usual way was taken.`);
    return placements[0];
  }

  private endLayer(layer: PlannedLayer): void {
    this.meter.layerEnded(layer);
    for (const unit of new Set(layer.pictures.map((picture) => picture.unit))) {
      const left = (this.layersLeft.get(unit) ?? 1) - 1;
      this.layersLeft.set(unit, left);
      if (left > 0) continue;
      this.outcomes.delete(unit);
      this.meter.unitEnded(unit);
    }
  }

  private async finish(): Promise<void> {
    const { host } = this.options;
    const finishing = async () => {
      await this.unsettled?.catch(() => undefined);
      await host.finishJob(this.job);
    };
    try {
      await this.deadline.wait(finishing());
    } catch (error) {
      if (toEnlargerError(error).code === 'cancelled') return;
      this.notice('The editor could not join the changes, so undo takes one step per layer.');
    }
  }

  private notice(sentence: string): void {
    if (!this.notices.includes(sentence)) this.notices.push(sentence);
  }

  private items(): JobItem[] {
    return itemsOf(this.plan, this.states);
  }

  private tell(): void {
    this.options.onStatus?.({
      items: this.items(),
      percent: this.ended ? 100 : this.meter.percent,
      secondsLeft: this.ended ? 0 : this.meter.secondsLeft,
    });
  }
}

function itemsOf(plan: JobPlan, states: readonly ItemState[]): JobItem[] {
  return plan.layers.map(({ layer, width, height }, index) => ({
    layerId: layer.id,
    name: layer.name,
    width,
    height,
    state: states[index],
  }));
}

/** How a layer ends that the job did not come to. */
const unbegun = (state: ItemState): ItemState => (state.kind === 'waiting' ? { kind: 'cancelled' } : state);

const area = ({ picture }: UpscaleResult): number => picture.width * picture.height;

function unwrap(outcome: Outcome): UpscaleResult {
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}

/** How a layer ends that could not be enlarged. */
function endState({ code, message, hint }: EnlargerError): ItemState {
  if (code === 'cancelled') return { kind: 'cancelled' };
  if (code === 'layer-gone') return { kind: 'skipped', reason: 'removed' };
  return { kind: 'failed', message, hint, rescued: null };
}
