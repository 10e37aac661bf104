/** Pixel shuffles: space to channels and back. */

import type { Value } from '../graph.js';
import { scaleDim, staticShape } from '../types.js';
import { gather } from './gather.js';
import { apply, defineOp } from './op.js';

/** Pixel shuffle: [N, C*b*b, H, W] to [N, C, H*b, W*b] (Shi et al. 2016), channel-major as in ONNX CRD. */
export function depthToSpace(x: Value, block: number): Value {
  return apply('DepthToSpace', [x], { blocksize: block, mode: 'CRD' });
}

/**
 * The inverse of `depthToSpace`: [N, C, H, W] to [N, C*b*b, H/b, W/b]. ONNX's SpaceToDepth orders channels
 * block-major, so a permutation of the channels follows to make the two exact inverses.
 */
export function spaceToDepth(x: Value, block: number): Value {
  const [channels] = staticShape([x.shape[1]], 'spaceToDepth');
  const blocks = apply('SpaceToDepth', [x], { blocksize: block });
  if (channels === 1) return blocks;
  const taps = block * block;
  const order = Array.from(
    { length: channels * taps },
    (_, i) => (i % taps) * channels + Math.floor(i / taps),
  );
  return gather(blocks, 1, order);
}

defineOp('DepthToSpace', {
  infer: ([x], { blocksize }) => {
    const [n, c, h, w] = x!.shape;
    const block = blocksize as number;
    const shape = [n, scaleDim(c, 1 / block ** 2), scaleDim(h, block), scaleDim(w, block)];
    return { dtype: x!.dtype, shape };
  },
  vjp: (node, g) => {
    if (node.attributes.mode !== 'CRD') return [null];
    return [() => spaceToDepth(g, node.attributes.blocksize as number)];
  },
});
defineOp('SpaceToDepth', {
  infer: ([x], { blocksize }) => {
    const [n, c, h, w] = x!.shape;
    const block = blocksize as number;
    const shape = [n, scaleDim(c, block ** 2), scaleDim(h, 1 / block), scaleDim(w, 1 / block)];
    return { dtype: x!.dtype, shape };
  },
  // Block-major channels are what ONNX calls DCR.
  vjp: (node, g) => [() => apply('DepthToSpace', [g], { blocksize: node.attributes.blocksize, mode: 'DCR' })],
});
