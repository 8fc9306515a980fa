/**
 * G2, each family: one query at one date with all its splits and totals.
 *
 * Withholding a small cell is not enough: the row and column totals give it back, and where every line of a
 * table has two gaps a combination of many lines still can (complementary suppression: Cox 1980; Fischetti
 * and Salazar 2001). So publishing goes one count at a time, and a count is withheld if with it some small
 * target of the table (atoms.ts) becomes a linear combination of what is published. Order decides who pays:
 * totals first, then splits with fewer keys, denominators before numerators, larger before smaller.
 *
 * Sets that other queries released at this date, and that are unions of this table's atoms, are known too, so
 * they are in the span before the first count. A target that they give away already cannot be protected from
 * them; it is protected within the query all the same, in a span of its own.
 *
 * A set that is withheld at a date is withheld in every query and version (at-date.ts).
 */
import type { AtomSet, Atoms } from "./atoms.js";
import { PRIMES } from "./field.js";
import { Span } from "./span.js";

export class Combinations {
  readonly #spans: readonly Span[];
  readonly targets: number;

  /** @param known what other queries released at this date, as unions of this table's atoms. */
  constructor(atoms: Atoms, targets: readonly AtomSet[], known: readonly AtomSet[]) {
    this.targets = targets.length;
    const width = atoms.sizes.length;
    const beside = PRIMES.map((prime) => new Span(width, prime));
    for (const span of beside) for (const set of known) span.publish(set);
    const given = new Set(beside.flatMap((span) => span.protect(targets)));
    const alone = given.size > 0 ? PRIMES.map((prime) => new Span(width, prime)) : [];
    for (const span of alone) span.protect([...given]);
    this.#spans = [...beside, ...alone];
  }

  /** Every prime has to agree that nothing small comes out. */
  wouldReveal(set: AtomSet): boolean {
    return this.#spans.some((span) => span.wouldReveal(set));
  }

  publish(set: AtomSet): void {
    for (const span of this.#spans) span.publish(set);
  }

  /** For the certificate: by prime, the ranks of what is published. */
  get ranks(): { readonly prime: number; readonly rank: number }[] {
    return this.#spans.slice(0, PRIMES.length).map(({ prime, rank }) => ({ prime, rank }));
  }
}
