/** Trained parameters out of a pack's components, so that training can go on from a pack alone. */

import { EnlargerError } from '../errors.js';
import type { Graph, ParameterLayout } from '../graph/index.js';
import { fromHalf } from './half.js';

/**
 * The flat parameter vector of a component stored in half precision: its float16 constants, which stand in the
 * order in which the network asked for them.
 * @throws EnlargerError `pack-invalid` when their number is not that of the layout.
 */
export function componentParameters(component: Graph, layout: ParameterLayout): Float32Array {
  const stored = [...component.initializers.values()].filter((data) => data instanceof Uint16Array);
  const total = stored.reduce((sum, data) => sum + data.length, 0);
  if (total !== layout.size)
    throw new EnlargerError(
      'pack-invalid',
      `The component "${component.name}" holds ${total} parameters, but the recipe describes ${layout.size}.`,
      'Use the recipe that the pack was made with.',
    );
  const params = new Float32Array(total);
  let offset = 0;
  for (const data of stored) {
    params.set(fromHalf(data), offset);
    offset += data.length;
  }
  return params;
}
