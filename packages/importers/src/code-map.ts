/**
 * Reads a code map: the SNOMED CT meaning of Read v2, CTV3 or local codes. Either Cairn's own CSV (from_system,
 * from_code, to_code, assured) or the Read v2 map as NHS TRUD gives it out (tab-separated, ReadCode, TermCode,
 * ConceptId, IS_ASSURED, MapStatus). A code becomes another one only where the map is sure: exactly one assured
 * target. Several, or only ones that nobody has vouched for, leave it as recorded and ambiguous.
 */
import { CODE_SYSTEMS, type CodeSystem } from "@cairn/query-library";
import { type GivenMap, type MapEntry, paddedRead, ownCopy } from "@cairn/records";
import { findColumns } from "./columns.js";
import { COMMA_UTF8, type CsvRow, readCsv } from "./csv.js";
import { ImportError } from "./errors.js";
import { FileReader, findFiles } from "./files.js";

/** Largest code map in bytes. The whole Read v2 map is some 15 MB. */
const MOST_BYTES = 1 << 28;

const OURS = ["from_system", "from_code", "to_code", "assured"] as const;
const TRUD = ["readcode", "termcode", "conceptid", "is_assured", "mapstatus"] as const;

/** One row of a map, or the reason why it is wrong. */
type PersonHistory = {
  readonly system: CodeSystem;
  readonly codes: readonly string[];
  readonly to: string;
  readonly assured: boolean;
};
type RowReader = (row: CsvRow) => PersonHistory | string | null; // null: a row that is no longer in force

/** Reads a code map whole. @throws ImportError with file and line at the first row that is wrong */
export async function readCodeMap(path: string): Promise<GivenMap> {
  const [file, another] = await findFiles([path], "code map", "code-map.csv");
  if (file === undefined || another !== undefined)
    throw new ImportError("wrong-option", `${path}: a code map is one file; name that file`);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of new FileReader(() => undefined).chunks(file, "code map")) {
    size += part.length;
    if (size > MOST_BYTES) throw wrong(file.shown, "is too large for a code map; check which file it is");
    parts.push(part);
  }
  return entriesOf(Buffer.concat(parts), file.shown);
}

async function entriesOf(bytes: Buffer, file: string): Promise<GivenMap> {
  const firstLine = bytes.subarray(0, bytes.indexOf("\n") + 1 || bytes.length);
  const delimiter = firstLine.includes("\t") ? "\t" : ",";
  const targets = new Targets();
  let read: RowReader = () => null;
  await readCsv(
    once(bytes),
    file,
    { ...COMMA_UTF8, delimiter },
    {
      header: (names) => void (read = readerFor(names, file, delimiter)),
      row(row, problem) {
        const said = problem ?? read(row);
        if (typeof said === "string") throw wrong(`${file}:${row.line}`, said);
        if (said !== null) targets.add(said);
      },
    },
  );
  const entries = targets.entries();
  if (entries.length === 0) throw wrong(file, "names no code; --no-code-map is how a map is given up");
  return entries;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function readerFor(header: readonly string[], file: string, delimiter: string): RowReader {
  const names = header.map((name) => name.toLowerCase().replace(/[- ]/g, "_"));
  if (names.includes("readcode")) {
    const at = findColumns(names, TRUD, TRUD, file, () => undefined, delimiter);
    return (row) => trudRow(row, at);
  }
  const at = findColumns(names, OURS, OURS, file, () => undefined, delimiter);
  return (row) => ourRow(row, at);
}

function ourRow(row: CsvRow, at: Record<(typeof OURS)[number], number>): PersonHistory | string {
  const system = CODE_SYSTEMS.find((name) => name === row.get(at.from_system).trim().toLowerCase());
  if (system === undefined) return `from_system is none of ${CODE_SYSTEMS.join(", ")}`;
  const code = row.get(at.from_code);
  if (code === "") return "from_code is empty";
  const assured = YES_OR_NO[row.get(at.assured).trim().toLowerCase()];
  if (assured === undefined) return "assured is neither 1 nor 0";
  return checked({ system, codes: writtenWays(system, ownCopy(code)), to: row.get(at.to_code), assured });
}

/** The spellings of a code: a map may leave out the dots of Read codes. */
function writtenWays(system: CodeSystem, code: string): string[] {
  const padded = system === "read2" || system === "ctv3" ? paddedRead(code) : code;
  return padded === code ? [code] : [code, padded];
}

const YES_OR_NO: Readonly<Record<string, boolean>> = {
  "1": true,
  true: true,
  yes: true,
  "0": false,
  false: false,
  no: false,
};

/**
 * Reads a row of TRUD's map. Five characters name the concept, by its preferred term (00); seven name it with its
 * term.
 */
function trudRow(row: CsvRow, at: Record<(typeof TRUD)[number], number>): PersonHistory | string | null {
  if (row.get(at.mapstatus) === "0" || row.get(at.conceptid) === "") return null;
  const [code, term] = [ownCopy(row.get(at.readcode)), row.get(at.termcode)];
  if (code === "") return "ReadCode is empty";
  const codes = term === "00" ? [...writtenWays("read2", code), code + term] : [ownCopy(code + term)];
  return checked({
    system: "read2",
    codes,
    to: row.get(at.conceptid),
    assured: row.get(at.is_assured) === "1",
  });
}

function checked(said: PersonHistory): PersonHistory | string {
  if (!/^\d{1,18}$/.test(said.to))
    return "the code to map to is not a SNOMED CT id, up to 18 digits; a spreadsheet may have mangled it";
  return { ...said, to: ownCopy(said.to) };
}

/** The targets of each recorded code. */
class Targets {
  /** Assured targets by system and code; empty where there are only others. */
  readonly #of = new Map<CodeSystem, Map<string, Set<string>>>();

  add({ system, codes, to, assured }: PersonHistory): void {
    let ofSystem = this.#of.get(system);
    if (ofSystem === undefined) this.#of.set(system, (ofSystem = new Map<string, Set<string>>()));
    for (const code of codes) {
      const targets = ofSystem.get(code) ?? new Set<string>();
      if (assured) targets.add(to);
      ofSystem.set(code, targets);
    }
  }

  entries(): MapEntry[] {
    return [...this.#of].flatMap(([system, ofSystem]) =>
      [...ofSystem].map(([code, [only, another]]) => ({
        system,
        code,
        to: only === undefined || another !== undefined ? null : only,
      })),
    );
  }
}

function wrong(where: string, what: string): ImportError {
  return new ImportError("not-this-format", `the code map ${where}: ${what}; nothing was kept`);
}
