/** Reads SRManifest.csv: the files of the extract, whether they hold all or what changed, and from when to when. */
import { isoDate } from "@cairn/query-library";
import { readCsv } from "../csv.js";
import { findColumns } from "../columns.js";
import { ImportError } from "../errors.js";
import { dayOfParts } from "../fields.js";
import type { Extract, ExtractFacts } from "../importer.js";
import { describeByManifest } from "../manifest.js";
import { nameOf } from "../source-file.js";
import { SYSTMONE } from "./fields.js";

/** The name that the manifest's file has. */
export const MANIFEST = "srmanifest.csv";

const COLUMNS = ["filename", "isdelta", "isreference", "dateextractfrom", "dateextractto"] as const;
const NEEDED = ["filename", "isdelta", "dateextractto"] as const;

/** Describes one extract by its SRManifest.csv, or by a manifest.json where it has none. @throws ImportError */
export async function readManifest(extract: Extract): Promise<ExtractFacts> {
  const file = extract.files.find(({ name }) => name === MANIFEST);
  if (file === undefined) return describeByManifest(extract);
  const listed: { name: string; delta: boolean }[] = [];
  const [from, to]: [string[], string[]] = [[], []];
  let at: Record<(typeof COLUMNS)[number], number> | null = null;
  await readCsv(extract.reader.chunks(file, "manifest"), file.shown, SYSTMONE, {
    header: (names) => void (at = findColumns(names, COLUMNS, NEEDED, file.shown, () => undefined, ",")),
    row(row, problem) {
      const { filename, isdelta, dateextractfrom, dateextractto } = at!;
      const is = row.trimmed(isdelta).toUpperCase();
      if (problem !== null || (is !== "Y" && is !== "N"))
        throw wrong(file.shown, row.line, problem ?? "IsDelta is neither Y nor N");
      const name = row.trimmed(filename);
      listed.push({ name: nameOf(name.includes(".") ? name : `${name}.csv`), delta: is === "Y" });
      for (const [column, moments] of [
        [dateextractfrom, is === "Y" ? from : []], // a table that comes whole begins when the system did
        [dateextractto, to],
      ] as const) {
        const moment = momentOf(row.trimmed(column));
        if (moment === null) throw wrong(file.shown, row.line, "a date of it is none, written yyyyMMdd_HHmm");
        if (moment !== "") moments.push(moment);
      }
    },
  });
  const people = listed.filter(({ name }) => name === "srpatient.csv" || name === "srcode.csv");
  return {
    kind: people.length === 0 ? null : people.some(({ delta }) => delta) ? "delta" : "bulk",
    organisation: null,
    from: from.sort().at(-1) ?? null, // of several the latest: nothing before it is there of every table
    to: to.sort().at(-1) ?? null,
    files: listed.map(({ name }) => ({ name, sha256: null })),
  };
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** A moment as `ExtractFacts` has it; "" where there is none, null where it cannot be read. */
function momentOf(text: string): string | null {
  if (text === "" || text === "-1") return "";
  const packed = /^(\d{4})(\d{2})(\d{2})(?:_(\d{2})(\d{2}))?$/.exec(text);
  const spelt = /^(\d{2}) ([A-Za-z]{3}) (\d{4})(?: (\d{2}):(\d{2})(?::\d{2})?)?$/.exec(text);
  const month = MONTHS.indexOf(spelt?.[2]?.toLowerCase() ?? "") + 1;
  const day =
    packed !== null
      ? dayOfParts(Number(packed[1]), Number(packed[2]), Number(packed[3]))
      : spelt !== null
        ? dayOfParts(Number(spelt[3]), month, Number(spelt[1]))
        : NaN;
  if (Number.isNaN(day)) return null;
  const [hours, minutes] = (packed ?? spelt)!.slice(4);
  return hours === undefined ? isoDate(day) : `${isoDate(day)}T${hours}:${minutes}:00`;
}

function wrong(file: string, line: number, what: string): ImportError {
  return new ImportError("not-this-format", `${file}:${line}: ${what}; copy the extract again`);
}
