import { randomBytes, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Database } from "@cairn/sqlite";
import { canonicalBody, entryLine, leafOf, type Entry, type EntryBody } from "./entry.js";
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  rootHash,
  type SubtreeHash,
} from "./merkle.js";
import { cosign, signCheckpoint, type Checkpoint } from "./note.js";
import { newestLog, pastLogs, setLogAside, tablesOf, type LogTables } from "./past.js";

export interface LogPosition {
  readonly index: number; // of the new entry, as `indexIn` makes it: its position, in a first log
  readonly size: number; // of the log with it
  readonly root: Buffer; // SHA-256, at that size
}

interface EntryRow {
  position: number;
  time: string;
  kind: string;
  body: string;
  salt: Buffer;
}

/** Number of positions that one log may have. An index holds both the log's number and a position in it. */
const INDEX_SPAN = 2 ** 40;

/**
 * The index of a position in a log.
 * @param number of the log among those that followed one another, 0 for the first.
 */
export function indexIn(number: number, position: number): number {
  return number * INDEX_SPAN + position;
}

/** @returns the log's number and the position in it that an index stands for. */
export function placeOf(index: number): { readonly number: number; readonly position: number } {
  return { number: Math.floor(index / INDEX_SPAN), position: index % INDEX_SPAN };
}

/**
 * An append-only Merkle log inside its owner's database. `append` joins the caller's transaction, so that an entry
 * and the change it records are stored together or not at all.
 */
export class AuditLog {
  readonly #db: Database;
  readonly #key: KeyObject;
  readonly #now: () => Date;
  readonly #firstOrigin: string;

  private constructor(db: Database, { origin, key, now }: LogOptions) {
    this.#firstOrigin = origin;
    this.#db = db;
    this.#key = key;
    this.#now = now ?? (() => new Date());
    db.exec(schema());
  }

  /** @param options origin names the first log in its checkpoints; key is its Ed25519 private key. */
  static open(db: Database, options: LogOptions): AuditLog {
    return new AuditLog(db, options);
  }

  /** The present log's origin, read each time: another process may have begun a new log beside this one. */
  get origin(): string {
    return newestLog(this.#db)?.origin ?? this.#firstOrigin;
  }

  /** The present log's number among those that followed one another, 0 for the first. */
  get number(): number {
    return newestLog(this.#db)?.number ?? 0;
  }

  get size(): number {
    return this.#sizeOf(PRESENT);
  }

  /** The root hash. @param size of an earlier state; the present one where absent. */
  root(size = this.size): Buffer {
    return rootHash(size, this.#subtree(PRESENT));
  }

  append(kind: string, body: EntryBody): LogPosition {
    return this.#db.transaction(() => {
      const position = this.size;
      const entry: Entry = {
        position,
        time: this.#now().toISOString(),
        kind,
        body,
        salt: randomBytes(16).toString("hex"),
      };
      this.#db
        .prepare("INSERT INTO log_entry (position, time, kind, body, salt) VALUES (?, ?, ?, ?, ?)")
        .run(BigInt(position), entry.time, kind, canonicalBody(body), Buffer.from(entry.salt, "hex"));
      this.#grow(position, leafHash(leafOf(entry)));
      const index = indexIn(this.number, position);
      return { index, size: position + 1, root: this.root(position + 1) };
    })();
  }

  /**
   * Ends this log and begins another: for an owner that came back from a backup, whose log may have been longer.
   * Joins the caller's transaction.
   * @param origin of the new log: one that no log of this owner ever had.
   * @param first makes the new log's first entry, which names the last checkpoint of the old.
   */
  continueAs(origin: string, first: (last: Checkpoint) => Pick<Entry, "kind" | "body">): LogPosition {
    return this.#db.transaction(() => {
      const last = this.#headOf(PRESENT, this.origin);
      setLogAside(this.#db, last.origin, origin);
      this.#db.exec(schema());
      const { kind, body } = first(last);
      return this.append(kind, body);
    })();
  }

  /** The log's head as a signed note. */
  checkpoint(): string {
    return this.#signed(this.#headOf(PRESENT, this.origin));
  }

  /** The log's head, with the time at which it was signed. Witnesses countersign it, and exports begin with it. */
  stampedCheckpoint(): string {
    return this.#stamped(this.#headOf(PRESENT, this.origin), this.#now());
  }

