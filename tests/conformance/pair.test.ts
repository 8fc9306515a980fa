/** The same people as FHIR R4 and as Synthea's tables: the same entries for every one of them. */
import { join } from "node:path";
import t from "tap";
import { importRecords, type ImportReport } from "@cairn/importers";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import { type FormatName, writePractice } from "@cairn/synthetic";

t.setTimeout(240_000);
const PRACTICE = {
  patients: 120,
  eventsPerPatient: 100,
  seed: "pair",
  until: "2025-03-31",
  practice: "Drovers Gate Surgery",
};
/** What FHIR has beside: a pair of blood pressures is a resource with a code of its own. */
const PRESSURE = "75367002";

interface Loaded {
  readonly report: ImportReport;
  /** By number of the person: one line an entry, sorted. */
  readonly entries: ReadonlyMap<number, string[]>;
}

async function loaded(folder: string, format: FormatName): Promise<Loaded> {
  const path = join(folder, format);
  const store = join(folder, `${format}-store`);
  await writePractice({ ...PRACTICE, format, out: path });
  const records = openRecords(store);
  const report = await importRecords(records, {
    format,
    paths: [path],
    system: "snomed",
    completeTo: null,
    registeredFrom: "birth",
    dryRun: false,
    now: new Date(),
    progress: () => undefined,
  });
  records.close();
  return { report, entries: entriesOf(store) };
}

function entriesOf(store: string): Map<number, string[]> {
  const db = openDatabase(join(store, "records.db"), { readonly: true, check: false });
  const rows = db
    .prepare<[], [string, string]>(
      `SELECT p.practice_id, date(e.day * 86400, 'unixepoch') || ' ' || c.system || ' ' || c.code
         || coalesce(' ' || m.comparator || e.value || ' ' || m.unit, '')
       FROM event e JOIN patient p ON p.key = e.patient JOIN code c ON c.key = e.code
       LEFT JOIN measure m ON m.key = e.measure WHERE c.code <> '${PRESSURE}' ORDER BY 1, 2`,
    )
    .raw()
    .all();
  db.close();
  const entries = new Map<number, string[]>();
  for (const [id, entry] of rows) {
    // A FHIR id ends in the person's number, a key of Synthea's in the same as 12 hexadecimal digits.
    const number = /^.{8}-0001-4000-8000-/.test(id) ? parseInt(id.slice(-12), 16) : Number(id.slice(-6));
    entries.set(number, [...(entries.get(number) ?? []), entry]);
  }
  return entries;
}

t.test("FHIR R4 and Synthea CSV of the same people say the same of each of them", async (t) => {
  const folder = t.testdir();
  const fhir = await loaded(folder, "fhir");
  const csv = await loaded(folder, "synthea-csv");
  for (const [resource, table] of [
    ["Condition", "conditions"],
    ["MedicationRequest", "medications"],
    ["Immunization", "immunizations"],
    ["Encounter", "encounters"],
    ["Procedure", "procedures"],
  ] as const) {
    const { taken, skipped } = fhir.report.rows[resource]!;
    t.ok(taken > 20, `${resource}: enough to compare`);
    t.same(csv.report.rows[table], { taken, skipped }, table);
  }
  t.ok(fhir.entries.size > PRACTICE.patients * 0.9);
  t.same([...fhir.entries.keys()].sort(), [...csv.entries.keys()].sort());
  const differing = [...fhir.entries].filter(
    ([person, said]) => said.join() !== csv.entries.get(person)!.join(),
  );
  t.same(
    differing.map(([person]) => person),
    [],
    "people of whom they say something else",
  );
});
