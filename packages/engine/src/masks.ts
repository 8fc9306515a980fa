/**
 * What is true of whom, when: a word for every store key, bit k for reference date k. Signed, because that is what
 * the machine's bitwise operations yield; the sign bit is date 31 and nothing else.
 */
export type Mask = Int32Array;

export function filled(size: number, bits: number): Mask {
  return new Int32Array(size).fill(bits);
}

export function and(a: Mask, b: Mask): Mask {
  const out = new Int32Array(a.length);
  for (let p = 0; p < out.length; p++) out[p] = a[p]! & b[p]!;
  return out;
}

/** All of them at once; `all` where there are none. */
export function andAll(masks: readonly Mask[], size: number, all: number): Mask {
  const [first, second, ...more] = masks;
  if (first === undefined) return filled(size, all);
  if (second === undefined) return first;
  const out = and(first, second);
  for (const mask of more) for (let p = 0; p < size; p++) out[p]! &= mask[p]!;
  return out;
}

/** Any of them; nobody where there are none. */
export function orAll(masks: readonly Mask[], size: number): Mask {
  const [first, second, ...more] = masks;
  if (first === undefined) return filled(size, 0);
  if (second === undefined) return first;
  const out = or(first, second);
  for (const mask of more) for (let p = 0; p < size; p++) out[p]! |= mask[p]!;
  return out;
}

export function or(a: Mask, b: Mask): Mask {
  const out = new Int32Array(a.length);
  for (let p = 0; p < out.length; p++) out[p] = a[p]! | b[p]!;
  return out;
}

/** In `a` and not in `b`. */
export function without(a: Mask, b: Mask): Mask {
  const out = new Int32Array(a.length);
  for (let p = 0; p < out.length; p++) out[p] = a[p]! & ~b[p]!;
  return out;
}

/** Is every bit of `part` in `whole`? */
export function contains(whole: Mask, part: Mask): boolean {
  for (let p = 0; p < part.length; p++) if ((part[p]! & ~whole[p]!) !== 0) return false;
  return true;
}
