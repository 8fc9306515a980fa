/** A file that the system would not give, in words for the person who named it. */
import { resolve, sep } from "node:path";
import { getSystemErrorMap } from "node:util";

/**
 * One line on what the system said of a file; null for any other error. H11: of the path it says back only what
 * stands in `words`, for a file inside a folder could be named after a patient.
 * @param words the command line, as typed.
 */
export function fileProblem(error: unknown, words: readonly string[]): string | null {
  if (!(error instanceof Error)) return null;
  const { code, errno, path } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" && path === undefined) return "the disk is full: free some space and try again";
  if (code === "EISDIR") return "a folder was given where a file is needed"; // the system does not say which
  const meaning = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
  if (meaning === undefined || typeof path !== "string") return null;
  const [named] = words
    .map((word) => word.replace(/^--[\w-]+=/, ""))
    .filter((word) => leadsTo(word, path))
    .sort((a, b) => resolve(b).length - resolve(a).length); // the nearest
  if (named === undefined) return null;
  return resolve(named) === resolve(path) ? `${named}: ${meaning}` : `something in ${named}: ${meaning}`;
}

function leadsTo(word: string, path: string): boolean {
  if (word === "" || word.startsWith("-")) return false;
  const [named, meant] = [resolve(word), resolve(path)];
  return meant === named || meant.startsWith(named.endsWith(sep) ? named : `${named}${sep}`);
}
