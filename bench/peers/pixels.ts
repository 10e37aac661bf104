/** Pixels as text, to pass them between Node and a page. */

/** A picture without alpha, three bytes a pixel, in base64. */
export interface PixelText {
  readonly width: number;
  readonly height: number;
  readonly rgb: string;
}

/** What a page answers. */
export interface PageResult extends PixelText {
  readonly milliseconds: number;
}

const CHUNK = 0x8000;

export function toText(width: number, height: number, rgb: Uint8Array | Uint8ClampedArray): PixelText {
  let binary = '';
  for (let i = 0; i < rgb.length; i += CHUNK) binary += String.fromCharCode(...rgb.subarray(i, i + CHUNK));
  return { width, height, rgb: btoa(binary) };
}

export function bytesOf({ rgb }: PixelText): Uint8Array {
  return Uint8Array.from(atob(rgb), (letter) => letter.charCodeAt(0));
}

/** RGBA to RGB. */
export function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4, o += 3) rgb.set(rgba.subarray(i, i + 3), o);
  return rgb;
}

/** RGB to opaque RGBA. */
export function withAlpha(rgb: Uint8Array): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let i = 0, o = 0; i < rgb.length; i += 3, o += 4) rgba.set(rgb.subarray(i, i + 3), o);
  return rgba;
}
