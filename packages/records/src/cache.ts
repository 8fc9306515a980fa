/**
 * Postings kept as blobs beside the store, in a file of their own that may be deleted at any time. A blob is good
 * for one store at one version. One of an earlier version is brought up to date for the patients whose events changed
 * since; anything that does not fit, or whose checksum does not, is read from the events again: a bit that flipped on
 * the disk changes no count.
 */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { Columns, Postings } from "@cairn/tables";
import type { Codelist } from "@cairn/query-library";
import { type Database, explained, inTransaction, openDatabase, SqliteError } from "@cairn/sqlite";
import { packed, unpacked } from "./blob.js";
import type { KeptChanges } from "./kept-changes.js";

const MIGRATIONS = new URL("../migrations/postings/", import.meta.url);

/** The store as one source sees it. */
export interface StoreState {
  readonly version: number;
  /** A text for the store at one of its versions, shared by no other state of any store. */
  readonly at: (version: number) => string;
  /** The events that were touched after a version; null where that is not known any more. */
  readonly touchedSince: (version: number) => KeptChanges | null;
}

/** How postings are read out of the events. */
export interface PostingsReader {
  all(): Postings;
  /** Those of an earlier version, brought up to date; null where that cannot be done, or takes longer than reading all. */
  updated(kept: Postings, touched: KeptChanges): Postings | null;
}

interface Row {
  readonly version: number;
  readonly state: string;
  readonly checksum: number;
  readonly body: Buffer;
}

/** Blobs to write when the cache is closed, all in one transaction: writing each by itself took most of the time. */
interface Unwritten {
  readonly version: number;
  readonly state: string;
  readonly postings: Postings;
}

export class PostingsCache {
  readonly #path: string;
  readonly #unwritten = new Map<string, Unwritten>();
  #db: Database | null;

  constructor(path: string) {
    this.#path = path;
    this.#db = this.#open();
  }

  /** The postings, from the blob where it is this store's, else from `reader`; `close` keeps them as they are now. */
  through(store: StoreState, key: string, reader: PostingsReader): Postings {
    const row = this.#try((db) => {
      const found = db
        .prepare<[string], Row>("SELECT version, state, checksum, body FROM postings WHERE key = ?")
        .get(key);
      return found && isSound(key, found) ? found : null;
    });
    const kept = row && store.at(row.version) === row.state ? unpacked(row.body) : null;
    if (kept && row?.version === store.version) return kept;
    const touched = kept && row && row.version < store.version ? store.touchedSince(row.version) : null;
    const now = (kept && touched && reader.updated(kept, touched)) ?? reader.all();
    this.#unwritten.set(key, { version: store.version, state: store.at(store.version), postings: now });
    return now;
  }

  close(): void {
    this.#try((db) => inTransaction(db, () => this.#write(db)));
    this.#unwritten.clear();
    this.#db?.close();
    this.#db = null;
  }

  #write(db: Database): void {
    const keep = db.prepare<[string, number, string, number, Buffer]>(
      `INSERT OR REPLACE INTO postings (key, version, state, checksum, body)
       VALUES (?, CAST(? AS INTEGER), ?, CAST(? AS INTEGER), ?)`,
    );
    for (const [key, { version, state, postings }] of this.#unwritten) {
      const body = packed(postings);
      keep.run(key, version, state, checksumOf(key, version, state, body), body);
    }
  }

  #open(): Database | null {
    const options = { migrations: MIGRATIONS, check: false, pageSize: 65536 } as const;
    try {
      return openDatabase(this.#path, options);
    } catch {
      this.#remove(); // damaged or of another version: nothing is lost by beginning again, nor by doing without
      try {
        return openDatabase(this.#path, options);
      } catch {
        return null;
      }
    }
  }

  /**
   * Runs `work`. After a failure the cache is left alone for the rest of this process: the events themselves still
   * answer.
   */
  #try<T>(work: (db: Database) => T): T | null {
    if (this.#db === null) return null;
    try {
      return work(this.#db);
    } catch (error) {
      const cause = explained(error, this.#path);
      this.#db.close();
      this.#db = null;
      if (cause instanceof SqliteError && cause.code === "corrupt") this.#remove(); // the next process begins again
      return null;
    }
  }

  #remove(): void {
    for (const end of ["", "-wal", "-shm"]) rmSync(this.#path + end, { force: true });
  }
}

/** Whether the row has its checksum. Damage can change a value's type, too: SQLite checks types on writing only. */
function isSound(key: string, { version, state, checksum, body }: Row): boolean {
  return Buffer.isBuffer(body) && checksumOf(key, version, state, body) === checksum;
}

/** CRC-32: 0.2 ms a MB, a third of SHA-256 (`node:crypto`), and sees every flip of one or two bits. */
function checksumOf(key: string, version: number, state: string, body: Buffer): number {
  return crc32(body, crc32(`${key} ${version} ${state}`));
}

/** The name of the blob of all events together. */
export const ALL_EVENTS = "all-events";

/** The name of the blob of a list's events: its codes, and its columns. */
export function postingsKey(list: Codelist, columns: Columns): string {
  const wanted = [columns.value, columns.quantity, columns.clinician, columns.origin].map((each) =>
    each ? "1" : "0",
  );
  const codes = createHash("sha256")
    .update(JSON.stringify([list.system, list.codes]))
    .digest("hex");
  return `${codes}-${wanted.join("")}`;
}
