/** Where pieces lie: together they show exactly what one fill shows. */

import type { Transform } from '@figma/plugin-typings/plugin-api-standalone.js';
import fc from 'fast-check';
import {
  boundsOf,
  IDENTITY,
  invert,
  multiply,
  pieceLying,
  pixelsToBox,
  translation,
} from '../../../../plugin/hosts/figma/geometry.js';

const side = fc.integer({ min: 1, max: 5000 });
const size = fc.record({ width: side, height: side });

function apply([[a, b, x], [c, d, y]]: Transform, [u, v]: readonly [number, number]): [number, number] {
  return [a * u + b * v + x, c * u + d * v + y];
}

function close(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((value, index) => {
    expect(Math.abs(value - (expected[index] as number))).toBeLessThan(1e-6 * (1 + Math.abs(value)));
  });
}

test('a transform and its inverse cancel; what has no inverse says so', () => {
  fc.assert(
    fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.integer(), fc.integer(), (turn, x, y) => {
      const transform: Transform = [
        [Math.cos(turn), -Math.sin(turn), x % 1000],
        [Math.sin(turn), Math.cos(turn), y % 1000],
      ];
      close(multiply(transform, invert(transform) as Transform).flat(), IDENTITY.flat());
    }),
  );
  expect(
    invert([
      [1, 2, 0],
      [2, 4, 0],
    ]),
  ).toBeNull();
});

test('FILL covers the box about its centre, FIT lies inside it, both without distortion', () => {
  fc.assert(
    fc.property(size, size, fc.constantFrom('FILL' as const, 'FIT' as const), (box, picture, scaleMode) => {
      const toBox = pixelsToBox({ scaleMode }, box, picture) as Transform;
      close(apply(toBox, [picture.width / 2, picture.height / 2]), [box.width / 2, box.height / 2]);
      expect(toBox[0][0]).toBeCloseTo(toBox[1][1], 9);
      const left = apply(toBox, [0, 0]);
      const outside = left[0] <= 1e-9 && left[1] <= 1e-9;
      const inside = left[0] >= -1e-9 && left[1] >= -1e-9;
      expect(scaleMode === 'FILL' ? outside : inside).toBe(true);
      // One side always fits.
      expect(Math.min(Math.abs(left[0]), Math.abs(left[1]))).toBeLessThan(1e-6);
    }),
  );
});

test('CROP shows in the box what its transform says', () => {
  // The right half of the picture fills the box.
  const toBox = pixelsToBox(
    {
      scaleMode: 'CROP',
      imageTransform: [
        [0.5, 0, 0.5],
        [0, 1, 0],
      ],
    },
    { width: 100, height: 80 },
    { width: 400, height: 200 },
  ) as Transform;
  close(apply(toBox, [200, 0]), [0, 0]);
  close(apply(toBox, [400, 200]), [100, 80]);
});

test('upside down is followed; a quarter turn and tiles are not', () => {
  const box = { width: 10, height: 10 };
  const upsideDown = pixelsToBox({ scaleMode: 'FILL', rotation: 180 }, box, box) as Transform;
  close(apply(upsideDown, [0, 0]), [10, 10]);
  for (const rotation of [90, 270, -90])
    expect(pixelsToBox({ scaleMode: 'FILL', rotation }, box, box)).toBeNull();
  expect(pixelsToBox({ scaleMode: 'TILE' }, box, box)).toBeNull();
});

test('a piece lies where its pixels lie, with unit axes, turned as the layer is', () => {
  fc.assert(
    fc.property(
      size,
      size,
      fc.double({ min: -3.1, max: 3.1, noNaN: true }),
      fc.integer({ min: 0, max: 100 }),
      (box, picture, turn, x) => {
        const node: Transform = [
          [Math.cos(turn), -Math.sin(turn), 30],
          [Math.sin(turn), Math.cos(turn), -20],
        ];
        const toPage = multiply(node, pixelsToBox({ scaleMode: 'FILL' }, box, picture) as Transform);
        const piece = { x, y: 3, width: 7, height: 5 };
        const lying = pieceLying(piece, toPage);
        expect(lying).not.toBeNull();
        if (!lying) return;
        const [[a, b], [c, d]] = lying.transform;
        close([Math.hypot(a, c), Math.hypot(b, d)], [1, 1]);
        close(apply(lying.transform, [0, 0]), apply(toPage, [x, 3]));
        close(apply(lying.transform, [lying.width, lying.height]), apply(toPage, [x + 7, 8]));
      },
    ),
  );
});

test('what skews has no rectangle', () => {
  expect(
    pieceLying({ x: 0, y: 0, width: 1, height: 1 }, [
      [1, 0.5, 0],
      [0, 1, 0],
    ]),
  ).toBeNull();
  expect(
    pieceLying({ x: 0, y: 0, width: 1, height: 1 }, [
      [0, 0, 0],
      [0, 1, 0],
    ]),
  ).toBeNull();
});

test('the box around a turned rectangle', () => {
  const quarter: Transform = [
    [0, -1, 0],
    [1, 0, 0],
  ];
  const box = boundsOf({ width: 10, height: 4, transform: multiply(translation(5, 5), quarter) });
  close([box.x, box.y, box.width, box.height], [1, 5, 4, 10]);
});
