/** How much arithmetic a model does for each pixel that it makes. */

import type { Pack } from '../../core/pack/schema.js';
import { planCascade } from '../../core/pipeline/cascade.js';
import { stageMacs } from '../../core/pipeline/stage-cost.js';

/** What is looked at in a tfjs layers model. */
export interface LayersModel {
  readonly modelTopology: {
    readonly model_config: { readonly config: { readonly layers: readonly LayerEntry[] } };
  };
  readonly weightsManifest: readonly {
    readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  }[];
}

interface LayerEntry {
  readonly class_name: string;
  readonly name: string;
  readonly config: { readonly size?: readonly number[]; readonly scale?: number };
  /** For each use, the layers it reads: name first. */
  readonly inbound_nodes: readonly (readonly (readonly [string, ...unknown[]])[])[];
}

/**
 * Multiply-accumulates per output pixel of the convolutions of a tfjs layers model that enlarges by `scale`.
 * Activations, sums and the like are not counted, here as for our own networks.
 */
export function layersModelMacs({ modelTopology, weightsManifest }: LayersModel, scale: number): number {
  const kernels = new Map<string, number>();
  for (const { weights } of weightsManifest)
    for (const { name, shape } of weights)
      if (name.endsWith('/kernel')) kernels.set(name.slice(0, -'/kernel'.length), product(shape));
  // How much larger than the input the result of each layer is, along each side.
  const zooms = new Map<string, number>();
  let perInputPixel = 0;
  for (const { class_name: kind, name, config, inbound_nodes } of modelTopology.model_config.config.layers) {
    const source = inbound_nodes[0]?.[0]?.[0];
    const zoom = source === undefined ? 1 : zooms.get(source)!;
    if (kind === 'Conv2D') perInputPixel += kernels.get(name)! * zoom * zoom;
    zooms.set(name, zoom * enlargement(kind, config));
  }
  return perInputPixel / (scale * scale);
}

function enlargement(kind: string, config: LayerEntry['config']): number {
  if (kind === 'UpSampling2D') return config.size![0];
  return kind.startsWith('PixelShuffle') ? config.scale! : 1;
}

const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);

/** Trained values of a tfjs layers model. */
export function layersModelParameters({ weightsManifest }: LayersModel): number {
  return weightsManifest
    .flatMap(({ weights }) => weights)
    .reduce((sum, { shape }) => sum + product(shape), 0);
}

/**
 * Multiply-accumulates of our networks per output pixel of a whole enlargement by `scale` (the stages of the cascade,
 * each by its share of the pixels; back-projection, small fixed filters, is not counted), and the trained values used.
 */
export function packCost(
  pack: Pack,
  scale: number,
  detail: number,
): { readonly macsPerPixel: number; readonly parameters: number } {
  const factors = pack.components.flatMap(({ factor }) => factor ?? []).sort();
  const side = 256;
  const { stages, width } = planCascade({ width: side, height: side }, { scale }, factors);
  const used = pack.components.filter(({ factor }) =>
    factor === undefined ? detail > 0 : stages.some((stage) => stage.factor === factor),
  );
  return {
    macsPerPixel: stages.reduce(
      (sum, stage) => sum + stageMacs(pack, stage.factor, detail) * (stage.width / width) ** 2,
      0,
    ),
    parameters: used.reduce((sum, { parameters }) => sum + parameters, 0),
  };
}
