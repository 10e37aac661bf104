/** The smallest file format that image libraries stream from a disk without holding the picture: BigTIFF. */

const SHORT = 3;
const LONG = 4;
const LONG8 = 16;
const ENTRY_BYTES = 20;

/**
 * The bytes before the pixels of an uncompressed 8-bit RGB or RGBA picture (straight alpha) in one strip;
 * `width * height * channels` bytes, interleaved, follow. BigTIFF (little-endian, version 43), as pixels may
 * exceed the 4 GB of the older format. Tags after TIFF revision 6.0, sections 4 to 8 and 18.
 */
export function tiffHeader(width: number, height: number, channels: 3 | 4): Uint8Array {
  const entries: [tag: number, type: number, values: number[]][] = [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, Array(channels).fill(8)],
    [259, SHORT, [1]],
    [262, SHORT, [2]],
    [273, LONG8, [0]],
    [277, SHORT, [channels]],
    [278, LONG, [height]],
    [279, LONG8, [width * height * channels]],
    [284, SHORT, [1]],
    ...(channels === 4 ? [[338, SHORT, [2]] as [number, number, number[]]] : []),
  ];
  const length = 16 + 8 + entries.length * ENTRY_BYTES + 8;
  const view = new DataView(new ArrayBuffer(length));
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, 43, true);
  view.setUint16(4, 8, true);
  view.setBigUint64(8, 16n, true);
  view.setBigUint64(16, BigInt(entries.length), true);
  entries.forEach(([tag, type, values], i) => {
    const at = 24 + i * ENTRY_BYTES;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setBigUint64(at + 4, BigInt(values.length), true);
    values.forEach((value, k) => {
      if (type === SHORT) view.setUint16(at + 12 + 2 * k, value, true);
      else if (type === LONG) view.setUint32(at + 12, value, true);
      else view.setBigUint64(at + 12, BigInt(tag === 273 ? length : value), true);
    });
  });
  return new Uint8Array(view.buffer);
}
