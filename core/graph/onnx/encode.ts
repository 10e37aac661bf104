/** Writes a graph as the bytes of an ONNX model. */

import { PbfWriter } from 'pbf';
import type { Attribute, Graph, InitializerData, Node, Value } from '../graph.js';
import { dimText } from '../types.js';
import * as F from './fields.js';

/** A complete ONNX model with this graph. */
export function encodeModel(graph: Graph): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(F.MODEL.irVersion, F.IR_VERSION);
  pbf.writeStringField(F.MODEL.producerName, 'enlarger');
  pbf.writeMessage(F.MODEL.graph, writeGraph, graph);
  pbf.writeMessage(
    F.MODEL.opsetImport,
    (_: null, p) => {
      p.writeStringField(F.OPSET_ID.domain, '');
      p.writeVarintField(F.OPSET_ID.version, F.OPSET);
    },
    null,
  );
  return pbf.finish();
}

function writeGraph(graph: Graph, pbf: PbfWriter): void {
  // An output gets its public name by an Identity node, which engines remove.
  for (const node of graph.nodes) pbf.writeMessage(F.GRAPH.node, writeNode, node);
  for (const { name, value } of graph.outputs) {
    if (name === value.name) continue;
    pbf.writeMessage(F.GRAPH.node, writeIdentity, { from: value.name, to: name });
  }
  pbf.writeStringField(F.GRAPH.name, graph.name);
  for (const [value, data] of graph.initializers)
    pbf.writeMessage(F.GRAPH.initializer, writeTensor, { value, data });
  for (const value of graph.inputs)
    pbf.writeMessage(F.GRAPH.input, writeValueInfo, { name: value.name, value });
  for (const output of graph.outputs) pbf.writeMessage(F.GRAPH.output, writeValueInfo, output);
}

function writeNode(node: Node, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(F.NODE.input, input?.name ?? '');
  for (const output of node.outputs) pbf.writeStringField(F.NODE.output, output.name);
  pbf.writeStringField(F.NODE.opType, node.op);
  for (const [name, attribute] of Object.entries(node.attributes))
    pbf.writeMessage(F.NODE.attribute, writeAttribute, { name, attribute });
}

function writeIdentity(names: { from: string; to: string }, pbf: PbfWriter): void {
  pbf.writeStringField(F.NODE.input, names.from);
  pbf.writeStringField(F.NODE.output, names.to);
  pbf.writeStringField(F.NODE.opType, 'Identity');
}

function writeAttribute({ name, attribute }: { name: string; attribute: Attribute }, pbf: PbfWriter): void {
  pbf.writeStringField(F.ATTRIBUTE.name, name);
  if (typeof attribute === 'number') {
    pbf.writeVarintField(F.ATTRIBUTE.i, attribute);
    pbf.writeVarintField(F.ATTRIBUTE.type, F.ATTRIBUTE_TYPE.int);
  } else if (typeof attribute === 'string') {
    pbf.writeStringField(F.ATTRIBUTE.s, attribute);
    pbf.writeVarintField(F.ATTRIBUTE.type, F.ATTRIBUTE_TYPE.string);
  } else if ('float' in attribute) {
    pbf.writeFloatField(F.ATTRIBUTE.f, attribute.float);
    pbf.writeVarintField(F.ATTRIBUTE.type, F.ATTRIBUTE_TYPE.float);
  } else {
    for (const value of attribute) pbf.writeVarintField(F.ATTRIBUTE.ints, value);
    pbf.writeVarintField(F.ATTRIBUTE.type, F.ATTRIBUTE_TYPE.ints);
  }
}

function writeTensor({ value, data }: { value: Value; data: InitializerData }, pbf: PbfWriter): void {
  for (const dim of value.shape) pbf.writeVarintField(F.TENSOR.dims, dim as number);
  pbf.writeVarintField(F.TENSOR.dataType, F.DATA_TYPE[value.dtype]);
  pbf.writeStringField(F.TENSOR.name, value.name);
  // ONNX raw data is little-endian, as is every platform the engines run on.
  pbf.writeBytesField(F.TENSOR.rawData, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo({ name, value }: { name: string; value: Value }, pbf: PbfWriter): void {
  pbf.writeStringField(F.VALUE_INFO.name, name);
  pbf.writeMessage(F.VALUE_INFO.type, writeType, value);
}

function writeType(value: Value, pbf: PbfWriter): void {
  pbf.writeMessage(F.TYPE.tensorType, writeTensorType, value);
}

function writeTensorType(value: Value, pbf: PbfWriter): void {
  pbf.writeVarintField(F.TENSOR_TYPE.elemType, F.DATA_TYPE[value.dtype]);
  pbf.writeMessage(F.TENSOR_TYPE.shape, writeShape, value);
}

function writeShape(value: Value, pbf: PbfWriter): void {
  for (const dim of value.shape)
    pbf.writeMessage(
      F.SHAPE.dim,
      (_: null, p) => {
        if (typeof dim === 'number') p.writeVarintField(F.DIMENSION.value, dim);
        else p.writeStringField(F.DIMENSION.param, dimText(dim));
      },
      null,
    );
}
