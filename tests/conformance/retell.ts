/**
 * A journal with nothing in it that another format has no room for. Loaded as a journal it must answer as the other
 * format does: so each format's importer is held to the journal's, fact by fact, and not only where all is told.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FORMAT_COVERAGE } from "@cairn/records";
import type { FormatName } from "@cairn/synthetic";
import type { RecordFact } from "@cairn/query-library";

type Row = Record<string, string>;
interface Journal {
  patients: Row[];
  registrations: Row[];
  events: Row[];
}
type Change = (journal: Journal, until: string) => void;

/** Writes `from`'s journal to `to` as `format` can tell it. */
export function retell(from: string, to: string, format: FormatName, until: string): void {
  cpSync(from, to, { recursive: true });
  const names = ["patients", "registrations", "events"] as const;
  const journal = Object.fromEntries(names.map((name) => [name, rows(join(from, `${name}.csv`))])) as unknown;
  for (const change of changesFor(format)) change(journal as Journal, until);
  for (const name of names) {
    const path = join(to, `${name}.csv`);
    const table = (journal as Journal)[name];
    if (table.length === 0) rmSync(path);
    else writeFileSync(path, text(table));
  }
}

function changesFor(format: FormatName): Change[] {
  const facts = Object.entries(FORMAT_COVERAGE[format]!) as [RecordFact, string][];
  return [
    ...(BESIDES[format] ?? []), // these look at what the others take away
    ...facts.flatMap(([fact, room]) => (room === "partly" ? [PARTLY[`${format} ${fact}`]!] : [])),
    ...facts.flatMap(([fact, room]) => (room === "no" ? [WITHOUT[fact]] : [])),
  ];
}

const blank =
  (table: keyof Journal, column: string): Change =>
  (journal) => {
    for (const row of journal[table]) row[column] = "";
  };

const WITHOUT: Readonly<Record<RecordFact, Change>> = {
  registrations: (journal) => void (journal.registrations = []),
  birth: blank("patients", "date_of_birth"),
  sex: blank("patients", "sex"),
  deprivation_fifth: blank("patients", "deprivation_fifth"),
  ethnic_group: blank("patients", "ethnic_group"),
  clinician: blank("events", "clinician"),
  value: blank("events", "value"),
  quantity: blank("events", "quantity"),
  ctv3: ({ events }) => {
    for (const row of events) if (row.system === "ctv3") row.system = "read2";
  },
};

/** How less than all is told: the same words as in the README of packages/synthetic. */
const PARTLY: Readonly<Record<string, Change>> = {
  "synthea-csv sex": ({ patients }) => {
    for (const row of patients) if (row.sex === "other") row.sex = "unknown";
  },
  "synthea-csv clinician": ({ events }) => {
    const contacts = codesOf((kind) => kind === "contact");
    for (const row of events) if (!contacts.has(`${row.system} ${row.code}`)) row.clinician = "";
  },
  "omop ethnic_group": ({ patients }) => {
    for (const row of patients) if (/mixed|other/.test(row.ethnic_group!)) row.ethnic_group = "";
  },
  "aurum registrations": (journal) => {
    const last = new Map(journal.registrations.map((row) => [row.patient_id, row]));
    journal.registrations = [...last.values()];
  },
  "aurum birth": ({ patients }, until) => {
    const sixteenYearsAgo = `${Number(until.slice(0, 4)) - 16}${until.slice(4)}`;
    for (const row of patients) {
      const adult = row.date_of_birth! <= sixteenYearsAgo;
      row.date_of_birth = row.date_of_birth!.slice(0, adult ? 4 : 7);
    }
  },
};

