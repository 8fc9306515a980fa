/** What the practice wrote down for itself about its questions: it stands on the own line, and nothing that leaves is made from it. */
import type { Change, Reader } from "../store/store.js";

/** A note as somebody writes it. */
export interface DraftNote {
  readonly date: string; // ISO
  readonly text: string;
}

interface OwnNote extends DraftNote {
  readonly id: number;
  readonly by: string;
}

/** The notes of a query, in order of date. */
export function ownNotesOf(store: Reader, query: string): OwnNote[] {
  return store.db
    .prepare<[string], OwnNote>("SELECT id, date, text, by FROM own_note WHERE query = ? ORDER BY date, id")
    .all(query);
}

/** @param salt with which the log's digest of the text was made. @returns its number */
export function insertOwnNote(
  change: Change,
  query: string,
  { date, text, salt, by }: DraftNote & { readonly salt: Buffer; readonly by: string },
): number {
  return Number(
    change.db
      .prepare("INSERT INTO own_note (query, date, text, salt, by, at) VALUES (?, ?, ?, ?, ?, ?)")
      .run(query, date, text, salt, by, BigInt(change.now())).lastInsertRowid,
  );
}

/** @returns whether the query had it */
export function deleteOwnNote(change: Change, query: string, id: number): boolean {
  return (
    change.db.prepare("DELETE FROM own_note WHERE query = ? AND id = ?").run(query, BigInt(id)).changes > 0
  );
}
