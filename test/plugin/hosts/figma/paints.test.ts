/** Paint mapping: with another picture, a paint is the same paint but for what must change. */

import type { ImagePaint, Paint } from '@figma/plugin-typings/plugin-api-standalone.js';
import fc from 'fast-check';
import { paintOf, picturesOf, withPicture } from '../../../../plugin/hosts/figma/paints.js';
import { freeze } from './fake/paints.js';

const unit = fc.double({ min: -1, max: 1, noNaN: true });
const optional = { requiredKeys: [] };

const look = {
  visible: fc.boolean(),
  opacity: fc.double({ min: 0, max: 1, noNaN: true }),
  blendMode: fc.constantFrom('NORMAL', 'MULTIPLY', 'SCREEN'),
};

const filters = fc.record(
  {
    exposure: unit,
    contrast: unit,
    saturation: unit,
    temperature: unit,
    tint: unit,
    highlights: unit,
    shadows: unit,
  },
  optional,
);

const HASHES = ['aa', 'bb', 'cc'] as const;

const imagePaint = fc
  .record({
    scaleMode: fc.constantFrom('FILL', 'FIT', 'CROP', 'TILE'),
    imageHash: fc.constantFrom(...HASHES, null),
    rest: fc.record({ filters, ...look }, optional),
    rotation: fc.constantFrom(0, 90, 180, 270),
    scalingFactor: fc.double({ min: 0.01, max: 4, noNaN: true }),
    transform: fc.tuple(unit, unit, unit, unit, unit, unit),
  })
  .map(({ scaleMode, imageHash, rest, rotation, scalingFactor, transform: [a, b, c, d, e, f] }) =>
    freeze({
      type: 'IMAGE',
      scaleMode,
      imageHash,
      ...rest,
      ...(scaleMode === 'CROP'
        ? {
            imageTransform: [
              [a, b, c],
              [d, e, f],
            ],
          }
        : { rotation }),
      ...(scaleMode === 'TILE' ? { scalingFactor } : {}),
    } as unknown as ImagePaint),
  );

const otherPaint: fc.Arbitrary<Paint> = fc.oneof(
  fc.record({
    type: fc.constant('SOLID' as const),
    color: fc.record({ r: fc.constant(1), g: fc.constant(0), b: fc.constant(0) }),
  }),
  fc.constant({ type: 'VIDEO' as const, scaleMode: 'FILL' as const, videoHash: 'aa' }),
  fc.constant({
    type: 'PATTERN' as const,
    sourceNodeId: '1:1',
    tileType: 'RECTANGULAR' as const,
    scalingFactor: 1,
    spacing: { x: 0, y: 0 },
    horizontalAlignment: 'START' as const,
  }),
);

const paints = fc.array(fc.oneof({ weight: 3, arbitrary: imagePaint }, otherPaint.map(freeze)), {
  maxLength: 8,
});
const picture = fc.record({ hash: fc.constantFrom(...HASHES), tiles: fc.boolean() });
const scale = fc.double({ min: 1, max: 16, noNaN: true });

const shows = (paint: Paint, hash: string, tiles: boolean): paint is ImagePaint =>
  paint.type === 'IMAGE' && paint.imageHash === hash && (paint.scaleMode === 'TILE') === tiles;

test('only the hash changes, and only where the picture is; tiles stay as large as they were', () => {
  fc.assert(
    fc.property(paints, picture, scale, (before, { hash, tiles }, factor) => {
      const after = withPicture(freeze(before), { hash, tiles }, 'new', factor);
      const matching = before.filter((paint) => shows(paint, hash, tiles));
      if (matching.length === 0) {
        expect(after).toBeNull();
        return;
      }
      expect(after).toHaveLength(before.length);
      before.forEach((paint, index) => {
        const now = after?.[index] as Paint;
        if (!shows(paint, hash, tiles)) {
          expect(now).toEqual(paint);
          return;
        }
        const { imageHash, ...rest } = now as ImagePaint;
        const { imageHash: _old, ...restBefore } = paint;
        expect(imageHash).toBe('new');
        if (!tiles) {
          // CROP, FILL and FIT: identical apart from the hash, to the last property and no `undefined` among them.
          expect(rest).toStrictEqual(restBefore);
          return;
        }
        const { scalingFactor, ...others } = rest;
        const { scalingFactor: oldFactor, ...othersBefore } = restBefore;
        expect(others).toStrictEqual(othersBefore);
        expect((scalingFactor as number) * factor).toBeCloseTo(oldFactor as number, 9);
      });
    }),
  );
});

test('enlarging twice is enlarging once by the product', () => {
  fc.assert(
    fc.property(paints, picture, scale, scale, (before, { hash, tiles }, first, second) => {
      const once = withPicture(before, { hash, tiles }, 'end', first * second);
      const half = withPicture(before, { hash, tiles }, 'half', first);
      const twice = half && withPicture(half, { hash: 'half', tiles }, 'end', second);
      expect(JSON.stringify(twice, round)).toBe(JSON.stringify(once, round));
    }),
  );
});

function round(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(9)) : value;
}

test('pictures of a list are what it shows, each once', () => {
  fc.assert(
    fc.property(paints, (list) => {
      const found = picturesOf(list);
      expect(new Set(found.map(({ hash, tiles }) => `${hash} ${tiles}`)).size).toBe(found.length);
      for (const { hash, tiles } of found) {
        const paint = paintOf(list, { hash, tiles });
        expect(paint?.imageHash).toBe(hash);
        expect(paint?.visible).not.toBe(false);
      }
      const hidden = list.map((paint) => ({ ...paint, visible: false }));
      expect(picturesOf(hidden)).toEqual([]);
    }),
  );
});
