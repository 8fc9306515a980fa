/**
 * People with a type 1 opt-out in their record are counted in what leaves only where the practice, the charter of each of its groups and the query
 * all say so; for whole reference dates; never with the practice's own list; and the release says which it is.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { charterBytes, type Charter } from "@cairn/charters";
import { answer, memorySource } from "@cairn/engine";
import { OPT_OUTS_BY_CHOICE, OPT_OUTS_COUNTED, type PlainPatient } from "@cairn/tables";
import { parseCodelist, parseQuery, type Query } from "@cairn/query-library";
import { decodeRelease, verifySignedRelease } from "@cairn/wire";
import type { Outcome } from "../src/answering/answer.js";
import type { Job } from "../src/answering/job.js";
import { withoutOptOuts } from "../../records/src/opt-outs.js";
import { decline } from "../src/decisions/approve.js";
import { join as joinGroup, leave as leaveGroup } from "../src/decisions/membership.js";
import { chooseOptOuts } from "../src/decisions/standing-decisions.js";
import { chosenOptOuts, optOutsAt, optOutsOfPreview } from "../src/releases/opt-outs.js";
import { libraryReader } from "../src/trust/library.js";
import { runModel } from "../src/pages/run-model.js";
import { restoreKeeper } from "../src/restore/restore.js";
import { keeperStatus } from "../src/status.js";
import { optOutsLine, standingLines } from "../src/status-words.js";
import { person } from "../src/store/person.js";
import { KeeperStore, publicKeyOf } from "../src/store/store.js";
import { charterOf } from "./fixtures/charters.js";
import { assignment, DATES, GROUP, libraryOf, practice, runOn, signers, until } from "./fixtures/practice.js";
import { lease, people, told } from "./fixtures/released.js";

const BOARD = "board";
const COUNTED = charterOf({ optOuts: "counted" });

/** 60 women with asthma: 20 opted out by a code, and 10 more are on the practice's list. 30, 50 or 60 are counted. */
const PATIENTS: readonly PlainPatient[] = Array.from({ length: 60 }, (_, i) => ({
  ...{ id: `patient-${i}`, born: "1970-01-01", died: null, sex: "female", deprivationFifth: null },
  ethnicGroup: "unknown",
  registrations: [{ start: "2000-01-01", end: null }],
  events: [
    { date: "2010-01-01", system: "snomed", code: "195967001" },
    { date: "2024-12-01", system: "snomed", code: "185349003" },
    ...(i < 20 ? [{ date: "2015-05-01", system: "snomed" as const, code: "827241000000103" }] : []),
  ],
  ...(i >= 50 ? { leftOut: true } : {}),
}));

async function answers(job: Job): Promise<Outcome> {
  const whom = job.optOuts === "left-out" ? withoutOptOuts() : OPT_OUTS_BY_CHOICE;
  const [tables = []] = answer(memorySource(PATIENTS), [job.query], job.dates, whom);
  return {
    outcome: "answered",
    answer: { tables, recordBasis: "RECORD_BASIS_REGISTRATIONS", optOutCodes: null },
  };
}

/** The library's query, and one more that may leave people out. */
function files(own = ""): Readonly<Record<string, string>> {
  const first = libraryOf();
  const second = first["asthma-seen.yaml"]!.replace("asthma-seen", "asthma-again").concat(own);
  return { ...first, "asthma-again.yaml": second };
}

function queryOf(name: string, own = ""): Query {
  const all = files(own);
  const find = (ref: string) => {
    const read = parseCodelist(all[`codelists/${ref}.csv`]!, all[`codelists/${ref}.yaml`]!, ref);
    if ("problems" in read) throw new Error(JSON.stringify(read.problems));
    return read.codelist;
  };
  const parsed = parseQuery(all[`${name}.yaml`]!, { file: name, codelists: find });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.query;
}

interface Setting {
  readonly charters: readonly Charter[];
  readonly groups?: readonly string[];
  readonly own?: string; // of the second query
  readonly chosen?: boolean; // long before the dates
  readonly answer?: (job: Job) => Promise<Outcome>;
}

