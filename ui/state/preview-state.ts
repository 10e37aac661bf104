/**
 * Before and after of a part of one picture, made by the engine with the settings of the job to come. One request is
 * with the engine at a time; of what is asked meanwhile only the last counts, and a job goes first.
 */

import { signal } from '@preact/signals';
import { type EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { EngineClient, UpscaleRequest } from '../../plugin/engine/engine-client.js';
import type { Host, PictureFile, PictureRef } from '../../plugin/host.js';
import { pictureUrl } from './selection-state.js';

/** A rectangle in the picture's pixels. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PreviewSource {
  readonly picture: PictureRef;
  readonly url: string;
}

/** The enlarged part: its object URL and what it shows. */
export interface PreviewResult {
  readonly url: string;
  readonly key: string;
  readonly crop: Crop;
  readonly width: number;
  readonly height: number;
}

export type PreviewSettings = Omit<UpscaleRequest, 'bytes' | 'crop' | 'tiles' | 'formats'>;

const SMALLEST_CROP_PX = 8;
/** Waits for the end of a drag or of typing. */
const SETTLE_MS = 250;
/** A part in hand when a job begins may end; an engine that does not answer even then is replaced, for the job's sake. */
const GRACE_MS = 5000;

/**
 * The largest part of a picture that a view of `viewPx` shows pixel by pixel at `scale`, around a centre in 0..1 of
 * the picture. Whole pixels, inside the picture.
 */
export function cropAround(
  picture: { readonly width: number; readonly height: number },
  centre: { readonly x: number; readonly y: number },
  viewPx: { readonly width: number; readonly height: number },
  scale: number,
): Crop {
  const side = (view: number, length: number) =>
    Math.min(length, Math.max(SMALLEST_CROP_PX, Math.round(view / scale)));
  const width = side(viewPx.width, picture.width);
  const height = side(viewPx.height, picture.height);
  const place = (at: number, part: number, length: number) =>
    Math.min(length - part, Math.max(0, Math.round(at * length - part / 2)));
  return {
    x: place(centre.x, width, picture.width),
    y: place(centre.y, height, picture.height),
    width,
    height,
  };
}

export type PreviewState = ReturnType<typeof createPreviewState>;

export function createPreviewState(host: Host, engine: EngineClient) {
  const source = signal<PreviewSource | null>(null);
  const result = signal<PreviewResult | null>(null);
  /** Whether what is shown is not yet, or no longer, what was asked for. */
  const busy = signal(false);
  const error = signal<EnlargerError | null>(null);
  /** Centre of the part shown, 0..1 of the picture. */
  const centre = signal({ x: 0.5, y: 0.5 });

  let file: PictureFile | null = null;
  let shown = 0;
  let next: { crop: Crop; settings: PreviewSettings } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | null = null;
  let paused = false;

  function wait(): void {
    clearTimeout(timer);
    if (!paused && next) timer = setTimeout(() => void run(), SETTLE_MS);
    busy.value = running !== null || (!paused && next !== null);
  }

  function clearResult(): void {
    if (result.value) URL.revokeObjectURL(result.value.url);
    result.value = null;
  }

  /** Shows another picture, or none. */
  async function show(picture: PictureRef | null): Promise<void> {
    if (picture && source.value?.picture.key === picture.key && source.value.picture.ref === picture.ref)
      return;
    const own = ++shown;
    next = null;
    wait();
    clearResult();
    error.value = null;
    if (source.value) URL.revokeObjectURL(source.value.url);
    source.value = null;
    file = null;
    centre.value = { x: 0.5, y: 0.5 };
    if (!picture) return;
    try {
      const read = await host.read(picture.ref);
      if (own !== shown) return;
      file = read;
      source.value = { picture, url: pictureUrl(read) };
    } catch (problem) {
      if (own === shown) error.value = toEnlargerError(problem);
    }
  }

  /** Asks for a part; made once nothing was asked for a moment. */
  function request(crop: Crop, settings: PreviewSettings): void {
    next = { crop, settings };
    wait();
  }

  async function run(): Promise<void> {
    if (running || paused || !next || !file || !source.value) return;
    const { crop, settings } = next;
    const { picture } = source.value;
    const own = shown;
    next = null;
    running = new AbortController();
    busy.value = true;
    try {
      const made = await engine.upscale(
        { ...settings, bytes: file.bytes, crop, tiles: picture.tiles, formats: ['png'] },
        { signal: running.signal, politeMs: GRACE_MS },
      );
      if (own !== shown) return;
      clearResult();
      const [piece] = made.picture.pieces;
      const { width, height } = made.picture;
      result.value = { url: pictureUrl(piece), key: picture.key, crop, width, height };
      error.value = null;
    } catch (problem) {
      const known = toEnlargerError(problem);
      if (known.code !== 'cancelled') {
        if (own === shown) error.value = known;
      } else if (own === shown) next ??= { crop, settings };
    } finally {
      running = null;
      wait();
    }
  }

  return {
    source,
    result,
    busy,
    error,
    centre,
    show,
    request,
    /** A job runs: the preview in hand is given up, and there are no more until `resume`. */
    pause(): void {
      paused = true;
      running?.abort();
      wait();
    },
    resume(): void {
      paused = false;
      wait();
    },
    /** Reads the picture again, after a job has changed it or reading has failed. */
    async reload(): Promise<void> {
      const picture = source.value?.picture ?? null;
      await show(null);
      await show(picture);
    },
    dispose(): void {
      shown++;
      clearTimeout(timer);
      clearResult();
      if (source.value) URL.revokeObjectURL(source.value.url);
      source.value = null;
    },
  };
}
