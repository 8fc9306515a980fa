/** A codelist: a CSV of codes beside a YAML that says what they are and where they come from. */
import { createRequire } from "node:module";
import type * as Csv from "csv-parse/sync";
import { canonicalJson, sha256Hex } from "./canonical.js";
import { Problems, suggest, type Problem } from "./problem.js";
import { CODE_SYSTEMS, type Codelist, type CodeSystem } from "./query.js";
import { UNIT_NAMES, unitName } from "./units.js";
import { readYaml, type MapNode } from "./yaml.js";

/** The facts about a codelist beside its codes: for readers, not for matching. */
export interface CodelistNotes {
  readonly source: string;
  readonly licence: string;
  readonly terms: ReadonlyMap<string, string>; // code to term
}

export type ParsedCodelist =
  { readonly codelist: Codelist; readonly notes: CodelistNotes } | { readonly problems: readonly Problem[] };

/** A version of a codelist or register: `2025-09`, `1`. */
export const VERSION = /^[0-9][0-9a-z.-]*$/;
export const REFERENCE = /^([a-z][a-z0-9-]*)@([0-9][0-9a-z.-]*)$/;
const require = createRequire(import.meta.url);
const MAX_CODES = 100_000;
const KEYS = ["system", "kind", "unit", "source", "licence"] as const;

/**
 * Parses `<name>@<version>.csv` (header `code,term`) and the `.yaml` beside it.
 * @param ref `name@version`, as in the file's name
 */
export function parseCodelist(csvText: string, yamlText: string, ref: string): ParsedCodelist {
  const about = new Problems(`${ref}.yaml`);
  const rows = new Problems(`${ref}.csv`);
  const fields = readFields(yamlText, about);
  const terms = readCodes(csvText, rows);
  const name = REFERENCE.exec(ref);
  if (name === null)
    about.add(
      1,
      "bad-codelist",
      `\`${ref}\` is not a codelist's name; write \`name@version\`, such as \`asthma@2025-09\`.`,
    );
  if (about.any || rows.any || name === null || fields === undefined || terms === undefined) {
    return { problems: [...about.list(), ...rows.list()] };
  }
  const content = {
    name: name[1]!,
    version: name[2]!,
    system: fields.system as CodeSystem,
    kind: fields.kind as Codelist["kind"],
    unit: fields.unit ?? null,
    codes: [...terms.keys()].sort((a, b) => (a < b ? -1 : 1)),
  };
  return {
    codelist: { ...content, digest: sha256Hex(canonicalJson(content)) },
    notes: { source: fields.source!, licence: fields.licence!, terms },
  };
}

type Fields = Partial<Record<(typeof KEYS)[number], string>>;

function readFields(yamlText: string, problems: Problems): Fields | undefined {
  const root = readYaml(yamlText, problems);
  if (root === undefined) return undefined;
  if (root.kind !== "map")
    return problems.add(
      root.line,
      "bad-codelist",
      "Write `system`, `kind`, `source` and `licence`, one a line.",
    );
  const fields = textFields(root, problems);
  for (const key of ["system", "kind", "source", "licence"] as const) {
    if (fields[key] === undefined)
      problems.add(root.line, "missing-key", `\`${key}\` is missing; ${HINTS[key]}`);
  }
  const { system, kind } = fields;
  if (system !== undefined && !(CODE_SYSTEMS as readonly string[]).includes(system)) {
    problems.add(
      root.entries.get("system")!.line,
      "wrong-value",
      `\`${system}\` is not a code system.${suggest(system, CODE_SYSTEMS)}`,
    );
  }
  if (kind !== undefined && kind !== "clinical" && kind !== "medicine") {
    problems.add(
      root.entries.get("kind")!.line,
      "wrong-value",
      "Write `kind: clinical` or `kind: medicine`.",
    );
  }
  const unit = fields.unit === undefined ? undefined : unitName(fields.unit);
  if (unit === null) {
    problems.add(
      root.entries.get("unit")!.line,
      "unit",
      `\`${fields.unit}\` is not a unit that readings come in.${suggest(fields.unit!, UNIT_NAMES)}`,
    );
  }
  return { ...fields, ...(unit ? { unit } : {}) };
}

const HINTS = {
  system: "write `system: snomed` (or dmd, read2, ...).",
  kind: "write `kind: clinical` or `kind: medicine`.",
  source: "say where the codes come from: repository, commit and path.",
  licence: "say under which licence the codes were published; without one the list cannot be used.",
} as const;

function textFields(root: MapNode, problems: Problems): Fields {
  const fields: Fields = {};
  for (const [key, { line, value }] of root.entries) {
    const known = KEYS.find((each) => each === key);
    if (known === undefined)
      problems.add(line, "unknown-key", `A codelist has no \`${key}\`.${suggest(key, KEYS)}`);
    else if (value.kind !== "scalar") problems.add(line, "wrong-value", `\`${key}\` is one line of text.`);
    else if (value.value !== null && value.text.trim() !== "") fields[known] = value.text.trim();
  }
  return fields;
}

function readCodes(csvText: string, problems: Problems): Map<string, string> | undefined {
  const rows = csvRows(csvText, problems);
  if (rows === undefined) return undefined;
  const header = rows[0]?.map((name) => name.trim()) ?? [];
  const [code, term] = [header.indexOf("code"), header.indexOf("term")];
  if (code < 0 || term < 0)
    return problems.add(1, "bad-codelist", "The first line must be the header `code,term`.");
  if (rows.length - 1 > MAX_CODES)
    return problems.add(1, "budget", `More than ${MAX_CODES} codes; a codelist is smaller.`);
  const terms = new Map<string, string>();
  for (const [i, row] of rows.entries()) {
    if (i === 0) continue;
    const value = row[code] ?? "";
    if (value.trim() === "") problems.add(i + 1, "bad-codelist", "This row has no code; remove it.");
    else if (terms.has(value))
      problems.add(i + 1, "bad-codelist", `Code ${value} is there twice; keep one row.`);
    else if (/^\d(\.\d+)?e[+]?\d+$/i.test(value)) {
      problems.add(
        i + 1,
        "bad-codelist",
        `${value} was mangled by a spreadsheet; write the code's own digits.`,
      );
    } else terms.set(value, row[term] ?? "");
  }
  if (terms.size === 0) problems.add(1, "bad-codelist", "There is no code in the list.");
  return problems.any ? undefined : terms;
}

function csvRows(csvText: string, problems: Problems): string[][] | undefined {
  const csv = require("csv-parse/sync") as typeof Csv; // loaded where a list is read: who answers reads none
  try {
    return csv.parse(csvText, { bom: true, skip_empty_lines: true, relax_column_count: true });
  } catch (cause) {
    const line = typeof cause === "object" && cause !== null && "lines" in cause ? Number(cause.lines) : 1;
    return problems.add(
      line,
      "bad-codelist",
      "This is not readable as CSV: a quotation mark is not closed, or stands inside a field.",
    );
  }
}
