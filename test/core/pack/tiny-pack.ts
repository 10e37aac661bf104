/** A small valid pack in memory, for tests to break. */

import { sha256Hex } from '../../../core/pack/hash.js';
import type { PackReader } from '../../../core/pack/load.js';
import type { PackComponent } from '../../../core/pack/schema.js';

// biome-ignore lint/suspicious/noExplicitAny: tests put wrong values anywhere.
export type Breakable = any;

async function component(role: string, file: string, bytes: Uint8Array, more: Partial<PackComponent> = {}) {
  const picture = [{ name: 'x', shape: [1, 3, 'h', 'w'] }];
  return {
    role,
    file,
    sha256: await sha256Hex(bytes),
    bytes: bytes.length,
    parameters: 10,
    inputs: picture,
    outputs: [{ name: 'y', shape: [1, 3, '2*h', '2*w'] }],
    haloPx: 6,
    macsPerOutputPixel: 1234.5,
    ...more,
  };
}

/** The parsed pack.json and the files of a pack with all the components of an enlarger. */
export async function tinyPack(): Promise<{ manifest: Breakable; files: Map<string, Uint8Array> }> {
  const files = new Map(
    ['up2.onnx', 'encoder.onnx', 'decoder.onnx', 'velocity.onnx'].map((name, i) => [
      name,
      Uint8Array.of(8, i, 7),
    ]),
  );
  const latentOut = { outputs: [{ name: 'z', shape: [1, 2, 'h', 'w'] }] };
  const manifest = {
    format: '1.1',
    name: 'tiny',
    title: 'Tiny',
    licence: 'CC-BY-4.0',
    created: '2025-01-02T03:04:05Z',
    components: [
      await component('upsampler', 'up2.onnx', files.get('up2.onnx')!, { factor: 2 }),
      await component('encoder', 'encoder.onnx', files.get('encoder.onnx')!, latentOut),
      await component('decoder', 'decoder.onnx', files.get('decoder.onnx')!),
      await component('velocity', 'velocity.onnx', files.get('velocity.onnx')!, latentOut),
    ],
    latent: { channels: 2, factor: 8, mean: [0.5, -0.5], std: [1, 2] },
    path: {
      coupling: 'psu',
      noiseSchedule: 'cosine',
      detailTable: [
        { detail: 0, noiseStep: 0 },
        { detail: 1, noiseStep: 400 },
      ],
      defaultDetail: 0.3,
      solver: 'euler',
      evaluations: 2,
    },
    trainedOn: [{ name: 'Own photographs', licence: 'CC0-1.0' }],
  };
  return { manifest, files };
}

/** A reader over a pack in memory. */
export function memoryReader(manifest: unknown, files: Map<string, Uint8Array>): PackReader {
  return {
    location: 'packs/tiny',
    read: async (path) => {
      if (path === 'pack.json') return new TextEncoder().encode(JSON.stringify(manifest));
      const bytes = files.get(path);
      if (!bytes) throw new Error(`no ${path}`);
      return bytes;
    },
  };
}
