/**
 * What a hub may cost the keeper is bounded: 20,000 invented assignments cost less than 8 s of CPU at both ends of the link, 2 MB of disk and 120
 * entries of the log, and none of what it calls things reaches a terminal, a page or the log with controls in it.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "@cairn/sqlite";
import t from "tap";
import { homePage } from "./fixtures/pages.js";
import { keeperStatus } from "../src/status.js";
import { assignment, bundle, DATES, GROUP, practice, until, runOn } from "./fixtures/practice.js";

const INVENTED = 20_000;
const IN_A_CALL = 1000;

type Change = Parameters<typeof assignment>[1];

/** What a hub may make up: queries that are in no library, days, groups. */
const INVENTIONS: Readonly<Record<string, (i: number) => Change>> = {
  queries: (i) => ({ run: runOn(`r${i}`), query: `query-${i}`, queryDigest: Buffer.alloc(32, i % 251) }),
  days: (i) => ({
    run: runOn(`r${i}`),
    referenceDate: new Date(Date.UTC(1960, 0, i)).toISOString().slice(0, 10),
  }),
  groups: (i) => ({ run: runOn(DATES[0]), group: `group-${i}` }),
};

for (const [what, invention] of Object.entries(INVENTIONS)) {
  t.test(`${INVENTED} invented ${what} are refused and cost next to nothing`, async (t) => {
    const home = practice(t);
    const { api, keeper } = await home.start();
    await api.offerLibrary({ bundle: bundle() });
    const fixed = assignment(DATES[0]);
    const entries = keeper.store.log.size;
    const began = process.cpuUsage();
    for (let at = 0; at < INVENTED; at += IN_A_CALL) {
      const assignments = Array.from({ length: IN_A_CALL }, (_, i) => ({ ...fixed, ...invention(at + i) }));
      await api.offerRuns({ assignments });
    }
    const seconds = process.cpuUsage(began).user / 1e6;
    const file = join(home.folder, "keeper.db");
    const beside = openDatabase(file);
    beside.pragma("wal_checkpoint(TRUNCATE)");
    beside.close();
    const megabytes = statSync(file).size / 1e6;
    const logged = keeper.store.log.size - entries;
    t.comment(
      `${what}: ${seconds.toFixed(1)} s of CPU at both ends, ${megabytes.toFixed(1)} MB, ${logged} entries`,
    );
    t.ok(seconds < 8, "CPU of asking and answering");
    t.ok(megabytes < 2, "disk");
    t.ok(logged <= 120, "the log's entries");
    t.ok(keeperStatus(keeper.store).runs.length <= 501, "what is shown");
    await api.offerRuns({ assignments: [assignment(DATES[1])] });
    await until(api, runOn(DATES[1]), "READY"); // and what is asked in earnest is answered
  });
}

t.test("more than a thousand in one call are refused at once", async (t) => {
  const { api } = await practice(t).start();
  const assignments = Array<ReturnType<typeof assignment>>(IN_A_CALL + 1).fill(assignment(DATES[0]));
  await t.rejects(api.offerRuns({ assignments }), { code: "bad-request" });
});

t.test(
  "a name with controls, escapes or marks of direction is refused, and reaches nobody's screen",
  async (t) => {
    const home = practice(t);
    const { api, keeper } = await home.start();
    await api.offerLibrary({ bundle: bundle() });
    const names = [
      "\u001b[31mINVENTED",
      "INV\u0007ENTED",
      "\u202eINVENTED",
      "INV\nENTED",
      "\u009b2INVENTED",
      " INVENTED ",
      "x".repeat(201),
      "",
    ];
    const groups = names.map((group, i) => assignment(DATES[0], { run: runOn(`g${i}`), group }));
    const queries = names.map((query, i) => assignment(DATES[0], { run: runOn(`q${i}`), query }));
    const runs = names.map((run) => assignment(DATES[0], { run }));
    const told = await api.offerRuns({ assignments: [...groups, ...queries, ...runs, assignment(DATES[0])] });
    t.same(told.runs.filter(({ state }) => state === "AGENT_RUN_STATE_READY").length, 1);
    const everything = [
      JSON.stringify(keeperStatus(keeper.store)),
      homePage(keeper),
      JSON.stringify([...keeper.store.log.entries()]),
    ].join("");
    t.notMatch(everything, /INV|x{200}/);
    const answers = told.runs.flatMap(({ query, groups: asked }) => [
      query,
      ...asked.map(({ group }) => group),
    ]);
    t.notMatch(answers.join(""), /[\p{C}]/u, "nor the courier's log");
    t.match(keeperStatus(keeper.store).groups, [{ group: GROUP }]);
  },
);