  inclusion(index: number, size = this.size): Buffer[] {
    return inclusionProof(index, size, this.#subtree(PRESENT));
  }

  consistency(from: number, to = this.size): Buffer[] {
    return consistencyProof(from, to, this.#subtree(PRESENT));
  }

  /** The present log's entry at a position, as a line of an export. */
  lineAt(position: number): string {
    const [entry] = this.#entriesOf(PRESENT, position, position + 1);
    if (!entry) throw new RangeError(`the log has no entry ${position}`);
    return entryLine(entry);
  }

  entries(from = 0): IterableIterator<Entry> {
    return this.#entriesOf(PRESENT, from, Infinity);
  }

  /** The present log's entries of a kind, the newest first. */
  *newestOf(kind: string): IterableIterator<Entry> {
    const rows = this.#db.prepare<[string], EntryRow>(
      "SELECT * FROM log_entry WHERE kind = ? ORDER BY position DESC",
    );
    for (const row of rows.iterate(kind)) yield entryOf(row);
  }

  /** Entries of the logs that went before this one, oldest first: each log's positions begin with 0. */
  *pastEntries(): IterableIterator<Entry> {
    for (const { number } of pastLogs(this.#db)) yield* this.#entriesOf(tablesOf(number), 0, Infinity);
  }

  /** Stores a checkpoint of this log that a witness countersigned, in place of its earlier one. */
  keepCosigned(witness: string, note: string, size: number): void {
    this.#db
      .prepare(
        `INSERT INTO log_cosigned (origin, witness, size, note) VALUES (?, ?, ?, ?)
         ON CONFLICT (origin, witness) DO UPDATE SET size = excluded.size, note = excluded.note
         WHERE excluded.size >= size`,
      )
      .run(this.origin, witness, BigInt(size), note);
  }

  /** The present log's checkpoint that is kept for a witness; null where there is none. */
  cosignedBy(witness: string): string | null {
    const row = this.#db
      .prepare<[string, string], { note: string }>(
        "SELECT note FROM log_cosigned WHERE origin = ? AND witness = ?",
      )
      .get(this.origin, witness);
    return row?.note ?? null;
  }

  /** Each witness's newest countersigned checkpoint of this log and of those before it. */
  cosigned(): string[] {
    return this.#db
      .prepare<[], { note: string }>("SELECT note FROM log_cosigned ORDER BY rowid")
      .all()
      .map(({ note }) => note);
  }

  /**
   * The whole log as JSON lines for `verifyExport`: the signed head first, then one entry a line. Logs that went before
   * come first, in the same way; countersigned checkpoints last.
   */
  *exportLines(): IterableIterator<string> {
    for (const { number, origin } of pastLogs(this.#db)) yield* this.#linesOf(tablesOf(number), origin);
    yield* this.#linesOf(PRESENT, this.origin);
    for (const note of this.cosigned()) yield JSON.stringify({ cosigned: note });
  }

  *#linesOf(tables: LogTables, origin: string): IterableIterator<string> {
    const head = this.#headOf(tables, origin);
    const now = this.#now();
    yield JSON.stringify({ checkpoint: this.#stamped(head, now), at: now.toISOString() });
    // What another process appends meanwhile is not under this head.
    for (const entry of this.#entriesOf(tables, 0, head.size)) yield entryLine(entry);
  }

  *#entriesOf({ entry }: LogTables, from: number, to: number): IterableIterator<Entry> {
    const rows = this.#db.prepare<[bigint], EntryRow>(
      `SELECT * FROM ${entry} WHERE position >= ? ORDER BY position`,
    );
    for (const row of rows.iterate(BigInt(from))) {
      if (row.position >= to) return;
      yield entryOf(row);
    }
  }

  #headOf(tables: LogTables, origin: string): Checkpoint {
    const size = this.#sizeOf(tables);
    return { origin, size, root: rootHash(size, this.#subtree(tables)) };
  }

  #sizeOf({ entry }: LogTables): number {
    const row = this.#db
      .prepare<[], { size: number | null }>(`SELECT max(position) + 1 AS size FROM ${entry}`)
      .get();
    return row?.size ?? 0;
  }

  #signed(head: Checkpoint): string {
    return signCheckpoint(head, { name: head.origin, key: this.#key });
  }

  #stamped(head: Checkpoint, now: Date): string {
    return cosign(this.#signed(head), { name: head.origin, key: this.#key }, now);
  }

  #subtree({ node }: LogTables): SubtreeHash {
    return (level, position) => {
      const row = this.#db
        .prepare<[bigint, bigint], { hash: Buffer }>(
          `SELECT hash FROM ${node} WHERE level = ? AND position = ?`,
        )
        .get(BigInt(level), BigInt(position));
      if (!row) throw new Error(`the audit log has no node ${position} at level ${level}`);
      return row.hash;
    };
  }

  /** Adds a leaf, and each subtree that it completes. */
  #grow(position: number, hash: Buffer): void {
    const insert = this.#db.prepare("INSERT INTO log_node (level, position, hash) VALUES (?, ?, ?)");
    let level = 0;
    for (;;) {
      insert.run(BigInt(level), BigInt(position), hash);
      if (position % 2 === 0) return;
      hash = nodeHash(this.#subtree(PRESENT)(level, position - 1), hash);
      position = (position - 1) / 2;
      level += 1;
    }
  }
}

function entryOf(row: EntryRow): Entry {
  return { ...row, body: JSON.parse(row.body) as EntryBody, salt: row.salt.toString("hex") };
}

export interface LogOptions {
  readonly origin: string;
  readonly key: KeyObject;
  readonly now?: () => Date;
}

const PRESENT: LogTables = { entry: "log_entry", node: "log_node" };

function schema(): string {
  return readFileSync(new URL("../migrations/log.sql", import.meta.url), "utf8");
}
