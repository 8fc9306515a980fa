/** Comparisons as rows: the newest of each group, query version and date, and what was refused. */
import { ComparisonError, readDocument, type ComparisonDocument } from "@cairn/comparisons";
import { practiceLog } from "@cairn/ledger";
import type { RefusalCode } from "@cairn/wire";
import { setSetting, setting } from "../store/settings.js";
import type { Change, Reader } from "../store/store.js";

/** A comparison that was checked when it came, as it is kept. */
export interface KeptComparison {
  readonly document: ComparisonDocument;
  readonly bytes: Buffer;
  readonly digest: Buffer; // SHA-256 of bytes
  readonly signature: Buffer;
  readonly origin: string; // of the hub's log that names it
  readonly entry: string; // of that log, which does
  readonly takenAt: number; // milliseconds since 1970
  readonly own: boolean; // this practice's own dots were found in it
}

interface Row {
  readonly bytes: Buffer;
  readonly digest: Buffer;
  readonly signature: Buffer;
  readonly origin: string;
  readonly entry: string;
  readonly taken_at: number;
  readonly own: number;
}

/** The comparison that is here of the same group, query version and date; null where there is none that can be read. */
export function findComparison(
  store: Reader,
  { group, query_digest, date }: Pick<ComparisonDocument, "group" | "query_digest" | "date">,
): KeptComparison | null {
  const row = store.db
    .prepare<[string, Buffer, string], Row>(
      "SELECT * FROM comparison WHERE grp = ? AND query_digest = ? AND reference_date = ?",
    )
    .get(group, Buffer.from(query_digest, "hex"), date);
  return row ? fromRow(row) : null;
}

/** A group's comparisons of one query, from the oldest date; of several versions at one date the one that came last. */
export function comparisonsOf(store: Reader, group: string, query: string): KeptComparison[] {
  const rows = store.db
    .prepare<[string, string], Row>("SELECT * FROM comparison WHERE grp = ? AND query = ? ORDER BY id")
    .all(group, query)
    .flatMap((row) => fromRow(row) ?? []);
  const newest = new Map(rows.map((row) => [row.document.date, row]));
  return [...newest.values()].sort((a, b) => (a.document.date < b.document.date ? -1 : 1));
}

/** A question of a group, and how many of its comparisons nobody here has looked at. */
interface KeptQuestion {
  readonly group: string;
  readonly query: string;
  readonly newest: string; // date, ISO
  readonly dates: number;
  readonly unseen: number;
}

/** Every question that a group's comparisons are here of, by group and name. */
export function keptQuestions(store: Reader): KeptQuestion[] {
  return store.db
    .prepare<[], KeptQuestion>(
      `SELECT grp AS "group", query, max(reference_date) AS newest, count(DISTINCT reference_date) AS dates,
              sum(viewed = 0) AS unseen FROM comparison GROUP BY grp, query ORDER BY grp, query`,
    )
    .all();
}

/** Keeps a comparison in the place of the one of the same group, query version and date. */
export function keepComparison(change: Change, kept: Omit<KeptComparison, "takenAt">): void {
  const { document, bytes, digest, signature, origin, entry, own } = kept;
  const queryDigest = Buffer.from(document.query_digest, "hex");
  change.db
    .prepare("DELETE FROM comparison WHERE grp = ? AND query_digest = ? AND reference_date = ?")
    .run(document.group, queryDigest, document.date);
  change.db
    .prepare(
      `INSERT INTO comparison (grp, query, query_digest, reference_date, revision, digest, bytes, signature, origin, entry, own, taken_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      document.group,
      document.query,
      queryDigest,
      document.date,
      BigInt(document.revision),
      digest,
      bytes,
      signature,
      origin,
      entry,
      own ? 1n : 0n,
      BigInt(change.now()),
    );
}

/** Notes that somebody here looked at the newest revisions of a question. */
export function markViewed(change: Change, group: string, query: string): void {
  change.db.prepare("UPDATE comparison SET viewed = 1 WHERE grp = ? AND query = ?").run(group, query);
}

/** Most refused comparisons that are kept and logged: a hub can invent them. */
const MOST_REFUSED = 500;

/** A refused comparison, as far as it could be read. */
interface RefusedComparison {
  readonly code: RefusalCode;
  readonly digest: Buffer; // SHA-256 of what came
  readonly document: ComparisonDocument | null;
  /** Two that differ, kept whole. */
  readonly evidence: {
    readonly came: Omit<KeptComparison, "document" | "takenAt" | "own">;
    readonly here: Buffer;
  } | null;
}

/** Keeps and logs a refusal, once for the same bytes and reason. */
export function keepRefused(change: Change, { code, digest, document, evidence }: RefusedComparison): void {
  const known = change.db.prepare<[], number>("SELECT count(*) FROM comparison_refused").pluck().get() ?? 0;
  if (known >= MOST_REFUSED) return;
  const { changes } = change.db
    .prepare("INSERT OR IGNORE INTO comparison_refused VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    .run(
      digest,
      code,
      BigInt(change.now()),
      evidence?.came.bytes ?? null,
      evidence?.came.signature ?? null,
      evidence?.came.origin ?? null,
      evidence?.came.entry ?? null,
      evidence?.here ?? null,
    );
  if (changes === 0) return;
  change.note(practiceLog.comparisonRefused, {
    code,
    digest: digest.toString("hex"),
    group: document?.group ?? null,
    query: document?.query ?? null,
    date: document?.date ?? null,
    revision: document?.revision ?? null,
  });
}

/** Comparisons refused so far because of one of these reasons. */
export function refusedFor(store: Reader, ...codes: RefusalCode[]): number {
  const marks = codes.map(() => "?").join(", ");
  return (
    store.db
      .prepare<string[], number>(`SELECT count(*) FROM comparison_refused WHERE code IN (${marks})`)
      .pluck()
      .get(...codes) ?? 0
  );
}

/** The place in the hub's log from which on no comparison was offered; 1 before the first. */
export function comparisonsFrom(store: Reader): number {
  return Number(setting(store, "comparisons-from") ?? "1");
}

export function setComparisonsFrom(change: Change, place: number): void {
  setSetting(change, "comparisons-from", String(place));
}

/** Has every comparison offered again: what was refused before may be taken now. The same ones change nothing. */
export function askAgain(change: Change): void {
  setComparisonsFrom(change, 1);
}

/** @returns null for a document of another version: it is as if it were not here, and the one that comes takes its place */
function fromRow({ bytes, digest, signature, origin, entry, taken_at, own }: Row): KeptComparison | null {
  const document = documentOrNull(bytes);
  return document && { document, bytes, digest, signature, origin, entry, takenAt: taken_at, own: own === 1 };
}

/** Reads bytes as a document. @returns null where they are none that this version reads */
export function documentOrNull(bytes: Uint8Array): ComparisonDocument | null {
  try {
    return readDocument(bytes);
  } catch (error) {
    if (error instanceof ComparisonError) return null;
    throw error;
  }
}
