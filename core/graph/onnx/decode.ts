/**
 * Reads an ONNX model back into a graph. Only operators this library knows are accepted; shapes are inferred
 * anew by the same rules that built them, so a file without shape annotations is as good as one with.
 */

import { PbfReader } from 'pbf';
import { EnlargerError } from '../../errors.js';
import { type Attribute, Graph, type InitializerData, type Value } from '../graph.js';
import { ruleOf } from '../ops/op.js';
import * as F from './fields.js';
import { newValue, type RawValue, readValueField } from './value-info.js';

interface RawAttribute {
  name: string;
  type: number;
  f: number;
  i: number;
  s: string;
  ints: number[];
}

interface RawNode {
  inputs: string[];
  outputs: string[];
  op: string;
  attributes: RawAttribute[];
}

interface RawTensor {
  name: string;
  dims: number[];
  type: number;
  raw: Uint8Array;
}

interface RawGraph {
  name: string;
  nodes: RawNode[];
  tensors: RawTensor[];
  inputs: RawValue[];
  outputs: RawValue[];
}

/** @throws EnlargerError `graph-invalid` when the bytes are no ONNX model or use what is not supported here. */
export function decodeModel(bytes: Uint8Array): Graph {
  let raw: RawGraph;
  try {
    raw = readModel(bytes);
  } catch (cause) {
    throw new EnlargerError('graph-invalid', 'The file is not an ONNX model.', 'Fetch the pack again.', {
      cause,
    });
  }
  return rebuild(raw);
}

function rebuild(raw: RawGraph): Graph {
  const graph = new Graph(raw.name);
  const values = new Map<string, Value>();
  const find = (name: string): Value | null => {
    if (name === '') return null;
    const value = values.get(name);
    if (!value) throw new EnlargerError('graph-invalid', `The model uses "${name}" before it is made.`);
    return value;
  };
  for (const { name, type, shape } of raw.inputs) values.set(name, graph.input(name, shape, dtype(type)));
  for (const tensor of raw.tensors)
    values.set(tensor.name, graph.initializer(tensor.dims, tensorData(tensor), tensor.name));
  for (const node of raw.nodes) {
    const inputs = node.inputs.map(find);
    // An Identity only gives a value another name.
    if (node.op === 'Identity') values.set(node.outputs[0], inputs[0]!);
    else {
      const attributes = Object.fromEntries(node.attributes.map((a) => [a.name, attribute(a)]));
      const spec = ruleOf(node.op).infer(inputs, attributes);
      values.set(node.outputs[0], graph.add(node.op, inputs, [spec], attributes)[0]);
    }
  }
  for (const { name } of raw.outputs) graph.output(name, find(name)!);
  return graph;
}

function dtype(code: number) {
  const known = F.dtypeOfNumber(code);
  if (!known) throw new EnlargerError('graph-invalid', `ONNX element type ${code} is not supported here.`);
  return known;
}

function tensorData({ type, raw }: RawTensor): InitializerData {
  // Copied: a view into the file may be misaligned for its element type, and a Buffer's slice() is a view.
  const { buffer } = new Uint8Array(raw);
  switch (dtype(type)) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float16':
      return new Uint16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'bool':
      return new Uint8Array(buffer);
  }
}

function attribute(raw: RawAttribute): Attribute {
  switch (raw.type) {
    case F.ATTRIBUTE_TYPE.float:
      return { float: raw.f };
    case F.ATTRIBUTE_TYPE.int:
      return raw.i;
    case F.ATTRIBUTE_TYPE.string:
      return raw.s;
    case F.ATTRIBUTE_TYPE.ints:
      return raw.ints;
    default:
      throw new EnlargerError('graph-invalid', `The attribute "${raw.name}" has an unsupported type.`);
  }
}

function readModel(bytes: Uint8Array): RawGraph {
  const empty: RawGraph = { name: '', nodes: [], tensors: [], inputs: [], outputs: [] };
  const pbf = new PbfReader(bytes);
  pbf.readFields((tag, _, p) => {
    if (tag === F.MODEL.graph) p.readMessage(readGraphField, empty);
  }, null);
  if (empty.outputs.length === 0) throw new Error('no graph');
  return empty;
}

function readGraphField(tag: number, graph: RawGraph, pbf: PbfReader): void {
  if (tag === F.GRAPH.name) graph.name = pbf.readString();
  else if (tag === F.GRAPH.node)
    graph.nodes.push(pbf.readMessage(readNodeField, { inputs: [], outputs: [], op: '', attributes: [] }));
  else if (tag === F.GRAPH.initializer)
    graph.tensors.push(
      pbf.readMessage(readTensorField, { name: '', dims: [], type: 0, raw: new Uint8Array() }),
    );
  else if (tag === F.GRAPH.input) graph.inputs.push(pbf.readMessage(readValueField, newValue()));
  else if (tag === F.GRAPH.output) graph.outputs.push(pbf.readMessage(readValueField, newValue()));
}

function readNodeField(tag: number, node: RawNode, pbf: PbfReader): void {
  if (tag === F.NODE.input) node.inputs.push(pbf.readString());
  else if (tag === F.NODE.output) node.outputs.push(pbf.readString());
  else if (tag === F.NODE.opType) node.op = pbf.readString();
  else if (tag === F.NODE.attribute)
    node.attributes.push(
      pbf.readMessage(readAttributeField, { name: '', type: 0, f: 0, i: 0, s: '', ints: [] }),
    );
}

function readAttributeField(tag: number, target: RawAttribute, pbf: PbfReader): void {
  if (tag === F.ATTRIBUTE.name) target.name = pbf.readString();
  else if (tag === F.ATTRIBUTE.type) target.type = pbf.readVarint();
  else if (tag === F.ATTRIBUTE.f) target.f = pbf.readFloat();
  else if (tag === F.ATTRIBUTE.i) target.i = pbf.readVarint(true);
  else if (tag === F.ATTRIBUTE.s) target.s = pbf.readString();
  else if (tag === F.ATTRIBUTE.ints) pbf.readPackedVarint(target.ints, true);
}

function readTensorField(tag: number, tensor: RawTensor, pbf: PbfReader): void {
  if (tag === F.TENSOR.name) tensor.name = pbf.readString();
  else if (tag === F.TENSOR.dims) pbf.readPackedVarint(tensor.dims);
  else if (tag === F.TENSOR.dataType) tensor.type = pbf.readVarint();
  else if (tag === F.TENSOR.rawData) tensor.raw = pbf.readBytes();
}