async function started(t: Test, { charters, groups = [GROUP], own, chosen = true, answer }: Setting) {
  const home = practice(t, "accept-signed", []);
  if (chosen) choose(home.folder, "2024-11-05", "counted");
  const running = await home.start({ answer: answer ?? answers });
  const beside = new Map(
    charters.map((each, i) => [`charters/${each.group}${i === 0 ? "" : i}.json`, charterBytes(each)]),
  );
  await running.api.offerLibrary({ bundle: signers.delivery(files(own), { beside }) });
  const store = people(t, home.folder);
  for (const group of groups) joinGroup(store, group);
  const run = async (name: string, date: string, group = GROUP): Promise<string> => {
    const id = runOn(`${name} ${date}`);
    await running.api.offerRuns({ assignments: [assignment(date, { run: id, group }, queryOf(name, own))] });
    return id;
  };
  const release = async (name: string, date: string, group = GROUP) => {
    const id = await run(name, date, group);
    await until(running.api, id, "READY");
    await running.api.execute({ leases: [lease(id)] });
    await until(running.api, id, "OUTBOX");
    return (await running.api.takeRelease({ run: id })).release!;
  };
  return { ...running, beside, home, store, run, release };
}

function choose(folder: string, day: string, choice: "left-out" | "counted"): string {
  const store = KeeperStore.open(folder, { now: () => Date.parse(`${day}T09:00:00Z`) });
  try {
    return chooseOptOuts(store, choice, person("Ann"));
  } finally {
    store.close();
  }
}

/** Those counted in a release's total, as rounded. */
const total = ({ release }: { release: Buffer }): number => decodeRelease(release, 5).denominator[0]! - 1;

t.test(
  "all say so: who opted out by a code is counted, nobody of the list is, and the release says it",
  async (t) => {
    const { store, release, api, keeper } = await started(t, { charters: [COUNTED] });
    const made = await release("asthma-seen", DATES[0]);
    t.same([total(made), made.optOuts], [50, "OPT_OUTS_COUNTED_BY_CHOICE"]);
    t.ok(verifySignedRelease(made, publicKeyOf(store)), "under the signature");
    for (const optOuts of ["OPT_OUTS_COUNTED", "OPT_OUTS_LEFT_OUT"] as const)
      t.notOk(
        verifySignedRelease({ ...made, optOuts }, publicKeyOf(store)),
        `which does not hold for ${optOuts}`,
      );
    const { notes } = runModel({ ...keeper, store }, made.run)!;
    t.ok(
      notes.some((note) => /^These numbers count people with a type 1 opt-out in their record/.test(note)),
      "and the run's page",
    );
    const log = [...store.log.exportLines()].join("\n");
    t.match(
      log,
      /"kind":"opt-outs-chosen".*"choice":"counted".*Ann|"kind":"opt-outs-chosen".*Ann.*"choice":"counted"/,
    );
    t.match(log, /"opt_outs":"counted"/);
    const said = JSON.stringify([made, await api.waitForChanges({ since: 0, holdSeconds: 0 }), log]);
    t.notMatch(said, /opt.?outs?"?:? ?\d|opted.?out"?:? ?\d/i, "how many is nowhere");
  },
);

t.test("the strictest word of practice, charters and query decides", async (t) => {
  const two = [GROUP, BOARD];
  const left: Readonly<Record<string, Setting>> = {
    "the practice did not choose it": { charters: [COUNTED], chosen: false },
    "the charter leaves them out": { charters: [charterOf()] },
    "the group has no charter": { charters: [] },
    "another group's charter leaves them out": {
      charters: [COUNTED, charterOf({ group: BOARD })],
      groups: two,
    },
    "another group has no charter": { charters: [COUNTED], groups: two },
  };
  for (const [what, setting] of Object.entries(left)) {
    const made = await (await started(t, setting)).release("asthma-seen", DATES[0]);
    t.same([total(made), made.optOuts], [30, "OPT_OUTS_LEFT_OUT"], what);
  }
  const both = [COUNTED, charterOf({ group: BOARD, optOuts: "counted" })];
  const made = await (await started(t, { charters: both, groups: two })).release("asthma-seen", DATES[0]);
  t.same([total(made), made.optOuts], [50, "OPT_OUTS_COUNTED_BY_CHOICE"], "both charters let them be");
});

