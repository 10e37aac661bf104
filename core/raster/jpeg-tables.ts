/** The luminance quantisation of JPEG (ITU-T T.81 annex K.1) as the IJG library scales it by a quality. */

/** Natural index (row * 8 + column) of the k-th coefficient in the order in which files store tables. */
export const ZIGZAG = Uint8Array.from(
  Array.from({ length: 64 }, (_, i) => i).sort((a, b) => {
    const [sumA, sumB] = [(a >> 3) + (a & 7), (b >> 3) + (b & 7)];
    if (sumA !== sumB) return sumA - sumB;
    return sumA & 1 ? a - b : b - a;
  }),
);

const LUMINANCE = Uint8Array.of(
  ...[16, 11, 10, 16, 24, 40, 51, 61],
  ...[12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56],
  ...[14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77],
  ...[24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101],
  ...[72, 92, 95, 98, 112, 100, 103, 99],
);

/** Quantisation step of the coefficient with a natural index at a quality of 1..100. */
export function luminanceStep(index: number, quality: number): number {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Math.min(255, Math.max(1, Math.floor((LUMINANCE[index] * percent + 50) / 100)));
}
