/** What every editor passes in a message: plain data and Uint8Array. Figma is the strictest and sets the rule. */

/** Whether it is a Uint8Array, also one made in another realm, where `instanceof` fails. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/**
 * A deep copy of plain data, as a message channel makes it.
 * @throws TypeError for what an editor would not pass: functions, symbols, class instances, other typed arrays,
 * buffers, cycles.
 */
export function copyPlain(value: unknown): unknown {
  return copy(value, []);
}

function copy(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    throw new TypeError(`A ${typeof value} cannot travel in a message.`);
  if (typeof value !== 'object' || value === null) return value;
  if (isBytes(value)) return value.slice();
  if (above.includes(value)) throw new TypeError('A message cannot contain itself.');
  const path = [...above, value];
  if (Array.isArray(value)) return value.map((item) => copy(item, path));
  // Compared by what it says and not by identity: an object from another realm has another Object.prototype.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new TypeError(`A ${Object.prototype.toString.call(value)} cannot travel in a message.`);
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(result, key, {
      value: copy(item, path),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return result;
}
