/**
 * A Photopea that evaluates the very strings that plugins send, with its object model, and that can be late, silent and
 * repetitive. It speaks through windows, so that origin and source of messages count. Runs in Node and in pages.
 */

import { decode } from 'fast-png';
import { createRaster, type Raster } from '../../../../core/raster/raster.js';
import type { ArrivedMessage, ListeningWindow, TargetWindow } from '../../../../plugin/bridge/port.js';
import { encodePng } from '../../../../plugin/hosts/fixture/png.js';
import { PHOTOPEA_ORIGIN } from '../../../../plugin/hosts/photopea/index.js';
import {
  AnchorPosition,
  BlendMode,
  ElementPlacement,
  FakeDocument,
  FakeLayer,
  LayerKind,
  type Owner,
} from './fake-document.js';

export interface Faults {
  /** How often "done" is said after a script, 1 in the documentation. */
  dones?: number;
  /** "done" is said before the script as well. */
  earlyDone?: boolean;
  /** "done" comes this much later than everything else. */
  lateDoneMs?: number;
  /** A script takes this long. */
  slowMs?: number;
  /** No script is run and nothing is said. */
  silent?: boolean;
  /** At the act that this matches, the script dies: nothing it does or says later counts. */
  dieAt?: (act: string) => boolean;
  /** Pictures opened as smart objects appear only so many scripts later. */
  openAfter?: number;
  /** Pictures that are opened never appear. */
  openNothing?: boolean;
  /** Files are sent only so much later. */
  lateFilesMs?: number;
}

/** Runs a script where nothing but these globals is known. */
export type Interpreter = (script: string, globals: Readonly<Record<string, unknown>>) => void;

export class FakePhotopea implements Owner {
  readonly documents: FakeDocument[] = [];
  active = -1;
  faults: Faults = {};
  readonly scripts: string[] = [];
  /** Origins that scripts were addressed to. */
  readonly addressed = new Set<string>();
  /** The most scripts that were on their way at once. */
  mostInFlight = 0;
  readonly self: ListeningWindow;
  readonly window: TargetWindow;
  private readonly listeners = new Set<(event: ArrivedMessage) => void>();
  private queue: Promise<void> = Promise.resolve();
  private inFlight = 0;
  private dead = false;
  private pendingOpens: { after: number; open: () => void }[] = [];
  private readonly globals: Readonly<Record<string, unknown>>;

  constructor(private readonly interpret: Interpreter) {
    this.self = {
      addEventListener: (_, listener) => void this.listeners.add(listener),
      removeEventListener: (_, listener) => void this.listeners.delete(listener),
    };
    this.window = {
      postMessage: (message, origin) => {
        this.addressed.add(origin);
        if (typeof message !== 'string') throw new Error('Only scripts here.');
        this.scripts.push(message);
        this.inFlight++;
        this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
        this.queue = this.queue.then(() => this.execute(message));
      },
    };
    this.globals = {
      app: this.app(),
      AnchorPosition,
      BlendMode,
      ElementPlacement,
      LayerKind,
      SaveOptions: { DONOTSAVECHANGES: 2 },
      DialogModes: { NO: 3 },
      ActionReference: Recorder,
      ActionDescriptor: Recorder,
      charIDToTypeID: (id: string) => id,
      stringIDToTypeID: (id: string) => id,
      executeAction: (id: string) => this.executeAction(id),
    };
  }

  open(name: string, width: number, height: number, layers: FakeLayer[], source = ''): FakeDocument {
    const doc = new FakeDocument(this, name, width, height, layers, source);
    this.adopt(doc);
    return doc;
  }

  /** A message as the page sees it, from whomever. */
  say(data: unknown, origin = PHOTOPEA_ORIGIN, source: unknown = this.window) {
    for (const listener of [...this.listeners]) listener({ data, origin, source });
  }

  /** When everything sent so far has been worked through. */
  async settled(): Promise<void> {
    await this.queue;
  }

  act(doc: FakeDocument, what: string) {
    if (!this.dead && this.faults.dieAt?.(what)) this.dead = true;
    if (this.dead) throw new Error('The interpreter is dead.');
    if (this.documents[this.active] !== doc) throw new Error(`${what}: not the active document.`);
    if (!['save', 'close', 'choose layer'].includes(what)) doc.edits.push(what);
  }

