/** Reads a register's file with its codelists. A register stands in `registers/`, beside the queries that name it. */
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseRegister, type Problem, type Register } from "@cairn/query-library";
import { codelistsFor, queryFiles, readText } from "./query-file.js";

export interface CheckedRegister {
  readonly file: string;
  readonly register: Register | null; // null where it does not check
  readonly problems: readonly Problem[];
}

/** Whether a file holds a register and no query, by its first key. */
export function isRegister(file: string): boolean {
  return existsSync(file) && /^register:/m.test(readText(file)) && !/^query:/m.test(readText(file));
}

/** Checks one register. @throws QueryFileError unreadable */
export function checkRegister(file: string, library?: string): CheckedRegister {
  const problems: Problem[] = [];
  const codelists = codelistsFor(dirname(dirname(file)), library, problems);
  const parsed = parseRegister(readText(file), { file, codelists });
  if ("register" in parsed && problems.length === 0) return { file, register: parsed.register, problems };
  return { file, register: null, problems: [...problems, ...("problems" in parsed ? parsed.problems : [])] };
}

/** The files to check that a path names: itself; or a folder's queries, and the registers in its `registers/`. */
export function filesToCheck(path: string): string[] {
  const registers = join(path, "registers");
  const own = existsSync(registers) && statSync(registers).isDirectory() ? queryFiles(registers) : [];
  return [...queryFiles(path), ...own];
}
