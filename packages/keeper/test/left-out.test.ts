/**
 * H13: people on the practice's own list are in no number that leaves, and nothing is answered beside another list than
 * the one that was given last. How many they are is told at the practice alone.
 */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { has, keysIn } from "@cairn/tables";
import { openDatabase } from "@cairn/sqlite";
import { dayNumber, digestOfOptOuts } from "@cairn/query-library";
import { decodePractice, entriesOf, practiceLog } from "@cairn/ledger";
import { recordsFile } from "@cairn/records/file";
import { decodeRelease } from "@cairn/wire";
import { optOutCodes } from "../../records/src/opt-outs.js";
import { openRecords } from "../../records/src/store.js";
import { extract, load, newStore } from "../../importers/test/fixtures/extracts.js";
import { answerInChild } from "../src/answering/answer.js";
import { person } from "../src/store/person.js";
import { nameLeftOutList } from "../src/decisions/standing-decisions.js";
import { restoreKeeper } from "../src/restore/restore.js";
import { findRun } from "../src/runs/run.js";
import { stateWords } from "../src/runs/words.js";
import { keeperStatus } from "../src/status.js";
import { KeeperStore } from "../src/store/store.js";
import { noticeRecords } from "../src/watch.js";
import { worklistOf } from "../src/worklists/people.js";
import { assignment, bundle, DATES, practice, theQuery, until, runOn } from "./fixtures/practice.js";

t.setTimeout(120_000);

/** 60 women with asthma, who were all seen. */
const PEOPLE = Array.from({ length: 60 }, (_, i) => `p${i}`);
const LISTED = PEOPLE.slice(0, 9);
const JOURNAL = {
  "patients.csv": `patient_id,practice,date_of_birth,sex\n${PEOPLE.map((id) => `${id},P,1970-01-01,female\n`).join("")}`,
  "registrations.csv": `patient_id,start,end\n${PEOPLE.map((id) => `${id},2000-01-01,\n`).join("")}`,
  "events.csv": `patient_id,date,system,code\n${PEOPLE.flatMap((id) =>
    ["2010-01-01,snomed,195967001", "2024-12-01,snomed,185349003"].map((row) => `${id},${row}\n`),
  ).join("")}`,
};
const LIMITS = { seconds: 60, megabytes: 600 };
const taken = (folder: string) => load(folder, extract(JOURNAL), { completeTo: dayNumber("2025-12-31") });

/** Gives the list as the command does. @returns its name */
function give(folder: string, identifiers: readonly string[]): string {
  const [records, store] = [openRecords(folder), KeeperStore.open(folder)];
  try {
    records.replaceLeftOut(identifiers, () => nameLeftOutList(store, person("Ann")));
    noticeRecords(store, records);
    return records.leftOutList()!;
  } finally {
    records.close();
    store.close();
  }
}

t.test("an answer that may leave has none of them; the worklist has all, and counts them", async (t) => {
  const { folder } = practice(t);
  await taken(folder);
  const leftOutList = give(folder, [...LISTED, "nobody yet"]);
  const outcome = await answerInChild(
    { folder, query: theQuery(), dates: DATES, optOuts: "left-out", leftOutList },
    { limits: LIMITS },
  );
  if (outcome.outcome !== "answered") return t.fail(JSON.stringify(outcome));
  const records = openRecords(folder);
  t.teardown(() => records.close());
  for (const { cells } of outcome.answer.tables) {
    const names = keysIn(cells[0]!.denominatorSet).map((key) => records.foundBy(key));
    t.same(names, PEOPLE.slice(LISTED.length));
  }
  const list = worklistOf(records, theQuery(), [DATES[0]], "numerator");
  t.same([list.people.length, list.optedOut], [PEOPLE.length, LISTED.length]);
  t.same(records.countLeftOut(), { identifiers: LISTED.length + 1, patients: LISTED.length });
  t.end();
});

