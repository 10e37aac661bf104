/**
 * `enlarger/ui`: the panel, for a page of one's own. It needs the style sheet `enlarger/ui.css`, a `Host` and an
 * `EngineClient`; whoever wants the finished page opens it with `openPanel` of `enlarger/plugin` instead.
 */

export { type MountOptions, mountPanel } from './mount.js';
export { Panel } from './panel.js';
export { createPanelModel, type PanelModel } from './state/panel-model.js';
