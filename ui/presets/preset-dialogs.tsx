/** Questions about presets: what to call one, where to keep it, the link to import. */

import { Textbox } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { StoreScope } from '../../plugin/host.js';
import { describePreset } from '../../plugin/presets/draft.js';
import type { PresetEntry } from '../../plugin/presets/library-state.js';
import { presetFromLink } from '../../plugin/presets/link.js';
import { usePanel } from '../context.js';
import { Dialog } from '../parts/dialog.js';
import { Choices } from '../parts/fields.js';
import { SCOPE_TITLES } from '../state/presets-state.js';

/** Saves the settings as they are under a name. */
export function SaveDialog(): JSX.Element {
  const model = usePanel();
  const { presets, saving } = model;
  const { scopes } = presets.library.value;
  const [name, setName] = useState('');
  const [author, setAuthor] = useState(model.lastAuthor.value);
  const [scope, setScope] = useState<StoreScope>(scopes[0] ?? 'personal');
  const [template, setTemplate] = useState(model.settings.preset.value?.promptTemplate ?? '');
  const [problem, setProblem] = useState('');
  const generates = model.generate?.available.value ?? false;
  const close = () => {
    saving.value = false;
  };
  async function save(): Promise<void> {
    if (!name.trim()) return setProblem('Give it a name.');
    const made = await model.savePreset({ name, author, promptTemplate: generates ? template : '' }, scope);
    if (made) return close();
    setProblem(sentence(presets.error.value));
    presets.error.value = null;
  }
  return (
    <Dialog title="Save settings as preset" yes="Save" no="Cancel" onYes={() => void save()} onNo={close}>
      <TextField label="Name" value={name} problem={problem} onInput={setName} />
      <TextField label="Your name (optional)" value={author} onInput={setAuthor} />
      {generates ? (
        <TextField
          label="Words for prompts (optional)"
          value={template}
          note="{subject} stands for what is typed: “{subject} made of clay”."
          onInput={setTemplate}
        />
      ) : null}
      <ScopeField value={scope} onChange={setScope} />
    </Dialog>
  );
}

/** Where to keep a preset, where the editor has two places. */
export function ScopeField(props: {
  readonly value: StoreScope;
  readonly onChange: (scope: StoreScope) => void;
}): JSX.Element | null {
  const { scopes } = usePanel().presets.library.value;
  if (scopes.length < 2) return null;
  return (
    <Choices
      label="Where"
      options={scopes.map((scope) => ({ value: scope, label: SCOPE_TITLES[scope] }))}
      value={props.value}
      onChange={props.onChange}
    />
  );
}

export function RenameDialog(props: {
  readonly entry: PresetEntry;
  readonly onClose: () => void;
}): JSX.Element {
  const { presets } = usePanel();
  const { entry, onClose } = props;
  const [name, setName] = useState(entry.preset.name);
  const [problem, setProblem] = useState('');
  async function rename(): Promise<void> {
    if (!name.trim()) return setProblem('Give it a name.');
    if (await presets.update(entry, { name })) return onClose();
    setProblem(sentence(presets.error.value));
    presets.error.value = null;
  }
  return (
    <Dialog title="Rename preset" yes="Rename" no="Cancel" onYes={() => void rename()} onNo={onClose}>
      <TextField label="Name" value={name} problem={problem} onInput={setName} />
    </Dialog>
  );
}

/** Takes a preset out of a link that somebody sent. */
export function LinkDialog(props: { readonly link: string; readonly onClose: () => void }): JSX.Element {
  const { presets } = usePanel();
  const { scopes } = presets.library.value;
  const [link, setLink] = useState(props.link);
  const [scope, setScope] = useState<StoreScope>(scopes.at(-1) ?? 'personal');
  const [problem, setProblem] = useState('');
  async function add(): Promise<void> {
    if (await presets.importLink(link.trim(), scope)) return props.onClose();
    setProblem(sentence(presets.error.value));
    presets.error.value = null;
  }
  return (
    <Dialog
      title="Import a preset from a link"
      yes="Import"
      no="Cancel"
      onYes={() => void add()}
      onNo={props.onClose}
    >
      <TextField label="Link" value={link} problem={problem} note={contentOf(link)} onInput={setLink} />
      <ScopeField value={scope} onChange={setScope} />
    </Dialog>
  );
}

/** What would be imported, so that one can decide; empty while there is no link that can be read. */
function contentOf(link: string): string {
  try {
    const preset = presetFromLink(link.trim());
    const by = preset.author ? ` by ${preset.author}` : '';
    return `“${preset.name}”${by}: ${describePreset(preset)}`;
  } catch {
    // Import says what is wrong with it.
    return '';
  }
}

function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly problem?: string;
  /** What to write. */
  readonly note?: string;
  readonly onInput: (text: string) => void;
}): JSX.Element {
  const id = useId();
  const { problem = '', note = '' } = props;
  return (
    <div class="field">
      <label class="field-head" for={id}>
        {props.label}
      </label>
      <Textbox
        id={id}
        variant="border"
        value={props.value}
        aria-invalid={problem !== ''}
        aria-describedby={problem ? `${id}-problem` : note ? `${id}-note` : undefined}
        onValueInput={props.onInput}
      />
      {note ? (
        <p class="field-note quiet" id={`${id}-note`}>
          {note}
        </p>
      ) : null}
      {problem ? (
        <p class="field-problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

function sentence(error: { readonly message: string; readonly hint: string } | null): string {
  return error ? `${error.message} ${error.hint}`.trim() : '';
}
