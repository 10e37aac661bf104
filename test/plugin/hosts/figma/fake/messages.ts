/** Copies a message as Figma does, and refuses what Figma does not pass. Written apart from the plugin's own copying. */

export function copyMessage(value: unknown, depth = 0): unknown {
  if (depth > 100) throw new Error('Cannot unwrap cyclic message');
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      break;
    default:
      throw new Error(`Cannot unwrap ${typeof value}`);
  }
  if (value === null) return null;
  const kind = Object.prototype.toString.call(value);
  if (kind === '[object Uint8Array]') return Uint8Array.from(value as Uint8Array);
  if (kind === '[object Date]') return new Date((value as Date).getTime());
  if (Array.isArray(value)) return value.map((item) => copyMessage(item, depth + 1));
  const prototype = Object.getPrototypeOf(value);
  if (kind !== '[object Object]' || (prototype !== null && prototype !== Object.prototype))
    throw new Error(`Cannot unwrap ${kind}`);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value))
    copy[key] = copyMessage((value as Record<string, unknown>)[key], depth + 1);
  return copy;
}
