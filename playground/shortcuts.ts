/** Keys of the editor. They leave text fields and whatever else has a use for the key alone. */

import type { Editor } from './editor/editor.js';

const STEP = 1;
const BIG_STEP = 10;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function handleShortcut(
  event: KeyboardEvent,
  editor: Editor,
  { open, save }: { readonly open: () => void; readonly save: () => void },
): void {
  const target = event.target as HTMLElement;
  if (event.defaultPrevented || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
  const act = actionOf(
    event,
    editor,
    { open, save },
    target.closest('.stage') !== null || target === document.body,
  );
  if (!act) return;
  event.preventDefault();
  act();
}

function actionOf(
  { key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent,
  editor: Editor,
  { open, save }: { readonly open: () => void; readonly save: () => void },
  onStage: boolean,
): (() => void) | null {
  const letter = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (letter === 'z') return () => void (shiftKey ? editor.history.redo() : editor.history.undo());
    if (letter === 'y') return () => void editor.history.redo();
    if (letter === 'o') return open;
    if (letter === 's') return save;
    if (letter === 'a') return () => editor.selectAll();
    return null;
  }
  if (altKey) return null;
  if (key === 'Delete' || key === 'Backspace') return () => editor.removeSelected();
  if (key === '+' || key === '=') return () => editor.zoomTo(editor.zoom.value * 1.25);
  if (key === '-') return () => editor.zoomTo(editor.zoom.value / 1.25);
  if (key === '0') return () => editor.zoomTo(1);
  if (key === '1') return () => editor.fit();
  if (!onStage) return null;
  if (key === 'Escape') return () => editor.selectAll([]);
  const arrow = ARROWS[key];
  const step = shiftKey ? BIG_STEP : STEP;
  return arrow ? () => editor.nudge(arrow[0] * step, arrow[1] * step) : null;
}
