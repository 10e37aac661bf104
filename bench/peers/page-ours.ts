/** The page of this project: its pipeline and a pack, on ONNX Runtime's wasm and one thread. */

import { loadPack } from '../../core/pack/load.js';
import type { StageProvider } from '../../core/pipeline/stage.js';
import { openStages } from '../../core/pipeline/stages.js';
import { upscale } from '../../core/pipeline/upscale.js';
import { estimateJpegDamage } from '../../core/raster/jpeg-damage.js';
import { createEngine } from '../../core/runtime/browser.js';
import { bytesOf, type PageResult, type PixelText, toText, withAlpha, withoutAlpha } from './pixels.js';

let provider: StageProvider;
let settings: { readonly scale: number; readonly detail: number };

Object.assign(globalThis, {
  /** `name` such as "x2/0.5": scale and detail. Returns the engine that runs. */
  async prepare(name: string): Promise<string> {
    const [scale, detail] = name.slice(1).split('/').map(Number);
    settings = { scale, detail };
    const pack = await loadPack({
      location: 'the pack',
      async read(file) {
        const response = await fetch(`/pack/${file}`);
        if (!response.ok) throw new Error(`${file}: ${response.status}`);
        return new Uint8Array(await response.arrayBuffer());
      },
    });
    const { engine } = await createEngine('wasm');
    provider = await openStages(pack, engine);
    return engine.description;
  },

  async enlarge(picture: PixelText): Promise<PageResult> {
    const { width, height } = picture;
    const { scale, detail } = settings;
    const started = performance.now();
    const raster = { width, height, data: withAlpha(bytesOf(picture)) };
    const { raster: made } = await upscale(
      raster,
      { scale },
      { provider, detail, damage: estimateJpegDamage(raster) },
    );
    const rgb = withoutAlpha(made.data);
    const milliseconds = performance.now() - started;
    return { ...toText(made.width, made.height, rgb), milliseconds };
  },
});
