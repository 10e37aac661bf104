import type { Plugin } from 'esbuild';

/** Makes @create-figma-plugin/ui's marked style sheets resolvable; see panel-css.mjs. */
export const panelCss: Plugin;
