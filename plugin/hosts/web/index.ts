/** Enlarger in a web page: a host made of callbacks, and the panel in a frame. */

export {
  createWebHost,
  type WebChange,
  type WebHost,
  type WebNewPicture,
  type WebPage,
  type WebPicture,
} from './host.js';
export { type OpenedPanel, openPanel, type PanelOptions } from './open-panel.js';
export type { PictureSource } from './picture-source.js';
