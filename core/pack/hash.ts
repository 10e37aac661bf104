/** SHA-256 as packs write it. */

/** The SHA-256 of the bytes, as 64 lower-case hexadecimal digits. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await sha256(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  // Pages that came over plain http, and workers of some frames, have no native one.
  if (!crypto.subtle) return (await import('@noble/hashes/sha2.js')).sha256(bytes);
  // The digest takes any bytes but shared ones, which no reader of packs returns.
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}
