/** What happens when Figma runs the plugin: the panel is shown, and the host served to it. */

import type { PluginAPI } from '@figma/plugin-typings/plugin-api-standalone.js';
import { figmaMainPort } from '../../bridge/port.js';
import { serveHost } from '../../bridge/serve.js';
import { commandOf } from './commands.js';
import { FigmaHost } from './figma-host.js';
import { suggest } from './parameters.js';
import { presetNames } from './preset-names.js';
import { makeStore } from './stores.js';

const PANEL_PX = { width: 360, height: 640 };

export interface StartOptions {
  /** The panel's page, in one piece. */
  readonly html: string;
  /** Whether the build has a generator. */
  readonly hasGenerator: boolean;
}

export function start(figma: PluginAPI, { html, hasGenerator }: StartOptions): void {
  const refusal = refusalOf(figma);
  if (refusal !== null) {
    figma.closePlugin(refusal);
    return;
  }
  const stores = [makeStore(figma, 'document'), makeStore(figma, 'personal')];
  // Typing asks again and again; the names are read once, as nothing changes while a person types.
  let names: Promise<string[]> | null = null;
  figma.parameters.on('input', (event) => {
    names ??= presetNames(stores);
    const reading = names;
    void suggest(event, () => reading);
  });
  figma.on('run', ({ command, parameters }) => {
    const host = new FigmaHost(figma, commandOf(command, parameters, hasGenerator));
    figma.showUI(html, { ...PANEL_PX, title: 'Enlarger', themeColors: true });
    serveHost(host, figmaMainPort(figma.ui));
  });
}

function refusalOf({ editorType }: PluginAPI): string | null {
  if (editorType === 'figma') return null;
  return editorType === 'dev'
    ? 'Dev Mode does not allow layers to be changed. Switch to Design mode and run Enlarger again.'
    : 'Enlarger works in Figma design files only. Open one and run it again.';
}
