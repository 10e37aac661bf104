/** `--save-stages`: the pictures between the stages of a cascade as files, to see where something went wrong. */

import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { StageRowsListener } from '../core/pipeline/upscale.js';
import { openPictureWriter, type PictureWriter } from '../core/runtime/node/picture-writer.js';

export interface StageFlags {
  readonly saveStages?: string;
  readonly stagesOf?: 2 | 4;
}

export function addStageOptions(command: Command): Command {
  return command
    .option('--save-stages <folder>', 'save the picture after every stage there, as PNG')
    .addOption(
      new Option(
        '--stages-of <factor>',
        'use only stages of 2 or of 4 times (default: the fewest stages)',
      ).argParser((text) => {
        if (text === '2' || text === '4') return Number(text);
        throw new InvalidArgumentError('It must be 2 or 4.');
      }),
    );
}

/** The files of one cascade. */
export interface StageFiles {
  readonly onRows: StageRowsListener;
  /** Those that are complete, in the order in which they became so. */
  readonly files: readonly string[];
  /** Leaves nothing half-written behind. */
  close(): Promise<void>;
}

/** Saves the stages of several cascades into one folder; undefined without a folder. */
export function stageSaver(folder: string | undefined): { open(result: string): StageFiles } | undefined {
  if (folder === undefined) return undefined;
  const taken = new Set<string>();
  return {
    /** @param result The file of the cascade's result: the stages are named after it. */
    open(result) {
      const { name } = path.parse(result);
      let stem = name;
      for (let i = 2; taken.has(stem); i++) stem = `${name}-${i}`;
      taken.add(stem);
      return openStageFiles(folder, stem);
    },
  };
}

function openStageFiles(folder: string, stem: string): StageFiles {
  const writers = new Map<number, PictureWriter>();
  const files: string[] = [];
  return {
    files,
    async onRows({ index, width, height, transparent }, strip, y) {
      const file = path.join(folder, `${stem}-stage-${index}-${width}x${height}.png`);
      let writer = writers.get(index);
      if (!writer) {
        writer = await openPictureWriter({ file, width, height, format: 'png', transparent });
        writers.set(index, writer);
      }
      await writer.write(strip);
      if (y + strip.height < height) return;
      await writer.finish();
      writers.delete(index);
      files.push(file);
    },
    async close() {
      for (const writer of writers.values()) await writer.abort();
      writers.clear();
    },
  };
}