  adopt(doc: FakeDocument) {
    if (this.dead) throw new Error('The interpreter is dead.');
    this.documents.push(doc);
    this.active = this.documents.length - 1;
  }

  release(doc: FakeDocument) {
    this.documents.splice(this.documents.indexOf(doc), 1);
    this.active = this.documents.length - 1;
  }

  send(picture: Raster) {
    const { bytes } = encodePng(picture);
    const file = bytes.slice().buffer;
    const { lateFilesMs } = this.faults;
    if (lateFilesMs === undefined) this.say(file);
    else setTimeout(() => this.say(file), lateFilesMs);
  }

  private app() {
    const pea = this;
    return {
      get documents() {
        return pea.documents;
      },
      get activeDocument() {
        if (pea.active < 0) throw new Error('No document is open.');
        return pea.documents[pea.active];
      },
      set activeDocument(doc: FakeDocument) {
        if (pea.dead) throw new Error('The interpreter is dead.');
        if (!pea.documents.includes(doc)) throw new Error('The document is closed.');
        pea.active = pea.documents.indexOf(doc);
      },
      echoToOE: (text: string) => {
        if (!pea.dead) pea.say(text);
      },
      open: (uri: string, _as: unknown, asSmart?: boolean) => pea.openPicture(uri, asSmart === true),
    };
  }

  private async execute(script: string) {
    const { slowMs = 0, silent, earlyDone, dones = 1, lateDoneMs } = this.faults;
    await new Promise((done) => setTimeout(done, slowMs));
    this.inFlight--;
    if (silent) return;
    this.dead = false;
    if (earlyDone) this.say('done');
    this.pendingOpens = this.pendingOpens.filter((pending) => {
      if (pending.after-- > 0) return true;
      pending.open();
      return false;
    });
    try {
      this.interpret(script, this.globals);
    } catch {
      // A script that throws to the end is never heard of again.
      return;
    }
    if (this.dead) return;
    const done = () => {
      for (let i = 0; i < dones; i++) this.say('done');
    };
    if (lateDoneMs === undefined) done();
    else setTimeout(done, lateDoneMs);
  }

  private openPicture(uri: string, asSmart: boolean) {
    const raster = decodeUri(uri);
    if (!asSmart) {
      const layer = new FakeLayer({ raster, name: 'Background', isBackgroundLayer: true, allLocked: true });
      this.open('picture.png', raster.width, raster.height, [layer]);
      return;
    }
    const doc = this.documents[this.active];
    this.act(doc, 'open picture');
    if (this.faults.openNothing) return;
    const open = () => {
      const layer = new FakeLayer({ raster, kind: LayerKind.SMARTOBJECT, name: 'image' });
      const scale = Math.min(1, doc.width / raster.width, doc.height / raster.height);
      const [w, h] = [raster.width * scale, raster.height * scale];
      const [x, y] = [(doc.width - w) / 2, (doc.height - h) / 2];
      layer.place = [x, y, x + w, y + h];
      doc.insert(layer);
    };
    if (this.faults.openAfter === undefined) open();
    else this.pendingOpens.push({ after: this.faults.openAfter, open });
  }

  private executeAction(id: string) {
    const doc = this.documents[this.active];
    this.act(doc, `action ${id}`);
    const layer = doc.activeLayer;
    if (id === 'Mk  ') layer.keptSelection = doc.selectionBox;
    else if (id === 'setd') {
      if (!layer.keptSelection) throw new Error('The layer has no mask.');
      doc.selectionBox = layer.keptSelection;
    } else if (id === 'newPlacedLayer') {
      const smart = new FakeLayer({ kind: LayerKind.SMARTOBJECT, name: layer.name });
      smart.contents.push(...(layer.layers ?? [layer]));
      doc.insert(smart);
      layer.detach();
    } else throw new Error(`Unknown action ${id}`);
  }
}

/** Stands for Photoshop's action objects, whose contents the fake has no use for. */
class Recorder {
  putClass() {}
  putReference() {}
  putEnumerated() {}
  putProperty() {}
}

function decodeUri(uri: string): Raster {
  const [head, body] = uri.split(',');
  if (head !== 'data:image/png;base64') throw new Error('Only PNG here.');
  const { width, height, data, channels } = decode(
    Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)),
  );
  const raster = createRaster(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 4; c++) raster.data[i * 4 + c] = c < channels ? data[i * channels + c] : 255;
  }
  return raster;
}
