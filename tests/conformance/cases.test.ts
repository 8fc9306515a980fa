/**
 * Small extracts that other projects' users stumbled over, and what becomes of each. They stand beside the checkout and
 * are no part of it; where they are not there, this is skipped.
 */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { ImportError, type ImportReport } from "@cairn/importers";
import {
  eventsIn,
  everything,
  extract,
  file,
  load,
  newStore,
} from "../../packages/importers/test/fixtures/extracts.js";

t.setTimeout(240_000);
const CASES = fileURLToPath(new URL("../../../shared/cases/", import.meta.url));
const skip = existsSync(CASES) ? false : "the small extracts are not beside the repository";

type More = Partial<Parameters<typeof load>[2]>;

interface Case {
  /** How many events the store then holds, by `system code`; others are not asked. */
  readonly events?: Readonly<Record<string, number>>;
  readonly count?: number;
  readonly patients?: number;
  /** What the last report or refusal says, each of these. */
  readonly said?: readonly RegExp[];
  readonly refused?: true;
  readonly more?: More;
}

const MAP = "from_system,from_code,to_code,assured\nread2,C10F.,44054006,1\n";
const DIABETES = "snomed 44054006";
const CONDITION = "snomed 38341003";

const EXPECTED: Readonly<Record<string, Case>> = {
  "g01-gpconnect-immunization": { events: { "snomed 822851000000102": 1, "local UNK": 0 } },
  "g02-unit-words": { said: [/mmol\/mol/], count: 8 },
  "f04-error-later": { count: 0 },
  "f05-deleted": { events: { [CONDITION]: 0, "snomed 73211009": 1 }, count: 1 },
  "f40-subject-corrected": { events: { [CONDITION]: 1 }, count: 1, said: [/"p2 2019-05-03/] },
  "j23-tombstone": { count: 0 },
  "j28-gone": {
    more: { whole: true, yes: true },
    said: [/ of 2 people, .* are not in this extract and went/],
  },
  "o03-death-delta": {
    said: [/\["1","female",-7272,"day",19756,null,0\]/, /1 death: it points at no patient/],
  },
  "o01-athena-tab": { events: { [DIABETES]: 1 }, count: 1 },
  "o02-float-ids": { events: { [DIABETES]: 1 }, count: 1 },
  "o04-concept-missing": { said: [/1 condition_occurrence: its concepts are not in CONCEPT/] },
  "o13-split": { events: { [DIABETES]: 2 } },
  "s01-old-observations-no-type": { events: { "loinc 4548-4": 1 }, said: [/loinc 4548-4 6\.5 %/] },
  "f01-bom-ndjson": { patients: 5, count: 5 },
  "f02-bom-bundle": { patients: 1, count: 1 },
  "f03-blank-lines": { patients: 1, count: 2 },
  "f08-bundle-scope": { patients: 2, count: 2, said: [/"a 20.*"b 20/] },
  "f13-nested": { patients: 1, count: 2 },
  "f17-medication": { count: 7, events: { "dmd 39695211000001102": 3 } },
  "f30-systems": { events: { [CONDITION]: 2, "read2 38341003": 1, local: 0 } },
  "f32-patient": {
    patients: 4,
    said: [/3 Patient: its birthDate is no date/, /2 Patient: its gender is none/],
  },
  "j01-padded": { events: { [DIABETES]: 2 }, count: 2 },
  "j02-excel-snomed": { said: [/4 events: its code is no SNOMED CT or dm\+d id/] },
  "j04-dup-patient": { said: [/1 patients: the person was given before .* with other facts/] },
  "j07-lone-quote-pair": { said: [/12 events: a quoted field runs over/] },
  "j09-mac": { refused: true, said: [/lone carriage return/] },
  "j13-csv-and-gz": { count: 2, said: [/holds the same bytes as events\.csv and was counted once/] },
  "j42-symlink": { count: 1 },
  "j47-future-manifest": { refused: true, said: [/complete to 2099-01-01, which has not come yet/] },
  "a01-acceptable-temp": { patients: 1, count: 1, said: [/acceptable is 0/, /patienttypeid is not 3/] },
  "a02-quotes-in-terms": { count: 5, said: [/^(?!.*local)/] },
  "a09-two-practices": { refused: true, said: [/names 2 practices/] },
  "z06-deflate64": { refused: true, said: [/cannot read \(Deflate64\); .* zip it again/] },
  "f06-merged": { patients: 1, count: 2, said: [/it was replaced by another patient, who has its records/] },
  "f10-conditional-ref": { patients: 1, count: 2 },
  "f12-array": { refused: true, said: [/is a JSON list; give a Bundle, or a line of its own/] },
  "f25-outcome": { said: [/incomplete by its own word/] },
  "f26-bulk-manifest": { said: [/not whole: its manifest says 7/, /"covers_to":"2024-05-01"/] },
  "j12-impossible": { said: [/"born_in_future":1/, /"died_before_birth":1/, /"registered_before_birth":2/] },
  "j16b-read-map": {
    more: { codeMap: file("map.csv", MAP) },
    said: [/snomed 44054006 was read2 C10F mapped/],
  },
  "j27-regs": {
    said: [/2 registrations of earlier loads overlapped/, /"registrations":\[\["A",10958,null\]\]/],
  },
  "j45-values": { said: [/"comparators":\[\["A",\d+,"<"/] },
  "j50-older-after-newer": {
    refused: true,
    said: [/complete to 2024-01-31 and the records are to 2024-02-29/],
  },
  "z02-nested-zip": { refused: true, said: [/is a \.zip inside a \.zip; unpack the outer one/] },
  "z03-bzip2-zip": { refused: true, said: [/\(bzip2\); .* zip it again/] },
};

const FORMATS: Readonly<Record<string, string>> = {
  g: "fhir",
  f: "fhir",
  o: "omop",
  s: "synthea-csv",
  a: "aurum",
  j: "journal",
  z: "journal",
};

/** The case's extracts, one after the other. */
function extractsOf(name: string): string[] {
  const parts = ["1", "2"].map((part) => join(CASES, name, part)).filter((path) => existsSync(path));
  if (name !== "j42-symlink") return parts.length > 0 ? parts : [join(CASES, name)];
  const folder = extract({});
  mkdirSync(folder, { recursive: true });
  for (const table of ["patients.csv", "registrations.csv"])
    symlinkSync(join(CASES, name, table), join(folder, table));
  symlinkSync(join(CASES, "j42-real", "events.csv"), join(folder, "events.csv"));
  return [folder];
}

t.test(
  "each of the small extracts that others stumbled over gives what is right, or says why not",
  { skip },
  async (t) => {
    const folders = readdirSync(CASES).filter((name) => /^[a-z]\d/.test(name) && name !== "j42-real");
    t.same(folders.sort(), Object.keys(EXPECTED).sort(), "each of them has an expectation");
    for (const [name, expected] of Object.entries(EXPECTED)) {
      const format = FORMATS[name[0]!]!;
      const registeredFrom = format === "fhir" || format === "synthea-csv" ? ("birth" as const) : null;
      const store = newStore();
      let report: ImportReport | null = null;
      let refusal: ImportError | null = null;
      for (const path of extractsOf(name)) {
        try {
          report = await load(store, path, {
            format,
            registeredFrom,
            ...expected.more,
            now: new Date("2026-06-01"),
          });
        } catch (error) {
          if (!(error instanceof ImportError)) throw error;
          refusal = error;
        }
      }
      t.equal(refusal !== null, expected.refused ?? false, `${name}: ${refusal?.message ?? "taken"}`);
      const lines = [...(report?.reasons ?? []), ...(report?.doubts ?? [])];
      const words = lines.map(({ reason, count }) => `${count} ${reason}`).join("\n");
      const said = refusal?.message ?? `${words}\n${JSON.stringify([report, everything(store)])}`;
      for (const each of expected.said ?? []) t.match(said, each, name);
      if (report === null) continue;
      const events = eventsIn(store);
      if (expected.count !== undefined) t.equal(events.length, expected.count, `${name}: events`);
      if (expected.patients !== undefined) t.equal(report.patients, expected.patients, `${name}: people`);
      for (const [code, count] of Object.entries(expected.events ?? {}))
        t.equal(events.filter((each) => each.includes(` ${code}`)).length, count, `${name}: ${code}`);
    }
  },
);