t.test(
  "whom the extract marks as confidential is in no cell that may leave, and in the worklist",
  async (t) => {
    const { folder } = practice(t);
    await taken(folder);
    const db = openDatabase(recordsFile(folder), { check: false });
    db.exec("UPDATE patient SET confidential = 1 WHERE practice_id IN ('p1', 'p2')");
    db.close();
    const outcome = await answerInChild(
      { folder, query: theQuery(), dates: DATES, optOuts: "left-out", leftOutList: null },
      { limits: LIMITS },
    );
    if (outcome.outcome !== "answered") return t.fail(JSON.stringify(outcome));
    const records = openRecords(folder);
    t.teardown(() => records.close());
    const keys = PEOPLE.map((_, i) => i + 1).filter((key) => ["p1", "p2"].includes(records.foundBy(key)));
    t.equal(keys.length, 2);
    const sets = outcome.answer.tables.flatMap(({ cells }) =>
      cells.flatMap(({ denominatorSet, numeratorSet }) => [denominatorSet, numeratorSet]),
    );
    t.ok(sets.filter((set) => keysIn(set).length === PEOPLE.length - 2).length >= DATES.length);
    t.notOk(sets.some((set) => keys.some((key) => has(set, key))));
    const list = worklistOf(records, theQuery(), [DATES[0]], "numerator");
    t.same([list.people.length, list.optedOut], [PEOPLE.length, 2]);
    t.end();
  },
);

t.test("a load brings somebody who is on the list already; another list takes its place", async (t) => {
  const { folder } = practice(t);
  const early = PEOPLE.slice(0, 50);
  const only = (of: string): string =>
    `${of.split("\n")[0]}\n${of
      .split("\n")
      .slice(1)
      .filter((row) => early.includes(row.split(",")[0]!))
      .map((row) => `${row}\n`)
      .join("")}`;
  const part = Object.fromEntries(Object.entries(JOURNAL).map(([name, text]) => [name, only(text)]));
  await load(folder, extract(part), { completeTo: dayNumber("2025-12-31") });
  give(folder, ["p1", "p55"]);
  const people = (): string[] => {
    const records = openRecords(folder);
    const { leftOut } = records.source().people();
    const names = keysIn(leftOut!).map((key) => records.foundBy(key));
    records.close();
    return names;
  };
  t.same(people(), ["p1"]);
  await taken(folder);
  t.same(people(), ["p1", "p55"]);
  give(folder, ["p2"]);
  t.same(people(), ["p2"]);
  give(folder, []);
  t.same(people(), []);
});

t.test("a release is of everybody else; neither it nor the log says how many", async (t) => {
  const home = practice(t);
  await taken(home.folder);
  home.records.leftOutList = give(home.folder, LISTED);
  const { api, keeper } = await home.start({
    answer: (job, signal) => answerInChild(job, { signal, limits: LIMITS }),
  });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  const run = runOn(DATES[0]);
  await api.execute({ leases: [{ run, attempt: 1, seconds: 600 }] });
  await until(api, run, "OUTBOX");
  const { release } = await api.takeRelease({ run });
  t.equal(decodeRelease(release!.release, 5).denominator[0]! - 1, 50, "51, rounded, and not 60");
  const told = JSON.stringify([release, await api.waitForChanges({ since: 0, holdSeconds: 0 })]);
  const log = [...keeper.store.log.exportLines()].join("\n");
  t.match(log, /"kind":"left-out-list-set"/);
  const [made] = [...entriesOf(keeper.store.log.entries(), decodePractice, practiceLog.released)];
  t.match(
    made?.body,
    {
      opt_outs: "left-out",
      opt_out_codes: digestOfOptOuts(optOutCodes()),
      left_out_list: home.records.leftOutList,
    },
    "the log says which rule was in force",
  );
  for (const said of [told, log]) t.notMatch(said, /left.?out"?:? ?\d|opted.?out"?:? ?\d|\bp[0-9]\b/i);
});

