/** Every way that a SQLite file lets its user down, in words for the person who meets it. */

export type SqliteErrorCode =
  | "absent" // there is no such file, and it was not to be made
  | "locked" // another process holds it and did not let go in time
  | "corrupt" // it is no database, or a damaged one
  | "full" // the disk is full
  | "unwritable" // the file, its folder or its disk cannot be written or read
  | "newer-version"; // a later Cairn has migrated it

const advice: Record<SqliteErrorCode, string> = {
  absent: "there is no such database; check the path or make it first",
  locked: "another process is using it; wait for that to finish, or stop it, and try again",
  corrupt: "the file is damaged or is no database; keep a copy of it, then restore a backup or import again",
  full: "the disk is full; free some space and try again",
  unwritable: "it cannot be opened or written; check that the folder exists and who owns it",
  "newer-version": "it was written by a later version of Cairn; install that version or a newer one",
};

export class SqliteError extends Error {
  readonly code: SqliteErrorCode;
  readonly exit = 4;

  constructor(code: SqliteErrorCode, path: string, cause?: unknown) {
    super(`${path}: ${advice[code]}`, { cause });
    this.name = "SqliteError";
    this.code = code;
  }
}

const meanings: readonly (readonly [prefix: string, code: SqliteErrorCode])[] = [
  ["SQLITE_BUSY", "locked"],
  ["SQLITE_LOCKED", "locked"],
  ["SQLITE_CORRUPT", "corrupt"],
  ["SQLITE_NOTADB", "corrupt"],
  ["SQLITE_FULL", "full"],
  ["SQLITE_READONLY", "unwritable"],
  ["SQLITE_CANTOPEN", "unwritable"],
  ["SQLITE_PERM", "unwritable"],
  ["SQLITE_IOERR", "unwritable"],
];

/** The driver's error as a `SqliteError` where it says something about the file; any other error unchanged. */
export function explained(error: unknown, path: string): unknown {
  if (error instanceof SqliteError || !(error instanceof Error)) return error;
  const driverCode = (error as { code?: unknown }).code;
  if (typeof driverCode !== "string") return error;
  const meaning = meanings.find(([prefix]) => driverCode.startsWith(prefix));
  return meaning ? new SqliteError(meaning[1], path, error) : error;
}
