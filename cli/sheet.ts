/** Pictures side by side in one picture, for samples and before/after sheets. */

import { createRaster, type Raster } from '../core/raster/raster.js';

const GAP_PX = 8;

/**
 * Rows of pictures on white, each pixel drawn as `zoom` x `zoom`. Columns are as wide as their widest picture.
 */
export function contactSheet(rows: readonly (readonly Raster[])[], zoom = 1): Raster {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => row[c]?.width ?? 0)),
  );
  const heights = rows.map((row) => Math.max(...row.map((picture) => picture.height)));
  const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size * zoom + GAP_PX, GAP_PX);
  const sheet = createRaster(total(widths), total(heights), [255, 255, 255, 255]);
  let top = GAP_PX;
  rows.forEach((row, r) => {
    let left = GAP_PX;
    row.forEach((picture, c) => {
      paste(sheet, picture, left, top, zoom);
      left += widths[c] * zoom + GAP_PX;
    });
    top += heights[r] * zoom + GAP_PX;
  });
  return sheet;
}

/** As `contactSheet`, of pictures in reading order. */
export function sheetOf(pictures: readonly Raster[], columns: number): Raster {
  const rows = Array.from({ length: Math.ceil(pictures.length / columns) }, (_, row) =>
    pictures.slice(row * columns, (row + 1) * columns),
  );
  return contactSheet(rows);
}

function paste(sheet: Raster, picture: Raster, left: number, top: number, zoom: number): void {
  for (let y = 0; y < picture.height * zoom; y++)
    for (let x = 0; x < picture.width * zoom; x++) {
      const from = (Math.floor(y / zoom) * picture.width + Math.floor(x / zoom)) * 4;
      const to = ((top + y) * sheet.width + left + x) * 4;
      sheet.data.set(picture.data.subarray(from, from + 4), to);
    }
}