t.test("records that lost the list answer nothing until it is given again", async (t) => {
  const home = practice(t);
  await taken(home.folder);
  const name = give(home.folder, LISTED);
  t.ok(existsSync(recordsFile(home.folder)));
  renameSync(recordsFile(home.folder), `${recordsFile(home.folder)}.lost`);
  await taken(home.folder); // made anew: it has everybody, and no list
  const outcome = await answerInChild(
    { folder: home.folder, query: theQuery(), dates: DATES, optOuts: "left-out", leftOutList: name },
    { limits: LIMITS },
  );
  t.match(outcome, { outcome: "problem", words: /give it again \(cairn agent left-out --file FILE\)/ });

  const { api, keeper } = await home.start({
    answer: (job, signal) => answerInChild(job, { signal, limits: LIMITS }),
  });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  const run = runOn(DATES[0]);
  await until(api, run, "WAITING_FOR_RECORDS");
  t.match(stateWords(findRun(keeper.store, run)!), /^waiting for the list of people to leave out/);
  t.equal(keeperStatus(keeper.store).hasLeftOutList, false);
  home.records.leftOutList = give(home.folder, LISTED);
  await until(api, run, "READY");
  t.equal(keeperStatus(keeper.store).hasLeftOutList, true);
});

t.test("a command that dies between log and records leaves nothing to be answered", async (t) => {
  const { folder } = practice(t);
  await taken(folder);
  const store = KeeperStore.open(folder);
  t.teardown(() => store.close());
  const records = openRecords(folder);
  t.teardown(() => records.close());
  t.throws(() =>
    records.replaceLeftOut(LISTED, () => {
      nameLeftOutList(store, person("Ann"));
      throw new Error("died");
    }),
  );
  t.same(records.countLeftOut(), { identifiers: 0, patients: 0 });
  noticeRecords(store, records);
  t.equal(keeperStatus(store).hasLeftOutList, false);
});

t.test("a list that is given while an answer is worked out holds for it", async (t) => {
  const home = practice(t);
  await taken(home.folder);
  let answered = 0;
  const { api } = await home.start({
    answer: async (job, signal) => {
      const outcome = await answerInChild(job, { signal, limits: LIMITS });
      answered += 1;
      if (answered === 1) home.records.leftOutList = give(home.folder, LISTED);
      return outcome;
    },
  });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  const run = runOn(DATES[0]);
  await api.execute({ leases: [{ run, attempt: 1, seconds: 600 }] });
  await until(api, run, "READY");
  await api.execute({ leases: [{ run, attempt: 2, seconds: 600 }] });
  await until(api, run, "OUTBOX");
  const { release } = await api.takeRelease({ run });
  t.same([answered, decodeRelease(release!.release, 5).denominator[0]! - 1], [2, 50]);
});

t.test(
  "a keeper from a backup answers nothing until the list is given again, where there was one",
  async (t) => {
    for (const listed of [true, false]) {
      const { folder } = practice(t);
      await taken(folder);
      if (listed) give(folder, LISTED);
      const back = join(t.testdir(), `back-${listed}`);
      await restoreKeeper(folder, back);
      const store = KeeperStore.open(back);
      const records = openRecords(back);
      noticeRecords(store, records);
      t.equal(keeperStatus(store).hasLeftOutList, !listed);
      records.close();
      store.close();
    }
  },
);

t.test("who is merged with another takes their place on the list", async (t) => {
  const folder = newStore();
  const more = { format: "fhir", registeredFrom: "birth" } as const;
  const person = (id: string, link?: object): string =>
    `${JSON.stringify({ resourceType: "Patient", id, gender: "female", birthDate: "1950-02-03", ...link })}\n`;
  await load(folder, extract({ "all.ndjson": person("p1") + person("p2") }), more);
  const records = openRecords(folder);
  t.teardown(() => records.close());
  records.replaceLeftOut(["p1"], () => "aa");
  const heir = { link: [{ type: "replaced-by", other: { reference: "Patient/p9" } }] };
  await load(folder, extract({ "all.ndjson": person("p9") + person("p1", heir) }), more);
  const { leftOut } = records.source().people();
  t.same(
    keysIn(leftOut!).map((key) => records.foundBy(key)),
    ["p9"],
  );
});
