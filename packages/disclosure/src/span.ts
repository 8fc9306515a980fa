/**
 * The span of published sets: what adding and subtracting them can compute, as indicator vectors over atoms modulo a
 * prime.
 *
 * A target lies in the span exactly if every vector that is orthogonal to all published sets is orthogonal to it. So
 * besides the reduced echelon form the span holds two vectors, random in that orthogonal space, and the product of
 * each with each target. Publishing one more set brings a target in exactly if the target is, up to what is
 * published, a multiple of that set, and then their pairs of products are proportional. A target that is no multiple
 * passes for one with probability 1/prime: that withholds a cell too many, never one too few. A true combination
 * whose coefficients vanish modulo the prime is why a second prime is asked too.
 */
import type { AtomSet } from "./atoms.js";
import { inverse, modulo, spread } from "./field.js";
import { at } from "./at.js";

/** A set that must stay outside the span, and its kind. */
export interface Target<Kind> {
  readonly atoms: AtomSet;
  readonly kind: Kind;
}

interface Row {
  readonly pivot: number;
  readonly values: Float64Array;
}

export class Span<Kind> {
  readonly prime: number;
  readonly #atoms: number;
  readonly #rows: Row[] = [];
  /** Two vectors orthogonal to every row; their free coordinates never change. */
  readonly #orthogonal: readonly [Float64Array, Float64Array];
  #targets: { readonly target: Target<Kind>; a: number; b: number }[] = [];

  constructor(atoms: number, prime: number) {
    this.prime = prime;
    this.#atoms = atoms;
    this.#orthogonal = [spread(atoms, 0x2545f491, prime), spread(atoms, 0x6c078965, prime)];
  }

  get rank(): number {
    return this.#rows.length;
  }

  /** Protects these targets too. @returns those that are in the span already, which are not kept. */
  protect(targets: readonly Target<Kind>[]): Target<Kind>[] {
    const all = targets.map((target) => ({ target, ...this.#products(target.atoms) }));
    this.#targets.push(...all.filter(({ a, b }) => a !== 0 || b !== 0));
    return all.filter(({ a, b }) => a === 0 && b === 0).map(({ target }) => target);
  }

  /** @returns the protected targets that could be computed if `set` were published as well. */
  revealedBy(set: AtomSet): Target<Kind>[] {
    const { a, b } = this.#products(set);
    if (a === 0 && b === 0) return []; // nothing new: it can be computed already
    return this.#targets
      .filter((one) => modulo(one.a * b, this.prime) === modulo(one.b * a, this.prime))
      .map(({ target }) => target);
  }

  publish(set: AtomSet): void {
    const { a, b } = this.#products(set);
    if (a === 0 && b === 0) return;
    const values = this.#reduced(set);
    const pivot = values.findIndex((value) => value !== 0);
    if (pivot === -1) return;
    const scale = inverse(at(values, pivot), this.prime);
    for (let i = pivot; i < values.length; i++) values[i] = modulo(at(values, i) * scale, this.prime);
    for (const vector of this.#orthogonal) this.#turn(vector, values, pivot);
    for (const row of this.#rows) this.#subtract(row.values, values, at(row.values, pivot));
    this.#rows.push({ pivot, values });
    for (const one of this.#targets) Object.assign(one, this.#products(one.target.atoms));
  }

  #products(set: AtomSet): { a: number; b: number } {
    let a = 0;
    let b = 0;
    const [first, second] = this.#orthogonal;
    for (const atom of set) {
      a += at(first, atom);
      b += at(second, atom);
    }
    return { a: modulo(a, this.prime), b: modulo(b, this.prime) };
  }

  #reduced(set: AtomSet): Float64Array {
    const values = new Float64Array(this.#atoms);
    for (const atom of set) values[atom] = 1;
    for (const row of this.#rows) this.#subtract(values, row.values, at(values, row.pivot));
    return values;
  }

  #subtract(from: Float64Array, row: Float64Array, times: number): void {
    if (times === 0) return;
    const { prime } = this;
    for (let i = 0; i < from.length; i++) {
      const value = at(row, i);
      if (value !== 0) from[i] = modulo(at(from, i) - times * value, prime);
    }
  }

  /** Makes `vector` orthogonal to the new row by moving its coordinate at the pivot, and mends it for the others. */
  #turn(vector: Float64Array, row: Float64Array, pivot: number): void {
    let product = 0;
    for (let i = pivot; i < row.length; i++) {
      const value = at(row, i);
      if (value !== 0) product = modulo(product + value * at(vector, i), this.prime);
    }
    vector[pivot] = modulo(at(vector, pivot) - product, this.prime);
    for (const other of this.#rows) {
      const moved = modulo(at(other.values, pivot) * product, this.prime);
      vector[other.pivot] = modulo(at(vector, other.pivot) + moved, this.prime);
    }
  }
}
