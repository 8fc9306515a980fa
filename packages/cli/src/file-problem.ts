/** A file that the system would not give, in words for the person who named it. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { getSystemErrorMap } from "node:util";

/**
 * One line on the system's error about a file; null for any other error. H11: of the path it repeats only what stands
 * in `words`, for a file inside a folder could be named after a patient.
 * @param words the command line, as typed.
 */
export function fileProblem(error: unknown, words: readonly string[]): string | null {
  if (!(error instanceof Error)) return null;
  const { code, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string }; // of a copy
  if (code === "EISDIR") return "a folder was given where a file is needed"; // the system does not say which
  const readOnly = onReadOnlyDisk(error);
  const meaning = readOnly ? READ_ONLY : systemWords(error);
  if (meaning === null || typeof path !== "string") return unnamed(error);
  const [named] = words
    .map((word) => word.replace(/^--[\w-]+=/, ""))
    .filter((word) => leadsTo(word, path) || (typeof dest === "string" && leadsTo(word, dest)))
    .sort((a, b) => resolve(b).length - resolve(a).length); // the nearest
  if (named === undefined) return readOnly ? READ_ONLY : unnamed(error);
  return resolve(named) === resolve(path) ? `${named}: ${meaning}` : `something in ${named}: ${meaning}`;
}

function leadsTo(word: string, path: string): boolean {
  if (word === "" || word.startsWith("-")) return false;
  const [named, meant] = [resolve(word), resolve(path)];
  return meant === named || meant.startsWith(named.endsWith(sep) ? named : `${named}${sep}`);
}

const READ_ONLY = "the disk is read-only: make it writable, or choose another folder";

/** Errors of the machine, and not of one file; a path that nobody typed is not repeated. */
const OF_THE_MACHINE: Readonly<Record<string, string>> = {
  EACCES:
    "a file or folder that this needs may not be read or written by this user: give it as the folder's owner",
  EDQUOT: "this user's share of the disk is used up: free some space and try again",
  EMFILE: "too many files are open at once: raise the limit (ulimit -n) and try again",
  ENFILE: "too many files are open on this machine: close some and try again",
  ENOSPC: "the disk is full: free some space and try again",
  EPERM:
    "a file or folder that this needs may not be read or written by this user: give it as the folder's owner",
  EROFS: READ_ONLY,
};

/** Node says of a folder that it cannot make on a read-only disk, parents and all, that it is not there. */
function onReadOnlyDisk({ code, syscall, path }: NodeJS.ErrnoException): boolean {
  if (code !== "ENOENT" || syscall !== "mkdir" || path === undefined) return false;
  let above = dirname(resolve(path));
  while (!existsSync(above)) above = dirname(above);
  try {
    accessSync(above, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EROFS";
  }
}

function unnamed({ code, syscall }: NodeJS.ErrnoException): string | null {
  if (syscall === undefined || /^(listen|bind|connect|accept|send|spawn|kill|set)/.test(syscall)) return null;
  return OF_THE_MACHINE[code ?? ""] ?? null;
}

/** The system's words for an error of its own, or null. */
export function systemWords({ code, errno }: NodeJS.ErrnoException): string | null {
  const known = OF_THE_MACHINE[code ?? ""];
  if (known !== undefined && (code === "ENOSPC" || code === "EROFS" || code === "EDQUOT")) return known;
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? null;
}
