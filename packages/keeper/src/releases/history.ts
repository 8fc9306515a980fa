/** What was released before, as disclosure control asks for it. */
import { decodeEntry, encodeEntry, keptFrom, type History, type HistoryEntry } from "@cairn/disclosure";
import { setSetting, setting } from "../practice/settings.js";
import type { KeeperStore } from "../store/store.js";

interface Row {
  entry: Buffer;
}

export function storedHistory(store: KeeperStore): History {
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
  return {
    keptFrom: setting(store, "history-from"),
    at: (date) => atDate.all(date).map(({ entry }) => decodeEntry(entry)),
    *before(query, date) {
      for (const { entry } of earlier.iterate(query, date)) yield decodeEntry(entry);
    },
    newest: (digest) => newest.get(digest)?.date ?? null,
  };
}

/** Inside a change only. */
export function keepEntry(store: KeeperStore, run: string, entry: HistoryEntry): void {
  store.db
    .prepare("INSERT INTO release_history (run, query, digest, reference_date, entry) VALUES (?, ?, ?, ?, ?)")
    .run(run, entry.query, entry.digest, entry.date, Buffer.from(encodeEntry(entry)));
}

/** Drops what is older than disclosure control keeps; those dates are refused from then on. Inside a change only. */
export function pruneHistory(store: KeeperStore): void {
  const newest = store.db
    .prepare<[], { date: string | null }>("SELECT max(reference_date) AS date FROM release_history")
    .get()?.date;
  if (!newest) return;
  const from = keptFrom(newest);
  const { changes } = store.db.prepare("DELETE FROM release_history WHERE reference_date < ?").run(from);
  if (changes > 0) setSetting(store, "history-from", from);
}
