/** Counts evaluations of a denoiser towards all candidates of a request. */

import type { GenerateOptions } from './generator.js';

export interface GenerateMeter {
  /** One evaluation for candidate `index` (from 0) is done. */
  step(index: number): Promise<void>;
  /** Candidate `index` is done. */
  candidate(index: number): Promise<void>;
}

/** @param steps Evaluations per candidate. */
export function generateMeter(
  count: number,
  steps: number,
  listener: GenerateOptions['onProgress'],
): GenerateMeter {
  const startedMs = performance.now();
  let step = 0;
  const report = async (index: number, share: number) => {
    const elapsed = (performance.now() - startedMs) / 1000;
    await listener?.({
      percent: share * 100,
      candidate: index + 1,
      count,
      step,
      steps,
      secondsLeft: share > 0 ? (elapsed * (1 - share)) / share : null,
    });
  };
  return {
    async step(index) {
      step = Math.min(steps, step + 1);
      // The candidate itself completes its share, so that the end is told once.
      await report(index, (index + (0.999 * step) / steps) / count);
    },
    async candidate(index) {
      await report(index, (index + 1) / count);
      step = 0;
    },
  };
}