/** What is told otherwise and is no fact that a query could ask for by itself. */
const BESIDES: Partial<Record<FormatName, Change[]>> = {
  // A pair of blood pressures is one resource with a code of its own.
  fhir: [
    (journal) => {
      const systolic = codesOf((_, concept) => concept === "systolic-bp");
      const diastolic = codesOf((_, concept) => concept === "diastolic-bp");
      const is = (row: Row, codes: Set<string>): boolean => codes.has(`${row.system} ${row.code}`);
      journal.events = journal.events.flatMap((row, i, all) => {
        const next = all[i + 1];
        const sitting = (each: Row): string => `${each.patient_id} ${each.date} ${each.clinician}`;
        const pair = next && is(row, systolic) && is(next, diastolic) && sitting(row) === sitting(next);
        const whole = { ...row, system: "snomed", code: "75367002", value: "", unit: "", comparator: "" };
        return pair ? [whole, row] : [row];
      });
    },
  ],
  aurum: [blank("events", "comparator")],
  // Old codes are CTV3, contacts are met in four ways, and ethnic groups are entries.
  systmone: [
    (journal, until) => {
      const contacts = codesOf((kind) => kind === "contact");
      for (const row of journal.events) {
        if (contacts.has(`${row.system} ${row.code}`))
          Object.assign(row, { system: "snomed", code: MET[row.code!] ?? "308335008" });
        if (row.system === "read2") row.system = "ctv3";
      }
      addEthnicGroups(journal, until, "snomed", ETHNIC_SNOMED);
    },
  ],
  // Each blood pressure has a parent with a code of its own, and ethnic groups are entries.
  emis: [
    blank("events", "comparator"),
    (journal, until) => {
      const systolic = codesOf((_, concept) => concept === "systolic-bp");
      const bare = { system: "snomed", code: "75367002", value: "", unit: "", quantity: "" };
      journal.events = journal.events.flatMap((row) =>
        systolic.has(`${row.system} ${row.code}`) ? [{ ...row, ...bare }, row] : [row],
      );
      addEthnicGroups(journal, until, "read2", ETHNIC_READ);
    },
  ],
};

/** The four ways in which SystmOne's contacts are met. */
const MET: Row = {
  "185317003": "185317003",
  "439708006": "439708006",
  "1068881000000101": "1068881000000101",
  "185320006": "1068881000000101",
};
const ETHNIC_SNOMED: Row = {
  white: "92571000000102",
  mixed: "92591000000103",
  asian: "110751000000108",
  black: "92491000000104",
  other: "94151000000105",
};

const ETHNIC_READ: Row = { white: "9i0..", mixed: "9i65.", asian: "9iAA.", black: "9iD4.", other: "9iFK." };

/** Adds each person's ethnic group as an entry of the day on which they joined, or on which the records begin. */
function addEthnicGroups(journal: Journal, until: string, system: string, codes: Row): void {
  const from = `${Number(until.slice(0, 4)) - 12}${until.slice(4)}`;
  const joined = new Map([...journal.registrations].reverse().map((row) => [row.patient_id, row.start!]));
  const bare = { value: "", unit: "", comparator: "", quantity: "", clinician: "" };
  for (const { patient_id, ethnic_group } of journal.patients) {
    if (ethnic_group === "") continue;
    const start = joined.get(patient_id)!;
    const date = start > from ? start : dayAfter(from);
    journal.events.push({ patient_id: patient_id!, date, system, code: codes[ethnic_group!]!, ...bare });
  }
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

/** Codes of the invented records, as `system code`, by what their concept is. */
function codesOf(wanted: (kind: string, concept: string) => boolean): Set<string> {
  const table = new URL("../../packages/synthetic/data/concepts.csv", import.meta.url);
  const lines = readFileSync(table, "utf8").trimEnd().split("\n").slice(1);
  const fields = lines.map((line) => line.split(","));
  return new Set(
    fields.flatMap(([concept, kind, system, code]) => (wanted(kind!, concept!) ? [`${system} ${code}`] : [])),
  );
}

/** The rows of a table whose fields hold neither commas nor quotes, as those of an invented journal. */
function rows(path: string): Row[] {
  const [header, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const columns = header!.split(",");
  return lines.map((line) => {
    const fields = line.split(",");
    return Object.fromEntries(columns.map((column, i) => [column, fields[i] ?? ""]));
  });
}

function text(table: readonly Row[]): string {
  const columns = Object.keys(table[0]!);
  return [columns, ...table.map((row) => columns.map((column) => row[column]))]
    .map((fields) => `${fields.join(",")}\n`)
    .join("");
}
