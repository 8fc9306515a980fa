/**
 * Tests whether shown sums, put together, give a hidden one: exactly if the hidden one's vector is in the span of
 * those of the shown ones. For each hidden sum the remainder that the shown ones leave is kept: it is zero where they
 * give it.
 */
import { addUp, keyOf, kindsOf, partsOf, type Kind, type MemberSum } from "./member-sums.js";
import { modulo, Span, subtract, type Row } from "./span.js";

export class HiddenSums {
  readonly #kinds: readonly Kind[];
  readonly #length: number;
  readonly #shown = new Span();
  #hidden: Float64Array[];

  /**
   * @param shown every sum that will be shown, or may be
   * @param hidden each as sums that are added up: what none may give
   */
  constructor(shown: readonly MemberSum[], hidden: readonly (readonly MemberSum[])[]) {
    this.#kinds = kindsOf([...shown, ...hidden.flat()]);
    this.#length = new Set(shown.map(keyOf)).size + 3;
    this.#hidden = hidden.map((sums) => this.#vector(sums));
  }

  /**
   * Whether these sums, with those shown, give a hidden one. One that was given before no longer counts as hidden.
   */
  wouldGive(sums: readonly MemberSum[]): boolean {
    const { rows } = this.#shown.growth(sums.map((sum) => this.#vector([sum])));
    return rows.length > 0 && this.#hidden.some((left) => isZero(leftOver(left, rows)));
  }

  /** Shows these sums, even where they give a hidden one. */
  show(sums: readonly MemberSum[]): void {
    const growth = this.#shown.growth(sums.map((sum) => this.#vector([sum])));
    this.#shown.grow(growth);
    this.#hidden = this.#hidden.map((left) => leftOver(left, growth.rows)).filter((left) => !isZero(left));
  }

  #vector(sums: readonly MemberSum[]): Float64Array {
    const all = new Float64Array(this.#length);
    for (const sum of sums)
      addUp(partsOf(sum, this.#kinds, this.#length), this.#length).forEach((value, i) => {
        all[i] = modulo((all[i] as number) + value);
      });
    return all;
  }
}

function leftOver(vector: Float64Array, rows: readonly Row[]): Float64Array {
  const left = Float64Array.from(vector);
  for (const row of rows) subtract(left, row);
  return left;
}

function isZero(vector: Float64Array): boolean {
  return vector.every((value) => value === 0);
}
