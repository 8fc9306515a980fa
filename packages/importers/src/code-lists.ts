/**
 * Lists of codes that extracts of clinical systems are read with: those that say an ethnic group, and those whose entries
 * carry names, addresses or numbers of people. `data/sources.csv` says where each was published, and under which licence.
 */
import { readFileSync } from "node:fs";
import type { CodeSystem, EthnicGroup } from "@cairn/query-library";
import type { EthnicCode } from "@cairn/records";
import type { Skip } from "./table.js";

/** The codes that say a person's ethnic group. */
export function ethnicCodes(): EthnicCode[] {
  return rowsOf("ethnic-groups.csv").map(([system, code, group]) => ({
    system: system as CodeSystem,
    code: code!,
    group: group as EthnicGroup,
  }));
}

let known: ReadonlyMap<string, ReadonlySet<string>> | null = null;

/** Whether entries of the code carry a name, an address, a number or another way to find a person. */
export function isProtected(system: CodeSystem, code: string): boolean {
  known ??= bySystem(rowsOf("protected-codes.csv"));
  return known.get(system)?.has(code) === true;
}

function bySystem(rows: readonly (readonly string[])[]): Map<string, Set<string>> {
  const codes = new Map<string, Set<string>>();
  for (const [system, code] of rows) codes.set(system!, (codes.get(system!) ?? new Set<string>()).add(code!));
  return codes;
}

export const SKIP_PROTECTED: NonNullable<Skip> = {
  kind: "left-out",
  reason: "its code is one for names, addresses or numbers of people, which are not kept",
};

function rowsOf(name: string): string[][] {
  const text = readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8");
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line) => line.split(","));
}
