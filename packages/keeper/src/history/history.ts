/** The release history in the keeper's database, as disclosure control reads it. */
import {
  decodeEntry,
  encodeEntry,
  keptFrom,
  placed,
  type History,
  type HistoryEntry,
} from "@cairn/disclosure";
import { cellsOf } from "@cairn/query-library";
import { setSetting, setting } from "../store/settings.js";
import type { Change, Reader } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";

interface Row {
  entry: Buffer;
}

/** The stored history. @param library names the cells of restored releases; called only where there are any. */
export function storedHistory(store: Reader, library: () => LibraryInForce | null): History {
  const { db } = store;
  const atDate = db.prepare<[string], Row>(
    "SELECT entry FROM release_history WHERE reference_date = ? ORDER BY position",
  );
  const earlier = db.prepare<[string, string], Row>(
    "SELECT entry FROM release_history WHERE query = ? AND reference_date < ? ORDER BY reference_date DESC, position DESC",
  );
  const newest = db.prepare<[string], { date: string | null }>(
    "SELECT max(reference_date) AS date FROM release_history WHERE digest = ?",
  );
  const ofQuery = db.prepare<[string, string], Row>(
    "SELECT entry FROM release_history WHERE query = ? AND reference_date = ? ORDER BY position",
  );
  const ofVersion = db.prepare<[string, string], Row>(
    "SELECT entry FROM release_history WHERE digest = ? AND reference_date = ? ORDER BY position",
  );
  const state = db
    .prepare<[string], string>(
      `SELECT count(*) || ' ' || total(position) || ' ' || total(length(entry))
       FROM release_history WHERE reference_date = ?`,
    )
    .pluck();
  // Dates of what was given back are answered no more (see lost.ts), so nothing is decided beside it at its date.
  const known = (rows: readonly Row[]): HistoryEntry[] =>
    rows.map(({ entry }) => decodeEntry(entry)).filter(({ givenBack }) => !givenBack);
  const peopleLostTo = setting(store, "people-lost-to") ?? "";
  return {
    keptFrom: setting(store, "history-from"),
    at: (date) => known(atDate.all(date)),
    of: (query, date) => known(ofQuery.all(query, date)),
    made: (digest, date) => known(ofVersion.all(digest, date)).at(-1) ?? null,
    state: (date) => state.get(date) ?? null,
    *before(query, date) {
      for (const { entry } of earlier.iterate(query, date)) {
        const one = named(decodeEntry(entry), library);
        yield one.date <= peopleLostTo ? { ...one, givenBack: true } : one;
      }
    },
    newest: (digest) => newest.get(digest)?.date ?? null,
  };
}

function named(entry: HistoryEntry, library: () => LibraryInForce | null): HistoryEntry {
  if (!entry.givenBack) return entry;
  const { query, version, digest, date } = entry;
  const asked = library()?.find(query, version, Buffer.from(digest, "hex"));
  return placed(entry, asked ? cellsOf(asked, date) : null);
}

export function keepEntry(change: Change, run: string, entry: HistoryEntry): void {
  change.db
    .prepare("INSERT INTO release_history (run, query, digest, reference_date, entry) VALUES (?, ?, ?, ?, ?)")
    .run(run, entry.query, entry.digest, entry.date, Buffer.from(encodeEntry(entry)));
}

/** Drops what is older than disclosure control keeps; those dates are refused from then on. */
export function pruneHistory(change: Change): void {
  const newest = change.db
    .prepare<[], { date: string | null }>("SELECT max(reference_date) AS date FROM release_history")
    .get()?.date;
  if (!newest) return;
  const from = keptFrom(newest);
  const { changes } = change.db.prepare("DELETE FROM release_history WHERE reference_date < ?").run(from);
  if (changes > 0) setSetting(change, "history-from", from);
}