const LEAVES_OUT = "opt_outs: left-out\n";

t.test("a query that a group may ask leaves them out of whole dates, whenever it is asked", async (t) => {
  const { store, run, release } = await started(t, { charters: [COUNTED], own: LEAVES_OUT });
  t.equal(
    (await release("asthma-seen", DATES[0])).optOuts,
    "OPT_OUTS_LEFT_OUT",
    "the other is not asked yet",
  );
  await run("asthma-again", DATES[1]);
  t.equal((await release("asthma-seen", DATES[1])).optOuts, "OPT_OUTS_LEFT_OUT", "asking it moves nothing");
  t.equal((await release("asthma-again", DATES[1])).optOuts, "OPT_OUTS_LEFT_OUT");
  const only = charterOf({ optOuts: "counted", queries: ["asthma-seen"] });
  const other = await started(t, { charters: [only], own: LEAVES_OUT });
  t.equal(
    (await other.release("asthma-seen", DATES[0])).optOuts,
    "OPT_OUTS_COUNTED_BY_CHOICE",
    "may not ask",
  );
  t.equal(chosenOptOuts(store, DATES[1]), "counted");
  const again = await started(t, { charters: [COUNTED], own: LEAVES_OUT });
  decline(again.store, "asthma-again", null, person("Ann"));
  t.equal((await again.release("asthma-seen", DATES[0])).optOuts, "OPT_OUTS_COUNTED_BY_CHOICE", "declined");
});

t.test(
  "a date has one basis: what may not count them is refused there, and gets the next date",
  async (t) => {
    const running = await started(t, {
      charters: [COUNTED, charterOf({ group: BOARD })],
    });
    const { api, store, release } = running;
    await release("asthma-seen", DATES[0]);
    t.equal(optOutsAt(store, DATES[0]), "counted");
    const stricter = signers.delivery(files(LEAVES_OUT), { version: 2, beside: running.beside });
    await api.offerLibrary({ bundle: stricter });
    const strict = runOn(`asthma-again ${DATES[0]}`);
    const asked = assignment(DATES[0], { run: strict }, queryOf("asthma-again", LEAVES_OUT));
    await api.offerRuns({ assignments: [asked] });
    await until(api, strict, "READY");
    await api.execute({ leases: [lease(strict)] });
    await until(api, strict, "REFUSED");
    t.match(await told(running, strict), {
      refusal: { code: "opt-outs-counted", words: /gets the next date/ },
    });
    joinGroup(store, BOARD);
    const seen = await running.run("asthma-seen", DATES[0], BOARD);
    const { groups } = await told(running, seen);
    t.match(
      groups.find(({ group }) => group === BOARD),
      {
        state: "AGENT_RUN_STATE_REFUSED",
        refusal: { code: "opt-outs-counted" },
        use: null,
      },
    );
    t.equal((await release("asthma-seen", DATES[1], BOARD)).optOuts, "OPT_OUTS_LEFT_OUT", "the next date");
  },
);

t.test("a change holds from the next date on, whatever was asked before it", async (t) => {
  const { home, store, release } = await started(t, { charters: [COUNTED], chosen: false });
  const { folder } = home;
  t.equal(choose(folder, DATES[0], "counted"), DATES[0], "on the last day of a period, for the next one");
  t.same(
    DATES.map((date) => chosenOptOuts(store, date)),
    ["left-out", "counted"],
  );
  t.equal((await release("asthma-seen", DATES[1])).optOuts, "OPT_OUTS_COUNTED_BY_CHOICE");
  t.equal(choose(folder, "2024-06-01", "left-out"), DATES[1], "a clock that is set back changes no date");
  t.equal(chosenOptOuts(store, DATES[1]), "counted");
  t.equal(chosenOptOuts(store, "2025-06-30"), "left-out");
  t.equal(
    (await release("asthma-again", DATES[1])).optOuts,
    "OPT_OUTS_COUNTED_BY_CHOICE",
    "as the date's others",
  );
});

