/** Failures of a SQLite file, in words for the person who meets them. */
import { accessSync, constants, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { CairnError } from "@cairn/errors";

export type SqliteErrorCode =
  | "absent" // there is no such file, and it was not to be made
  | "lost" // it was there before, and now it is missing or empty: nothing is made in its place
  | "locked" // another process holds it and did not let go in time
  | "corrupt" // it is no database, or a damaged one
  | "full" // the disk is full
  | "unwritable" // the file, its folder or its disk cannot be written or read
  | "newer-version"; // a later Cairn has migrated it

const advice: Record<SqliteErrorCode, string> = {
  absent: "there is no such database; check the path or make it first",
  lost: "it is missing or empty, and there was one before: nothing was made in its place; restore a backup of it",
  locked: "another process is using it; wait for that to finish, or stop it, and try again",
  corrupt: "the file is damaged or is no database; keep a copy of it, then restore a backup or import again",
  full: "the disk is full; free some space and try again",
  unwritable: "it cannot be opened or written; check that the folder exists and who owns it",
  "newer-version": "it was written by a later version of Cairn; install that version or a newer one",
};

/** One line: which file, what is wrong with it, what to do. */
export class SqliteError extends CairnError<SqliteErrorCode> {
  readonly kind = "unavailable";

  constructor(code: SqliteErrorCode, path: string, options?: ErrorOptions) {
    super(code, `${path}: ${code === "unwritable" ? whyUnwritable(path) : advice[code]}`, options);
  }
}

/**
 * Free bytes below which a disk counts as full. SQLite's index of a journal needs 32 KiB, which it allocates at every
 * open.
 */
const NO_ROOM = 64 * 1024;

/** Whether the disk of a file is full, which the driver may also report as a file that cannot be read or mapped. */
export function hasNoRoom(path: string): boolean {
  try {
    const { bavail, bfree, bsize } = statfsSync(dirname(path));
    return (process.getuid?.() === 0 ? bfree : bavail) * bsize < NO_ROOM;
  } catch {
    return false; // no such folder
  }
}

/** The system's reason why the file cannot be written, or the folder where there is no file. */
function whyUnwritable(path: string): string {
  for (const [each, what] of [
    [path, "it"],
    [dirname(path), "its folder"],
  ] as const) {
    try {
      accessSync(each, constants.R_OK | constants.W_OK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EROFS") return "its disk is read-only; make it writable, or choose another folder";
      if (code === "EACCES")
        return `this user may not read and write ${what}; give the command as its owner, or as root`;
    }
  }
  return advice.unwritable;
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
  if (!meaning) return error;
  return new SqliteError(meaning[1] === "unwritable" && hasNoRoom(path) ? "full" : meaning[1], path, {
    cause: error,
  });
}
