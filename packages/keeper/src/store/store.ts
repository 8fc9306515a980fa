/** The keeper's own database with its log: every change is one transaction, logged inside it. */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { EventEmitter } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { AuditLog, type LogPosition } from "@cairn/audit-log";
import { renameDurably, writeWhole } from "@cairn/files";
import { encode, practiceLog, type PracticeKind, type EntryFacts } from "@cairn/ledger";
import {
  backup,
  inTransaction,
  openDatabase,
  SqliteError,
  type Database,
  type ReadDatabase,
} from "@cairn/sqlite";
import { rawPublicKey } from "@cairn/wire";
import { crashPoint } from "../config.js";
import { KeeperError } from "../errors.js";
import { databaseFile, isThere, keyFile, unfinishedKeyFile } from "./folder.js";
import { lockFolder } from "./lock.js";

const migrations = new URL("../../migrations/keeper/", import.meta.url);

interface StoreOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly readonly?: boolean;
}

/** The source of reads: the open store, or a change under way, which sees its own writes. */
export interface Reader {
  readonly db: ReadDatabase;
  readonly now: () => number; // milliseconds since 1970
  readonly today: string; // the day by its clock (ISO)
}

/** A transaction under way: the only way to write to the keeper's database and log. Only `KeeperStore.change` makes one. */
class Change implements Reader {
  readonly db: Database;
  readonly now: () => number;
  /** The practice's Ed25519 key. */
  readonly key: KeyObject;
  /** Appends an entry to the practice's log. @returns its place, with the log's size and root */
  readonly note: <K extends PracticeKind>(kind: K, facts: EntryFacts<K>) => LogPosition;
  readonly #made = true; // no object literal is a Change

  constructor(db: Database, note: Change["note"], { now, key }: Pick<KeeperStore, "now" | "key">) {
    this.db = db;
    this.now = now;
    this.key = key;
    this.note = note;
  }

  get today(): string {
    return dayOf(this.now());
  }
}
export type { Change };

export class KeeperStore implements Reader {
  readonly folder: string;
  /** The practice's Ed25519 key. */
  readonly key: KeyObject;
  /** The origin of the practice's log, made once: a page asks for it at each of its links. */
  readonly origin: string;
  readonly now: () => number;
  readonly #db: Database;
  readonly #log: AuditLog;
  /** The problem that keeps this store from being written, in words for a person; null while it can be. */
  problem: SqliteError | null = null;
  /** Emits `change` after every change made here. */
  readonly changes = new EventEmitter<{ change: [] }>().setMaxListeners(0);

  private constructor(folder: string, key: KeyObject, options: StoreOptions, madeBefore: boolean) {
    this.folder = folder;
    this.key = key;
    this.origin = logOrigin(key);
    this.now = options.now ?? Date.now;
    this.#db = openDatabase(databaseFile(folder), { migrations, madeBefore });
    this.#log = inTransaction(this.#db, () =>
      AuditLog.open(this.#db, { origin: this.origin, key, now: () => new Date(this.now()) }),
    );
  }

  /** Opens a keeper's store. @throws KeeperError no-keeper, no-access, key-unreadable, store-lost; SqliteError */
  static open(folder: string, options: StoreOptions = {}): KeeperStore {
    if (!isThere(keyFile(folder))) throw noKey(folder);
    try {
      return new KeeperStore(folder, readKey(folder), options, true);
    } catch (error) {
      if (error instanceof SqliteError && error.code === "lost") throw storeLost(folder, error);
      throw error;
    }
  }

  /** Opens the store of a keeper that is being made. @throws SqliteError */
  static make(folder: string, key: KeyObject, options: StoreOptions): KeeperStore {
    return new KeeperStore(folder, key, options, false);
  }

  get db(): ReadDatabase {
    return this.#db;
  }

  /** The practice's log, to be read: a change writes it. */
  get log(): Omit<AuditLog, "append" | "continueAs" | "keepCosigned"> {
    return this.#log;
  }

  /**
   * Runs `work` in one transaction: what it writes and what the log says of it, together or not at all.
   * Its crash points, before and after the commit, are the kinds of the entries that it appends, and `call`.
   * @param call that it answers, where it may append no entry.
   * @throws SqliteError; a full or unwritable disk is remembered in `problem` until a change succeeds.
   */
  change<T>(work: (change: Change) => T, call?: "offer" | "take"): T {
    const result = this.unheard(work, call);
    this.changes.emit("change");
    return result;
  }