t.test("a choice that a clock ahead put far off gives way to the next one", async (t) => {
  const { home, store } = await started(t, { charters: [COUNTED] });
  choose(home.folder, "2099-01-01", "counted");
  t.equal(choose(home.folder, "2024-11-20", "left-out"), "2024-11-20");
  t.same(
    ["2024-11-20", DATES[1], "2099-12-31"].map((date) => chosenOptOuts(store, date)),
    ["counted", "left-out", "left-out"],
  );
});

t.test("what was left out at a date stays so for each question of it", async (t) => {
  const { home, store, release } = await started(t, { charters: [COUNTED], chosen: false });
  t.equal((await release("asthma-seen", DATES[1])).optOuts, "OPT_OUTS_LEFT_OUT");
  choose(home.folder, "2024-11-05", "counted");
  t.same(
    [...DATES, "2025-06-30"].map((date) => chosenOptOuts(store, date)),
    ["left-out", "left-out", "counted"],
  );
  t.equal((await release("asthma-again", DATES[1])).optOuts, "OPT_OUTS_LEFT_OUT");
});

t.test("of a date that was answered before anybody was left out, no more is made", async (t) => {
  const HILL = "hill";
  const running = await started(t, {
    charters: [COUNTED, charterOf({ group: BOARD }), charterOf({ group: HILL, optOuts: "counted" })],
    groups: [GROUP, BOARD],
  });
  const { store, run, release } = running;
  const { run: old } = await release("asthma-seen", DATES[0]);
  store.change(({ db }) =>
    db.exec("DROP TRIGGER a_release_is_made_once_update; UPDATE release SET opt_outs = 0"),
  );
  t.equal(optOutsAt(store, DATES[0]), "before");
  const more = await run("asthma-again", DATES[0]);
  t.match(await told(running, more), {
    state: "AGENT_RUN_STATE_REFUSED",
    refusal: {
      code: "opt-outs-counted",
      words: /was made before people .* were left out, and no more is made/,
    },
  });
  leaveGroup(store, BOARD, person("Ann")); // what was given under the release as it was is given no more
  for (const [group, state] of [
    [BOARD, "AGENT_RUN_STATE_REFUSED"],
    [HILL, "AGENT_RUN_STATE_READY"],
  ] as const) {
    joinGroup(store, group);
    await run("asthma-seen", DATES[0], group);
    const { groups } = await told(running, old);
    t.match(
      groups.find((each) => each.group === group),
      { state },
      `${group}, of what was made`,
    );
  }
  t.match(optOutsOfPreview(store, libraryReader(store)(), queryOf("asthma-again"), DATES[0]), {
    code: "opt-outs-counted",
    words: /no more is made/,
  });
  t.equal((await release("asthma-seen", DATES[1])).optOuts, "OPT_OUTS_LEFT_OUT", "the next date");
  await release("asthma-again", DATES[1]);
  store.change(({ db }) => db.exec("UPDATE release SET opt_outs = 0 WHERE query = 'asthma-again'"));
  t.equal(optOutsAt(store, DATES[1]), "before", "where some of it was made so");
});

t.test("a word that changes while an answer is worked out holds for it", async (t) => {
  let answered = 0;
  const running = await started(t, {
    charters: [COUNTED, charterOf({ group: BOARD })],
    answer: (job) => {
      answered += 1;
      if (answered === 1) joinGroup(running.store, BOARD);
      return answers(job);
    },
  });
  const { api, run } = running;
  const id = await run("asthma-seen", DATES[0]);
  await until(api, id, "READY");
  await api.execute({ leases: [lease(id)] });
  await until(api, id, "READY");
  await api.execute({ leases: [{ ...lease(id), attempt: 2 }] });
  await until(api, id, "OUTBOX");
  const { release } = await api.takeRelease({ run: id });
  t.same([answered, release!.optOuts, total(release!)], [2, "OPT_OUTS_LEFT_OUT", 30]);
});

