/**
 * The release history: everything that the practice released and withheld before, which the guard reads before every
 * release.
 *
 * Every entry whose date can still be asked for is kept. The rule is a length of time, so that it can be stated and
 * checked: entries of the last `YEARS_KEPT` years before the newest date decided, four more than the sixteen yearly
 * periods that a query can ask for. A date before that is refused, because nothing could be checked against what was
 * released for it.
 */
import type { Members } from "./members.js";
import type { PolicyIntegers } from "./policy.js";
import type { Reason } from "./reason.js";

/** One count of a cell as it was decided. */
export interface HistorySide {
  /** The code on the wire: 0 for withheld, n + 1 for n. */
  readonly code: number;
  /** Why it is withheld; null where it was released. */
  readonly reason: Reason | null;
  /** The people counted at the entry's date; empty where they are no longer known. */
  readonly members: Members;
  /** Their exact sum: the number of people for unit people. */
  readonly count: number;
  /** The value's origin, where the code repeats a value of an earlier date. */
  readonly carried?: CarriedCount;
}

/** The count behind a carried value, as it was at the date at which the value was made. */
export interface CarriedCount {
  readonly date: string;
  /** The number of the query's periods from that date to the entry's; at least 1. */
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
  /** Whether a hub restored it: its released codes are known, its sets are not. See given-back.ts. */
  readonly givenBack?: true;
}

/** The stored release history, as the guard reads it. Entries are only ever added, and pruned by date. */
export interface History {
  /**
   * The first date (ISO) that can still be asked for, since earlier entries are gone; null where nothing was pruned.
   */
  readonly keptFrom: string | null;
  /** All queries' entries at one date, in the order in which they were decided; corrected runs included. */
  at(date: string): readonly HistoryEntry[];
  /** The entries of all versions of a query at one date, as `at` has them. */
  of(query: string, date: string): readonly HistoryEntry[];
  /** The newest of the entries of a query version at one date that `at` has; null where there is none. */
  made(digest: string, date: string): HistoryEntry | null;
  /** A text that is another once an entry came to the date or went; null where the history does not know. */
  state(date: string): string | null;
  /** Entries of all versions of a query at dates before `date`, newest date first. Read lazily. */
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
    of: (query, date) => [
      ...(under?.of(query, date) ?? []),
      ...own.filter((entry) => entry.query === query && entry.date === date),
    ],
    made: (digest, date) =>
      own.findLast((entry) => entry.digest === digest && entry.date === date) ??
      under?.made(digest, date) ??
      null,
    state: () => null,
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
