/** Puts the panel into a page: waits for the editor, shows why when it does not answer, then the panel. */

import { Button, LoadingIndicator } from '@create-figma-plugin/ui';
import { render } from 'preact';
import { toEnlargerError } from '../core/errors.js';
import type { PanelEngine } from '../plugin/engine/generator-client.js';
import type { Host } from '../plugin/host.js';
import { runJob } from '../plugin/jobs/run-job.js';
import { openPresetLibrary } from '../plugin/presets/library.js';
import { isPresetLink } from '../plugin/presets/link.js';
import { Panel } from './panel.js';
import { ErrorNotice } from './parts/notice.js';
import { createPanelModel, type PanelModel } from './state/panel-model.js';
import './styles/index.js';

export interface MountOptions {
  /** The element that is filled; it should be as high as its page. */
  readonly root: HTMLElement;
  /** Called again when the user tries again. */
  readonly connect: () => Promise<Host>;
  /** With a generator, the panel has the Generate tab. */
  readonly engine: PanelEngine;
  /** The fragment of the page's address: a preset in it is offered for import. */
  readonly fragment?: string;
  /** Calls back with every later fragment of the address. */
  readonly onFragment?: (listener: (fragment: string) => void) => void;
}

/** Resolves with the panel's model once the editor has answered. */
export function mountPanel(options: MountOptions): Promise<PanelModel> {
  const { root, connect, engine, fragment = '', onFragment } = options;
  return new Promise((resolve) => {
    async function attempt(): Promise<void> {
      render(<Waiting />, root);
      try {
        const host = await connect();
        const model = await createPanelModel({ host, engine, runJob, library: openPresetLibrary(host) });
        const offer = (link: string) => {
          if (isPresetLink(link)) model.offerLink(link);
        };
        offer(fragment);
        onFragment?.(offer);
        render(<Panel model={model} />, root);
        resolve(model);
      } catch (error) {
        render(
          <main class="panel section" aria-label="Enlarger">
            <ErrorNotice
              error={toEnlargerError(error)}
              actions={
                <Button secondary onClick={() => void attempt()}>
                  Try again
                </Button>
              }
            />
          </main>,
          root,
        );
      }
    }
    void attempt();
  });
}

function Waiting() {
  return (
    <main class="panel" aria-label="Enlarger" aria-busy="true">
      <div class="empty">
        <LoadingIndicator />
      </div>
    </main>
  );
}
