/** Presets in their places, each applied with one click, with a menu for everything else. */

import { IconMenuCheckmarkChecked16 } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { describePreset } from '../../plugin/presets/draft.js';
import type { PresetEntry } from '../../plugin/presets/library-state.js';
import { usePanel } from '../context.js';
import { Menu, type MenuItem } from '../parts/menu.js';
import { copyText } from '../state/copy-text.js';
import { linkBase } from '../state/link-base.js';
import type { PanelModel } from '../state/panel-model.js';
import { SCOPE_TITLES } from '../state/presets-state.js';
import { saveFile, textFile } from '../state/save-file.js';
import { RenameDialog } from './preset-dialogs.js';

/** All presets that match the search, the document's first. */
export function PresetList(): JSX.Element {
  const { presets } = usePanel();
  const { scopes } = presets.library.value;
  const found = presets.found.value;
  return (
    <>
      {scopes.map((scope) => {
        const entries = found.filter((entry) => entry.scope === scope);
        if (entries.length === 0) return null;
        return (
          <section key={scope} class="section" aria-labelledby={`scope-${scope}`}>
            {/* With one place only there is nothing to tell apart. */}
            <h2 id={`scope-${scope}`} class={scopes.length > 1 ? 'scope-title' : 'visually-hidden'}>
              {SCOPE_TITLES[scope]}
            </h2>
            <ul class="presets">
              {entries.map((entry) => (
                <PresetRow key={entry.id} entry={entry} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function PresetRow({ entry }: { readonly entry: PresetEntry }): JSX.Element {
  const model = usePanel();
  const [renaming, setRenaming] = useState(false);
  const { preset, isDefault, stored } = entry;
  const used = model.settings.preset.value;
  // Another version of it, or its copy elsewhere, is not what the settings came from.
  const inUse = used?.id === preset.id && used.changed === preset.changed && !model.settings.changed.value;
  return (
    <li class="preset">
      <button
        type="button"
        class="preset-main"
        aria-pressed={inUse}
        onClick={() => model.applyPreset(preset)}
      >
        <span class="preset-mark" aria-hidden="true">
          {inUse ? <IconMenuCheckmarkChecked16 /> : null}
        </span>
        <span class="layer-text">
          <span class="row">
            <span class="ellipsis" title={preset.name}>
              {preset.name}
            </span>
            {isDefault ? <span class="badge">Default</span> : null}
            {stored ? null : <span class="badge warning">Not saved</span>}
          </span>
          <span class="quiet ellipsis">
            {describePreset(preset)}
            {preset.author ? ` · ${preset.author}` : ''}
          </span>
        </span>
      </button>
      <Menu label={`More for ${preset.name}`} items={useCommands(entry, () => setRenaming(true))} />
      {renaming ? <RenameDialog entry={entry} onClose={() => setRenaming(false)} /> : null}
    </li>
  );
}

/** What can be done with a preset here. */
function useCommands(entry: PresetEntry, rename: () => void): readonly MenuItem[] {
  const model = usePanel();
  const { presets, settings } = model;
  const { scopes } = presets.library.value;
  const other = scopes.find((scope) => scope !== entry.scope);
  const { preset, isDefault, stored } = entry;
  const mine = settings.preset.value?.id === preset.id;
  return [
    ...(stored ? [] : [{ label: 'Try to save again', onChoose: () => void presets.keep(entry) }]),
    ...(mine && settings.changed.value
      ? [
          {
            label: 'Update with the settings now',
            onChoose: () => void model.updatePreset(entry),
          },
        ]
      : []),
    isDefault
      ? { label: 'Stop using as default', onChoose: () => void presets.setDefault(null) }
      : { label: 'Use as default here', onChoose: () => void presets.setDefault(entry) },
    { label: 'Rename…', onChoose: rename },
    { label: 'Duplicate', onChoose: () => void presets.duplicate(entry) },
    ...(other
      ? [
          {
            label: other === 'document' ? 'Copy into this document' : 'Copy to my own',
            onChoose: () => void presets.duplicate(entry, other),
          },
        ]
      : []),
    { label: 'Copy link', onChoose: () => void copyLink(model, entry) },
    {
      label: 'Save as file',
      onChoose: () =>
        void presets.file([entry]).then((file) => file && saveFile(textFile(file.name, file.text))),
    },
    { label: 'Delete', danger: true, onChoose: () => void presets.remove(entry) },
  ];
}

async function copyLink({ presets, announcement, info }: PanelModel, entry: PresetEntry): Promise<void> {
  const base = linkBase(info.kind, {
    href: location.href,
    referrer: document.referrer,
    framed: parent !== window,
  });
  const link = await presets.link(entry, base);
  if (link === null) return;
  const copied = await copyText(link);
  presets.report.value = copied
    ? [`The link to “${entry.preset.name}” is on the clipboard. It is pasted with Import, From a link.`]
    : ['The editor does not let this panel use the clipboard. Copy the link from here:', link];
  announcement.value = presets.report.value[0];
}