t.test("numbers for the practice's own screens never become a release", async (t) => {
  const { api, run } = await started(t, {
    charters: [COUNTED],
    answer: async (job) => {
      const [tables = []] = answer(memorySource(PATIENTS), [job.query], job.dates, OPT_OUTS_COUNTED);
      return {
        outcome: "answered",
        answer: { tables, recordBasis: "RECORD_BASIS_REGISTRATIONS", optOutCodes: null },
      };
    },
  });
  const id = await run("asthma-seen", DATES[0]);
  await until(api, id, "READY");
  await api.execute({ leases: [lease(id)] });
  await until(api, id, "READY"); // tried once more, as after a crash
  const { release } = await api.takeRelease({ run: id }).catch(() => ({ release: null }));
  t.equal(release, null);
});

t.test("the practice reads its choice, and who leaves them out all the same", async (t) => {
  const { store, home } = await started(t, { charters: [COUNTED], groups: [GROUP, BOARD], chosen: false });
  t.match(
    optOutsLine(keeperStatus(store)),
    /^People with a type 1 opt-out in their record are left out of what leaves \(/,
  );
  choose(home.folder, "2024-11-05", "counted");
  const status = keeperStatus(store);
  t.match(
    optOutsLine(status),
    "People with a type 1 opt-out in their record are left out of what leaves for reference dates up to 5 November 2024 and counted after that, where no question that its groups may ask leaves them out. Now board has no charter, so it counts none of them, and they are left out for every group",
  );
  const left = { inForce: "ab", accepted: "ab", waits: false, overdue: null };
  for (const [charter, words] of [
    [left, "Now the charter of board leaves them out, and they are left out for every group"],
    [{ ...left, accepted: null }, "Now the charter of board is not accepted here, so it counts none of them"],
  ] as const)
    t.match(optOutsLine({ ...status, groups: status.groups.map((each) => ({ ...each, charter })) }), words);
  t.ok(standingLines(status).includes(optOutsLine(status)), "on the page and in agent status");
  t.same(status.optOuts, { choice: "counted", after: "2024-11-05", before: [], leftOutBy: [BOARD] });
  choose(home.folder, "2024-12-01", "left-out");
  t.match(
    optOutsLine(keeperStatus(store)),
    "are left out of what leaves for reference dates up to 5 November 2024, counted up to 1 December 2024 and left out after that (",
  );
});

t.test("a preview counts whom its release would", async (t) => {
  const query = queryOf("asthma-seen");
  const { store } = await started(t, { charters: [COUNTED] });
  const preview = (store: KeeperStore, asked: Pick<Query, "query" | "optOuts">) =>
    optOutsOfPreview(store, libraryReader(store)(), asked, DATES[0]);
  t.equal(preview(store, query), "counted");
  t.equal(preview(store, { query: "other", optOuts: "left-out" }), "left-out");
  const other = await started(t, { charters: [charterOf()] });
  t.equal(preview(other.store, query), "left-out");
  const beside = await started(t, { charters: [COUNTED], own: LEAVES_OUT });
  t.equal(preview(beside.store, query), "left-out", "another query that may be asked leaves them out");

  const late = await started(t, { charters: [COUNTED] });
  await late.release("asthma-again", DATES[0]);
  joinGroup(late.store, BOARD);
  t.equal(
    preview(late.store, query),
    "counted",
    "as the date's others, though a group that came later leaves them out",
  );
  t.equal(
    (await late.release("asthma-seen", DATES[0])).optOuts,
    "OPT_OUTS_COUNTED_BY_CHOICE",
    "which its release is",
  );
  t.match(
    preview(late.store, { query: "other", optOuts: "left-out" }),
    { code: "opt-outs-counted" },
    "not made",
  );
  leaveGroup(late.store, GROUP, person("Ann"));
  t.match(
    preview(late.store, query),
    { code: "opt-outs-counted", words: /next date/ },
    "nor for groups that may not",
  );
});

t.test("a keeper from a backup leaves them out until somebody chooses again", async (t) => {
  const { home, store } = await started(t, { charters: [COUNTED] });
  t.equal(chosenOptOuts(store, "2030-12-31"), "counted");
  const back = join(t.testdir(), "back");
  t.teardown(() => rmSync(back, { recursive: true, force: true }));
  await restoreKeeper(home.folder, back);
  const restored = people(t, back);
  t.equal(chosenOptOuts(restored, "2030-12-31"), "left-out");
  t.match(keeperStatus(restored).optOuts, { choice: "left-out", after: null });
});
