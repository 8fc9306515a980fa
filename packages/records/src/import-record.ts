/** Metadata of one import, stored in table `import`. */
import type { Database } from "@cairn/sqlite";

/** The source of registrations: the records themselves, or derived from births or first events. */
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

/**
 * Whether the same content was loaded before, by its digest, and what is here still rests on it: no whole extract has
 * taken its place since, and no older one was taken in after it, which may have undone it.
 */
export function isKnown(db: Database, digest: string): boolean {
  return (
    db
      .prepare(
        `SELECT 1 FROM import AS it WHERE digest = ?
           AND id >= (SELECT coalesce(max(id), 0) FROM import WHERE report ->> '$.whole' = 1)
           AND NOT EXISTS (
             SELECT 1 FROM import AS later WHERE later.id > it.id AND later.report ->> '$.known' IS NOT 1
               AND (later.covers_to < it.covers_to
                 OR later.report ->> '$.extract.to' < it.report ->> '$.extract.to'))`,
      )
      .get(digest) !== undefined
  );
}

/** Stores the metadata of a load, with the version of the store after it. */
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
