/**
 * What the practice released and withheld before: the guard looks here before every release.
 *
 * Kept: every entry whose date can still be asked for. The rule is a length of time, so that it can be
 * stated and checked: entries of the last `YEARS_KEPT` years before the newest date decided, four more than
 * the sixteen yearly periods that a query can ask for. A date before that is refused, because nothing could be
 * checked against what was released for it.
 */
import type { Members } from "./members.js";
import type { PolicyIntegers } from "./policy.js";
import type { Reason } from "./reason.js";

/** One count of a cell as it was decided. */
export interface HistorySide {
  /** As on the wire: 0 withheld, n + 1 for n. */
  readonly code: number;
  /** null where it was released. */
  readonly reason: Reason | null;
  /** The people it is about at the entry's date. Nobody where that is not known any more. */
  readonly members: Members;
  /** Their exact sum: the number of people for unit people. */
  readonly count: number;
  /** Where the code repeats a value that was made at an earlier date: what it was made of. */
  readonly carried?: CarriedFrom;
}

/** The count behind a carried value, as it was at the date at which the value was made. */
export interface CarriedFrom {
  readonly date: string;
  /** From that date to the entry's, in the query's periods; at least 1. */
  readonly periods: number;
  readonly members: Members;
  readonly count: number;
}

export interface HistoryCell {
  readonly split: Readonly<Record<string, string>>;
  readonly denominator: HistorySide;
  readonly numerator: HistorySide;
}

/** One decided table. Plain data: `encodeEntry` makes it the opaque bytes that the keeper stores. */
export interface HistoryEntry {
  readonly query: string;
  readonly version: string;
  readonly digest: string;
  readonly date: string;
  readonly policy: PolicyIntegers;
  readonly cells: readonly HistoryCell[];
  /** Known by its released codes only: its sets say nothing, or not of today's keys. See given-back.ts. */
  readonly givenBack?: true;
}

/** What the keeper's database answers. Entries are only ever added, and pruned by date. */
export interface History {
  /** Dates before this one (ISO) cannot be asked for: their entries are gone. null where nothing was pruned. */
  readonly keptFrom: string | null;
  /** All queries' entries at one date, in the order in which they were decided; corrected runs included. */
  at(date: string): readonly HistoryEntry[];
  /** Entries of a query, all its versions, at dates before `date`, newest date first. Read as far as needed. */
  before(query: string, date: string): Iterable<HistoryEntry>;
  /** The newest date decided for this query version; null before the first. */
  newest(digest: string): string | null;
}

export const YEARS_KEPT = 20;

/** The day from which history is kept once `newest` (ISO) has been decided. */
export function keptFrom(newest: string): string {
  const year = Number(newest.slice(0, 4)) - YEARS_KEPT;
  const day = newest.slice(5) === "02-29" ? "02-28" : newest.slice(5);
  return `${String(year).padStart(4, "0")}-${day}`;
}

export interface MemoryHistory extends History {
  append(entries: readonly HistoryEntry[]): void;
  /** Drops entries older than `from` and refuses their dates from now on. */
  prune(from: string): void;
}

/** A history in memory: for tests, previews, and as the layer over the stored one within a batch. */
export function memoryHistory(
  entries: readonly HistoryEntry[] = [],
  under: History | null = null,
): MemoryHistory {
  let own = [...entries];
  let from: string | null = under?.keptFrom ?? null;
  return {
    get keptFrom() {
      return from;
    },
    at: (date) => [...(under?.at(date) ?? []), ...own.filter((entry) => entry.date === date)],
    *before(query, date) {
      const mine = own.filter((entry) => entry.query === query && entry.date < date);
      yield* newestFirst(mine, under?.before(query, date) ?? []);
    },
    newest(digest) {
      const dates = own.filter((entry) => entry.digest === digest).map((entry) => entry.date);
      const below = under?.newest(digest);
      return [...dates, ...(below ? [below] : [])].reduce<string | null>(
        (a, b) => (a === null || b > a ? b : a),
        null,
      );
    },
    append: (more) => void own.push(...more),
    prune(before) {
      own = own.filter((entry) => entry.date >= before);
      from = from !== null && from > before ? from : before;
    },
  };
}

function* newestFirst(mine: readonly HistoryEntry[], under: Iterable<HistoryEntry>): Iterable<HistoryEntry> {
  const waiting = [...mine].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  for (const entry of under) {
    while (waiting.length > 0 && (waiting.at(-1)?.date ?? "") >= entry.date)
      yield waiting.pop() as HistoryEntry;
    yield entry;
  }
  while (waiting.length > 0) yield waiting.pop() as HistoryEntry;
}
