/** The editor's window: toolbar, layers, canvas, panel. */

import { useEffect, useRef } from 'preact/hooks';
import type { Editor } from './editor/editor.js';
import type { Message } from './message.js';
import { LayerList } from './parts/layer-list.js';
import { Stage } from './parts/stage.js';
import { Toolbar } from './parts/toolbar.js';
import { addFiles } from './samples.js';
import { handleShortcut } from './shortcuts.js';
import type { Theme } from './theme.js';

export interface AppProps {
  readonly editor: Editor;
  readonly canvas: HTMLCanvasElement;
  readonly message: Message;
  readonly theme: Theme;
  /** Opens the plugin's page in the element. */
  readonly openPanel: (container: HTMLElement) => unknown;
  /** What a menu command of an editor does. */
  readonly upscale: (scale: number) => void;
}

export function App({ editor, canvas, message, theme, openPanel, upscale }: AppProps) {
  const panel = useRef<HTMLElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const open = () => files.current?.click();
  const save = () => void savePng(editor, message);

  useEffect(() => {
    if (panel.current) openPanel(panel.current);
    const paste = (event: ClipboardEvent) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (pasted.length > 0) void addFiles(editor, message, pasted);
    };
    const key = (event: KeyboardEvent) => handleShortcut(event, editor, { open, save });
    window.addEventListener('paste', paste);
    window.addEventListener('keydown', key);
    return () => {
      window.removeEventListener('paste', paste);
      window.removeEventListener('keydown', key);
    };
  }, []);

  return (
    <div class="window">
      <input
        ref={files}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label="Pictures to open"
        onChange={({ currentTarget }) => {
          void addFiles(editor, message, [...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <Toolbar {...{ editor, message, theme, open, save, upscale }} />
      <LayerList editor={editor} />
      <Stage editor={editor} canvas={canvas} message={message} />
      <aside class="plugin" ref={panel} aria-label="Plugin" />
    </div>
  );
}

async function savePng(editor: Editor, message: Message): Promise<void> {
  try {
    const url = URL.createObjectURL(await editor.save());
    const link = document.createElement('a');
    link.href = url;
    link.download = 'playground.png';
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    message.show(error instanceof Error ? error.message : 'It could not be saved.', 'error');
  }
}
