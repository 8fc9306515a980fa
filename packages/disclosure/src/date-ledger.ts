/** Everything that was released, withheld and carried at one reference date, by all queries and versions. */
import type { HistoryEntry } from "./history.js";
import { fingerprint, sameMembers, type Members } from "./members.js";
import { intervalOf, type Policy, smallBelow } from "./policy.js";
import { Pairs, type PublishedSet } from "./g1-pairs.js";

/** Sets of people, found by who is in them. */
export class SetsOfPeople {
  readonly #byHash = new Map<number, Members[]>();

  add(people: Members): void {
    const hash = fingerprint(people);
    const same = this.#byHash.get(hash);
    if (same) same.push(people);
    else this.#byHash.set(hash, [people]);
  }

  /** Whether this set is among them; always false for the empty set. */
  has(people: Members): boolean {
    if (people.length === 0) return false;
    return (this.#byHash.get(fingerprint(people)) ?? []).some((set) => sameMembers(set, people));
  }
}

export class DateLedger {
  readonly date: string;
  #pairs: Pairs;
  readonly #released: PublishedSet[] = [];
  readonly #withheld = new SetsOfPeople();
  readonly #entries: HistoryEntry[] = [];
  #before: (query: string) => readonly HistoryEntry[] = () => [];
  readonly #small: number;

  constructor(date: string, entries: readonly HistoryEntry[], policy: Policy) {
    this.date = date;
    this.#small = smallBelow(policy);
    this.#pairs = new Pairs(this.#small);
    for (const entry of entries) this.#remember(entry);
  }

  /** Sets that hold more than a few people: a midpoint's class of 1 to 6 is released and says no number. */
  get released(): readonly PublishedSet[] {
    return this.#released;
  }

  /** Whether some query withholds exactly these people at this date. The empty set is never withheld. */
  isWithheld(people: Members): boolean {
    return this.#withheld.has(people);
  }

  /** Earlier decisions of a query at this date: its other versions, and runs that were withdrawn. */
  versionsOf(query: string): readonly HistoryEntry[] {
    return [...this.#before(query), ...this.#entries.filter((entry) => entry.query === query)];
  }

  /** Number of people in all released sets: what it takes to keep the ledger. */
  get keys(): number {
    return this.#released.reduce((sum, { people }) => sum + people.length, 0);
  }

  /** Whether it is, once resumed, the ledger that would be made anew of the same entries. */
  get canResume(): boolean {
    return this.#pairs.isPlain;
  }

  /**
   * Begins the next batch, as the ledger made anew of all entries would.
   * @param decided finds the entries of a query at this date again
   */
  resume(decided: (query: string) => readonly HistoryEntry[]): void {
    this.dropEntries();
    this.#before = decided;
    this.#pairs.countAnew();
  }

  /** Drops the entries: `resume` has them found again, one query's at a time. */
  dropEntries(): void {
    this.#entries.length = 0;
    this.#before = () => [];
  }

  /** Released sets, pair by pair; a family's own are added as it publishes them. */
  get pairs(): Pairs {
    return this.#pairs;
  }

  /**
   * Records a decided family: its entry, its released sets, and the sets that G3 or G4 withheld after they were
   * published (`takenBack`).
   */
  record(entry: HistoryEntry, released: readonly PublishedSet[], takenBack: readonly Members[]): void {
    this.#entries.push(entry);
    this.#released.push(...released.filter(({ people }) => people.length >= this.#small));
    for (const people of takenBack) this.withhold(people);
    if (takenBack.length === 0) return;
    this.#pairs = new Pairs(this.#small);
    for (const set of this.#released) this.#pairs.add(set);
  }

  withhold(people: Members): void {
    this.#withheld.add(people);
  }

  #remember(entry: HistoryEntry): void {
    this.#entries.push(entry);
    for (const cell of entry.cells) {
      for (const { code, reason, members, count, carried } of [cell.denominator, cell.numerator]) {
        if (carried || reason === "g0-zero-or-full") continue; // a carried value is of another date
        if (code === 0) {
          this.withhold(members);
          continue;
        }
        const isPeople = count === members.length;
        if (members.length < this.#small) continue;
        const value = isPeople ? intervalOf(entry.policy, code - 1) : null;
        const set = { query: entry.query, people: members, value };
        this.#released.push(set);
        this.#pairs.add(set);
      }
    }
  }
}
