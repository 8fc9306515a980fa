/**
 * One practice told night by night, in the formats that have deltas: a bulk and ten deltas leave the store that one
 * bulk of the last day leaves, entry by entry, however the nights are split into loads.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { importRecords } from "@cairn/importers";
import { openRecords } from "@cairn/records";
import { deprivationTable, type FormatName, writePractice } from "@cairn/synthetic";
import { told } from "./told.js";

t.setTimeout(600_000);
const DELTAS = 10;
const UNTIL = "2025-03-31";
const PRACTICE = {
  patients: 150,
  eventsPerPatient: 100,
  seed: "nights",
  until: UNTIL,
  practice: "Drovers Gate Surgery",
  optOuts: true,
};

const TABLE = join(t.testdir({ "deprivation.csv": deprivationTable() }), "deprivation.csv");

async function taken(store: string, format: FormatName, paths: readonly string[]): Promise<void> {
  const records = openRecords(store);
  try {
    await importRecords(records, {
      format,
      paths,
      system: "snomed",
      deprivation: { files: [TABLE] },
      completeTo: null,
      registeredFrom: null,
      dryRun: false,
      now: new Date("2025-06-01T00:00:00Z"),
      progress: () => undefined,
    });
  } finally {
    records.close();
  }
}

for (const format of ["emis", "systmone"] as const) {
  t.test(`${format}: a bulk and ten deltas, in any split, are one bulk of the last day`, async (t) => {
    const folder = t.testdir();
    await writePractice({ ...PRACTICE, format, out: join(folder, "whole") });
    await writePractice({ ...PRACTICE, format, out: join(folder, "nights"), deltas: DELTAS });
    await taken(join(folder, "once"), format, [join(folder, "whole")]);
    const once = told(join(folder, "once"));
    t.ok(once.events!.length > 10_000, `${once.events!.length} entries`);
    const nights = readdirSync(join(folder, "nights"))
      .sort()
      .map((name) => join(folder, "nights", name));
    t.equal(nights.length, DELTAS + 1);
    const splits: Readonly<Record<string, readonly number[]>> = {
      "night by night": nights.map((_, i) => i + 1),
      "all at once": [nights.length],
      "now and then": [2, 5, 6, 10, nights.length],
    };
    for (const [name, ends] of Object.entries(splits)) {
      const store = join(folder, name.replaceAll(" ", "-"));
      let from = 0;
      for (const end of ends) {
        const all = from === 0 && end === nights.length;
        await taken(store, format, all ? [join(folder, "nights")] : nights.slice(from, end).reverse());
        from = end;
      }
      const then = told(store);
      for (const part of Object.keys(once)) t.same(then[part], once[part], `${name}: ${part}`);
    }
  });
}
