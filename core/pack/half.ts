/**
 * IEEE 754 half precision as bit patterns, for weights that are stored in half the space. JavaScript's own
 * Float16Array is too new to rely on.
 */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Float32 values as half precision bit patterns, rounded to the nearest, ties to even; subnormals, infinities
 * and not-a-number included. Half precision ends at 65504: finite values from 65520 on become infinite.
 * @param onOverflow Called with the index of every finite value that became infinite.
 */
export function toHalf(values: Float32Array, onOverflow?: (index: number) => void): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    float[0] = values[i];
    const sign = (bits[0] >>> 16) & 0x8000;
    const magnitude = bits[0] & 0x7fffffff;
    let half: number;
    if (magnitude > 0x7f800000) {
      half = 0x7e00;
    } else if (magnitude >= 0x477ff000) {
      half = 0x7c00;
      if (magnitude < 0x7f800000) onOverflow?.(i);
    } else if (magnitude >= 0x38800000) {
      // Normal: rebias the exponent and drop 13 bits; a carry out of the mantissa is the next exponent.
      half = roundShift(magnitude - 0x38000000, 13);
    } else {
      // Subnormal: the mantissa with its implicit one, shifted to units of 2^-24. Shifts beyond 25 give zero.
      const shift = 126 - (magnitude >>> 23);
      half = shift > 25 ? 0 : roundShift((magnitude & 0x7fffff) | 0x800000, shift);
    }
    halves[i] = sign | half;
  }
  return halves;
}

/** Half precision bit patterns as float32 values; exact. */
export function fromHalf(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const exponent = (halves[i] >>> 10) & 0x1f;
    const mantissa = halves[i] & 0x3ff;
    let value: number;
    if (exponent === 0) value = mantissa * 2 ** -24;
    else if (exponent === 0x1f) value = mantissa ? Number.NaN : Number.POSITIVE_INFINITY;
    else value = (1 + mantissa / 1024) * 2 ** (exponent - 15);
    values[i] = halves[i] & 0x8000 ? -value : value;
  }
  return values;
}

/** `value / 2^shift`, rounded to the nearest whole number, ties to even; shift in 1..25. */
function roundShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return rest > tie || (rest === tie && kept & 1) ? kept + 1 : kept;
}
