/** The page of panel.test.ts: the whole panel over the in-memory editor and an engine that needs no network. */

import { EnlargerError } from '../../../core/errors.js';
import {
  createFixtureHost,
  FixtureEditor,
  type FixtureHost,
  type LayerInput,
} from '../../../plugin/hosts/fixture/index.js';
import { openPresetLibrary, type PresetLibrary } from '../../../plugin/presets/library.js';
import { mountPanel } from '../../../ui/mount.js';
import type { PanelModel } from '../../../ui/state/panel-model.js';
import { type CanvasEngine, createCanvasEngine } from './canvas-engine.js';
import type { Scenario } from './panel-scenario.js';

interface Opened {
  readonly editor: FixtureEditor;
  readonly host: FixtureHost;
  readonly engine: CanvasEngine;
  model: PanelModel;
  /** The presets as a colleague sees them who has the same document open elsewhere. */
  colleague(): Promise<PresetLibrary>;
  failing: Scenario['failing'];
}

async function picture(canvas: OffscreenCanvas) {
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return { bytes, format: 'png' as const, width: canvas.width, height: canvas.height };
}

const samples = {
  /** A landscape in a few strokes, or the photograph that the test gave. */
  async photo(hue: number, file?: string) {
    const canvas = new OffscreenCanvas(160, 120);
    const context = canvas.getContext('2d')!;
    // Drawn in units of half a pixel.
    context.scale(0.5, 0.5);
    if (file) {
      const bitmap = await createImageBitmap(await (await fetch(file)).blob());
      context.filter = `hue-rotate(${hue}deg)`;
      context.drawImage(
        bitmap,
        0,
        (bitmap.height - bitmap.width * 0.75) / 2,
        bitmap.width,
        bitmap.width * 0.75,
        0,
        0,
        320,
        240,
      );
      return picture(canvas);
    }
    const sky = context.createLinearGradient(0, 0, 0, 240);
    sky.addColorStop(0, `hsl(${210 + hue} 70% 55%)`);
    sky.addColorStop(1, `hsl(${30 + hue} 80% 80%)`);
    context.fillStyle = sky;
    context.fillRect(0, 0, 320, 240);
    for (let ridge = 0; ridge < 4; ridge++) {
      context.fillStyle = `hsl(${150 + hue} 30% ${50 - ridge * 11}%)`;
      context.beginPath();
      context.moveTo(0, 240);
      for (let x = 0; x <= 320; x += 4)
        context.lineTo(
          x,
          110 + ridge * 30 + 18 * Math.sin(x / (24 + ridge * 9) + ridge * 2) + 4 * Math.sin(x / 5),
        );
      context.lineTo(320, 240);
      context.fill();
    }
    return picture(canvas);
  },
  async logo(hue: number) {
    const canvas = new OffscreenCanvas(96, 96);
    const context = canvas.getContext('2d')!;
    context.fillStyle = `hsl(${260 + hue} 70% 55%)`;
    context.beginPath();
    context.arc(48, 48, 40, 0, 7);
    context.fill();
    context.fillStyle = '#ffffff';
    context.font = 'bold 52px sans-serif';
    context.textAlign = 'center';
    context.fillText('E', 48, 67);
    return picture(canvas);
  },
  async screen(hue: number) {
    const canvas = new OffscreenCanvas(120, 200);
    const context = canvas.getContext('2d')!;
    context.scale(0.5, 0.5);
    context.fillStyle = '#f6f6fa';
    context.fillRect(0, 0, 240, 400);
    context.fillStyle = `hsl(${220 + hue} 70% 50%)`;
    context.fillRect(0, 0, 240, 48);
    context.font = '12px sans-serif';
    for (let line = 0; line < 12; line++) {
      context.fillStyle = '#222222';
      context.fillText(`Line ${line + 1} of a small screen`, 16, 80 + line * 26);
    }
    return picture(canvas);
  },
  async small(hue: number) {
    const canvas = new OffscreenCanvas(24, 16);
    const context = canvas.getContext('2d')!;
    context.fillStyle = `hsl(${hue} 60% 50%)`;
    context.fillRect(4, 4, 16, 8);
    return picture(canvas);
  },
  async damaged() {
    return {
      bytes: new Uint8Array([137, 80, 78, 71, 1, 2, 3]),
      format: 'png' as const,
      width: 64,
      height: 64,
    };
  },
};

async function layerOf(layer: Scenario['layers'][number], at: number, photo?: string): Promise<LayerInput> {
  const { name, sample, locked = false, video, prompt } = layer;
  const pictures = sample ? [await samples[sample](at * 40, photo)] : [];
  const generated = prompt === undefined ? null : { prompt, seed: 41, guidance: 5 };
  return { id: `layer-${at}`, name, locked, kind: video ? 'video' : 'picture', pictures, generated };
}

Object.assign(globalThis, {
  async openPanel(scenario: Scenario): Promise<void> {
    const layers = await Promise.all(scenario.layers.map((layer, at) => layerOf(layer, at, scenario.photo)));
    const editor = new FixtureEditor(layers);
    editor.select(...layers.map(({ id }) => id!));
    const opened: Partial<Opened> = { editor, failing: scenario.failing };
    const host = createFixtureHost(editor, {
      ...(scenario.info ? { info: scenario.info } : {}),
      ...(scenario.command ? { command: scenario.command } : {}),
      before({ method, argument, scope }) {
        const fails = opened.failing?.some(
          (each) =>
            each.method === method &&
            (each.scope === undefined || each.scope === scope) &&
            argument.startsWith(each.argument ?? ''),
        );
        if (!fails) return;
        throw method === 'get' || method === 'set' || method === 'keys'
          ? new EnlargerError('store-failed', 'The store does not answer.', 'Try again.')
          : new EnlargerError('placement-failed', 'The editor did not take it.', 'Try again.');
      },
    });
    const engine = createCanvasEngine(scenario.engine);
    const root = document.getElementById('app')!;
    Object.assign(globalThis, { opened });
    const colleague = () => openPresetLibrary(createFixtureHost(new FixtureEditor([], editor.documentData)));
    Object.assign(opened, { host, engine, colleague });
    opened.model = await mountPanel({
      root,
      connect: async () => host,
      engine,
      fragment: scenario.fragment ?? '',
    });
  },
});
