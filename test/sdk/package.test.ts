import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Installed, install } from './installed.js';

jest.setTimeout(600_000);

let installed: Installed;
beforeAll(async () => {
  installed = await install();
});
afterAll(() => installed?.remove());

const manifest = JSON.parse(readFileSync(path.join(__dirname, '../../package.json'), 'utf8'));

describe('the package', () => {
  it('holds what its exports and commands name, the models, and nothing of the workshop', () => {
    const { packed } = installed;
    const targets = Object.values(manifest.exports as Record<string, string | Record<string, string>>)
      .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
      .concat(Object.values(manifest.bin as Record<string, string>))
      .map((target) => target.replace(/^\.\//, ''));
    for (const target of targets) {
      const [start] = target.split('*');
      expect(packed.some((file) => (target.includes('*') ? file.startsWith(start) : file === target))).toBe(
        true,
      );
    }
    expect(packed).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'docs/sdk.md']));
    expect(packed).toContain('models/enlarger-1/pack.json');
    expect(packed.filter((file) => /^(test|core|cli|bench|scripts|\.work|dist\/figma)\//.test(file))).toEqual(
      [],
    );
  });

  it('enlarges a picture in Node, and its errors are of one kind', async () => {
    const out = await installed.node(`
      import { EnlargerError, createRaster, planCascade } from 'enlarger';
      import { decodeImage, encodeImage, openUpscaler } from 'enlarger/node';
      import { parsePreset, settingsOf } from 'enlarger/plugin';
      import { parseRecipe } from 'enlarger/train';
      const picture = createRaster(20, 12);
      for (let i = 0; i < picture.data.length; i++) picture.data[i] = i % 4 === 3 ? 255 : (i * 7) % 256;
      const upscaler = await openUpscaler({ backend: 'cpu', threads: 1 });
      const { raster } = await upscaler.run(picture, { scale: 2 }, { detail: 0 });
      const again = await decodeImage(await encodeImage(raster, 'png'));
      const codes = [];
      for (const fail of [
        () => planCascade(picture, { scale: 99 }, [2]),
        () => parsePreset({}),
        () => upscaler.run(picture, { scale: 0 }),
      ])
        try { await fail(); } catch (error) { codes.push(error instanceof EnlargerError && error.code); }
      await upscaler.dispose();
      console.log(JSON.stringify({ size: [again.raster.width, again.raster.height], name: upscaler.pack.name, codes,
        recipe: typeof parseRecipe, settings: typeof settingsOf }));
    `);
    expect(JSON.parse(out)).toEqual({
      size: [40, 24],
      name: 'enlarger-1',
      codes: ['option-invalid', 'preset-invalid', 'option-invalid'],
      recipe: 'function',
      settings: 'function',
    });
  });

  it('has entries that load where there is no page', async () => {
    const out = await installed.node(`
      const names = ['', '/node', '/train', '/plugin', '/plugin/fabric', '/plugin/fixture'];
      const sizes = [];
      for (const name of names) sizes.push(Object.keys(await import('enlarger' + name)).length);
      console.log(JSON.stringify(sizes));
    `);
    for (const count of JSON.parse(out)) expect(count).toBeGreaterThan(0);
  });

  it('has types that hold a consumer to what is there', async () => {
    const faults = await installed.typeCheck(`
      import { createUpscaler, EnlargerError, type PackReader, type Raster, type Target } from 'enlarger';
      import { openUpscaler, createFolderReader, createCpuEngine } from 'enlarger/node';
      import { createPageEngine, createWebHost, enlargePicture, openPanel, type Host, type Preset, PresetLibrary } from 'enlarger/plugin';
      import type { FabricPage } from 'enlarger/plugin/fabric';
      import { createFixtureHost, FixtureEditor } from 'enlarger/plugin/fixture';
      import { mountPanel } from 'enlarger/ui';
      import { train, type TrainingTask } from 'enlarger/train';

      export async function node(picture: Raster): Promise<Raster> {
        const reader: PackReader = createFolderReader('pack');
        const upscaler = await createUpscaler(reader, await createCpuEngine({ threads: 2 }));
        const target: Target = { longSide: 2048 };
        const { raster, seed } = await upscaler.run(picture, target, { detail: 0.5, onProgress: ({ percent }) => console.log(percent) });
        const twice: number = seed * 2;
        void twice;
        return raster;
      }
      export async function page(photo: HTMLImageElement, container: HTMLElement): Promise<Blob> {
        const host: Host = createWebHost({ read: () => photo, write: (picture) => { photo.src = URL.createObjectURL(picture); } });
        openPanel({ url: '/panel.html', container, host });
        const engine = createPageEngine('/engine/');
        await mountPanel({ root: container, connect: async () => createFixtureHost(new FixtureEditor()), engine });
        return enlargePicture(engine, photo, { scale: 2 }, { detail: 0 });
      }
      export const library = new PresetLibrary({ personal: null });
      export const nameOf = ({ name }: Preset): string => name;
      export type Canvas = FabricPage['canvas'];
      export const run = (task: TrainingTask) => train({ task } as Parameters<typeof train>[0]);
      export const code = (error: EnlargerError): 'cancelled' | string => error.code;
      // @ts-expect-error A target names one size.
      export const wrong: Target = { size: 3 };
      // @ts-expect-error There is no such backend.
      void openUpscaler({ backend: 'cloud' });
      // @ts-expect-error A page has to say how its picture is written.
      createWebHost({ read: () => '' });
    `);
    expect(faults).toBe('');
  });
});
