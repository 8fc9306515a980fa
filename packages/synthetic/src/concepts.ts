/**
 * The concepts that an invented record is made of, each with a handful of real codes. The table is
 * `data/concepts.csv`; `data/sources.csv` names where each code was published and under which licence.
 */
import { readFileSync } from "node:fs";

export type Kind =
  "condition" | "measurement" | "finding" | "procedure" | "admin" | "vaccine" | "contact" | "medicine";

export interface Code {
  readonly index: number; // position in `CODES`
  readonly concept: string;
  readonly kind: Kind;
  readonly system: "snomed" | "dmd" | "read2" | "ctv3";
  readonly code: string;
  readonly term: string;
}

/** A concept's codes as positions in `CODES`; the first of `current` is the usual one. */
export interface Concept {
  readonly name: string;
  readonly kind: Kind;
  readonly current: readonly number[];
  readonly read2: readonly number[];
  readonly ctv3: readonly number[];
}

export const CODES: readonly Code[] = load();
const CONCEPTS: ReadonlyMap<string, Concept> = group(CODES);

export function concept(name: string): Concept {
  const found = CONCEPTS.get(name);
  if (!found) throw new Error(`no concept called ${name} in data/concepts.csv`);
  return found;
}

export function concepts(): Iterable<Concept> {
  return CONCEPTS.values();
}

function load(): Code[] {
  const text = readFileSync(new URL("../data/concepts.csv", import.meta.url), "utf8");
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line, index) => {
    const [concept = "", kind = "", system = "", code = "", ...rest] = fields(line);
    return {
      index,
      concept,
      kind: kind as Kind,
      system: system as Code["system"],
      code,
      term: rest[0] ?? "",
    };
  });
}

/** The fields of one CSV line that holds no line break. */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) =>
    (m[1] ?? m[2] ?? "").replaceAll('""', '"'),
  );
}

function group(codes: readonly Code[]): Map<string, Concept> {
  const names = [...new Set(codes.map((code) => code.concept))];
  return new Map(
    names.map((name) => {
      const of = codes.filter((code) => code.concept === name);
      const on = (...systems: string[]): number[] =>
        of.filter((c) => systems.includes(c.system)).map((c) => c.index);
      const kind = of[0]?.kind ?? "finding";
      return [name, { name, kind, current: on("snomed", "dmd"), read2: on("read2"), ctv3: on("ctv3") }];
    }),
  );
}
