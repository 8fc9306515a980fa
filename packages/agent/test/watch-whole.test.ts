/** A night that is half written is not taken by the watch, which names what is amiss, and the next look takes it whole. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeRecords } from "@cairn/agent/take-records";
import { writePractice } from "@cairn/synthetic";
import t from "tap";
import { daysAgo, files, held, look, newAgent, newFolder, Practice, put } from "./fixtures/nights.js";

t.setTimeout(280_000);

const emis = { format: "emis" } as const;

t.test("EMIS: a night without a table that the one before had", async (t) => {
  const [folder, data] = [newFolder(), newAgent()];
  await writePractice({
    ...{ patients: 30, eventsPerPatient: 50, seed: 7, until: daysAgo(1), practice: "Northgate" },
    ...{ format: "emis" as const, out: folder, deltas: 1 },
  });
  const night = readdirSync(folder).filter((name) => name !== "manifest.json").sort()[1]!; // prettier-ignore
  const kept = readdirSync(join(folder, night))
    .filter((name) => /CareRecord_Observation_|Prescribing_IssueRecord_/.test(name))
    .map((name) => join(folder, night, name));
  t.equal(kept.length, 2);
  const content = kept.map((path) => readFileSync(path));
  kept.forEach((path) => rmSync(path));
  const { error, taken } = await look(folder, data, emis);
  t.equal(taken.length, 1, "the bulk");
  t.match(
    error,
    /^\d.*: the extract has no CareRecord_Observation, Prescribing_IssueRecord, which the one before it had: nothing/,
  );
  const before = held(data);
  const flags = { data, ...emis, system: "snomed", dryRun: true } as const;
  const { report } = await takeRecords([join(folder, night)], flags, () => undefined);
  t.match(report.notes.join(), /has no CareRecord_Observation, .*: what changed there is not known/);
  t.same((await look(folder, data, emis)).taken, []);
  t.same(held(data), before);
  kept.forEach((path, i) => writeFileSync(path, content[i]!));
  t.match(await look(folder, data, emis), { taken: [night], error: null });
});

t.test(
  "EMIS: a bulk by hand without a small table that an earlier one had takes nothing away unasked",
  async (t) => {
    const [folder, data] = [newFolder(), newAgent()];
    await writePractice({
      ...{ patients: 30, eventsPerPatient: 50, seed: 7, until: daysAgo(1), practice: "Northgate" },
      ...{ format: "emis" as const, out: folder },
    });
    const issues = readdirSync(folder).find((name) => /Prescribing_IssueRecord_/.test(name))!;
    const few = readFileSync(join(folder, issues), "utf8").split("\n").slice(0, 6).join("\n");
    writeFileSync(join(folder, issues), `${few}\n`);
    const flags = { data, ...emis, system: "snomed" } as const;
    const take = (more: object) => takeRecords([folder], { ...flags, ...more }, () => undefined);
    await take({});
    const before = held(data);
    rmSync(join(folder, issues));
    const asked = /has no Prescribing_IssueRecord, which an earlier one had: all that it held goes/;
    for (let i = 0; i < 2; i++) {
      await t.rejects(take({ whole: true }), { code: "needs-yes", message: asked });
      t.same(held(data), before, "nothing went");
      // The newest extract lacks it too; an earlier one had it.
      if (i === 0)
        t.match((await take({})).report.notes.join(), /what changed there is not known|loaded before/);
    }
    t.match((await take({ whole: true, dryRun: true })).report.notes.join(), asked);
    const { report } = await take({ whole: true, yes: true });
    t.match(report.notes.join(), asked);
    t.equal(
      before.length - held(data).length,
      5,
      "a twentieth of the events, and they went as a person said",
    );
  },
);

t.test("a file that ends in the middle of a row, in quotes or not", async (t) => {
  const [folder, data, practice] = [newFolder(), newAgent(), new Practice(100)];
  put(folder, "first", files(practice.bulk(), "bulk", daysAgo(40)));
  await look(folder, data);
  const before = held(data);
  const night = files(practice.night(1), "delta", daysAgo(39));
  const by = { data, format: "journal", system: "snomed", dryRun: true } as const;
  for (const end of ['P1,2024-01-01,"2229', 'P1,2024-01-01,"22298006\n', "P1,2024-01-01,2229"]) {
    const path = put(folder, "night", { ...night, "events.csv": night["events.csv"]! + end });
    t.match(
      await look(folder, data),
      { taken: [], error: /^night: events\.csv is cut off: nothing was kept; copy/ },
      end,
    );
    const { report } = await takeRecords([path], by, () => undefined);
    t.match(report.notes.join(), /events\.csv is cut off: the last row there is not whole/, end);
    t.same(held(data), before);
  }
  const stray = `P1,2024-01-01,"22298006,1,s1,\n${"P2,2024-01-01,22298006,1,s2,\n".repeat(3)}`;
  put(folder, "night", { ...night, "events.csv": night["events.csv"]! + stray });
  const { taken, error, reports } = await look(folder, data);
  t.match(
    { taken, error },
    { taken: ["night"], error: null },
    "a stray quote before whole rows is one bad row",
  );
  t.match(reports[0]?.report.reasons, [{ reason: /a quote opens and never closes/, count: 1 }]);
});

t.test("an extract of a day that has not come is named, with what can be done", async (t) => {
  const [folder, data] = [newFolder(), newAgent()];
  put(folder, "ahead", files(new Practice(20).bulk(), "bulk", daysAgo(-9)));
  t.match(
    (await look(folder, data)).error,
    /^ahead: .* not come yet; .* by hand with cairn agent import, saying/,
  );
});
