/**
 * Building blocks of networks over sequences of tokens [N, T, D]: linear maps, normalisation, attention (Vaswani et al.
 * 2017) with normalised queries and keys (Dehghani et al. 2023), gated by modulation in the manner of DiT (Peebles and
 * Xie 2023). N may be symbolic; T and D are fixed.
 */

import {
  add,
  div,
  matmul,
  mul,
  type ParameterSource,
  reduceMean,
  reshape,
  silu,
  slice,
  softmax,
  sqrt,
  square,
  staticShape,
  transpose,
  transposeLast,
  type Value,
} from '../graph/index.js';

/** A linear map of the last axis, D to `outputs`; x [N, T, D] or [N, D]. `gain` 0 starts as zero. */
export function linear(source: ParameterSource, name: string, x: Value, outputs: number, gain = 1): Value {
  const [inputs] = staticShape([x.shape.at(-1)!], 'A linear map');
  const std = gain / Math.sqrt(inputs);
  const weight = source.get(
    `${name}.weight`,
    [inputs, outputs],
    std === 0 ? { constant: 0 } : { normal: std },
  );
  const bias = source.get(`${name}.bias`, [outputs], { constant: 0 });
  const lead = x.shape.slice(0, -1);
  if (lead.length === 1 || lead.some((dim) => typeof dim !== 'number')) return add(matmul(x, weight), bias);
  // As one large product: a batch of small ones would make the weight's gradient once per example.
  const rows = staticShape(lead, 'A linear map').reduce((product, dim) => product * dim, 1);
  return reshape(add(matmul(reshape(x, [rows, inputs]), weight), bias), [...lead, outputs]);
}

/** Root-mean-square normalisation of the last axis, without a scale of its own. */
export function rmsNormLast(x: Value, epsilon = 1e-6): Value {
  return div(x, sqrt(add(reduceMean(square(x), [x.shape.length - 1], true), epsilon)));
}

/** x [N, T, D] attends to itself; D is divided among `heads`. */
export function selfAttention(
  source: ParameterSource,
  name: string,
  x: Value,
  heads: number,
  outputGain: number,
): Value {
  const [tokens, width] = staticShape(x.shape.slice(1), 'Attention');
  const [batch] = x.shape;
  const each = width / heads;
  const joined = linear(source, `${name}.qkv`, x, 3 * width);
  const [q, k, v] = [0, 1, 2].map((i) => {
    const part = slice(joined, 2, i * width, (i + 1) * width);
    return transpose(reshape(part, [batch, tokens, heads, each]), [0, 2, 1, 3]);
  });
  const logits = mul(matmul(rmsNormLast(q), transposeLast(rmsNormLast(k))), 1 / Math.sqrt(each));
  const mixed = transpose(matmul(softmax(logits), v), [0, 2, 1, 3]);
  return linear(source, `${name}.out`, reshape(mixed, [batch, tokens, width]), width, outputGain);
}

/** Two linear maps with SiLU between. */
export function feedForward(
  source: ParameterSource,
  name: string,
  x: Value,
  hidden: number,
  outputGain: number,
): Value {
  const [width] = staticShape([x.shape.at(-1)!], 'A feed-forward layer');
  const inner = silu(linear(source, `${name}.a`, x, hidden));
  return linear(source, `${name}.b`, inner, width, outputGain);
}
