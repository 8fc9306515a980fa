/**
 * Tests whether sums over members, put together, single out one or two members. A reader adds and subtracts what is
 * shown.
 *
 * Each sum is a vector over (member, quantity): the quantity's coordinates at every member that is in it. A
 * combination that is not zero and lies on one or two members only must not be computable. There is one for the
 * members {a, b} exactly if leaving their coordinates away lowers the rank of what is shown, so a further sum may be
 * shown exactly if it adds to the rank without {a, b} what it adds to the rank with them, for every such pair.
 *
 * Members that are in the same sums stand for each other: of three or more none can be singled out by leaving two
 * away. So only those that have at most one double are looked at. Vectors are shortened by a random matrix to a
 * little more than the number of sums, which keeps ranks but for one time in millions, and then errs towards hiding.
 */
import { addUp, keyOf, kindsOf, partsOf, type Kind, type MemberSum } from "./member-sums.js";
import { Span } from "./span.js";

export class ShownSums {
  readonly #kinds: readonly Kind[];
  readonly #length: number;
  readonly #all = new Span();
  readonly #without: { readonly kinds: readonly Kind[]; readonly span: Span }[];

  /** @param sums every sum that will be shown, or may be */
  constructor(sums: readonly MemberSum[]) {
    this.#kinds = kindsOf(sums);
    this.#length = new Set(sums.map(keyOf)).size + 2;
    const singles = this.#kinds.filter(({ size }) => size === 1);
    const left = [
      ...this.#kinds.filter(({ size }) => size === 2).map((kind) => [kind]),
      ...(singles.length === 1 ? [singles] : []),
      ...singles.flatMap((one, i) => singles.slice(0, i).map((other) => [other, one])),
    ];
    this.#without = left.map((kinds) => ({ kinds, span: new Span() }));
  }

  /**
   * Shows all of these sums, or none where they would single out one or two members.
   * @returns whether they are shown
   */
  showIfSafe(sums: readonly MemberSum[]): boolean {
    return this.#show(sums, true);
  }

  /** Shows these sums, even where they single out a member: they have been seen already. */
  show(sums: readonly MemberSum[]): void {
    this.#show(sums, false);
  }

  #show(sums: readonly MemberSum[], onlyIfSafe: boolean): boolean {
    const parts = sums.map((sum) => partsOf(sum, this.#kinds, this.#length));
    const all = this.#all.growth(parts.map((each) => addUp(each, this.#length)));
    if (all.rows.length === 0) return true; // it follows from what is shown
    const growths = [];
    for (const { kinds, span } of this.#without) {
      const growth = span.growth(parts.map((each) => addUp(each, this.#length, kinds)));
      if (onlyIfSafe && growth.rows.length < all.rows.length) return false;
      growths.push({ span, growth });
    }
    this.#all.grow(all);
    for (const { span, growth } of growths) span.grow(growth);
    return true;
  }
}
