/**
 * A fake of Figma's plugin API for tests, typed by the typings and stricter than it looks: dynamic-page rules, limits of
 * createImage, messages copied and limited to what Figma passes, storage quotas, undo steps. Runs in the same VM as the
 * plugin, without DOM.
 */

import type {
  ParameterInputEvent,
  PluginAPI,
  RunEvent,
} from '@figma/plugin-typings/plugin-api-standalone.js';
import { bytesOf } from './data-members.js';
import { pngHeader } from './headers.js';
import { ImageStore } from './images.js';
import { copyMessage } from './messages.js';
import { Nodes } from './nodes.js';
import { Journal, type Layer } from './tree.js';

/** What the plugin may touch; anything else throws. */
type Known = Pick<
  PluginAPI,
  | 'mixed'
  | 'editorType'
  | 'command'
  | 'root'
  | 'currentPage'
  | 'viewport'
  | 'ui'
  | 'parameters'
  | 'clientStorage'
  | 'createImage'
  | 'getImageByHash'
  | 'createRectangle'
  | 'group'
  | 'getNodeByIdAsync'
  | 'getNodeById'
  | 'loadFontAsync'
  | 'showUI'
  | 'notify'
  | 'commitUndo'
  | 'closePlugin'
> & {
  on(type: string, callback: (event?: never) => void): void;
  off(type: string, callback: (event?: never) => void): void;
};

export interface FakeOptions {
  readonly editorType?: PluginAPI['editorType'];
  readonly colorProfile?: 'LEGACY' | 'SRGB' | 'DISPLAY_P3';
  /** Bytes of the PNG that every export gives; by default a header of the size asked for. */
  readonly drawing?: readonly number[];
  /** Fails all of clientStorage, as a full or forbidden disk does. */
  readonly storageFails?: boolean;
  /** Of clientStorage; Figma's 5 MB by default. */
  readonly storageQuotaBytes?: number;
}

const STORAGE_QUOTA_BYTES = 5_000_000;

export class FakeFigma {
  readonly mixed: PluginAPI['mixed'] = Symbol('figma.mixed') as never;
  readonly journal = new Journal();
  readonly images = new ImageStore();
  readonly nodes: Nodes;
  readonly storage = new Map<string, unknown>();
  readonly notes: { message: string; error: boolean }[] = [];
  readonly windows: { html: string; options: unknown }[] = [];
  readonly suggested: unknown[] = [];
  closedWith: string | true | null = null;
  page: Layer | null = null;
  /** Where messages to the panel go. */
  outbox: (message: unknown) => void = () => {};
  private readonly listeners = new Map<string, Set<(event?: never) => void>>();
  private readonly panelListeners = new Set<(message: unknown, props: { origin: string }) => void>();
  private readonly inputListeners = new Set<(event: ParameterInputEvent) => void>();

  constructor(
    readonly document: Layer,
    private readonly options: FakeOptions,
  ) {
    const { drawing } = options;
    const draw = drawing ? () => Uint8Array.from(drawing) : pngHeader;
    this.nodes = new Nodes(this.mixed, this.journal, draw, options.colorProfile ?? 'SRGB');
  }

