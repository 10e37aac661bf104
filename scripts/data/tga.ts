/** Reads Truevision TGA, the format of many game textures, which libvips cannot. Owner: scripts/data. */

/** Decoded bytes: grey, RGB or RGBA, row 0 at the top. */
export interface TgaPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** Decodes true-colour (24, 32 bit) and grey TGA, plain or run-length coded; undefined for other kinds. */
export function decodeTga(file: Uint8Array): TgaPicture | undefined {
  if (file.length < 18) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const type = file[2];
  const width = view.getUint16(12, true);
  const height = view.getUint16(14, true);
  const size = file[16] / 8;
  const grey = type === 3 || type === 11;
  const colour = type === 2 || type === 10;
  if (!(grey && size === 1) && !(colour && (size === 3 || size === 4))) return undefined;
  const channels = size as 1 | 3 | 4;
  const pixels = new Uint8Array(width * height * size);
  const start = 18 + file[0] + view.getUint16(5, true) * Math.ceil(file[7] / 8);
  if (type < 8) pixels.set(file.subarray(start, start + pixels.length));
  else expandRuns(file, start, size, pixels);

  const data = new Uint8Array(pixels.length);
  const topDown = (file[17] & 0x20) !== 0;
  for (let y = 0; y < height; y++) {
    const from = (topDown ? y : height - 1 - y) * width * size;
    for (let i = 0; i < width * size; i += size) {
      const to = y * width * size + i;
      if (size === 1) data[to] = pixels[from + i];
      else {
        data[to] = pixels[from + i + 2];
        data[to + 1] = pixels[from + i + 1];
        data[to + 2] = pixels[from + i];
        if (size === 4) data[to + 3] = pixels[from + i + 3];
      }
    }
  }
  return { width, height, channels, data };
}

function expandRuns(file: Uint8Array, start: number, size: number, pixels: Uint8Array): void {
  let from = start;
  let to = 0;
  while (to < pixels.length && from < file.length) {
    const head = file[from++];
    const count = (head & 0x7f) + 1;
    const literal = head < 0x80;
    for (let i = 0; i < count; i++, to += size) {
      pixels.set(file.subarray(from, from + size), to);
      if (literal) from += size;
    }
    if (!literal) from += size;
  }
}
