/** Bytes that one hash takes. */
export const VALUE_HASH_BYTES = 6;

/** Stands for "no value"; no value has it. */
export const NO_VALUE_HASH = 0;

/**
 * A number below 2^48 by which a stored value is known again without keeping
 * it. Two given values have the same one in 1 of 281,000,000,000,000 pairs.
 * Not a secret and no proof: whoever wants a twin can make one.
 */
export function valueHash(value: string | null | undefined): number {
  if (value === null || value === undefined) return NO_VALUE_HASH;
  let a = 0xdeadbeef ^ value.length;
  let b = 0x41c6ce57 ^ value.length;
  for (let at = 0; at < value.length; at += 1) {
    const unit = value.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a =
    Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^
    Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b =
    Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^
    Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  const hash = (b & 0xffff) * 0x100000000 + (a >>> 0);
  return hash === NO_VALUE_HASH ? 1 : hash;
}