  /** What the plugin sees as `figma`. */
  api(): PluginAPI {
    const { nodes } = this;
    const current = (): Layer => {
      if (!this.page) throw new Error('The fake has no page');
      return this.page;
    };
    const known: Known = {
      mixed: this.mixed,
      editorType: this.options.editorType ?? 'figma',
      command: '',
      get root() {
        return nodes.view(nodes.layers.get('0:0') as Layer) as PluginAPI['root'];
      },
      get currentPage() {
        return nodes.view(current()) as PluginAPI['currentPage'];
      },
      set currentPage(_page) {
        throw new Error(
          'Cannot call with documentAccess: dynamic-page. Use figma.setCurrentPageAsync instead.',
        );
      },
      viewport: { center: { x: 500, y: 300 }, zoom: 1 } as PluginAPI['viewport'],
      ui: this.ui(),
      parameters: {
        on: (_type, callback) => void this.inputListeners.add(callback),
        once: () => {
          throw new Error('The fake does not know parameters.once');
        },
        off: (_type, callback) => void this.inputListeners.delete(callback),
      },
      clientStorage: this.clientStorage(),
      createImage: this.images.createImage,
      getImageByHash: this.images.getImageByHash,
      createRectangle: () =>
        nodes.view(nodes.create('RECTANGLE', current())) as ReturnType<PluginAPI['createRectangle']>,
      group: (views, parent, index) =>
        nodes.view(nodes.group(views, parent, index ?? parent.children.length)) as ReturnType<
          PluginAPI['group']
        >,
      getNodeByIdAsync: async (id) => {
        const layer = nodes.layers.get(id);
        return layer && !layer.removed ? nodes.view(layer) : null;
      },
      getNodeById: () => {
        throw new Error('Cannot call with documentAccess: dynamic-page. Use figma.getNodeByIdAsync instead.');
      },
      loadFontAsync: async ({ family }) => void nodes.loadedFonts.add(family),
      showUI: (html, options) => {
        if (typeof html !== 'string') throw new Error('in showUI: Expected string');
        this.windows.push({ html, options });
      },
      notify: (message, options) => {
        this.notes.push({ message, error: options?.error ?? false });
        return { cancel: () => {} };
      },
      commitUndo: () => this.journal.commit(),
      closePlugin: (message) => {
        this.closedWith = message ?? true;
      },
      on: (type, callback) => {
        const all = this.listeners.get(type) ?? new Set();
        this.listeners.set(type, all.add(callback));
      },
      off: (type, callback) => void this.listeners.get(type)?.delete(callback),
    };
    return new Proxy(known as unknown as PluginAPI, {
      get(target, key) {
        if (typeof key === 'string' && !(key in target))
          throw new Error(`no such property '${key}' on figma`);
        return Reflect.get(target, key) as unknown;
      },
    });
  }

  /** As the user: starts the plugin's command. */
  run(event: RunEvent): void {
    this.emit('run', event as never);
  }

  emit(type: string, event?: never): void {
    for (const listener of [...(this.listeners.get(type) ?? [])]) listener(event);
  }

  listenerCount(type: string): number {
    return this.listeners.get(type)?.size ?? 0;
  }

  /** As the panel's page: `parent.postMessage({ pluginMessage }, '*')`. */
  fromPanel(message: unknown): void {
    for (const listener of [...this.panelListeners]) listener(copyMessage(message), { origin: 'null' });
  }

  /** As the user: types into the quick action. */
  type(key: string, query: string): void {
    const result: ParameterInputEvent['result'] = {
      setSuggestions: (list) => void this.suggested.push(list),
      setError: (message) => void this.suggested.push({ error: message }),
      setLoadingMessage: (message) => void this.suggested.push({ loading: message }),
    };
    for (const listener of [...this.inputListeners]) listener({ key, query, parameters: {}, result });
  }

  /** As the user: selects layers. */
  select(ids: readonly string[]): void {
    this.nodes.selection = [...ids];
    this.emit('selectionchange');
  }

  /** The document as plain data. */
  tree(layer: Layer = this.document): unknown {
    const { parent: _parent, children, ...rest } = layer;
    return { ...rest, children: children.map((child) => this.tree(child)) };
  }

  private ui(): PluginAPI['ui'] {
    const open = () => {
      if (this.windows.length === 0) throw new Error('No UI to send a message to');
    };
    const ui: Pick<PluginAPI['ui'], 'postMessage' | 'on' | 'off' | 'resize'> = {
      postMessage: (message) => {
        open();
        this.outbox(copyMessage(message));
      },
      on: (_type, callback) => void this.panelListeners.add(callback),
      off: (_type, callback) => void this.panelListeners.delete(callback),
      resize: (width, height) => {
        open();
        if (width < 70) throw new Error('in resize: width must be at least 70');
        this.windows.push({ html: '', options: { width, height } });
      },
    };
    return ui as PluginAPI['ui'];
  }

  private clientStorage(): PluginAPI['clientStorage'] {
    const check = () => {
      if (this.options.storageFails) throw new Error('clientStorage is not available');
    };
    const quota = this.options.storageQuotaBytes ?? STORAGE_QUOTA_BYTES;
    return {
      getAsync: async (key) => {
        check();
        return this.storage.get(key);
      },
      setAsync: async (key, value) => {
        check();
        const others = [...this.storage].filter(([known]) => known !== key);
        const all = [...others, [key, value]].map(([name, held]) =>
          bytesOf(`${String(name)}${String(held)}`),
        );
        if (all.reduce((sum, bytes) => sum + bytes, 0) > quota)
          throw new Error('in setAsync: exceeded clientStorage quota of 5MB');
        this.storage.set(key, copyMessage(value));
      },
      deleteAsync: async (key) => {
        check();
        this.storage.delete(key);
      },
      keysAsync: async () => {
        check();
        return [...this.storage.keys()];
      },
    };
  }
}
