/**
 * The normal quantile with nothing but + - * / and sqrt, which IEEE 754 rounds the same way everywhere.
 * Math.log and Math.cos may differ in the last bit between JavaScript engines, and with them a picture
 * would depend on the browser; Box-Muller is therefore out.
 */

/**
 * The x for which a standard normal variable is below x with probability p: Wichura's PPND7 (Algorithm
 * AS 241, Applied Statistics 37, 1988), relative error about 1e-7, which is the precision of a float32.
 * @param p Probability, strictly between 0 and 1.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q * (((5.910937472e1 * r + 1.5929113202e2) * r + 5.0434271938e1) * r + 3.3871327179)) /
      (((6.71875636e1 * r + 7.8757757664e1) * r + 1.7895169469e1) * r + 1)
    );
  }
  let r = Math.sqrt(-stableLog(q < 0 ? p : 1 - p));
  let x: number;
  if (r <= 5) {
    r -= 1.6;
    x =
      (((1.7023821103e-1 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
      ((1.2021132975e-1 * r + 7.370016425e-1) * r + 1);
  } else {
    r -= 5;
    x =
      (((1.7337203997e-2 * r + 4.2868294337e-1) * r + 3.081226386) * r + 6.657905115) /
      ((1.2258202635e-2 * r + 2.4197894225e-1) * r + 1);
  }
  return q < 0 ? -x : x;
}

/**
 * The natural logarithm of a positive normal number: scaled by exact powers of two to within a factor of
 * sqrt 2 of 1, then the series of 2 artanh((m - 1) / (m + 1)).
 */
export function stableLog(value: number): number {
  let m = value;
  let exponent = 0;
  while (m < Math.SQRT1_2) {
    m *= 2;
    exponent--;
  }
  while (m > Math.SQRT2) {
    m *= 0.5;
    exponent++;
  }
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  let series = 0;
  // |s| is at most 0.172: terms beyond s^23 are below one part in 1e17.
  for (let n = 23; n >= 1; n -= 2) series = series * s2 + 1 / n;
  return exponent * Math.LN2 + 2 * s * series;
}
