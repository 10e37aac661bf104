/** Reads the weights of the Inception-v3 that comes inside the npm package nsfwjs. */

import { EnlargerError } from '../../core/errors.js';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** One tensor in a tfjs weight manifest. */
export interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: {
    readonly min: number;
    readonly scale: number;
    readonly dtype: 'uint8' | 'uint16';
  };
}

/** Cuts the bytes of a tfjs weight file into tensors and undoes their affine quantisation. */
export function readTensors(entries: readonly ManifestEntry[], bytes: Uint8Array): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (const { name, shape, quantization } of entries) {
    const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    const size = quantization ? (quantization.dtype === 'uint8' ? 1 : 2) : 4;
    for (let i = 0; i < data.length; i++, at += size) {
      if (!quantization) data[i] = view.getFloat32(at, true);
      else {
        const level = size === 1 ? view.getUint8(at) : view.getUint16(at, true);
        data[i] = level * quantization.scale + quantization.min;
      }
    }
    tensors.set(name, { shape, data });
  }
  return tensors;
}

/**
 * All weights by name, such as "conv2d_1/kernel".
 * @throws EnlargerError `data-missing` when the packages of bench/ are not installed.
 */
export async function inceptionWeights(): Promise<Map<string, Tensor>> {
  let model: typeof import('nsfwjs/models/inception_v3')['InceptionV3Model'];
  try {
    model = (await import('nsfwjs/models/inception_v3')).InceptionV3Model;
  } catch (cause) {
    throw new EnlargerError(
      'data-missing',
      'The pre-trained network for the perceptual distance is not installed.',
      'Run: npm ci --prefix bench',
      { cause },
    );
  }
  const { weightsManifest } = (await model.modelJson()).default;
  const bundles = await Promise.all(model.weightBundles.map(async (load) => (await load()).default));
  const bytes = Buffer.concat(bundles.map((text) => Buffer.from(text, 'base64')));
  return readTensors(
    weightsManifest.flatMap(({ weights }) => weights),
    bytes,
  );
}
