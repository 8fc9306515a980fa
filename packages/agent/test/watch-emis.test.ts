/** Thirty nights of an EMIS Web extract, as its system writes them, hold what one bulk of the last night holds. */
import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type PracticeOptions, writePractice } from "@cairn/synthetic";
import t from "tap";
import { daysAgo, held, look, newAgent, newFolder } from "./fixtures/nights.js";

t.setTimeout(280_000);

const emis = { format: "emis" };

t.test("a bulk and thirty deltas, of which one comes late", async (t) => {
  const practice: Omit<PracticeOptions, "out"> = {
    ...{ patients: 60, eventsPerPatient: 60, seed: 7, until: daysAgo(1), practice: "Northgate" },
    ...{ format: "emis" as const },
  };
  const [folder, aside, whole] = [newFolder(), newFolder(), newFolder()];
  await writePractice({ ...practice, out: folder, deltas: 30 });
  await writePractice({ ...practice, out: join(whole, "bulk") });
  const nights = readdirSync(folder)
    .filter((name) => name !== "manifest.json")
    .sort();
  t.equal(nights.length, 31);
  const late = nights[20]!;
  renameSync(join(folder, late), join(aside, late));
  const data = newAgent();
  const first = await look(folder, data, emis);
  t.same(first.taken, nights.slice(0, 20));
  t.match(first.error, /^the extract complete to .* is missing: /);
  renameSync(join(aside, late), join(folder, late));
  t.match(await look(folder, data, emis), { taken: nights.slice(20), error: null });
  t.match(await look(folder, data, emis), { taken: [], error: null, waits: null });

  const other = newAgent();
  t.match(await look(whole, other, emis), { taken: ["bulk"], error: null });
  t.ok(held(data).length > 2000);
  t.same(held(data), held(other));
});
