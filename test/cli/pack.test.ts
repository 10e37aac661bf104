import { writeFile } from 'node:fs/promises';
import { tinyPack } from '../core/pack/tiny-pack.js';
import { run, temporaryFolder } from './run.js';

const folder = temporaryFolder();

beforeEach(async () => {
  const { manifest, files } = await tinyPack();
  await writeFile(folder.file('pack.json'), JSON.stringify(manifest));
  for (const [name, bytes] of files) await writeFile(folder.file(name), bytes);
});

describe('enlarger pack', () => {
  it('verifies a pack', async () => {
    const { code, out } = await run(['pack', 'verify', folder.path]);
    expect([code, out]).toEqual([0, expect.stringMatching(/tiny: all 4 components are as described/)]);
    const { json } = await run(['pack', 'verify', folder.path, '--json']);
    expect(json).toEqual([{ pack: 'tiny', components: 4, bytes: 12 }]);
  });

  it('finds a changed file', async () => {
    await writeFile(folder.file('up2.onnx'), Uint8Array.of(8, 0, 6));
    const { code, err, json } = await run(['pack', 'verify', folder.path, '--json']);
    expect([code, err]).toEqual([2, expect.stringMatching(/up2\.onnx/)]);
    expect(json).toEqual([{ error: expect.objectContaining({ code: 'pack-hash-mismatch' }) }]);
  });

  it('shows what a pack says about itself', async () => {
    const { code, out } = await run(['pack', 'inspect', folder.path]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Tiny\n {2}name tiny, format 1\.\d, made 2025-01-02, licence CC-BY-4\.0/);
    expect(out).toMatch(/upsampler x2: up2\.onnx/);
    expect(out).toMatch(/Own photographs \(CC0-1\.0\)/);
    const whole = await run(['pack', 'inspect', folder.path, '--json']);
    expect(JSON.parse(whole.out)).toMatchObject({ name: 'tiny', path: { defaultDetail: 0.3 } });
  });

  it('says that a folder is no pack', async () => {
    const { code, err } = await run(['pack', 'inspect', folder.file('none')]);
    expect([code, err]).toEqual([2, expect.stringMatching(/not a model pack/)]);
  });
});
