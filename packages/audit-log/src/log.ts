import { randomBytes, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Database } from "@cairn/sqlite";
import { canonicalBody, leafOf, type Entry, type EntryBody } from "./entry.js";
import { consistencyProof, inclusionProof, leafHash, nodeHash, rootHash } from "./merkle.js";
import { signCheckpoint } from "./note.js";

export interface LogPosition {
  readonly index: number; // of the new entry
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

/**
 * An append-only Merkle log inside its owner's database. `append` joins the caller's transaction, so an
 * entry is there exactly when what it tells of is.
 */
export class AuditLog {
  readonly origin: string;
  readonly #db: Database;
  readonly #key: KeyObject;
  readonly #now: () => Date;

  private constructor(db: Database, { origin, key, now }: LogOptions) {
    this.origin = origin;
    this.#db = db;
    this.#key = key;
    this.#now = now ?? (() => new Date());
    db.exec(readFileSync(new URL("../migrations/log.sql", import.meta.url), "utf8"));
  }

  /** @param options origin names the log in its checkpoints; key is its Ed25519 private key. */
  static open(db: Database, options: LogOptions): AuditLog {
    return new AuditLog(db, options);
  }

  get size(): number {
    const row = this.#db
      .prepare<[], { size: number | null }>("SELECT max(position) + 1 AS size FROM log_entry")
      .get();
    return row?.size ?? 0;
  }

  /** @param size of an earlier state; the present one where absent. */
  root(size = this.size): Buffer {
    return rootHash(size, this.#subtree);
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
      return { index: position, size: position + 1, root: this.root(position + 1) };
    })();
  }

  /** The log's head as a signed note. */
  checkpoint(): string {
    const size = this.size;
    return signCheckpoint(
      { origin: this.origin, size, root: this.root(size) },
      { name: this.origin, key: this.#key },
    );
  }

  inclusion(index: number, size = this.size): Buffer[] {
    return inclusionProof(index, size, this.#subtree);
  }

  consistency(from: number, to = this.size): Buffer[] {
    return consistencyProof(from, to, this.#subtree);
  }

  *entries(from = 0): IterableIterator<Entry> {
    const rows = this.#db.prepare<[bigint], EntryRow>(
      "SELECT * FROM log_entry WHERE position >= ? ORDER BY position",
    );
    for (const row of rows.iterate(BigInt(from))) {
      yield { ...row, body: JSON.parse(row.body) as EntryBody, salt: row.salt.toString("hex") };
    }
  }

  /** The whole log as JSON lines for `verifyExport`: the signed head first, then one entry a line. */
  *exportLines(): IterableIterator<string> {
    yield JSON.stringify({ checkpoint: this.checkpoint() });
    for (const entry of this.entries()) yield JSON.stringify(entry);
  }

  readonly #subtree = (level: number, position: number): Buffer => {
    const row = this.#db
      .prepare<[bigint, bigint], { hash: Buffer }>(
        "SELECT hash FROM log_node WHERE level = ? AND position = ?",
      )
      .get(BigInt(level), BigInt(position));
    if (!row) throw new Error(`the audit log has no node ${position} at level ${level}`);
    return row.hash;
  };

  /** Adds a leaf, and each subtree that it completes. */
  #grow(position: number, hash: Buffer): void {
    const insert = this.#db.prepare("INSERT INTO log_node (level, position, hash) VALUES (?, ?, ?)");
    let level = 0;
    for (;;) {
      insert.run(BigInt(level), BigInt(position), hash);
      if (position % 2 === 0) return;
      hash = nodeHash(this.#subtree(level, position - 1), hash);
      position = (position - 1) / 2;
      level += 1;
    }
  }
}

export interface LogOptions {
  readonly origin: string;
  readonly key: KeyObject;
  readonly now?: () => Date;
}
