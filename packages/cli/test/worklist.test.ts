/**
 * A worklist names the people to look at, as the query's direction says. Each query of the library is asked of an
 * invented practice, and the slow engine says who belongs on the list.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { ageAt, answerOne, decidingFacts, patientsOf } from "@cairn/engine";
import { OPT_OUTS_COUNTED, type PlainPatient } from "@cairn/tables";
import { importRecords } from "@cairn/importers";
import { initKeeper, keeperFolder, KeeperStore } from "@cairn/keeper";
import { openRecords, type Records } from "@cairn/records";
import { LIBRARY_LOCATION } from "@cairn/library";
import { type Query } from "@cairn/query-library";
import { writePractice } from "@cairn/synthetic";
import { CAIRN } from "./fixtures/command.js";
import { spawnSync } from "node:child_process";
import { keysOn } from "../../keeper/src/worklists/people.js";
import { checkFile, queryFiles } from "@cairn/authoring";
import { chooseList, headingLines } from "../../keeper/src/worklists/lists.js";

t.setTimeout(600_000);
const D = "2025-03-31";
const queries = queryFiles(fileURLToPath(LIBRARY_LOCATION)).map((file) => ({
  file,
  query: checkFile(file).query!,
}));
const dir = t.testdir();
const agent = join(dir, "agent");

/** 1,000 people, few enough for an engine that reads one at a time and enough for somebody to be on most lists. */
async function inventedPractice(): Promise<Records> {
  const extract = join(dir, "extract");
  await writePractice({ patients: 1000, eventsPerPatient: 60, seed: "worklist", until: D, practice: "Whinbeck Group Practice", out: extract, format: "journal" }); // prettier-ignore
  const folder = keeperFolder(agent);
  mkdirSync(folder, { recursive: true });
  const records = openRecords(folder);
  await importRecords(records, { format: "journal", paths: [extract], system: "snomed", completeTo: null, registeredFrom: null, dryRun: false, now: new Date(), progress: () => undefined }); // prettier-ignore
  return records;
}

const records = await inventedPractice();
t.teardown(() => records.close());
const people = Array.from({ length: records.totals().patients }, (_, i) => records.person(i + 1));

/** Who belongs on the list, straight from the specification: written down here again, and not as the command has it. */
function expected(query: Query): string[] {
  const belongs = (patient: PlainPatient): boolean => {
    const { denominator, numerator } = answerOne(patient, query, D, null);
    if (query.direction === "lower is usually better") return numerator > 0;
    return denominator > 0 && numerator === 0; // of those without a direction, the tests ask for the rest
  };
  return people.filter(belongs).map(({ id }) => id);
}

const listOf = (query: Query) => chooseList(query, query.direction === "none" ? "rest" : null)!;

t.test("each query's list is of those whom the slow engine says are to be looked at", (t) => {
  const source = records.source();
  t.ok(queries.length >= 92, `${queries.length} queries`);
  const directions = new Map<string, number>();
  let named = 0;
  for (const { query } of queries) {
    directions.set(query.direction, (directions.get(query.direction) ?? 0) + 1);
    const chosen = listOf(query);
    const [at] = patientsOf(source, query, [D], OPT_OUTS_COUNTED);
    const listed = keysOn(chosen.list, at!).map((key) => records.foundBy(key));
    const who = expected(query);
    t.same(listed, who, `${query.query}, ${query.direction}: ${who.length} people`);
    named += listed.length;
  }
  t.ok(named > 5_000, `${named} names`);
  t.ok(
    [...directions.values()].every((count) => count > 10) && directions.size === 3,
    [...directions].join("; "),
  );
  t.end();
});

