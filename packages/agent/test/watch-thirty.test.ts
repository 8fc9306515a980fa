/** Thirty nights of an extract, as EMIS Web and SystmOne write them, hold what one bulk of the last night holds. */
import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type PracticeOptions, writePractice } from "@cairn/synthetic";
import t from "tap";
import { daysAgo, held, look, newAgent, newFolder } from "./fixtures/nights.js";

t.setTimeout(280_000);

const LATE = 6;
const MISSING = {
  emis: /^the extract complete to .* is missing: /,
  systmone: /^what changed between .* and .* is missing: /,
} as const;

/** Each load costs the same however little changed: thirty of one system each time, of the other in the long run. */
const NIGHTS = { emis: 30, systmone: process.env["CAIRN_LONG"] ? 30 : 8 } as const;

for (const format of ["emis", "systmone"] as const)
  t.test(`${format}: a bulk and ${NIGHTS[format]} deltas, of which one comes late`, async (t) => {
    const practice: Omit<PracticeOptions, "out"> = {
      ...{
        patients: 25,
        eventsPerPatient: 80,
        seed: 7,
        until: daysAgo(1),
        practice: "Northgate",
        format,
        optOuts: true,
      },
    };
    const [folder, aside, whole] = [newFolder(), newFolder(), newFolder()];
    await writePractice({ ...practice, out: folder, deltas: NIGHTS[format] });
    await writePractice({ ...practice, out: join(whole, "bulk") });
    const nights = readdirSync(folder).sort();
    t.equal(nights.length, NIGHTS[format] + 1);
    const late = nights[LATE]!;
    renameSync(join(folder, late), join(aside, late));
    const data = newAgent();
    const first = await look(folder, data, { format });
    t.same(first.taken, nights.slice(0, LATE));
    t.match(first.error, MISSING[format]);
    renameSync(join(aside, late), join(folder, late));
    t.match(await look(folder, data, { format }), { taken: nights.slice(LATE), error: null });
    t.match(await look(folder, data, { format }), { taken: [], error: null, waits: null });

    const other = newAgent();
    t.match(await look(whole, other, { format }), { taken: ["bulk"], error: null });
    t.ok(held(data).length > 1000);
    t.same(held(data), held(other));
  });
