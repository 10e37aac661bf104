/** The panel's frame: tabs, what is told above everything, and the live region for screen readers. */

import { Button } from '@create-figma-plugin/ui';
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { AboutTab } from './about/about-tab.js';
import { PanelContext } from './context.js';
import { GenerateTab } from './generate/generate-tab.js';
import { useAnnouncements } from './parts/announcements.js';
import { ErrorNotice } from './parts/notice.js';
import { type Tab, Tabs, tabId, tabPanelId } from './parts/tabs.js';
import { PresetsTab } from './presets/presets-tab.js';
import type { PanelModel, TabName } from './state/panel-model.js';
import { UpscaleTab } from './upscale/upscale-tab.js';

interface PanelTab extends Tab<TabName> {
  readonly Content: () => JSX.Element;
  /** Absent: always. */
  readonly offered?: (model: PanelModel) => boolean;
}

/** A tab that not every engine or editor can fill belongs here with a condition, so that none is ever dead. */
const TABS: readonly PanelTab[] = [
  { name: 'upscale', label: 'Upscale', Content: UpscaleTab },
  {
    name: 'generate',
    label: 'Generate',
    Content: GenerateTab,
    offered: ({ generate }) => generate?.available.value ?? false,
  },
  { name: 'presets', label: 'Presets', Content: PresetsTab },
  { name: 'about', label: 'About this machine', Content: AboutTab },
];

/** The whole panel over its model. */
export function Panel({ model }: { readonly model: PanelModel }): JSX.Element {
  const { tab, message } = model;
  const tabs = TABS.filter(({ offered }) => offered?.(model) ?? true);
  const { Content } = tabs.find(({ name }) => name === tab.value) ?? TABS[0];
  const announced = useAnnouncements(model);
  useSignalEffect(() => followTheme(model.theme.value));
  return (
    <PanelContext.Provider value={model}>
      <main class="panel" aria-label="Enlarger">
        <Tabs
          label="Sections"
          tabs={tabs}
          value={tab.value}
          onChange={(name) => {
            tab.value = name;
          }}
        />
        {message.value ? (
          <div class="section">
            <ErrorNotice
              error={message.value}
              actions={
                <Button
                  secondary
                  onClick={() => {
                    message.value = null;
                  }}
                >
                  Dismiss
                </Button>
              }
            />
          </div>
        ) : null}
        <div class="tab-panel" role="tabpanel" id={tabPanelId(tab.value)} aria-labelledby={tabId(tab.value)}>
          <Content />
        </div>
        <div class="visually-hidden" role="status" aria-live="polite">
          {announced}
        </div>
      </main>
    </PanelContext.Provider>
  );
}

/** The editor's word first; without one the system's. Figma sets colours of its own and only needs the scheme. */
function followTheme(told: 'light' | 'dark' | null): () => void {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const byEditor = root.classList.contains('figma-dark')
      ? 'dark'
      : root.classList.contains('figma-light')
        ? 'light'
        : null;
    root.dataset.theme = told ?? byEditor ?? (system.matches ? 'dark' : 'light');
  };
  apply();
  system.addEventListener('change', apply);
  // Figma changes its class on the page itself when the user changes the theme.
  const watch = new MutationObserver(apply);
  watch.observe(root, { attributeFilter: ['class'] });
  return () => {
    system.removeEventListener('change', apply);
    watch.disconnect();
  };
}