t.test("the heading says in words who is on the list, of every query", (t) => {
  for (const { query } of queries) {
    const chosen = listOf(query);
    const [first = "", ...rest] = headingLines(query, chosen);
    t.match(first.toLowerCase(), query.title.toLowerCase().replace(/^on /, ""));
    t.match(
      first,
      chosen.list === "numerator" ? /^People (with “|on the )/ : /^People (without “|not on the )/,
    );
    t.notMatch(first, /\bit\b/, "nobody has to guess what it is");
    t.match(first, query.direction === "none" ? "as asked" : query.direction);
    t.match(
      rest.join("\n"),
      /^Whom the question is about: .+\.\nPeople (with “|on the ).+: .+\.\nFor this practice only: .*never leaves it\.$/,
    );
  }
  t.end();
});

interface Listed {
  readonly date: string;
  readonly patient: string;
  readonly age: number;
  readonly sex: string;
  readonly facts: { fact: string; value: unknown; date: string | null }[];
}

function cairn(...args: string[]): { out: string; said: string; exit: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [CAIRN, ...args], { encoding: "utf8" });
  return { out: stdout, said: stderr, exit: status };
}

function worklist(name: string, ...flags: string[]): ReturnType<typeof cairn> {
  const { file } = queries.find(({ query }) => query.query === name)!;
  return cairn("worklist", file, "--at", D, "--data", agent, ...flags);
}

function listed(t: Test, name: string, ...flags: string[]) {
  const { out, said, exit } = worklist(name, "--json", ...flags);
  t.equal(exit, 0, said);
  return JSON.parse(out) as { list: string; heading: string[]; opted_out: number; patients: Listed[] };
}

const queryOf = (name: string): Query => queries.find(({ query }) => query.query === name)!.query;

t.test("the events of a query's lists are all that decides about a person", (t) => {
  let decided = 0;
  for (const { query } of queries) {
    const lists = Object.values(query.codelists);
    const some = records.peopleWith([1, 200, 400, 600, 800], lists);
    for (const [i, person] of some.entries()) {
      const whole = people[[1, 200, 400, 600, 800][i]! - 1]!;
      t.ok(person.events.length <= whole.events.length);
      t.same(decidingFacts(person, query, D), decidingFacts(whole, query, D), query.query);
      t.same({ ...person, events: [] }, { ...whole, events: [] });
      decided += decidingFacts(person, query, D).filter(({ value }) => value !== null).length;
    }
  }
  t.ok(decided > 100, `${decided} facts`);
  t.end();
});

t.test("the command names them, with age, sex and what decided", (t) => {
  const names = ["nsaid-65-no-gastroprotection", "diabetes-hba1c-58", "bp-control"];
  for (const name of names) {
    const query = queryOf(name);
    const { list, patients } = listed(t, name);
    t.equal(list, query.direction === "lower is usually better" ? "numerator" : "rest");
    t.same(
      patients.map(({ patient }) => patient),
      expected(query),
      name,
    );
    for (const { patient, age, sex, facts } of patients) {
      const person = people.find(({ id }) => id === patient)!;
      t.same([age, sex], [ageAt(person, D), person.sex]);
      t.same(facts, decidingFacts(person, query, D));
      t.same(
        facts.map(({ fact }) => fact),
        Object.keys(query.facts),
      );
    }
  }
  const text = worklist("diabetes-hba1c-58");
  t.match(
    text.out,
    /^People without “Latest HbA1c 58 or less”: perhaps worth a look \(higher is usually better\)/,
  );
  t.match(text.out, /\d+ mmol\/mol 20\d\d-\d\d-\d\d/, "the reading that decided, and its day");
  t.end();
});

