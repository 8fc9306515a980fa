/** Reads the environment; no other file of the command line does. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Names whoever gave the command, for the log of whoever goes on. */
export const GIVEN_BY = "CAIRN_GIVEN_BY";

/**
 * Forgets who gave the command, unless root's own command of the same words is what started this one. Everybody can set
 * a variable, and the practice's log would name whomever it says.
 */
export function forgetGiverUnlessRoots(): void {
  if (process.env[GIVEN_BY] !== undefined && !isStartedByRootsOwn()) delete process.env[GIVEN_BY];
}

/** The program and its words, of a command line that ends with them: a path may lead to the program by way of `..`. */
function said(line: readonly string[]): string {
  const [program = "", ...words] = line.slice(-process.argv.length);
  return [resolve(program), ...words].join("\0");
}

/** As `again` starts it: the same program and words behind the same number of others, by root, who still waits for it. */
function isStartedByRootsOwn(): boolean {
  const words = (pid: string | number): string[] => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  try {
    // The owner of the folder of a process is root for others, too: what the kernel says inside it is not.
    const isRoots = /^Uid:\t0\t0\t/m.test(readFileSync(`/proc/${process.ppid}/status`, "utf8"));
    const [own, parents] = [words("self"), words(process.ppid)];
    return isRoots && own.length === parents.length && said(own) === said(parents);
  } catch {
    return false; // it has ended, or is not shown to this user
  }
}
