/**
 * G2, each family: one query at one date with all its splits and totals, and all its versions.
 *
 * Withholding a small cell is not enough: the row and column totals give it back, and where every line of a
 * table has two gaps a combination of many lines still can (complementary suppression: Cox 1980; Fischetti
 * and Salazar 2001). So publishing goes one count at a time, and a count is withheld if with it some target of the
 * tables becomes a linear combination of what is published. Order decides who pays: totals first, then splits with
 * fewer keys, denominators before numerators, larger before smaller. Targets are the small groups (atoms.ts) and
 * what is withheld for another reason than being small and would be lost as easily (secrets.ts).
 *
 * Sets that other queries and earlier versions released at this date, and that are unions of the tables' atoms, are
 * known too, so they are in the span before the first count. A target that they give away already cannot be protected
 * from them; it is protected within the query and its versions all the same, in a span of its own.
 *
 * A set that is withheld at a date is withheld in every query and version (date-ledger.ts).
 */
import type { AtomSet } from "./atoms.js";
import { PRIMES } from "./field.js";
import type { Kind } from "./secrets.js";
import { Span, type Target } from "./span.js";

export class Combinations {
  readonly #atoms: number;
  readonly #beside: readonly Span<Kind>[];
  /** The span of this query and its versions alone; made with its first target. */
  #alone: readonly Span<Kind>[] = [];
  readonly #own: AtomSet[];

  /**
   * @param atoms how many there are.
   * @param known what was released at this date, as unions of atoms: by all queries.
   * @param own those of them that other versions of this query released.
   */
  constructor(
    atoms: number,
    targets: readonly Target<Kind>[],
    known: readonly AtomSet[],
    own: readonly AtomSet[],
  ) {
    this.#atoms = atoms;
    this.#own = [...own];
    this.#beside = this.#spanOf(known);
    const given = this.#beside.flatMap((span) =>
      span.protect(targets.filter(({ kind }) => kind !== "values")),
    );
    this.#protectAlone([...new Set(given), ...targets.filter(({ kind }) => kind === "values")]);
  }

  /**
   * Protects `target` too.
   * @returns whether it can be computed already: then it is not protected, and publishing has to begin again with it.
   */
  protect(target: Target<Kind>): boolean {
    if (target.kind === "values") return this.#protectAlone([target]);
    const isGiven = this.#beside.map((span) => span.protect([target]).length > 0).some(Boolean);
    if (this.#alone.length > 0) this.#protectAlone([target]);
    return isGiven;
  }

  /**
   * @returns the kinds of the targets that could be computed if `set` were published; empty where both primes agree
   * that there are none.
   */
  revealedBy(set: AtomSet): ReadonlySet<Kind> {
    const spans = [...this.#beside, ...this.#alone];
    return new Set(spans.flatMap((span) => span.revealedBy(set)).map(({ kind }) => kind));
  }

  publish(set: AtomSet): void {
    this.#own.push(set);
    for (const span of [...this.#beside, ...this.#alone]) span.publish(set);
  }

  /** Rank of the published sets, by prime, for the certificate. */
  get ranks(): { readonly prime: number; readonly rank: number }[] {
    return this.#beside.map(({ prime, rank }) => ({ prime, rank }));
  }

  /** Protects targets within this query and its versions. @returns whether one of them can be computed already. */
  #protectAlone(targets: readonly Target<Kind>[]): boolean {
    if (targets.length === 0) return false;
    if (this.#alone.length === 0) this.#alone = this.#spanOf(this.#own);
    return this.#alone.map((span) => span.protect(targets).length > 0).some(Boolean);
  }

  #spanOf(sets: readonly AtomSet[]): Span<Kind>[] {
    return PRIMES.map((prime) => {
      const span = new Span<Kind>(this.#atoms, prime);
      for (const set of sets) span.publish(set);
      return span;
    });
  }
}
