import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cropRaster, type Raster } from '../../../../core/raster/raster.js';
import { decodeImage, encodeImage, type OutputFormat } from '../../../../core/runtime/node/codec.js';
import { openPictureWriter } from '../../../../core/runtime/node/picture-writer.js';
import { largestDifference, testPicture } from '../../pipeline/fake-stage.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'enlarger-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(raster: Raster, name: string, format: OutputFormat, transparent: boolean) {
  const { width, height } = raster;
  const writer = await openPictureWriter({
    file: path.join(folder, name),
    width,
    height,
    format,
    transparent,
  });
  for (let y = 0; y < height; y += 7) {
    await writer.write(cropRaster(raster, { x: 0, y, width, height: Math.min(7, height - y) }));
  }
  return writer;
}

describe('openPictureWriter', () => {
  it.each<[OutputFormat, boolean]>([
    ['png', false],
    ['png', true],
    ['jpeg', false],
    ['webp', false],
    ['webp', true],
  ])('writes %s (transparency: %p) as if from the whole picture', async (format, transparent) => {
    const raster = testPicture(45, 40, transparent);
    await (await write(raster, 'inner/a', format, transparent)).finish();
    expect(await readdir(path.join(folder, 'inner'))).toEqual(['a']);
    const fromStrips = await decodeImage(await readFile(path.join(folder, 'inner/a')));
    const fromWhole = await decodeImage(await encodeImage(raster, format));
    expect(fromStrips.format).toBe(format);
    expect(fromStrips.hadAlpha).toBe(transparent);
    expect(largestDifference(fromStrips.raster, fromWhole.raster)).toBe(0);
  });

  it('leaves nothing behind when it is given up', async () => {
    const writer = await write(testPicture(20, 20), 'a.png', 'png', false);
    expect(await readdir(folder)).toHaveLength(1);
    await writer.abort();
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps the old file when the new one is never complete', async () => {
    const old = await write(testPicture(20, 20), 'a.png', 'png', false);
    await old.finish();
    const before = await readFile(path.join(folder, 'a.png'));
    const { width, height } = { width: 20, height: 40 };
    const file = path.join(folder, 'a.png');
    const writer = await openPictureWriter({ file, width, height, format: 'png', transparent: false });
    await writer.write(testPicture(20, 20));
    await expect(writer.finish()).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(await readdir(folder)).toEqual(['a.png']);
    expect(await readFile(file)).toEqual(before);
  });

  it.each([
    [{ width: 20_000, height: 4, format: 'webp' as const, transparent: false }, 'output-too-large'],
    [{ width: 4, height: 4, format: 'jpeg' as const, transparent: true }, 'option-invalid'],
  ])('refuses %p before anything is written', async (target, code) => {
    const file = path.join(folder, 'a');
    await expect(openPictureWriter({ file, ...target })).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says that a place cannot be written to', async () => {
    const target = { width: 4, height: 4, format: 'png' as const, transparent: false };
    const job = openPictureWriter({ file: '/dev/null/a.png', ...target });
    await expect(job).rejects.toMatchObject({ code: 'output-unwritable' });
  });

  it('sweeps what a killed process left of the same file, and nothing else', async () => {
    // A number that no process can have, and those of processes that run.
    const [dead, alive] = [2 ** 31 - 1, process.pid];
    const others = [
      '.b.png.1.part',
      `.a.png.${alive}.txt`,
      `.b.png.${dead}.rows.part`,
      '.ax.png.2147483647.part',
    ];
    const names = [`.a.png.${dead}.rows.part`, `.a.png.${dead}.part`, ...others];
    for (const name of names) await writeFile(path.join(folder, name), 'half');
    await (await write(testPicture(8, 8), 'a.png', 'png', false)).finish();
    expect(await readdir(folder)).toEqual([...others, 'a.png'].sort());
  });
});
