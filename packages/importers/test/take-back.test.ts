/** What was taken can be taken back: deleted rows, rows of another person, registrations that were corrected. */
import t from "tap";
import { openRecords } from "@cairn/records";
import type { ImportReport } from "../src/report.js";
import { eventsIn, extract, load, newStore } from "./fixtures/extracts.js";

const PEOPLE = {
  "patients.csv": "patient_id,sex\nA,female\nB,male\nC,female\n",
  "registrations.csv": "patient_id,start,end\nA,2000-01-01,\nB,2000-01-01,\nC,2000-01-01,\n",
};
const HEAD = "patient_id,date,system,code,row_id,deleted\n";
const events = (...rows: string[]): Record<string, string> => ({
  "events.csv": `${HEAD}${rows.join("\n")}\n`,
});
const row = (patient: string, day: string, id: string, code = "44054006"): string =>
  `${patient},2024-01-${day},snomed,${code},${id},`;

async function firstLoad(...rows: string[]): Promise<string> {
  const store = newStore();
  await load(store, extract({ ...PEOPLE, ...events(...rows) }));
  return store;
}

t.test("a tombstone that carries the row's id alone takes the row away, whoever has it", async (t) => {
  const store = await firstLoad(row("A", "02", "r1"), row("B", "02", "77"), row("B", "03", "r3"));
  const report = await load(store, extract(events(",,,,r1,true", "gone-from-here,,,,77,1", ",,,,r9,true")));
  t.same(eventsIn(store), ["B 2024-01-03 snomed 44054006"]);
  t.match(report, { events: 1, quality: { load: { deleted: 2 } } });
  t.match(report.notes.join(), /1 rows marked deleted were not here before/);
  const again = await load(store, extract(events(row("A", "04", "r1"))));
  t.equal(again.events, 2, "a row that was taken away may come again");
});

t.test("a tombstone by id alone in the load of its row holds for what came before it only", async (t) => {
  const before = await firstLoad(row("A", "02", "r1"), ",,,,r1,true", row("B", "02", "r2"));
  t.same(eventsIn(before), ["B 2024-01-02 snomed 44054006"]);
  const after = await firstLoad(",,,,r1,true", row("A", "02", "r1"));
  t.same(eventsIn(after), ["A 2024-01-02 snomed 44054006"]);
  await load(after, extract(events(",,,,r1,true", row("A", "03", "r1"))));
  t.same(eventsIn(after), ["A 2024-01-03 snomed 44054006"], "also where the store has it already");
});

t.test("a table of deaths alone makes nobody", async (t) => {
  const store = await firstLoad(row("A", "02", "r1"));
  const deaths = (...lines: string[]): Promise<ImportReport> =>
    load(store, extract({ "patients.csv": `patient_id,date_of_death\n${lines.join("\n")}\n` }));
  const report = await deaths("B,2024-02-01", "nobody,2024-02-01");
  t.match(report, { patients: 3, rows: { patients: { taken: 1, skipped: 1 } } });
  t.match(report.reasons, [{ reason: "patients: it points at no patient of these records", count: 1 }]);
  await t.rejects(deaths("nobody,2024-02-01"), { message: /nothing of this extract could be taken/ });
});

t.test("a row whose person was corrected is one person's, in a later load or in the same", async (t) => {
  const store = await firstLoad(row("A", "02", "r1"), row("A", "03", "r2"), row("B", "05", "900"));
  const report = await load(store, extract(events(row("B", "02", "r1"), row("A", "06", "900"))));
  t.same(eventsIn(store), [
    "A 2024-01-03 snomed 44054006",
    "A 2024-01-06 snomed 44054006",
    "B 2024-01-02 snomed 44054006",
  ]);
  t.match(report, { events: 3, quality: { load: { added: 2, moved: 2, deleted: 0 } } });
  const records = openRecords(store);
  t.equal(records.source().allEvents().count!.length, 3, "and so the engine reads it");
  records.close();
  const same = await firstLoad(row("C", "02", "r1"), row("A", "02", "r1"), row("B", "02", "r1"));
  t.same(eventsIn(same), ["B 2024-01-02 snomed 44054006"], "the last in the load counts");
});

t.test("postings that were kept follow a row to its new person, and away from the old one", async (t) => {
  const store = await firstLoad(row("A", "02", "r1"), row("B", "03", "r2"), row("C", "04", "r3"));
  const list = {
    name: "diabetes",
    version: 1,
    system: "snomed",
    kind: "clinical",
    codes: ["44054006"],
  } as never;
  const columns = { value: false, quantity: false, clinician: false, origin: false } as never;
  const people = (): number[] => {
    const records = openRecords(store);
    try {
      return [...records.source().postings(list, columns).patient];
    } finally {
      records.close();
    }
  };
  t.same(people(), [1, 2, 3]);
  await load(store, extract(events(row("B", "02", "r1"))));
  t.same(people(), [2, 3]);
});

t.test("ids that are each person's own numbers move no row", async (t) => {
  const own = ["A", "B", "C"].flatMap((patient) =>
    Array.from({ length: 20 }, (_, i) => row(patient, String(i + 1).padStart(2, "0"), String(i + 1))),
  );
  const store = newStore();
  const report = await load(store, extract({ ...PEOPLE, ...events(...own) }));
  t.match(report, { events: 60, quality: { load: { added: 60, superseded: 0 } } });
  const later = await load(store, extract(events(row("A", "25", "21"), row("B", "26", "1"))));
  t.match(
    later,
    { events: 61, quality: { load: { added: 1, corrected: 1, moved: undefined } } },
    "nor later",
  );
});

t.test("a large load looks for moved rows as a small one does", async (t) => {
  const many = Array.from({ length: 300_000 }, (_, i) => row("A", "02", `n${i}`));
  const store = await firstLoad(row("B", "02", "r1"), row("B", "03", "r2"));
  const report = await load(store, extract(events(many.join("\n"), row("C", "02", "r1"))));
  t.match(report, { events: 300_002, quality: { load: { moved: 1 } } });
});
