/** TOAST UI Image Editor with the Enlarger panel beside it. */

import { openPanel } from 'enlarger/plugin';
import ImageEditor from 'tui-image-editor';
import 'tui-color-picker/dist/tui-color-picker.css';
import 'tui-image-editor/dist/tui-image-editor.css';
import { createToastHost } from './toast-host.js';

const message = document.querySelector<HTMLElement>('#message')!;
const editor = new ImageEditor('#editor', {
  includeUI: {
    loadImage: { path: '/samples/volcano.jpg', name: 'volcano' },
    menu: ['crop', 'flip', 'rotate', 'draw', 'shape', 'text', 'filter'],
    menuBarPosition: 'bottom',
  },
  usageStatistics: false,
});
const host = createToastHost({
  editor,
  notify(text, error) {
    message.textContent = text;
    message.classList.toggle('error', error);
  },
});
openPanel({
  // The page that comes with the package; any address will do, as it needs nothing beside it.
  url: '/node_modules/enlarger/dist/playground/plugin.html',
  container: document.querySelector<HTMLElement>('#panel')!,
  host,
});
Object.assign(window, { editor });
