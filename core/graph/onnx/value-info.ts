/** Reads what an ONNX model says about its inputs and outputs, without looking at anything else in it. */

import { PbfReader } from 'pbf';
import { EnlargerError } from '../../errors.js';
import { type Dim, type DType, parseDim, type Shape } from '../types.js';
import * as F from './fields.js';

/** An input or output of a model; `dtype` is undefined for an element type that is not supported here. */
export interface ModelPort {
  readonly name: string;
  readonly dtype: DType | undefined;
  readonly shape: Shape;
}

export interface ModelPorts {
  /** Without those that the model brings along as initializers. */
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
}

interface RawPorts {
  readonly inputs: RawValue[];
  readonly outputs: RawValue[];
  readonly initializers: Set<string>;
}

/**
 * The ports of any ONNX model, whatever operators it uses.
 * @throws EnlargerError `graph-invalid` when the bytes are no ONNX model.
 */
export function readModelPorts(bytes: Uint8Array): ModelPorts {
  const raw: RawPorts = { inputs: [], outputs: [], initializers: new Set() };
  try {
    new PbfReader(bytes).readFields((tag, _, pbf) => {
      if (tag === F.MODEL.graph) pbf.readMessage(readPortField, raw);
    }, null);
    if (raw.outputs.length === 0) throw new Error('no graph');
  } catch (cause) {
    throw new EnlargerError('graph-invalid', 'The file is not an ONNX model.', 'Fetch the pack again.', {
      cause,
    });
  }
  const port = ({ name, type, shape }: RawValue) => ({ name, dtype: F.dtypeOfNumber(type), shape });
  return {
    inputs: raw.inputs.filter(({ name }) => !raw.initializers.has(name)).map(port),
    outputs: raw.outputs.map(port),
  };
}

function readPortField(tag: number, ports: RawPorts, pbf: PbfReader): void {
  if (tag === F.GRAPH.input) ports.inputs.push(pbf.readMessage(readValueField, newValue()));
  else if (tag === F.GRAPH.output) ports.outputs.push(pbf.readMessage(readValueField, newValue()));
  else if (tag === F.GRAPH.initializer)
    pbf.readMessage((tensorTag, names, p) => {
      if (tensorTag === F.TENSOR.name) names.add(p.readString());
    }, ports.initializers);
}

/** A port as the file spells it. */
export interface RawValue {
  name: string;
  /** ONNX number of the element type. */
  type: number;
  shape: Dim[];
}

export const newValue = (): RawValue => ({ name: '', type: 0, shape: [] });

/** Reads one field of a value-info message into `value`. */
export function readValueField(tag: number, value: RawValue, pbf: PbfReader): void {
  if (tag === F.VALUE_INFO.name) value.name = pbf.readString();
  else if (tag === F.VALUE_INFO.type)
    pbf.readMessage((typeTag, target, p) => {
      if (typeTag === F.TYPE.tensorType) p.readMessage(readTensorTypeField, target);
    }, value);
}

function readTensorTypeField(tag: number, value: RawValue, pbf: PbfReader): void {
  if (tag === F.TENSOR_TYPE.elemType) value.type = pbf.readVarint();
  else if (tag === F.TENSOR_TYPE.shape)
    pbf.readMessage((shapeTag, shape, p) => {
      if (shapeTag === F.SHAPE.dim) p.readMessage(readDimField, shape);
    }, value.shape);
}

function readDimField(tag: number, shape: Dim[], pbf: PbfReader): void {
  if (tag === F.DIMENSION.value) shape.push(pbf.readVarint());
  else if (tag === F.DIMENSION.param) shape.push(parseDim(pbf.readString()));
}
