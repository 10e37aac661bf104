/**
 * Figma as a `Host`. Lives in the plugin's sandbox, where there is no DOM and no engine: it reads and changes the
 * document, and everything else happens in the panel's page, at the other end of the bridge.
 */

import type { PluginAPI } from '@figma/plugin-typings/plugin-api-standalone.js';
import type {
  EnlargedPicture,
  Host,
  HostCommand,
  HostEvent,
  HostInfo,
  HostStore,
  NewPicture,
  PictureFile,
  Selection,
  StoreScope,
  WriteOptions,
  WriteReport,
} from '../../host.js';
import { drawn, drawnSmall } from './drawing.js';
import { FORMATS, ImageSizes, MAX_SIDE_PX, storedFile } from './images.js';
import { blockOf, gone, layerById } from './nodes.js';
import { placePicture } from './place.js';
import { placeOf } from './refs.js';
import { readSelection } from './selection.js';
import { makeStore } from './stores.js';
import { writePicture } from './write.js';

const LONGEST_NOTE = 100;
const LEAST_PANEL_PX = { width: 240, height: 200 };
const GREATEST_PANEL_PX = { width: 1600, height: 1200 };

export class FigmaHost implements Host {
  private readonly sizes: ImageSizes;
  /** Jobs that changed the document and have not ended. */
  private readonly changing = new Set<string>();

  constructor(
    private readonly figma: PluginAPI,
    private readonly opened: HostCommand,
  ) {
    this.sizes = new ImageSizes(figma);
  }

  async info(): Promise<HostInfo> {
    return {
      kind: 'figma',
      title: 'Figma',
      maxSidePx: MAX_SIDE_PX,
      formats: FORMATS,
      abilities: {
        placements: ['replace'],
        pieces: true,
        documentStore: true,
        personalStore: true,
        groupedUndo: true,
      },
    };
  }

  async command(): Promise<HostCommand> {
    return this.opened;
  }

  selection(): Promise<Selection> {
    return readSelection(this.figma, this.sizes);
  }

  /** Drawn by Figma, so a fill shows as its layer does: cropped, filtered, rounded. */
  async thumbnail(ref: string, maxPx: number): Promise<PictureFile | null> {
    const node = await layerById(this.figma, placeOf(ref).nodeId);
    return drawnSmall(node, maxPx);
  }

  async read(ref: string): Promise<PictureFile> {
    const place = placeOf(ref);
    const node = await layerById(this.figma, place.nodeId);
    if (place.kind === 'paint') return storedFile(this.figma, place.picture.hash);
    if (blockOf(node)?.code === 'hidden') throw gone();
    return drawn(node);
  }

  async write(ref: string, result: EnlargedPicture, options: WriteOptions): Promise<WriteReport> {
    const report = await writePicture(this.figma, ref, result, options.scale);
    this.changing.add(options.job);
    return report;
  }

  async place(picture: NewPicture): Promise<WriteReport> {
    const report = placePicture(this.figma, picture);
    this.changing.add(picture.job);
    return report;
  }

  /** Until here everything a plugin does is one undo step; a job that changed nothing makes none. */
  async finishJob(job: string): Promise<void> {
    if (this.changing.delete(job)) this.figma.commitUndo();
  }

  store(scope: StoreScope): HostStore {
    return makeStore(this.figma, scope);
  }

  async notify(message: string, options?: { readonly error?: boolean }): Promise<void> {
    const note = message.length > LONGEST_NOTE ? `${message.slice(0, LONGEST_NOTE - 1)}…` : message;
    this.figma.notify(note, options?.error ? { error: true } : {});
  }

  async resize(width: number, height: number): Promise<void> {
    const within = (side: number, least: number, greatest: number) =>
      Math.min(greatest, Math.max(least, Math.round(side)));
    this.figma.ui.resize(
      within(width, LEAST_PANEL_PX.width, GREATEST_PANEL_PX.width),
      within(height, LEAST_PANEL_PX.height, GREATEST_PANEL_PX.height),
    );
  }

  async close(): Promise<void> {
    this.figma.closePlugin();
  }

  subscribe(listener: (event: HostEvent) => void): () => void {
    const changed = () => listener({ kind: 'selection' });
    this.figma.on('selectionchange', changed);
    this.figma.on('currentpagechange', changed);
    return () => {
      this.figma.off('selectionchange', changed);
      this.figma.off('currentpagechange', changed);
    };
  }
}
