/** The playground: a small layer editor of its own with the very page of the plugins beside it. */

import * as fabric from 'fabric';
import { render } from 'preact';
import { createMemoryStore } from '../plugin/hosts/fixture/store.js';
import { createFabricHost } from '../plugin/hosts/web/fabric/index.js';
import { openPanel } from '../plugin/hosts/web/index.js';
import { App } from './app.js';
import { Editor } from './editor/editor.js';
import { Message } from './message.js';
import { addSample } from './samples.js';
import { createTheme } from './theme.js';
import './styles.css';

const canvas = document.createElement('canvas');
const editor = new Editor(canvas);
const message = new Message();
const theme = createTheme(document.documentElement);

const host = createFabricHost({
  canvas: editor.canvas,
  fabric,
  history: editor.history,
  title: 'Enlarger playground',
  // Addresses last as long as the page, like its undo steps; a data URL of a large picture would fill every step.
  toUrl: async (picture) => URL.createObjectURL(picture),
  documentStore: createMemoryStore({
    data: new Map(),
    available: true,
    maxValueBytes: 100_000,
    before: async () => undefined,
  }),
  notify: (text, error) => message.show(text, error ? 'error' : 'info'),
});

/** The theme is told when the panel begins to listen, and at every change. */
const themed: typeof host = {
  ...host,
  subscribe(listener) {
    const stop = host.subscribe(listener);
    listener({ kind: 'theme', theme: theme.shown.value });
    return stop;
  },
};
theme.shown.subscribe((shown) => host.emit({ kind: 'theme', theme: shown }));

const root = document.getElementById('app');
if (!root) throw new Error('The page has no element "app".');
render(
  <App
    editor={editor}
    canvas={canvas}
    message={message}
    theme={theme}
    openPanel={(container) => {
      // A preset in the page's own address is for the panel, also when a link is opened while the page is.
      const address = () => `plugin.html${location.hash}`;
      const { frame } = openPanel({ url: address(), container, host: themed });
      addEventListener('hashchange', () => {
        frame.src = address();
      });
    }}
    upscale={(scale) => host.emit({ kind: 'command', command: { command: 'upscale', scale } })}
  />,
  root,
);
void addSample(editor, message, 'volcano.jpg').then(() => {
  editor.fit();
  // Nobody did this, so nobody can undo it.
  editor.history.clear();
});
Object.assign(window, { editor });
