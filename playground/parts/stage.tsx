/** Where the canvas lies: sized with the window, takes dropped files, says what happens. */

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Editor } from '../editor/editor.js';
import type { Message } from '../message.js';
import { addFiles } from '../samples.js';

export interface StageProps {
  readonly editor: Editor;
  readonly canvas: HTMLCanvasElement;
  readonly message: Message;
}

export function Stage({ editor, canvas, message }: StageProps) {
  const place = useRef<HTMLDivElement>(null);
  const dropping = useSignal(false);
  const shown = message.shown.value;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    // Fabric wraps its canvas in an element of its own.
    element.append(canvas.parentElement ?? canvas);
    const fill = () => editor.resize(element.clientWidth, element.clientHeight);
    const observer = new ResizeObserver(fill);
    observer.observe(element);
    fill();
    return () => observer.disconnect();
  }, []);

  return (
    <main
      class={`stage${dropping.value ? ' dropping' : ''}`}
      aria-label="Canvas"
      onDragOver={(event) => {
        event.preventDefault();
        dropping.value = true;
      }}
      onDragLeave={() => {
        dropping.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        dropping.value = false;
        void addFiles(editor, message, [...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <section
        class="canvas"
        ref={place}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move what is selected here.
        tabIndex={0}
        aria-label="Layers on the canvas; arrow keys move them"
      />
      {editor.layers.value.length === 0 && <p class="hint">Drop pictures here, paste one, or open a file.</p>}
      <p class={`message ${shown?.kind ?? ''}`} role="status" hidden={!shown}>
        {shown?.text}
      </p>
    </main>
  );
}
