/**
 * The stored form of a row's id in its extract: one integer below 2^53, so that it sorts and stores like a column of
 * numbers.
 */

/**
 * The integer of an id. A plain decimal of up to 15 digits is itself. Anything else (a UUID, an id of 19 digits) is a
 * negative 53-bit hash: rows are looked up within one patient, where among 10,000 rows two ids collide once in 10^8
 * patients. 0 for an empty text.
 */
export function rowId(text: string): number {
  if (text === "") return 0;
  if (text.length <= 15 && /^[1-9]\d*$/.test(text)) return Number(text);
  return -hash53(text);
}

/**
 * The integer of a GUID that stands among the bytes of a file, whatever its letter case: no text is made of it. GUIDs of
 * another `kind` of row are other rows. 0 where it is empty.
 */
export function rowIdOfGuid(kind: number, bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return 0;
  let a = 0x9e3779b9 ^ kind;
  let b = 0x85ebca6b ^ kind;
  for (let i = start; i < end; i++) {
    const unit = bytes[i]!;
    const capital = unit >= 97 && unit <= 122 ? unit - 32 : unit;
    a = mixed(a, capital, 0x85ebca6b, 15);
    b = mixed(b, capital, 0xc2b2ae35, 13);
  }
  return -joined(a, b);
}

const TWO_32 = 0x1_0000_0000;

/** Two independent 32-bit multiplicative hashes (after MurmurHash3's finaliser); never 0. */
function hash53(text: string): number {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = mixed(a, unit, 0x85ebca6b, 15);
    b = mixed(b, unit, 0xc2b2ae35, 13);
  }
  return joined(a, b);
}

function mixed(state: number, unit: number, factor: number, shift: number): number {
  const next = Math.imul(state ^ unit, factor);
  return next ^ (next >>> shift);
}

function joined(a: number, b: number): number {
  a = Math.imul(a ^ (b >>> 16), 0x27d4eb2f);
  b = Math.imul(b ^ (a >>> 15), 0x165667b1);
  const high = (a ^ (a >>> 13)) & 0x1fffff;
  return high * TWO_32 + ((b ^ (b >>> 16)) >>> 0) + 1;
}
