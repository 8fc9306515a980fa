/**
 * Sets of patients as sorted keys, compared by G1 and G2. A comparison ends early, so that unlike sets cost little.
 */
import type { PatientSet } from "@cairn/tables";
import { at } from "./at.js";

/** Store keys, ascending and distinct. */
export type Members = Int32Array;

export function membersOf(set: PatientSet): Members {
  let size = 0;
  for (let w = 0; w < set.length; w++) size += bits(at(set, w));
  const members = new Int32Array(size);
  let n = 0;
  for (let w = 0; w < set.length; w++) {
    for (let word = at(set, w); word !== 0; word &= word - 1) {
      members[n++] = (w << 5) + (31 - Math.clz32(word & -word));
    }
  }
  return members;
}

function bits(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The keys in only one of `a` and `b`, or null where there are more than `most` of them. */
export function difference(
  a: Members,
  b: Members,
  most: number,
): { readonly onlyA: number[]; readonly onlyB: number[] } | null {
  if (!differAtMost(a, b, most)) return null;
  const onlyA: number[] = [];
  const onlyB: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = i < a.length ? at(a, i) : Infinity;
    const y = j < b.length ? at(b, j) : Infinity;
    if (x === y) {
      i++;
      j++;
      continue;
    }
    if (x < y) {
      onlyA.push(x);
      i++;
    } else {
      onlyB.push(y);
      j++;
    }
  }
  return { onlyA, onlyB };
}

/**
 * Whether at most so many keys are in only one of the two. Nearly every pair of sets ends here, after a few keys: it
 * allocates nothing, and its reads are plain, since both places are held inside by the loop.
 */
function differAtMost(a: Members, b: Members, most: number): boolean {
  let i = 0;
  let j = 0;
  let apart = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as number;
    const y = b[j] as number;
    if (x === y) {
      i++;
      j++;
      continue;
    }
    if (++apart > most) return false;
    if (x < y) i++;
    else j++;
  }
  return apart + (a.length - i) + (b.length - j) <= most;
}

export function sameMembers(a: Members, b: Members): boolean {
  return a.length === b.length && differAtMost(a, b, 0);
}

/** Whether every one of `inner` is in `outer`. */
export function isSubset(inner: Members, outer: Members): boolean {
  let j = 0;
  for (let i = 0; i < inner.length; i++) {
    while (j < outer.length && at(outer, j) < at(inner, i)) j++;
    if (j === outer.length || outer[j] !== inner[i]) return false;
    j++;
  }
  return true;
}

/** People of `outer` that are not in `inner`, a subset of it. */
export function without(outer: Members, inner: Members): Members {
  const rest = new Int32Array(outer.length - inner.length);
  let j = 0;
  let n = 0;
  for (let i = 0; i < outer.length; i++) {
    if (j < inner.length && inner[j] === outer[i]) j++;
    else rest[n++] = at(outer, i);
  }
  return rest;
}

/** A hash that equal sets share: it finds candidates for `sameMembers`, and decides nothing by itself. */
export function fingerprint(members: Members): number {
  let hash = members.length;
  for (let i = 0; i < members.length; i++)
    hash = Math.imul(hash ^ at(members, i), 0x9e3779b1) ^ (hash >>> 15);
  return hash;
}
