/** Layers from top to bottom: select, order, lock, hide, delete, by mouse and by keys. */

import type { Editor } from '../editor/editor.js';
import type { LayerInfo } from '../editor/layer.js';
import { Icon, type IconName } from './icon.js';

export function LayerList({ editor }: { readonly editor: Editor }) {
  const layers = editor.layers.value;
  return (
    <nav class="layers" aria-label="Layers">
      <h2>Layers</h2>
      {layers.length === 0 && <p class="hint">None yet.</p>}
      <ol>
        {layers.map((layer, i) => (
          <LayerRow
            key={layer.id}
            editor={editor}
            layer={layer}
            isTop={i === 0}
            isBottom={i === layers.length - 1}
          />
        ))}
      </ol>
    </nav>
  );
}

interface LayerRowProps {
  readonly editor: Editor;
  readonly layer: LayerInfo;
  readonly isTop: boolean;
  readonly isBottom: boolean;
}

function LayerRow({ editor, layer, isTop, isBottom }: LayerRowProps) {
  const { id, name, width, height, locked, hidden, selected, thumbnail } = layer;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    if (event.altKey) editor.reorder(id, by);
    else focusNext(event.currentTarget as HTMLElement, by);
  };
  return (
    <li class={`layer${selected ? ' selected' : ''}${hidden ? ' is-hidden' : ''}`}>
      <button
        type="button"
        class="pick"
        aria-pressed={selected}
        title="Select; with Shift or Ctrl, several. Alt+Up and Alt+Down reorder."
        onClick={({ shiftKey, ctrlKey, metaKey }) => editor.select(id, shiftKey || ctrlKey || metaKey)}
        onKeyDown={onKeyDown}
      >
        {thumbnail ? <img class="thumbnail" src={thumbnail} alt="" /> : <span class="thumbnail" />}
        <span class="name">
          {name}
          <small>
            {width} x {height} px
          </small>
        </span>
      </button>
      <span class="actions">
        <Action icon="up" label={`Move ${name} up`} disabled={isTop} onClick={() => editor.reorder(id, 1)} />
        <Action
          icon="down"
          label={`Move ${name} down`}
          disabled={isBottom}
          onClick={() => editor.reorder(id, -1)}
        />
        <Action
          icon={locked ? 'locked' : 'unlocked'}
          label={`Lock ${name}`}
          pressed={locked}
          onClick={() => editor.setLocked(id, !locked)}
        />
        <Action
          icon={hidden ? 'hidden' : 'eye'}
          label={`Hide ${name}`}
          pressed={hidden}
          onClick={() => editor.setHidden(id, !hidden)}
        />
        <Action icon="remove" label={`Delete ${name}`} onClick={() => editor.remove(id)} />
      </span>
    </li>
  );
}

function focusNext(button: HTMLElement, by: number): void {
  const buttons = [...document.querySelectorAll<HTMLElement>('.layers .pick')];
  buttons[buttons.indexOf(button) - by]?.focus();
}

interface ActionProps {
  readonly icon: IconName;
  readonly label: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Action({ icon, label, pressed, disabled = false, onClick }: ActionProps) {
  return (
    <button
      type="button"
      class="action"
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
