/** Deprivation fifths that nights alone bring are no answer for a practice, until a bulk brings everybody's. */
import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lackedBy } from "@cairn/records";
import { deprivationTable, writePractice } from "@cairn/synthetic";
import { takeRecords } from "@cairn/agent/take-records";
import t from "tap";
import { daysAgo, held, look, newAgent, newFolder, withRecords } from "./fixtures/nights.js";

t.setTimeout(280_000);

const emis = { format: "emis" } as const;

t.test("a bulk without --deprivation, nights with it, and the bulk again", async (t) => {
  const folder = newFolder();
  await writePractice({
    ...{ patients: 120, eventsPerPatient: 50, seed: 7, until: daysAgo(1), practice: "Northgate" },
    ...{ format: "emis" as const, out: folder, deltas: 3 },
  });
  const nights = readdirSync(folder).filter((name) => name !== "manifest.json").sort(); // prettier-ignore
  const [bulk, ...deltas] = nights;
  const table = join(newFolder(), "table.csv");
  writeFileSync(table, deprivationTable());
  const deprivation = [table];
  const [inbox, data, other] = [newFolder(), newAgent(), newAgent()];
  const arrive = (name: string) => cpSync(join(folder, name), join(inbox, name), { recursive: true });
  const isLacking = () => withRecords(data, (records) => lackedBy(records)).includes("deprivation_fifth");
  arrive(bulk!);
  t.match(await look(inbox, data, emis), { taken: [bulk], error: null });
  t.equal(isLacking(), true);
  deltas.forEach(arrive);
  const { reports, ...looked } = await look(inbox, data, { ...emis, deprivation });
  t.match(looked, { taken: deltas, error: null });
  const { patients, deprivation_unknown: unknown } = reports.at(-1)!.report.quality.people;
  t.ok(unknown < patients, "the nights told of somebody's");
  t.equal(isLacking(), true, "and of so few that no query is answered from it");

  // As docs/extracts.md says: the bulk again, and the nights after it.
  const by = { data, ...emis, system: "snomed", whole: true, older: true, deprivation } as const;
  await takeRecords([join(inbox, bulk!)], by, () => undefined);
  t.match(await look(inbox, data, { ...emis, deprivation }), { taken: deltas, error: null });
  t.equal(isLacking(), false);
  t.match(await look(inbox, other, { ...emis, deprivation }), { taken: nights, error: null });
  t.same(held(data), held(other), "nothing of the nights is lost");
});
