/** Distances between feature maps, as mathematics on arrays. */

/** Features of one layer, planar: `data[(c * height + y) * width + x]`. */
export interface FeatureMap {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

const EPSILON = 1e-10;

/**
 * Mean over all places of the squared distance between the two channel vectors, each brought to unit length
 * first (Zhang et al. 2018, with all channel weights one). 0 for equal maps, at most 4, at most 2 when no
 * feature is negative.
 */
export function layerDistance(a: FeatureMap, b: FeatureMap): number {
  const places = a.height * a.width;
  const [normA, normB] = [squaredLengths(a), squaredLengths(b)];
  let sum = 0;
  for (let p = 0; p < places; p++) {
    const scaleA = 1 / (Math.sqrt(normA[p]) + EPSILON);
    const scaleB = 1 / (Math.sqrt(normB[p]) + EPSILON);
    for (let i = p; i < a.data.length; i += places) sum += (a.data[i] * scaleA - b.data[i] * scaleB) ** 2;
  }
  return sum / places;
}

function squaredLengths({ data, height, width }: FeatureMap): Float64Array {
  const places = height * width;
  const lengths = new Float64Array(places);
  for (let i = 0; i < data.length; i++) lengths[i % places] += data[i] * data[i];
  return lengths;
}

/** Mean of `layerDistance` over the layers. */
export function featureDistance(a: readonly FeatureMap[], b: readonly FeatureMap[]): number {
  return a.reduce((sum, map, i) => sum + layerDistance(map, b[i]), 0) / a.length;
}
