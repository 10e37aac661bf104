/**
 * Types of the graph library: element types, dimensions that may be symbolic, and shapes.
 *
 * A dimension is a number or `mul * symbol + add` of one named symbol, which is all that convolutions,
 * paddings and (un)shuffles of a dynamic height and width need; anything more would be a general algebra.
 */

import { EnlargerError } from '../errors.js';

export type DType = 'float32' | 'float16' | 'int32' | 'int64' | 'bool';

/** `mul * symbol + add` elements, for example `{ symbol: 'h', mul: 2, add: 0 }`. */
export interface SymbolicDim {
  readonly symbol: string;
  readonly mul: number;
  readonly add: number;
}

export type Dim = number | SymbolicDim;
export type Shape = readonly Dim[];

/** A dimension known only at run time. */
export function symbol(name: string): SymbolicDim {
  return { symbol: name, mul: 1, add: 0 };
}

/** `dim * factor`; factors may be fractions such as 1/8 where the caller guarantees divisibility. */
export function scaleDim(dim: Dim, factor: number): Dim {
  if (typeof dim === 'number') {
    const scaled = dim * factor;
    if (!Number.isInteger(scaled))
      throw new EnlargerError('graph-invalid', `A dimension of ${dim} cannot be scaled by ${factor}.`);
    return scaled;
  }
  return { symbol: dim.symbol, mul: dim.mul * factor, add: dim.add * factor };
}

/** `dim + offset`. */
export function offsetDim(dim: Dim, offset: number): Dim {
  return typeof dim === 'number' ? dim + offset : { ...dim, add: dim.add + offset };
}

export function sameDim(a: Dim, b: Dim): boolean {
  if (typeof a === 'number' || typeof b === 'number') return a === b;
  return a.symbol === b.symbol && a.mul === b.mul && a.add === b.add;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => sameDim(dim, b[i]));
}

/** The dimensions as numbers. @throws EnlargerError `graph-invalid` when one of them is symbolic. */
export function staticShape(shape: Shape, purpose: string): number[] {
  return shape.map((dim) => {
    if (typeof dim !== 'number')
      throw new EnlargerError('graph-invalid', `${purpose} needs a static shape, not ${shapeText(shape)}.`);
    return dim;
  });
}

/** Number of elements of a static shape. */
export function elementCount(shape: Shape): number {
  return staticShape(shape, 'Counting elements').reduce((product, dim) => product * dim, 1);
}

/** Text of a dimension as ONNX `dim_param` and in messages: `h`, `2*h+1`. */
export function dimText(dim: Dim): string {
  if (typeof dim === 'number') return String(dim);
  const scaled = dim.mul === 1 ? dim.symbol : `${dim.mul}*${dim.symbol}`;
  if (dim.add === 0) return scaled;
  return dim.add > 0 ? `${scaled}+${dim.add}` : `${scaled}${dim.add}`;
}

/** The inverse of `dimText`; a text of another form is taken as the name of a symbol. */
export function parseDim(text: string): Dim {
  const match = /^(?:([0-9.]+)\*)?([A-Za-z_][\w]*)([+-][0-9.]+)?$/.exec(text);
  if (!match) return symbol(text);
  return { symbol: match[2], mul: match[1] ? Number(match[1]) : 1, add: match[3] ? Number(match[3]) : 0 };
}

export function shapeText(shape: Shape): string {
  return `[${shape.map(dimText).join(', ')}]`;
}

/**
 * NumPy-style broadcasting of two shapes, right-aligned.
 * @throws EnlargerError `graph-invalid` when they do not broadcast.
 */
export function broadcastShapes(a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const da = a[i - rank + a.length] ?? 1;
    const db = b[i - rank + b.length] ?? 1;
    if (sameDim(da, db) || db === 1) return da;
    if (da === 1) return db;
    throw new EnlargerError('graph-invalid', `Shapes ${shapeText(a)} and ${shapeText(b)} do not broadcast.`);
  });
}
