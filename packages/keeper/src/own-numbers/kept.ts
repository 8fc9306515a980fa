/** The practice's own exact numbers, kept for its first page: one row a query, with the records that it was counted from. */
import type { QueryTotals } from "../answering/exact-totals.js";
import { setting } from "../store/settings.js";
import type { Change, Reader } from "../store/store.js";

export interface OwnNumber {
  readonly date: string; // ISO
  readonly numerator: number;
  readonly denominator: number;
  /** Why the records cannot answer the query; null where they can. */
  readonly unanswerable: string | null;
  /** Whether it was counted from the records as they are now. */
  readonly isCurrent: boolean;
}

interface Row {
  readonly digest: string;
  readonly records: string;
  readonly date: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly unanswerable: string;
}

/** The own number of each query, by its digest. */
export function ownNumbers(store: Reader): ReadonlyMap<string, OwnNumber> {
  const now = recordsNow(store);
  const rows = store.db.prepare<[], Row>("SELECT * FROM own_number").all();
  return new Map(
    rows.map(({ digest, records, unanswerable, ...rest }) => [
      digest,
      { ...rest, unanswerable: unanswerable || null, isCurrent: records === now },
    ]),
  );
}

/** Identity and version of the records as last noticed, in one word. */
export function recordsNow(store: Reader): string {
  return `${setting(store, "records-identity") ?? ""} ${setting(store, "records-version") ?? ""}`;
}

/** Keeps what was counted, in place of all that was kept before. @param records as `recordsNow` when counting began */
export function keepOwnNumbers(change: Change, records: string, counted: readonly QueryTotals[]): void {
  change.db.prepare("DELETE FROM own_number").run();
  const insert = change.db.prepare("INSERT INTO own_number VALUES (?, ?, ?, ?, ?, ?)");
  for (const each of counted) {
    if ("unanswerable" in each) insert.run(each.digest, records, "", 0n, 0n, each.unanswerable);
    else
      for (const { date, numerator, denominator } of each.figures)
        insert.run(each.digest, records, date, BigInt(numerator), BigInt(denominator), "");
  }
}
