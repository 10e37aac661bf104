/** How much JPEG has hurt a picture, as one figure that the networks are told. Owner: core/raster. */

/** Quality against damage; between the points the figure runs straight. */
const POINTS: readonly (readonly [quality: number, damage: number])[] = [
  [10, 1],
  [30, 0.75],
  [50, 0.55],
  [75, 0.35],
  [90, 0.15],
  [98, 0],
];

/** Damage in 0..1 (0 clean, 1 ruined) for a JPEG quality of 1 to 100 on libjpeg's scale. */
export function damageFromQuality(quality: number): number {
  if (quality <= POINTS[0][0]) return POINTS[0][1];
  for (let i = 1; i < POINTS.length; i++) {
    const [q1, d1] = POINTS[i];
    const [q0, d0] = POINTS[i - 1];
    if (quality <= q1) return d0 + ((d1 - d0) * (quality - q0)) / (q1 - q0);
  }
  return 0;
}
