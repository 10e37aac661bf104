/** Gives the user a file: through the browser's download, which pages in a frame may do as well. */

import { strToU8, zipSync } from 'fflate';
import type { EnlargedPicture } from '../../plugin/host.js';
import { fileName } from './presets-state.js';
import { mediaType } from './selection-state.js';

/** How long the browser may take to begin reading a download. */
const REVOKE_AFTER_MS = 60_000;

/** A picture as one file; pieces come together in a zip, named by their places. */
export function pictureFile(name: string, picture: EnlargedPicture): { name: string; blob: Blob } {
  const stem = `${fileName(name)} ${picture.width}x${picture.height}`;
  const ending = (format: string) => (format === 'jpeg' ? 'jpg' : format);
  const [first, ...others] = picture.pieces;
  if (others.length === 0)
    return {
      name: `${stem}.${ending(first.format)}`,
      blob: new Blob([first.bytes.slice().buffer], { type: mediaType(first) }),
    };
  // Pictures are compressed already: level 0 only puts them side by side.
  const files = Object.fromEntries(
    picture.pieces.map(({ x, y, format, bytes }) => [
      `${fileName(name)} x${x} y${y}.${ending(format)}`,
      bytes,
    ]),
  );
  const zipped = zipSync(files, { level: 0 });
  return { name: `${stem}.zip`, blob: new Blob([zipped.slice().buffer], { type: 'application/zip' }) };
}

/** A text as a file. */
export function textFile(name: string, text: string): { name: string; blob: Blob } {
  return { name, blob: new Blob([strToU8(text).slice().buffer], { type: 'application/json' }) };
}

/** Starts the download. */
export function saveFile({ name, blob }: { readonly name: string; readonly blob: Blob }): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}
