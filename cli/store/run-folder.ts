/** A training run on disk: checkpoint, log, loss curve and sample sheet, all written atomically. */

import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { EnlargerError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/runtime/node/atomic-write.js';
import { type CurvePoint, curveSvg } from '../../core/train/curve.js';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../core/train/state.js';

export class RunFolder {
  private pending: string[] = [];

  private constructor(readonly dir: string) {}

  /** The folder of a run below `runsDir`; made when first written to. */
  static of(runsDir: string, name: string): RunFolder {
    return new RunFolder(path.join(runsDir, name));
  }

  file(name: string): string {
    return path.join(this.dir, name);
  }

  /** The last checkpoint, or undefined when the run has none. @throws EnlargerError when it is damaged. */
  async checkpoint(): Promise<Checkpoint | undefined> {
    const bytes = await readFile(this.file('state.ckpt')).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return bytes && decodeCheckpoint(bytes);
  }

  /** Like `checkpoint`, for a run that must exist. */
  async finished(): Promise<Checkpoint> {
    const checkpoint = await this.checkpoint();
    if (!checkpoint)
      throw new EnlargerError(
        'data-missing',
        `There is no trained run in ${this.dir}.`,
        `Train it first: enlarger train models/recipes/${path.basename(this.dir)}.json`,
      );
    return checkpoint;
  }

  /** Queues a point of the loss curve; it reaches the log with the next `save`. */
  log(point: CurvePoint & Readonly<Record<string, unknown>>): void {
    this.pending.push(`${JSON.stringify(point)}\n`);
  }

  /** Drops log lines beyond a step, so that a run resumed from an older checkpoint logs each step once. */
  async rewind(step: number): Promise<void> {
    const lines = await this.lines();
    let bytes = 0;
    for (const line of lines) {
      if ((JSON.parse(line) as CurvePoint).step > step) break;
      bytes += Buffer.byteLength(line) + 1;
    }
    if (lines.length > 0) await truncate(this.file('log.jsonl'), bytes);
  }

  /** Writes the checkpoint, the queued log lines and the loss curve. */
  async save(checkpoint: Checkpoint): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    await writeFileAtomic(this.file('state.ckpt'), encodeCheckpoint(checkpoint));
    if (this.pending.length > 0) await appendFile(this.file('log.jsonl'), this.pending.join(''));
    this.pending = [];
    const points = (await this.lines()).map((line) => JSON.parse(line) as CurvePoint);
    if (points.length > 1) {
      const svg = Buffer.from(curveSvg(checkpoint.recipe, points));
      await writeFileAtomic(this.file('curve.png'), await sharp(svg).png().toBuffer());
    }
  }

  private async lines(): Promise<string[]> {
    const text = await readFile(this.file('log.jsonl'), 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean);
  }
}
