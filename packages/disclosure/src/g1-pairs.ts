/**
 * G1, pairs at one reference date.
 *
 * Two released sets that differ by a few people show those people by subtraction: the classical attack on
 * statistics by near-identical questions (Denning, Denning and Schwartz 1979). Within one query, all its
 * versions included, such a pair conflicts exactly, whatever the values are: one of the two is withheld.
 * Across queries one subtraction of rounded values leaves a range, and a range inside 1..k-1 is a conflict;
 * but the same few people can be the difference of many pairs (a register with and without them, its women
 * with and without them), and each pair gives a range of its own. All pairs that share a difference are
 * intersected. The difference is kept as the two sets of people (only here, only there), so that pairs share
 * one only where they truly do.
 *
 * Cost: sets of sizes further apart than k-1 cannot differ by fewer people, so only neighbours in size are
 * compared, and a comparison ends at the k-th person that differs.
 */
import { difference, type Members } from "./members.js";
import type { ReleasedValue } from "./policy.js";

/** A set that was released at this date, with what its value shows. */
export interface PublishedSet {
  readonly query: string;
  readonly people: Members;
  /** The interval of people that the released value stands for; null for sums, which say nothing of it. */
  readonly value: ReleasedValue | null;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

type Found = "g1-pair" | readonly { readonly key: string; readonly range: Range }[];

/** Every set released at one date, compared pair by pair. */
export class Pairs {
  readonly #bySize = new Map<number, PublishedSet[]>();
  readonly #shared = new Map<string, Range>();
  readonly #small: number;
  #tested = 0;
  #isPlain = true;
  /** The undo record of `back`: sets added and ranges replaced, oldest first. */
  #undo: { readonly size: number; readonly ranges: readonly (readonly [string, Range | undefined])[] }[] = [];
  #last: { readonly set: PublishedSet; readonly found: Found } | null = null;

  constructor(small: number) {
    this.#small = small;
  }

  /** Number of pairs compared, for the certificate. */
  get tested(): number {
    return this.#tested;
  }

  /** Whether no set conflicted with another that it was added beside: sets can be added in any order, then. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Sets the number of pairs compared to what it is where the same sets are added one by one to none. */
  countAnew(): void {
    const sizes = [...this.#bySize].map(([size, sets]) => [size, sets.length] as const);
    this.#tested = sizes.reduce((sum, [size, sets]) => {
      let larger = 0;
      for (let near = size + 1; near < size + this.#small; near++)
        larger += this.#bySize.get(near)?.length ?? 0;
      return sum + sets * larger + (sets * (sets - 1)) / 2;
    }, 0);
    this.mark();
    this.#last = null;
  }

  /** Compares `candidate` with every released set. @returns the reason to withhold it, or null. */
  conflict(candidate: PublishedSet): "g1-pair" | "g1-values" | null {
    const found = this.#differences(candidate);
    return found === "g1-pair" ? found : found.some(({ range }) => this.#pins(range)) ? "g1-values" : null;
  }

  /** Adds a released set; its differences from other sets are remembered from now on. */
  add(published: PublishedSet): void {
    if (published.people.length < this.#small) return;
    const found = this.#differences(published);
    if (found === "g1-pair") this.#isPlain = false;
    const ranges = found === "g1-pair" ? [] : found;
    this.#undo.push({
      size: published.people.length,
      ranges: ranges.map(({ key }) => [key, this.#shared.get(key)]),
    });
    for (const { key, range } of ranges) this.#shared.set(key, range);
    const size = published.people.length;
    const same = this.#bySize.get(size);
    if (same) same.push(published);
    else this.#bySize.set(size, [published]);
    this.#last = null;
  }

  /** Begins a part that `back` can undo. */
  mark(): void {
    this.#undo = [];
  }

  /** Undoes every `add` since `mark`. */
  back(): void {
    for (const { size, ranges } of this.#undo.reverse()) {
      this.#bySize.get(size)?.pop();
      for (const [key, range] of ranges) {
        if (range) this.#shared.set(key, range);
        else this.#shared.delete(key);
      }
    }
    this.mark();
    this.#last = null;
  }

  /** Every small difference from a released set of another query, with the range known of it so far. */
  #differences(one: PublishedSet): Found {
    if (this.#last?.set === one) return this.#last.found; // asked, and now to be added
    const found = this.#compared(one);
    this.#last = { set: one, found };
    return found;
  }

  #compared(one: PublishedSet): Found {
    const found = new Map<string, Range>();
    const size = one.people.length;
    for (let near = size - this.#small + 1; near < size + this.#small; near++) {
      for (const other of this.#bySize.get(near) ?? []) {
        this.#tested++;
        const differ = difference(one.people, other.people, this.#small - 1);
        if (!differ || differ.onlyA.length + differ.onlyB.length === 0) continue;
        if (one.query === other.query) return "g1-pair";
        if (!one.value || !other.value) continue;
        const range = { low: one.value.low - other.value.high, high: one.value.high - other.value.low };
        const key = `${differ.onlyA.join()}|${differ.onlyB.join()}`;
        const mirrored = `${differ.onlyB.join()}|${differ.onlyA.join()}`;
        const known = intersect(range, found.get(key) ?? this.#shared.get(key));
        found.set(key, known);
        found.set(mirrored, { low: -known.high, high: -known.low });
      }
    }
    return [...found].map(([key, range]) => ({ key, range }));
  }

  #pins({ low, high }: Range): boolean {
    return low >= 1 && high <= this.#small - 1;
  }
}

function intersect(a: Range, b: Range | undefined): Range {
  return b ? { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) } : a;
}
