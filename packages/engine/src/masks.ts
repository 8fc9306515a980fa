import { at, emptySet, type PatientSet } from "@cairn/tables";

/**
 * One 32-bit word per patient key. Bit k is set where the statement holds at reference date k. Signed, because the
 * machine's bitwise operations yield signed words; the sign bit is date 31 and nothing else.
 */
export type Mask = Int32Array;

/**
 * The pool of masks to use again. A query goes through some dozens of masks and keeps two or three, and allocating
 * one costs ten times what clearing a used one does.
 */
let spare: Mask[] = []; // all of one size: that of the store at hand
let lent: Mask[] | null = null;
const MOST_SPARE = 64;

/** A mask without a bit set, from the pool where it has one. */
export function blank(size: number): Mask {
  if (spare.length > 0 && spare[0]!.length !== size) spare = [];
  const mask = spare.pop()?.fill(0) ?? new Int32Array(size);
  lent?.push(mask);
  return mask;
}

/** Runs `work`, then returns every mask it allocated to the pool except those in `kept(result)`. Not re-entrant. */
export function withScratch<T>(work: () => T, kept: (result: T) => ReadonlySet<Mask>): T {
  lent = [];
  try {
    const result = work();
    const keep = kept(result);
    for (const mask of lent) if (!keep.has(mask) && spare.length < MOST_SPARE) spare.push(mask);
    return result;
  } finally {
    lent = null;
  }
}

export function filled(size: number, bits: number): Mask {
  return blank(size).fill(bits);
}

export function and(a: Mask, b: Mask): Mask {
  const out = blank(a.length);
  for (let p = 0; p < out.length; p++) out[p] = a[p]! & b[p]!;
  return out;
}

/** The intersection of masks; every bit of `all` where there are none. */
export function andAll(masks: readonly Mask[], size: number, all: number): Mask {
  const [first, second, ...more] = masks;
  if (first === undefined) return filled(size, all);
  if (second === undefined) return first;
  const out = and(first, second);
  for (const mask of more) for (let p = 0; p < size; p++) out[p]! &= mask[p]!;
  return out;
}

/** The union of masks; empty where there are none. */
export function orAll(masks: readonly Mask[], size: number): Mask {
  const [first, second, ...more] = masks;
  if (first === undefined) return blank(size);
  if (second === undefined) return first;
  const out = or(first, second);
  for (const mask of more) for (let p = 0; p < size; p++) out[p]! |= mask[p]!;
  return out;
}

export function or(a: Mask, b: Mask): Mask {
  const out = blank(a.length);
  for (let p = 0; p < out.length; p++) out[p] = a[p]! | b[p]!;
  return out;
}

/** The bits of `a` that are not in `b`. */
export function without(a: Mask, b: Mask): Mask {
  const out = blank(a.length);
  for (let p = 0; p < out.length; p++) out[p] = a[p]! & ~b[p]!;
  return out;
}

/** Whether every bit of `part` is in `whole`. */
export function contains(whole: Mask, part: Mask): boolean {
  for (let p = 0; p < part.length; p++) if ((part[p]! & ~whole[p]!) !== 0) return false;
  return true;
}

/** Adds 2^j on every date of the word to a bit-sliced count: plane j holds bit j of the count on each date. */
export function addPlane(planes: Int32Array, j: number, word: number): void {
  for (let left = word; left !== 0; j++) {
    const plane = at(planes, j);
    planes[j] = plane ^ left;
    left &= plane;
  }
}

/** The set of everyone in the mask on reference date k. */
export function setOn(mask: Mask, k: number): PatientSet {
  const set = emptySet(mask.length);
  for (let p = 0; p < mask.length; p++) set[p >>> 5]! |= ((mask[p]! >>> k) & 1) << (p & 31);
  return set;
}
