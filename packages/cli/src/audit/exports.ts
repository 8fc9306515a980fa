/** Exported logs as an officer hands them to a command. */
import { readFileSync } from "node:fs";
import type { ExportedLog } from "@cairn/ledger";

/** Reads an export. @param path a file of exported lines. */
export function readExported(name: string, path: string): ExportedLog {
  return { name, lines: readFileSync(path, "utf8").split("\n") };
}
