/**
 * What an editor has to offer: the one seam between Enlarger and Figma, Photopea, a web page or any other editor. A
 * new editor is one folder in hosts/ that implements `Host`; jobs, panel and presets know nothing else of it.
 *
 * Every method may be on the far side of a message channel (bridge/), so arguments and results are plain data: objects,
 * arrays, strings, numbers, booleans, null and Uint8Array, the least that every editor passes. Methods reject with
 * `EnlargerError`.
 *
 * No DOM and nothing beyond ES2020 here: the file compiles in an editor's sandbox too.
 */

/** The version of this contract; it travels in every message. */
export const HOST_VERSION = 1;

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif';

/** What the editor can take and do. The panel shows no control for what is not there. */
export interface HostInfo {
  /** Folder name in hosts/: "figma", "photopea", "web", "fixture" or an integrator's own. */
  readonly kind: string;
  /** What a person calls the editor. */
  readonly title: string;
  /** Longest side of a picture the editor stores, in pixels; null without limit. */
  readonly maxSidePx: number | null;
  /** What it takes back, preferred first. */
  readonly formats: readonly ImageFormat[];
  readonly abilities: {
    /** Ways `write` can put a result. The first is the default. */
    readonly placements: readonly Placement[];
    /** Whether a result larger than `maxSidePx` can be put as a group of exact pieces. */
    readonly pieces: boolean;
    /** Whether `store('document')` works: everybody who opens the document sees it. */
    readonly documentStore: boolean;
    readonly personalStore: boolean;
    /** Whether one undo takes back one job. */
    readonly groupedUndo: boolean;
  };
}

/** `replace` changes the layer's picture in place; `layer` adds one above; `smart-object` keeps both inside one. */
export type Placement = 'replace' | 'layer' | 'smart-object';

/** A picture that can be enlarged. One layer may hold several (fills, strokes). */
export interface PictureRef {
  /** The host's own name for the place; opaque to everybody else. */
  readonly ref: string;
  /** Equal keys are equal pixels: enlarged once, written to every ref. */
  readonly key: string;
  /** Size of the pixels that `read` gives. */
  readonly width: number;
  readonly height: number;
  /** `original`: the stored file. `rendered`: drawn by the editor (vector, text, frame, group); always a new layer. */
  readonly source: 'original' | 'rendered';
  /** Whether the picture repeats edge to edge (a tiling fill), so that its borders must still meet. */
  readonly tiles: boolean;
}

export interface SelectedLayer {
  readonly id: string;
  readonly name: string;
  /** Empty when `skip` says why nothing can be done. */
  readonly pictures: readonly PictureRef[];
  readonly skip: Skip | null;
}

export type SkipCode =
  | 'locked'
  | 'hidden'
  | 'removed'
  | 'video'
  | 'missing-image'
  | 'too-large'
  | 'empty'
  | 'unsupported';

export interface Skip {
  readonly code: SkipCode;
  /** A few words for a list: "locked". */
  readonly reason: string;
}

export interface Selection {
  readonly layers: readonly SelectedLayer[];
  /** Prompt and seed of a generated picture, when exactly one is selected. */
  readonly generated: GeneratedFrom | null;
}

export interface GeneratedFrom {
  readonly prompt: string;
  readonly seed: number;
  readonly guidance: number;
}

/** An encoded picture as the editor holds or takes it. */
export interface PictureFile {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
}

/** One rectangle of a result, in its pixels. */
export interface Piece extends PictureFile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An enlarged picture: one piece, or exact pieces that cover it without overlap. */
export interface EnlargedPicture {
  readonly width: number;
  readonly height: number;
  readonly pieces: readonly Piece[];
}

export interface WriteOptions {
  readonly placement: Placement;
  /** Groups the writes of one job; see `finishJob`. */
  readonly job: string;
  /** How many times larger than the picture that was read, per side. */
  readonly scale: number;
}

/** What a write did, for the summary. */
export interface WriteReport {
  /** Sentences about what is different from what one may expect: "The fill style was detached." */
  readonly notices: readonly string[];
}

/** A new picture to place: at the centre of the view, or filling the selected frame. */
export interface NewPicture {
  readonly name: string;
  readonly picture: EnlargedPicture;
  /** Kept on the layer, so that the editor can offer to vary it. */
  readonly generated: GeneratedFrom | null;
  readonly job: string;
}

/** Strings under keys. Any call may fail; callers go on without. */
export interface HostStore {
  /** Longest value in bytes of UTF-8; longer ones are the caller's to split. */
  readonly maxValueBytes: number;
  keys(): Promise<readonly string[]>;
  /** Null when there is none. */
  get(key: string): Promise<string | null>;
  /** An empty value deletes. */
  set(key: string, value: string): Promise<void>;
}

export type StoreScope = 'document' | 'personal';

/** Why the panel was opened: a menu entry, a quick action, a relaunch button. */
export interface HostCommand {
  readonly command: 'open' | 'upscale' | 'upscale-last-preset' | 'presets' | 'generate';
  /** Factor of `upscale`. */
  readonly scale?: number;
  /** Name of a preset given in a quick action. */
  readonly preset?: string;
}

export type HostEvent =
  | { readonly kind: 'selection' }
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'command'; readonly command: HostCommand };

export interface Host {
  info(): Promise<HostInfo>;
  /** What the panel was opened for. */
  command(): Promise<HostCommand>;
  selection(): Promise<Selection>;
  /** A small rendering for the panel, longest side at most `maxPx`; null when the editor has none to give. */
  thumbnail(ref: string, maxPx: number): Promise<PictureFile | null>;
  /** @throws EnlargerError `layer-gone`, `input-unreadable`. */
  read(ref: string): Promise<PictureFile>;
  /**
   * Puts a result where the picture was, in the same box. Rechecks the layer first and changes nothing when it
   * throws.
   * @param signal Stays on this side of a message channel. Before the editor has begun to change anything it ends the
   *   call with `cancelled`; a host that cannot tell may ignore it.
   * @throws EnlargerError `layer-gone`, `output-too-large`, `placement-failed`, `cancelled`.
   */
  write(
    ref: string,
    result: EnlargedPicture,
    options: WriteOptions,
    signal?: AbortSignal,
  ): Promise<WriteReport>;
  /**
   * @param signal As for `write`.
   * @throws EnlargerError `output-too-large`, `placement-failed`, `cancelled`.
   */
  place(picture: NewPicture, signal?: AbortSignal): Promise<WriteReport>;
  /** Ends a job: what it wrote becomes one undo step where the editor can. */
  finishJob(job: string): Promise<void>;
  store(scope: StoreScope): HostStore;
  /** A short message in the editor's own way, at most 100 characters. */
  notify(message: string, options?: { readonly error?: boolean }): Promise<void>;
  /** Size of the panel in CSS pixels, where the editor lets it be changed. */
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
  /** Calls back until the returned function is called. */
  subscribe(listener: (event: HostEvent) => void): () => void;
}
