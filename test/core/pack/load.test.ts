import { sha256Hex } from '../../../core/pack/hash.js';
import { loadPack } from '../../../core/pack/load.js';
import { memoryReader, tinyPack } from './tiny-pack.js';

describe('sha256Hex', () => {
  it('gives the published digests', async () => {
    const digest = (text: string) => sha256Hex(new TextEncoder().encode(text));
    expect(await digest('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(await digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('loadPack', () => {
  it('hands out checked components by role and factor', async () => {
    const { manifest, files } = await tinyPack();
    const pack = await loadPack(memoryReader(manifest, files));
    expect(pack.manifest).toEqual(manifest);
    expect(pack.component('velocity').bytes).toEqual(files.get('velocity.onnx'));
    expect(pack.component('upsampler', 2).entry.file).toBe('up2.onnx');
    expect(pack.has('upsampler', 2)).toBe(true);
    expect(pack.has('upsampler', 4)).toBe(false);
    expect(pack.has('denoiser')).toBe(false);
  });

  it('says which component a pack does not have', async () => {
    const { manifest, files } = await tinyPack();
    const pack = await loadPack(memoryReader(manifest, files));
    expect(() => pack.component('upsampler', 4)).toThrow(
      expect.objectContaining({
        code: 'pack-missing-component',
        message: 'The model pack "tiny" has no upsampler for 4 times.',
      }),
    );
    expect(() => pack.component('denoiser')).toThrow(/no denoiser/);
  });

  it('refuses a component with one bit changed, naming it', async () => {
    const { manifest, files } = await tinyPack();
    files.set(
      'decoder.onnx',
      Uint8Array.from(files.get('decoder.onnx')!, (b, i) => (i ? b : b ^ 1)),
    );
    await expect(loadPack(memoryReader(manifest, files))).rejects.toMatchObject({
      code: 'pack-hash-mismatch',
      message: expect.stringContaining('decoder.onnx'),
    });
  });

  it('refuses a component that was cut off, naming it and both sizes', async () => {
    const { manifest, files } = await tinyPack();
    files.set('encoder.onnx', files.get('encoder.onnx')!.subarray(0, 2));
    await expect(loadPack(memoryReader(manifest, files))).rejects.toMatchObject({
      code: 'pack-hash-mismatch',
      message: expect.stringMatching(/encoder\.onnx.* 2 bytes instead of 3/),
    });
  });

  it('refuses a pack with a component missing, naming it', async () => {
    const { manifest, files } = await tinyPack();
    files.delete('velocity.onnx');
    await expect(loadPack(memoryReader(manifest, files))).rejects.toMatchObject({
      code: 'pack-missing-component',
      message: expect.stringContaining('velocity.onnx'),
    });
  });

  it('refuses what is not JSON, and not UTF-8', async () => {
    for (const bytes of [new TextEncoder().encode('{"format": '), Uint8Array.of(0x22, 0xff, 0x22)]) {
      const reader = { location: 'packs/tiny', read: async () => bytes };
      await expect(loadPack(reader)).rejects.toMatchObject({
        code: 'pack-invalid',
        message: expect.stringContaining('not valid JSON'),
      });
    }
  });

  it('reads no component of a pack whose description is faulty', async () => {
    const { manifest, files } = await tinyPack();
    manifest.components[0].bytes = -1;
    const asked: string[] = [];
    const reader = memoryReader(manifest, files);
    const spy = {
      ...reader,
      read: (file: string) => {
        asked.push(file);
        return reader.read(file);
      },
    };
    await expect(loadPack(spy)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringContaining('components[0].bytes'),
    });
    expect(asked).toEqual(['pack.json']);
  });
});
