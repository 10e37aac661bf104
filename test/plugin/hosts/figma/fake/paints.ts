/** How the fake takes and gives paints: as strictly as Figma, which refuses unknown properties, and always frozen. */

import type { GradientPaint, Paint } from '@figma/plugin-typings/plugin-api-standalone.js';

type KeysOf<T> = T extends unknown ? keyof T : never;

/** Figma refuses what is not listed; the compiler holds the list to the typings. */
const KEYS: {
  readonly [T in Exclude<Paint['type'], GradientPaint['type'] | 'SHADER'>]: readonly KeysOf<
    Extract<Paint, { type: T }>
  >[];
} & { readonly GRADIENT_LINEAR: readonly (keyof GradientPaint)[] } = {
  SOLID: ['type', 'color', 'visible', 'opacity', 'blendMode', 'boundVariables'],
  IMAGE: [
    'type',
    'scaleMode',
    'imageHash',
    'imageTransform',
    'scalingFactor',
    'rotation',
    'filters',
    'visible',
    'opacity',
    'blendMode',
  ],
  VIDEO: [
    'type',
    'scaleMode',
    'videoHash',
    'videoTransform',
    'scalingFactor',
    'visible',
    'opacity',
    'blendMode',
  ],
  PATTERN: [
    'type',
    'sourceNodeId',
    'tileType',
    'scalingFactor',
    'spacing',
    'horizontalAlignment',
    'visible',
    'opacity',
    'blendMode',
  ],
  GRADIENT_LINEAR: ['type', 'gradientTransform', 'gradientStops', 'visible', 'opacity', 'blendMode'],
};

/** Checks and copies paints that a plugin sets. `waiting`: by a setter that loads what patterns draw. */
export function takePaints(property: string, given: unknown, waiting: boolean): readonly Paint[] {
  const fail = (why: string): never => {
    throw new Error(`in set_${property}: Property "${property}" failed validation: ${why}`);
  };
  if (!Array.isArray(given)) return fail('Expected array');
  for (const paint of given as Record<string, unknown>[]) {
    const keys: readonly string[] | undefined = KEYS[paint.type as keyof typeof KEYS];
    if (!keys) return fail(`Invalid discriminator value ${String(paint.type)}`);
    for (const [key, value] of Object.entries(paint)) {
      if (!keys.includes(key)) return fail(`Unrecognized key(s) in object: '${key}'`);
      if (value === undefined) return fail(`Required value missing at .${key}`);
    }
    if (paint.type === 'IMAGE') {
      if (!['FILL', 'FIT', 'CROP', 'TILE'].includes(paint.scaleMode as string))
        return fail('Invalid enum value at .scaleMode');
      if (paint.imageHash !== null && typeof paint.imageHash !== 'string') return fail('Expected string');
      if (paint.scalingFactor !== undefined && !((paint.scalingFactor as number) > 0))
        return fail('Number must be greater than 0 at .scalingFactor');
    }
    if (paint.type === 'PATTERN' && !waiting)
      throw new Error(`in set_${property}: Pattern paints must be set with set${title(property)}Async`);
  }
  return freeze(given as Paint[]);
}

function title(property: string): string {
  return property.charAt(0).toUpperCase() + property.slice(1);
}

/** A deep, frozen copy: what a getter gives, a new one each time. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map(freeze)
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, freeze(item)]));
  return Object.freeze(copy) as T;
}
