/**
 * Writes a picture file from strips that come one after the other, so that the picture never has to be in
 * memory. The strips wait in an uncompressed file beside the target, which the encoder then reads in order
 * (WebP is the exception: its encoder holds the whole picture). The target appears complete or not at all.
 */

import { rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { EnlargerError } from '../../errors.js';
import type { Raster } from '../../raster/raster.js';
import { checkOutputSize, type EncodeOptions, type OutputFormat, toFormat } from './codec.js';
import { tiffHeader } from './tiff-header.js';

export interface PictureFile extends EncodeOptions {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly format: OutputFormat;
  /** Without it the alpha of the strips is dropped. JPEG has none. */
  readonly transparent: boolean;
}

export interface PictureWriter {
  /** Rows of full width, from top to bottom. */
  write(strip: Raster): Promise<void>;
  /** Encodes and puts the file in place. */
  finish(): Promise<void>;
  /** Leaves nothing behind; harmless after `finish`. */
  abort(): Promise<void>;
}

/**
 * Begins a file; its folder is made if it is not there.
 * @throws EnlargerError `output-too-large` when the format cannot hold the size, `option-invalid` for
 *   transparency in a JPEG, `output-unwritable`, also from the writer's functions.
 */
export async function openPictureWriter(target: PictureFile): Promise<PictureWriter> {
  const { file, width, height, format, transparent } = target;
  checkOutputSize(width, height, format);
  if (transparent && format === 'jpeg') {
    throw new EnlargerError(
      'option-invalid',
      'The picture has transparency, which a JPEG file cannot hold.',
      'Save it as PNG or WebP.',
    );
  }
  const channels = transparent ? 4 : 3;
  const { dir, base } = path.parse(path.resolve(file));
  const spool = path.join(dir, `.${base}.${process.pid}.rows.part`);
  const draft = path.join(dir, `.${base}.${process.pid}.part`);
  // Also when the process is told to end at once.
  const sweep = () => {
    for (const each of [spool, draft]) rmSync(each, { force: true });
  };
  let handle: FileHandle | undefined;
  try {
    await mkdir(dir, { recursive: true });
    await sweepLeftovers(dir, base);
    handle = await open(spool, 'w');
  } catch (cause) {
    throw unwritable(file, cause);
  }
  process.once('exit', sweep);

  async function close(): Promise<void> {
    await handle?.close();
    handle = undefined;
    await rm(spool, { force: true });
    await rm(draft, { force: true });
    process.off('exit', sweep);
  }

  try {
    await writeFully(handle, tiffHeader(width, height, channels));
  } catch (cause) {
    await close();
    throw unwritable(file, cause);
  }

  return {
    async write({ data }) {
      try {
        await writeFully(
          handle!,
          transparent ? Buffer.from(data.buffer, data.byteOffset, data.length) : withoutAlpha(data),
        );
      } catch (cause) {
        throw unwritable(file, cause);
      }
    },
    async finish() {
      try {
        await handle!.close();
        handle = undefined;
        const rows = sharp(spool, { limitInputPixels: false, sequentialRead: true });
        await toFormat(rows, format, target).toFile(draft);
        const written = await open(draft, 'r+');
        await written.sync();
        await written.close();
        await rename(draft, file);
      } catch (cause) {
        throw unwritable(file, cause);
      } finally {
        await close();
      }
    },
    abort: close,
  };
}

/** Removes what a process that was killed while it made the same file has left behind. */
async function sweepLeftovers(folder: string, base: string): Promise<void> {
  const mine = new RegExp(`^\\.${base.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.(\\d+)\\.(rows\\.)?part$`);
  for (const name of await readdir(folder)) {
    const id = Number(mine.exec(name)?.[1] ?? 0);
    if (id > 0 && !isRunning(id)) await rm(path.join(folder, name), { force: true });
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // A process of somebody else exists, although it takes no signals from us.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
}

function withoutAlpha(data: Uint8ClampedArray): Uint8Array {
  const colour = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colour[to] = data[from];
    colour[to + 1] = data[from + 1];
    colour[to + 2] = data[from + 2];
  }
  return colour;
}

function unwritable(file: string, cause: unknown): EnlargerError {
  if (cause instanceof EnlargerError) return cause;
  const full = (cause as { code?: string }).code === 'ENOSPC';
  return new EnlargerError(
    'output-unwritable',
    full ? `The disk is too full for ${file}.` : `The file ${file} could not be written.`,
    full
      ? 'Free some space: the uncompressed picture is needed on the disk for a while.'
      : 'Choose another place with --out.',
    { cause },
  );
}
