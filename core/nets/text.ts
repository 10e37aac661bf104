/**
 * The text encoder of the embedded generator: sub-word tokens to one vector each, by a small transformer that is trained
 * along with the denoiser.
 */

import { add, embed, type ParameterSource, staticShape, type Value } from '../graph/index.js';
import { feedForward, rmsNormLast, selfAttention } from './transformer.js';

export interface TextConfig {
  /** Number of different tokens; id 0 fills what is left of a prompt, and fills the empty prompt. */
  readonly vocabulary: number;
  /** Tokens of a prompt. */
  readonly length: number;
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
}

/** ids [N, L], int64, to context [N, L, width]. */
export function textEncoder(source: ParameterSource, ids: Value, config: TextConfig): Value {
  const { vocabulary, width, heads, blocks } = config;
  const [length] = staticShape([ids.shape[1]], 'A prompt');
  const table = source.get('embedding', [vocabulary, width], { normal: 0.5 });
  const places = source.get('positions', [1, length, width], { normal: 0.1 });
  let x = add(embed(table, ids), places);
  for (let i = 0; i < blocks; i++) {
    x = add(x, selfAttention(source, `block${i}.attention`, rmsNormLast(x), heads, 0.3));
    x = add(x, feedForward(source, `block${i}.mlp`, rmsNormLast(x), 3 * width, 0.3));
  }
  return rmsNormLast(x);
}

/** Multiply-accumulates of one prompt. */
export function textEncoderMacs({ length, width, blocks }: TextConfig): number {
  return blocks * length * (10 * width * width + 2 * length * width);
}
