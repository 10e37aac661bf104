import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createFolderReader } from '../../../cli/store/pack-reader.js';
import { loadPack, readManifest } from '../../../core/pack/load.js';
import { tinyPack } from '../../core/pack/tiny-pack.js';

describe('createFolderReader', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'enlarger-pack-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('loads a pack from a folder, with components in folders of their own', async () => {
    const { manifest, files } = await tinyPack();
    manifest.components[0].file = 'parts/up2.onnx';
    await mkdir(path.join(folder, 'parts'));
    await writeFile(path.join(folder, 'pack.json'), JSON.stringify(manifest));
    for (const [name, bytes] of files) {
      await writeFile(path.join(folder, name === 'up2.onnx' ? 'parts' : '', name), bytes);
    }
    const pack = await loadPack(createFolderReader(folder));
    expect([...pack.component('upsampler', 2).bytes]).toEqual([...files.get('up2.onnx')!]);
  });

  it('says that a folder without pack.json is no pack', async () => {
    await expect(readManifest(createFolderReader(folder))).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringContaining(folder),
    });
  });

  it('does not leave its folder', async () => {
    await writeFile(path.join(folder, 'outside'), 'secret');
    await mkdir(path.join(folder, 'pack'));
    const reader = createFolderReader(path.join(folder, 'pack'));
    await expect(reader.read('../outside')).rejects.toThrow(/outside of/);
    await expect(reader.read(path.join(folder, 'outside'))).rejects.toThrow(/outside of/);
  });
});
