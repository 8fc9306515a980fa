/** One step of the framework's checks, with its faults by name. */
import { BadVersionError, ExpiredMetadataError } from "tuf-js/dist/error.js";
import { LibraryRefusal, type LibraryRefusalCode } from "./refusal.js";

/** Runs one step. @throws LibraryRefusal with the name of what it refuses */
export function step<T>(file: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof LibraryRefusal) throw error;
    const [code, why] = named(error as Error);
    const other = /^(?:Final )?(\w+\.json) is expired$/.exec((error as Error).message)?.[1]; // of an earlier step
    throw new LibraryRefusal(code, `${other ?? file} ${why}`, { cause: error });
  }
}

/** The library's faults by name. The tests hold this table against the library's own errors. */
function named(error: Error): [LibraryRefusalCode, string] {
  const { message } = error;
  if (error instanceof ExpiredMetadataError) return ["library-expired", "has expired"];
  if (error instanceof BadVersionError)
    return /does not match|doesn't match/.test(message)
      ? ["library-mixed", "is not of the version that the publication names"]
      : ["library-rollback", "is older than one that was taken before, or skips one"];
  switch (error.constructor.name) {
    case "UnsignedMetadataError":
      return ["library-unsigned", `lacks signatures (${message})`];
    case "LengthOrHashMismatchError":
      return ["library-mixed", "is not the file that the publication names"];
    case "RepositoryError":
      return /^Missing/.test(message)
        ? ["library-rollback", "leaves out a file that was there before"]
        : ["library-malformed", "cannot be read"];
    default:
      return ["library-malformed", "cannot be read"];
  }
}

/** Whether a check passes. */
export function isStill(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
