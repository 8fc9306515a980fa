/** What is remembered of a load beside the records themselves. */
import type { Database } from "@cairn/sqlite";

/** Where registrations come from: the records themselves, or derived from births or first events. */
export type RecordBasis = "registrations" | "birth" | "first-record";

export interface ImportRecord {
  readonly at: string; // ISO time
  readonly format: string;
  readonly source: string;
  readonly digest: string;
  readonly coversTo: number | null;
  readonly basis: RecordBasis | null;
  readonly report: unknown;
}

/** Whether this very content has been loaded before. */
export function isKnown(db: Database, digest: string): boolean {
  return db.prepare("SELECT 1 FROM import WHERE digest = ?").get(digest) !== undefined;
}

/** Writes it down, with the version of the store after the load. */
export function putImport(db: Database, record: ImportRecord, version: number): void {
  const { at, format, source, digest, coversTo, basis, report } = record;
  // What was said last holds, also where it is an earlier day: that is how a wrong one is put right.
  db.prepare(
    "UPDATE store SET version = ?, basis = coalesce(?, basis), covers_to = coalesce(?, covers_to)",
  ).run(version, basis, coversTo);
  db.prepare(
    "INSERT INTO import (at, format, source, digest, version, covers_to, report) VALUES (?,?,?,?,?,?,?)",
  ).run(at, format, source, digest, version, coversTo, JSON.stringify(report));
}
