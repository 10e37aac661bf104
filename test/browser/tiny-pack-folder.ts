/** A whole model pack on disk whose networks have the true shapes and random weights, small enough for any engine. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeSelfCheck } from '../../cli/self-check.js';
import { encodeModel, storeFloat16 } from '../../core/graph/index.js';
import {
  buildComponent,
  type ComponentBuilder,
  componentLayout,
  decoderComponent,
  encoderComponent,
  spreadComponent,
  upsamplerComponent,
  velocityComponent,
} from '../../core/nets/components.js';
import { toHalf } from '../../core/pack/half.js';
import { sha256Hex } from '../../core/pack/hash.js';
import { PACK_FORMAT } from '../../core/pack/schema.js';
import { initialParameters } from '../../core/train/state.js';
import { TINY_AUTOENCODER, TINY_VELOCITY } from '../core/nets/tiny.js';

const COMPONENTS: readonly [role: string, build: ComponentBuilder, factor?: 2][] = [
  ['upsampler', upsamplerComponent({ factor: 2, channels: 8, blocks: 1 }), 2],
  ['encoder', encoderComponent(TINY_AUTOENCODER)],
  ['decoder', decoderComponent(TINY_AUTOENCODER)],
  ['spread', spreadComponent(TINY_VELOCITY)],
  ['velocity', velocityComponent(TINY_VELOCITY)],
];

/** Writes the pack into a new temporary folder, with its stored answer. */
export async function writeTinyPack(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'enlarger-tiny-'));
  mkdirSync(folder, { recursive: true });
  const components = [];
  for (const [role, build, factor] of COMPONENTS) {
    const params = initialParameters(componentLayout(build), 3);
    const bytes = encodeModel(buildComponent(role, build, params, storeFloat16(toHalf)));
    const file = `${role}.onnx`;
    writeFileSync(path.join(folder, file), bytes);
    const channels = role === 'encoder' || role === 'velocity' || role === 'spread' ? 4 : 3;
    components.push({
      role,
      ...(factor && { factor }),
      file,
      sha256: await sha256Hex(bytes),
      bytes: bytes.length,
      parameters: params.length,
      inputs: [{ name: 'x', shape: [1, 3, 'h', 'w'] }],
      outputs: [{ name: 'y', shape: [1, channels, 'h', 'w'] }],
      haloPx: 8,
      macsPerOutputPixel: 1000,
    });
  }
  const manifest = {
    format: PACK_FORMAT,
    name: 'tiny',
    title: 'Tiny',
    licence: 'MIT',
    created: '2025-01-02T03:04:05Z',
    components,
    latent: { channels: 4, factor: 8, mean: [0.1, 0, 0, -0.1], std: [1, 2, 1, 0.5], changeStd: 0.5 },
    path: {
      coupling: 'psu',
      noiseSchedule: 'cosine',
      detailTable: [
        { detail: 0, noiseStep: 0 },
        { detail: 1, noiseStep: 300 },
      ],
      defaultDetail: 0.5,
      solver: 'euler',
      evaluations: 1,
    },
    trainedOn: [{ name: 'Nothing', licence: 'CC0-1.0' }],
  };
  writeFileSync(path.join(folder, 'pack.json'), JSON.stringify(manifest));
  await writeSelfCheck(folder);
  return folder;
}
