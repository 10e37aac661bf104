/**
 * A host for TOAST UI Image Editor, an editor that knows nothing of Enlarger: a page in a few callbacks. What the editor
 * shows, drawn shapes and filters included, is enlarged; its own history takes it back, shapes and filters too.
 */

import { createWebHost, type WebHost } from 'enlarger/plugin';
import type ImageEditor from 'tui-image-editor';

export interface ToastHostOptions {
  readonly editor: ImageEditor;
  /** Shows a sentence. */
  readonly notify: (message: string, error: boolean) => void;
}

/** Shows the editor as a `Host`. */
export function createToastHost({ editor, notify }: ToastHostOptions): WebHost {
  let changes = 0;
  const host = createWebHost({
    kind: 'toast-ui',
    title: 'TOAST UI Image Editor',
    pictures() {
      const name = editor.getImageName();
      if (!name) return [];
      // Anything in the history changes the pixels, so every state has a key of its own.
      return [{ id: 'picture', name, key: `state-${changes}`, ...editor.getCanvasSize() }];
    },
    read: () => editor.toDataURL(),
    async write(picture) {
      // Not revoked: redo loads it again from this address.
      const address = URL.createObjectURL(picture);
      await editor.loadImageFromURL(address, editor.getImageName());
    },
    notify,
  });
  let fitted = 0;
  const changed = () => {
    changes++;
    // The editor fits its stage to the picture after its own commands only.
    const { width, height } = editor.getCanvasSize();
    if (fitted !== width) {
      fitted = width;
      const imageSize = { oldWidth: width, oldHeight: height, newWidth: width, newHeight: height };
      void editor.ui?.resizeEditor({ imageSize });
    }
    host.emit({ kind: 'selection' });
  };
  editor.on('undoStackChanged', changed);
  editor.on('redoStackChanged', changed);
  return host;
}