  /** Runs `work` as `change` does, where nothing that waits is about it: who signed in. */
  unheard<T>(work: (change: Change) => T, call?: "offer" | "take"): T {
    const steps: string[] = call === undefined ? [] : [call];
    const note: Change["note"] = (kind, facts) => {
      const entry = encode(kind, facts);
      steps.push(entry.kind);
      return this.#log.append(entry.kind, entry.body);
    };
    try {
      const result = inTransaction(this.#db, () => {
        const done = work(new Change(this.#db, note, this));
        crashPoint("before", ...steps);
        return done;
      });
      this.problem = null;
      crashPoint("after", ...steps);
      return result;
    } catch (error) {
      if (error instanceof SqliteError) this.problem = error;
      throw error;
    }
  }

  get today(): string {
    return dayOf(this.now());
  }

  /** A number that changes when another process has committed. */
  get foreignChanges(): number {
    return Number(this.#db.pragma("data_version", { simple: true }));
  }

  /**
   * Backs up the database and sets `copied-at` in the copy, so that a keeper started on it knows that its release
   * history may be incomplete.
   */
  async backup(path: string): Promise<void> {
    const unmarked = `${path}.unmarked`; // a copy that does not say what it is never bears the final name
    await backup(this.#db, unmarked);
    const copy = openDatabase(unmarked);
    try {
      copy
        .prepare("INSERT OR REPLACE INTO setting (name, value) VALUES ('copied-at', ?)")
        .run(String(this.now()));
      copy.exec("DELETE FROM session; DELETE FROM one_time_link"); // what is used up here is not good there
    } finally {
      copy.close();
    }
    renameDurably(unmarked, path);
  }

  close(): void {
    this.#db.close();
  }
}

/**
 * Makes a keeper's folder, its signing key and its database. After an interruption it can be called again: the key
 * gets its name last.
 * @throws KeeperError exists, key-unreadable, no-access, running; SqliteError
 */
export function initKeeper(
  folder: string,
  options: StoreOptions & { authorMode?: boolean; invented?: boolean } = {},
): KeeperStore {
  if (isThere(keyFile(folder))) {
    throw new KeeperError("exists", `there is a keeper in ${folder} already: it was left as it is`);
  }
  const interrupted = isThere(unfinishedKeyFile(folder));
  if (isThere(databaseFile(folder)) && !interrupted) throw noKey(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  try {
    for (const end of ["", "-wal", "-shm"]) rmSync(databaseFile(folder) + end, { force: true });
    const { privateKey } = generateKeyPairSync("ed25519");
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    writeWhole(unfinishedKeyFile(folder), pem, {
      diskFull: (_words, cause) => new SqliteError("full", folder, { cause }),
    });
    const store = KeeperStore.make(folder, privateKey, options);
    store.change((change) => {
      change.db
        .prepare("INSERT INTO setting (name, value) VALUES ('author-mode', ?), ('invented', ?)")
        .run(options.authorMode ? "yes" : "no", options.invented ? "yes" : "no");
      change.note(practiceLog.made, {
        key: rawPublicKey(privateKey).toString("hex"),
        author_mode: options.authorMode ?? false,
      });
    });
    renameDurably(unfinishedKeyFile(folder), keyFile(folder));
    return store;
  } finally {
    lock.close();
  }
}

/** @param time milliseconds since 1970. @returns the day (ISO) */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The error where there is no key: no keeper, one that was half made, or one that has lost it. */
function noKey(folder: string): KeeperError {
  if (isThere(unfinishedKeyFile(folder)))
    return new KeeperError("no-keeper", `cairn agent init was interrupted in ${folder}: give it again`);
  if (!isThere(databaseFile(folder)))
    return new KeeperError(
      "no-keeper",
      `there is no keeper in ${folder}: say --data FOLDER if the agent's folder is elsewhere; else make one with cairn agent init`,
    );
  return new KeeperError(
    "key-unreadable",
    `${keyFile(folder)}, the practice's key, is missing beside its database: put it back from a backup`,
  );
}

function storeLost(folder: string, cause: SqliteError): KeeperError {
  return new KeeperError(
    "store-lost",
    `${databaseFile(folder)} is missing or empty, and this practice had one: nothing was made in its place; move ${dirname(folder)} aside and give cairn agent restore --from BACKUP (without any: cairn agent init, and a new join code)`,
    { cause },
  );
}

/** The origin of the practice's log: by the digest of its key, for the practice has no name before it enrols. */
export function logOrigin(key: KeyObject): string {
  return `cairn-practice-${createHash("sha256").update(rawPublicKey(key)).digest("hex").slice(0, 16)}`;
}

function readKey(folder: string): KeyObject {
  const file = keyFile(folder);
  try {
    return createPrivateKey(readFileSync(file));
  } catch (cause) {
    throw new KeeperError(
      "key-unreadable",
      `${file} cannot be read as the practice's key: restore it from a backup`,
      {
        cause,
      },
    );
  }
}

/** The practice's public key: 32 raw bytes, Ed25519. */
export function publicKeyOf(store: KeeperStore): Buffer {
  return rawPublicKey(store.key);
}
