/** Files, history, view, and the commands that an editor's menu would have. */

import type { Editor } from '../editor/editor.js';
import type { Message } from '../message.js';
import { addSample, SAMPLES, type SampleFile } from '../samples.js';
import type { Theme } from '../theme.js';
import { Icon, type IconName } from './icon.js';

export interface ToolbarProps {
  readonly editor: Editor;
  readonly message: Message;
  readonly theme: Theme;
  readonly open: () => void;
  readonly save: () => void;
  readonly upscale: (scale: number) => void;
}

export function Toolbar({ editor, message, theme, open, save, upscale }: ToolbarProps) {
  const { history } = editor;
  const nothing = !editor.layers.value.some(({ selected }) => selected);
  const dark = theme.shown.value === 'dark';
  return (
    <header class="toolbar" role="toolbar" aria-label="Editor">
      <strong class="brand">Enlarger playground</strong>
      <Tool icon="open" label="Open" hint="Open pictures (Ctrl+O)" onClick={open} />
      <select
        class="samples"
        aria-label="Add a sample picture"
        value=""
        onChange={({ currentTarget }) => {
          const file = currentTarget.value as SampleFile;
          currentTarget.value = '';
          void addSample(editor, message, file);
        }}
      >
        <option value="" disabled>
          Samples
        </option>
        {SAMPLES.map(({ file, name, what }) => (
          <option key={file} value={file}>
            {name} ({what})
          </option>
        ))}
      </select>
      <Tool
        icon="save"
        label="Save PNG"
        hint="Save all visible layers (Ctrl+S)"
        disabled={editor.layers.value.length === 0}
        onClick={save}
      />
      <span class="gap" />
      <Tool
        icon="undo"
        label="Undo"
        hint="Undo (Ctrl+Z)"
        quiet
        disabled={!history.canUndo.value}
        onClick={() => void history.undo()}
      />
      <Tool
        icon="redo"
        label="Redo"
        hint="Redo (Ctrl+Shift+Z)"
        quiet
        disabled={!history.canRedo.value}
        onClick={() => void history.redo()}
      />
      <span class="gap" />
      <Tool
        icon="enlarge"
        label="2x"
        hint="Enlarge what is selected 2x"
        disabled={nothing}
        onClick={() => upscale(2)}
      />
      <Tool
        icon="enlarge"
        label="4x"
        hint="Enlarge what is selected 4x"
        disabled={nothing}
        onClick={() => upscale(4)}
      />
      <span class="grow" />
      <Tool
        icon="minus"
        label="Zoom out"
        hint="Zoom out (-)"
        quiet
        onClick={() => editor.zoomTo(editor.zoom.value / 1.25)}
      />
      <button type="button" class="tool zoom" title="Actual size (0)" onClick={() => editor.zoomTo(1)}>
        {Math.round(editor.zoom.value * 100)} %
      </button>
      <Tool
        icon="plus"
        label="Zoom in"
        hint="Zoom in (+)"
        quiet
        onClick={() => editor.zoomTo(editor.zoom.value * 1.25)}
      />
      <Tool icon="fit" label="Fit" hint="Show everything (1)" quiet onClick={() => editor.fit()} />
      <Tool
        icon={dark ? 'sun' : 'moon'}
        label={dark ? 'Light theme' : 'Dark theme'}
        hint={dark ? 'Light theme' : 'Dark theme'}
        quiet
        onClick={() => theme.toggle()}
      />
    </header>
  );
}

interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  readonly hint: string;
  /** Shows the icon alone. */
  readonly quiet?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Tool({ icon, label, hint, quiet = false, disabled = false, onClick }: ToolProps) {
  return (
    <button type="button" class="tool" title={hint} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
      <span class={quiet ? 'unseen' : ''}>{label}</span>
    </button>
  );
}