t.test("the other list is there for whoever asks, and the heading says which it is", (t) => {
  const query = queryOf("nsaid-65-no-gastroprotection");
  const usual = listed(t, query.query);
  const rest = listed(t, query.query, "--rest");
  t.equal(rest.list, "rest");
  t.match(rest.heading[0], /^People without “.+”, as asked \(lower is usually better, so the other list /);
  const both = people.filter((person) => answerOne(person, query, D, null).denominator > 0).length;
  t.equal(usual.patients.length + rest.patients.length, both);
  t.same(listed(t, query.query, "--numerator").patients, usual.patients);
  t.end();
});

t.test("without a direction the reader has to choose; two lists at once are none", (t) => {
  const { query } = queries.find(({ query }) => query.direction === "none")!;
  t.match(worklist(query.query), { exit: 2, out: "", said: /^cairn: .*--numerator .*--rest [^\n]*\n$/ });
  t.match(worklist(query.query, "--numerator", "--rest"), { exit: 2, out: "", said: /not both/ });
  const lists = ["--numerator", "--rest"].map((flag) => listed(t, query.query, flag));
  t.same(
    lists.map(({ list }) => list),
    ["numerator", "rest"],
  );
  t.match(worklist("bp-control", "--numerator", "--rest"), { exit: 2, said: /not both/ });
  t.end();
});

t.test(
  "who opted out is on the practice's own lists and counts, which say so; not in what would leave",
  async (t) => {
    const ids = listed(t, "bp-control").patients.map(({ patient }) => patient);
    t.ok(ids.length > 15, `${ids.length} people opt out`);
    const more = join(dir, "more");
    mkdirSync(more);
    const rows = ids.map((id) => `${id},2025-04-02,snomed,827241000000103\n`);
    writeFileSync(join(more, "events.csv"), `patient_id,date,system,code\n${rows.join("")}`);
    const { file } = queries.find(({ query }) => query.query === "bp-control")!;
    const run = (...args: string[]) => cairn("query", ...args, file, "--at", D, "--data", agent, "--json");
    const counted = (out: string) => (JSON.parse(out) as { cells: { denominator: number }[] }).cells[0]!;
    const before = counted(run("run", "--exact").out);
    const took = cairn("agent", "import", "--format", "journal", "--data", agent, more);
    t.equal(took.exit, 0, took.said);

    const list = worklist("bp-control", "--json");
    const { patients, opted_out } = JSON.parse(list.out) as { patients: Listed[]; opted_out: number };
    t.same(
      patients.map(({ patient }) => patient),
      ids,
    );
    t.equal(opted_out, ids.length);
    t.match(list.said, `${ids.length} of them have a type 1 opt-out in the record`);

    const exact = run("run", "--exact", "--by-patient");
    t.same(counted(exact.out), before);
    t.match(JSON.parse(exact.out), { opted_out: [{ date: D, people: ids.length }] });
    t.match(
      exact.said,
      `${ids.length} people have a type 1 opt-out in the record, are on the practice's own list or are marked as confidential. These exact counts hold them.`,
    );

    const shown = run("preview");
    t.equal(shown.exit, 0, shown.said);
    const { cells } = JSON.parse(shown.out) as { cells: { denominator: { low: number; high: number } }[] };
    const { low, high } = cells[0]!.denominator;
    const others = before.denominator - ids.length;
    t.ok(low <= others && others <= high && high < before.denominator, `${low} to ${high} for ${others}`);
    t.match(
      shown.said,
      `At ${D} people with a type 1 opt-out in their record, on the practice's own list, or marked as confidential in the extract, are in no number that leaves: ${ids.length} people.`,
    );
    t.notMatch(shown.out, /opted/, "how many stays on this screen");
  },
);

t.test("each opening is in the practice's log, and a list that was not shown is not", (t) => {
  const folder = keeperFolder(agent);
  initKeeper(folder).close();
  worklist("bp-control", "--as", "Dr Shah");
  worklist("bp-control", "--numerator", "--rest");
  const nobody = worklist("bp-control", "--as", "\u0007");
  t.equal(nobody.exit, 2);
  t.equal(nobody.out, "", "no name is shown to nobody");
  const store = KeeperStore.open(folder);
  const looks = [...store.log.entries()].filter(({ kind }) => kind === "worklist-viewed");
  store.close();
  t.match(looks, [{ body: { query: "bp-control", dates: D, by: "Dr Shah" } }]);
  t.equal(looks.length, 1);
  t.end();
});
