/** Merkle tree hashing and proofs of RFC 6962, section 2.1. Pure: reads subtree hashes through a function. */
import { createHash } from "node:crypto";

/** The hash of the complete subtree that covers leaves position * 2^level up to (position + 1) * 2^level. */
export type SubtreeHash = (level: number, position: number) => Buffer;

export function leafHash(leaf: Uint8Array): Buffer {
  return createHash("sha256").update(Buffer.of(0)).update(leaf).digest();
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash("sha256").update(Buffer.of(1)).update(left).update(right).digest();
}

const HASH_BYTES = 32;
const EMPTY_ROOT = createHash("sha256").digest();

/** MTH of the first `size` leaves (section 2.1). */
export function rootHash(size: number, subtree: SubtreeHash): Buffer {
  return size === 0 ? EMPTY_ROOT : rangeHash(0, size, subtree);
}

/** PATH(index, D[size]) of section 2.1.1. */
export function inclusionProof(index: number, size: number, subtree: SubtreeHash): Buffer[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`entry ${index} is not among the first ${size}`);
  return path(index, 0, size, subtree);
}

/** PROOF(from, D[to]) of section 2.1.2; empty when either is 0 or both are equal. */
export function consistencyProof(from: number, to: number, subtree: SubtreeHash): Buffer[] {
  if (!(from >= 0 && from <= to))
    throw new RangeError(`a log of ${to} entries does not extend one of ${from}`);
  return from === 0 || from === to ? [] : subproof(from, 0, to, true, subtree);
}

/**
 * Recomputes the root from a leaf's hash and its proof. RFC 9162, section 2.1.3.2.
 * @returns false also where there is no proof: hashes that are not 32 bytes, sizes beyond 2^53, an empty log.
 */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  if (![leaf, root, ...proof].every(isHash)) return false;
  let fn = index;
  let sn = size - 1;
  let hash: Buffer = Buffer.from(leaf);
  for (const step of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(step, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      hash = nodeHash(hash, step);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && hash.equals(root);
}

/**
 * Whether the log of `to` entries extends the one of `from` entries. RFC 9162, section 2.1.4.2.
 * @returns false also where there is no proof: roots or steps that are not 32 bytes, sizes beyond 2^53, and a log of
 * no entries on either side unless both are empty, for such a proof would show nothing.
 */
export function verifyConsistency(
  from: { readonly size: number; readonly root: Uint8Array },
  to: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(from.size) || !isSize(to.size) || from.size > to.size) return false;
  if (![from.root, to.root, ...proof].every(isHash)) return false;
  if (from.size === to.size) return proof.length === 0 && Buffer.from(from.root).equals(to.root);
  if (from.size === 0) return false;
  const steps = isPowerOfTwo(from.size) ? [Buffer.from(from.root), ...proof] : [...proof];
  const first = steps.shift();
  if (!first) return false;
  let fn = from.size - 1;
  let sn = to.size - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let older: Buffer = Buffer.from(first);
  let newer: Buffer = Buffer.from(first);
  for (const step of steps) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      older = nodeHash(step, older);
      newer = nodeHash(step, newer);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      newer = nodeHash(newer, step);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && older.equals(from.root) && newer.equals(to.root);
}

/** Whether n can be a size or an index: a whole number from 0 to 2^53 - 1. */
export function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_BYTES;
}

/** Half of a position, rounded down. Positions go up to 2^53, beyond what 32-bit shifts can halve. */
function half(n: number): number {
  return Math.floor(n / 2);
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n));
}

/** The largest power of two smaller than n, for n > 1. */
function splitPoint(n: number): number {
  return 2 ** Math.ceil(Math.log2(n) - 1);
}

function rangeHash(start: number, size: number, subtree: SubtreeHash): Buffer {
  if (isPowerOfTwo(size)) return subtree(Math.log2(size), start / size);
  const k = splitPoint(size);
  return nodeHash(rangeHash(start, k, subtree), rangeHash(start + k, size - k, subtree));
}

function path(index: number, start: number, size: number, subtree: SubtreeHash): Buffer[] {
  if (size === 1) return [];
  const k = splitPoint(size);
  return index < k
    ? [...path(index, start, k, subtree), rangeHash(start + k, size - k, subtree)]
    : [...path(index - k, start + k, size - k, subtree), rangeHash(start, k, subtree)];
}

function subproof(from: number, start: number, size: number, whole: boolean, subtree: SubtreeHash): Buffer[] {
  if (from === size) return whole ? [] : [rangeHash(start, size, subtree)];
  const k = splitPoint(size);
  return from <= k
    ? [...subproof(from, start, k, whole, subtree), rangeHash(start + k, size - k, subtree)]
    : [...subproof(from - k, start + k, size - k, false, subtree), rangeHash(start, k, subtree)];
}
