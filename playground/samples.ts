/** The pictures that come along, and pictures from elsewhere: files, drops, the clipboard. */

import type { Editor } from './editor/editor.js';
import type { Message } from './message.js';

/** See samples/README.md for where they come from. */
export const SAMPLES = [
  { file: 'volcano.jpg', name: 'Volcano', what: 'photograph' },
  { file: 'welder.jpg', name: 'Welder', what: 'photograph' },
  { file: 'screen.png', name: 'Screen', what: 'small type' },
  { file: 'heart.png', name: 'Heart', what: 'transparent' },
] as const;

export type SampleFile = (typeof SAMPLES)[number]['file'];

export async function addSample(editor: Editor, message: Message, file: SampleFile): Promise<void> {
  try {
    const response = await fetch(`samples/${file}`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    await editor.add(await response.blob(), SAMPLES.find((each) => each.file === file)?.name ?? file);
  } catch {
    message.show(`The sample picture ${file} could not be loaded.`, 'error');
  }
}

/** Adds every file that the browser can show, and says which ones it cannot. */
export async function addFiles(editor: Editor, message: Message, files: Iterable<File>): Promise<void> {
  const refused: string[] = [];
  for (const file of files) {
    try {
      await editor.add(file, file.name.replace(/\.\w+$/, '') || 'Picture');
    } catch {
      refused.push(file.name);
    }
  }
  if (refused.length === 0) return;
  const names = refused.map((name) => `“${name}”`).join(', ');
  message.show(`${names}: not a picture that this browser can show.`, 'error');
}
