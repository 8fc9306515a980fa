/** What a group's sums tell when they are put together: on one page, of two groups and queries, of two periods. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import t from "tap";
import { openDatabase } from "@cairn/sqlite";
import {
  decodeRelease,
  encodeRelease,
  signRelease,
  type Assignment__Output,
  type ReleaseCodes,
} from "@cairn/wire";
import { addSchedule, addToGroup, closeNow, comparisonsJson, comparisonText, doWhatIsDue } from "@cairn/hub";
import type { ComparisonJson } from "@cairn/comparisons";
import { ALL_RULES, decideFigures } from "../../comparisons/src/decide-figures.js";
import { dominatedSides } from "../../comparisons/src/dominated.js";
import { sumsOf, type Family, type ShownSum } from "../../comparisons/src/family.js";
import type { Figure } from "../../comparisons/src/figure.js";
import { cluster, made, SCHEDULE } from "./cluster.js";
import type { TestAgent } from "./link/agent.js";
import { GROUP, story, type Story } from "./story.js";

const EIGHT = ["A", "B", "C", "D", "E", "F", "G", "H"];
const OTHER = "Strath network";

/** Releases whole cells of everybody, except as `change` says. */
async function answer(
  agent: TestAgent,
  run: Assignment__Output,
  size: number,
  change: (codes: Changing) => void = () => undefined,
): Promise<void> {
  const signed = made(agent, run, size, 0.5);
  const codes = decodeRelease(signed.release, run.cells);
  const changed = { denominator: [...codes.denominator], numerator: [...codes.numerator], carried: [] };
  for (let i = 0; i < run.cells; i++) {
    if (changed.denominator[i] !== 0) continue;
    changed.denominator[i] = 1; // nobody, where it would be withheld
    changed.numerator[i] = 1;
  }
  change(changed);
  const again = signRelease({ ...signed, release: encodeRelease(changed) }, agent.keeper.privateKey);
  await agent.send(again, [run.group]);
}

type Changing = { [Key in keyof ReleaseCodes]: number[] };

function withhold(position: number): (codes: Changing) => void {
  return (codes) => {
    codes.denominator[position] = 0;
    codes.numerator[position] = 0;
  };
}

async function figures(it: Story, query: string, date: string, group = GROUP): Promise<ComparisonJson[]> {
  const all = await comparisonsJson(it.serving.hub, group);
  return all.filter((one) => one.query === query && one.date === date);
}

function of(all: readonly ComparisonJson[], split: object): ComparisonJson["group"] | undefined {
  return all.find((one) => JSON.stringify(one.split) === JSON.stringify(split))?.group;
}

t.test(
  "a part that one or two withheld has no sum, for the total would give theirs; dots and median stay",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const members = [...(await cluster(it, EIGHT)).values()];
    const women = 1;
    for (const [i, { agent, runs }] of members.entries())
      await answer(agent, runs[0]!, 500 + 40 * i, i === 0 ? withhold(women) : undefined);
    await closeNow(it.serving.hub, GROUP);
    const all = await figures(it, "bp-control", "2025-03-31");
    t.match(of(all, {}), { state: "made", contributors: 8 });
    t.match(of(all, { sex: "male" }), { state: "made", contributors: 8 });
    const hidden = of(all, { sex: "female" });
    t.match(hidden, { state: "too-close", contributors: 7 });
    t.notOk(hidden?.numerator ?? hidden?.denominator);
    t.ok(hidden?.median, "the middle of the practices is no sum");
    const html = await (
      await fetch(`${it.serving.pages}/groups/${encodeURIComponent(GROUP)}/bp-control`)
    ).text();
    t.match(html, "not shown, for it would tell of one or two practices");
    t.match(html, "in 8 practices", "beside every sum stands of how many it is");
    t.match(html, "0 of 0, in 8 practices");
    t.match(html, "sex not known");
    t.match(html, "18-39");
    t.notMatch(html, /0-17|age not known/, "a band that the population excludes is left out");
  },
);

t.test("three that withheld a part leave its sum, which says of how many it is", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, EIGHT)).values()];
  for (const [i, { agent, runs }] of members.entries())
    await answer(agent, runs[0]!, 500 + 40 * i, i < 3 ? withhold(1) : undefined);
  await closeNow(it.serving.hub, GROUP);
  t.match(of(await figures(it, "bp-control", "2025-03-31"), { sex: "female" }), {
    state: "made",
    contributors: 5,
  });
});

t.test("the width of a numerator does not give the denominator of one who withheld theirs", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, EIGHT)).values()];
  for (const [i, { agent, runs }] of members.entries()) {
    await answer(agent, runs[0]!, 500 + 40 * i, (codes) => {
      if (i === 0) codes.numerator[1] = 0;
      if (i < 3) codes.numerator[2] = 0;
    });
  }
  await closeNow(it.serving.hub, GROUP);
  const all = await figures(it, "bp-control", "2025-03-31");
  t.match(of(all, { sex: "female" }), { state: "too-close", contributors: 8 });
  t.match(of(all, { sex: "male" }), { state: "made", contributors: 8, withheld: 3 });
});

t.test(
  "of two dates whose practices differ by one the later is not shown, whatever comes first, and it stays so",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const members = [...(await cluster(it, EIGHT, { periods: 3 })).values()];
    for (const [i, { agent, runs }] of members.entries()) {
      for (const run of runs)
        if (i > 0 || run.referenceDate === "2024-09-30") await answer(agent, run, 500 + 40 * i);
    }
    await closeNow(it.serving.hub, GROUP);
    const state = async (date: string) => (await figures(it, "bp-control", date))[0]?.group.state;
    t.equal(await state("2024-09-30"), "made");
    t.equal(await state("2024-12-31"), "too-close");
    t.equal(await state("2025-03-31"), "too-close", "two periods apart it is the same practice");
    t.ok((await figures(it, "bp-control", "2025-03-31"))[0]?.group.median);
    await addSchedule(it.serving.hub, { ...SCHEDULE, queries: ["hypertension-register"] });
    await doWhatIsDue(it.serving.hub);
    await closeNow(it.serving.hub, GROUP);
    t.equal(await state("2024-12-31"), "too-close");
  },
);

t.test("two groups that differ by one, asked through two queries of the same people", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = await cluster(it, EIGHT);
  for (const name of EIGHT.slice(1)) await addToGroup(it.serving.hub, name, OTHER);
  await addSchedule(it.serving.hub, { ...SCHEDULE, group: OTHER, queries: ["hypertension-register"] });
  await doWhatIsDue(it.serving.hub);
  for (const [i, name] of EIGHT.entries()) {
    const { agent } = members.get(name)!;
    for (const run of (await agent.poll()).assignments) await answer(agent, run, 500 + 40 * i);
  }
  await closeNow(it.serving.hub, GROUP);
  await closeNow(it.serving.hub, OTHER);
  t.equal(of(await figures(it, "bp-control", "2025-03-31"), {})?.state, "made");
  const register = of(await figures(it, "hypertension-register", "2025-03-31", OTHER), {});
  t.match(register, { state: "too-close", contributors: 7 }, "its numerator is the other's denominator");
});

t.test(
  "what public list sizes give is of all members or not shown: it would name who is missing",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const queries = ["bp-control", "flu-vaccination-uptake"];
    const members = [...(await cluster(it, EIGHT, { queries })).values()];
    for (const [i, { agent, runs }] of members.slice(1).entries())
      for (const run of runs) await answer(agent, run, 500 + 40 * i);
    await closeNow(it.serving.hub, GROUP);
    const flu = await figures(it, "flu-vaccination-uptake", "2025-03-31");
    t.match(flu[0]?.group, { state: "members-missing", contributors: 7 });
    t.notOk(flu.some(({ group }) => group.numerator ?? group.denominator));
    t.ok(flu[0]?.group.median);
    t.equal(
      (await figures(it, "bp-control", "2025-03-31"))[0]?.group.state,
      "made",
      "a register is in no list",
    );
  },
);

t.test("a carried number is told as carried, and its interval holds today's count", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, EIGHT)).values()];
  for (const [i, { agent, runs }] of members.entries()) {
    await answer(agent, runs[0]!, 500, (codes) => {
      codes.carried.push(...codes.denominator.map((_, position) => (i === 0 && position === 0 ? 2 : 0)));
      if (i === 0) [codes.denominator[0], codes.numerator[0]] = [501, 251]; // it has 505 today, and 246 of them
    });
  }
  await closeNow(it.serving.hub, GROUP);
  const [total] = await figures(it, "bp-control", "2025-03-31");
  t.same(total?.practices[0]?.denominator, { value: 500, low: 491, high: 509, carried: 2 });
  t.same(total?.practices[0]?.numerator, { value: 250, low: 241, high: 259, carried: 2 });
  t.same(total?.group.denominator, { low: 491 + 7 * 498, high: 509 + 7 * 502 });
  t.equal(total?.group.carried, 1);
  const text = await comparisonText(it.serving.hub, GROUP, "names");
  t.match(text, /A +.* of about 500, carried from 30 September 2024/);
  const rows = await it.serving.hub.store.db.selectFrom("group_figure").select("carried").execute();
  t.same(
    rows.map(({ carried }) => carried),
    [1, ...rows.slice(1).map(() => 0)],
  );
});

t.test("a hub of before opens, and its figures stand and count", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-figures-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const all = fileURLToPath(new URL("../migrations/", import.meta.url));
  const before = readdirSync(all).filter((name) => name < "003-z");
  for (const name of before) cpSync(join(all, name), join(folder, "before", name));
  const path = join(folder, "hub.db");
  const old = openDatabase(path, { migrations: pathToFileURL(`${join(folder, "before")}/`) });
  old.exec(`
    INSERT INTO practice_group VALUES ('G', 8, 5, 0);
    INSERT INTO collection VALUES (1, 'G', 'q', '1.0.0', 'd', '2024-12-31', 1, 2, 3);
    INSERT INTO contributor_set VALUES (1, '["a","b","c","d","e"]');
    INSERT INTO group_figure VALUES (1, 'q', '2024-12-31', '{}', 0, 'made', 5, 1, 10, 20, 30, 40, 0.25, 0.5, 1);
    INSERT INTO group_figure VALUES (1, 'q', '2024-12-31', '{"sex":"male"}', 1, 'too-close', 6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0);
  `);
  old.close();
  const now = openDatabase(path, { migrations: new URL("../migrations/", import.meta.url) });
  const rows = now.prepare("SELECT * FROM group_figure ORDER BY position").all();
  t.match(rows, [
    {
      state: "made",
      contributors: 5n,
      contributor_set: 1n,
      numerator_set: null,
      numerator_low: 10n,
      denominator_high: 40n,
      median_low: 0.25,
      withdrawn: 1n,
      carried: 0n,
    },
    { state: "too-close", contributors: 6n, numerator_low: null },
  ]);
  now.prepare("UPDATE group_figure SET state = 'members-missing'").run();
  now.close();
});

const DATE = "2025-03-31";

/** What eight practices have by sex and age: the first has most of the children, and more of the girls. */
function people(i: number, from: number, to: number, sex?: string): number {
  let all = 0;
  for (const each of sex ? [sex] : ["female", "male"])
    for (let age = from; age <= to; age++)
      all += age < 18 ? (i === 0 ? (each === "female" ? 40 : 18) : 1) : 4 + ((i + age) % 3);
  return all;
}

function family(splits: readonly { age_band?: string; sex?: string }[], numerator: string): Family {
  const cells = [{}, ...splits] as Family["cells"];
  const released = cells.map(({ age_band = "0+", sex }) =>
    EIGHT.map((practice, i) => {
      const [from, to = 99] = age_band.replace("+", "").split("-").map(Number);
      const count = people(i, from!, to, sex);
      const half = Math.floor(count / 2);
      return { practice, denominator: { low: count, high: count }, numerator: { low: half, high: half } };
    }),
  );
  const populations = { denominator: "everyone", numerator };
  return { date: DATE, populations, followsListSizes: false, members: EIGHT.length, cells, released };
}

function bands(...labels: string[]): { age_band: string }[] {
  return labels.map((age_band) => ({ age_band }));
}

function shownOf(of: Family, all: readonly Figure[], date = DATE): ShownSum[] {
  return all.flatMap((figure, position) =>
    figure.numbers ? sumsOf({ ...figure, date, cell: of.cells[position]! }, of.populations) : [],
  );
}

function lowOf(of: Family, all: readonly Figure[], cell: object): number | undefined {
  const position = of.cells.findIndex((each) => JSON.stringify(each) === JSON.stringify(cell));
  return all[position]?.numbers?.denominator.low;
}

t.test("two tables with other bands do not give together a sum that is mostly one practice's", async (t) => {
  for (const numerators of [
    ["reached", "reached"],
    ["reached", "reviewed"],
  ]) {
    const first = family(bands("0-17", "18-39", "40-64", "65+"), numerators[0]!);
    const second = family(bands("0-17", "18-64", "65+"), numerators[1]!);
    const early = decideFigures(first, [], []);
    const late = decideFigures(second, shownOf(first, early), first.cells);
    t.equal(early[1]?.state, "dominated");
    t.equal(late[1]?.state, "dominated");
    const either = (cell: object) => lowOf(first, early, cell) ?? lowOf(second, late, cell);
    t.ok(either({}));
    const [adults, old] = [either({ age_band: "18-64" }), either({ age_band: "65+" })];
    t.notOk(adults && old, "total minus 18-64 minus 65+ is the children");
    t.ok(adults ?? old, "one of them is shown");
  }
});

t.test("the margins of a split in two ways do not give a cell that is mostly one practice's", async (t) => {
  const ages = ["0-17", "18-64", "65+"];
  const sexes = ["female", "male"];
  const both = ages.flatMap((age_band) => sexes.map((sex) => ({ age_band, sex })));
  const page = family([...bands(...ages), ...sexes.map((sex) => ({ sex })), ...both], "reached");
  const all = decideFigures(page, [], []);
  const low = (cell: object) => lowOf(page, all, cell);
  t.equal(all[6]?.state, "dominated");
  t.notOk(low({ sex: "female" }) && ages.slice(1).every((age_band) => low({ age_band, sex: "female" })));
  t.notOk(low({ age_band: "0-17" }) && low({ age_band: "0-17", sex: "male" }));
});

t.test("what was mostly one practice's in an earlier table is not given by a later one", async (t) => {
  const first = family(bands("0-17", "18+"), "reached");
  const early = decideFigures(first, [], []);
  t.equal(early[1]?.state, "dominated");
  t.same(dominatedSides(first, 1), ["denominator", "numerator"]);
  const { contributors: practices } = early[1]!;
  const hidden = [{ population: "everyone", date: DATE, cell: first.cells[1]!, practices }];
  const second = family(bands("0-64", "65+"), "reviewed");
  const third = family(bands("18-64"), "reviewed");
  const before = [...shownOf(first, early), ...shownOf(second, decideFigures(second, [], []))];
  const cells = [...first.cells, ...second.cells];
  t.equal(decideFigures(third, before, cells, ALL_RULES)[1]?.state, "made", "were it not known");
  t.equal(decideFigures(third, before, cells, ALL_RULES, hidden)[1]?.state, "too-close");
});

t.test("a closed collection keeps whose a sum was that is mostly one practice's", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, EIGHT)).values()];
  for (const [i, { agent, runs }] of members.entries())
    await answer(agent, runs[0]!, 500 + 40 * i, (codes) => {
      if (i > 0) return;
      codes.denominator[1] = 20_001;
      codes.numerator[1] = 10_001;
    });
  await closeNow(it.serving.hub, GROUP);
  const row = await it.serving.hub.store.db
    .selectFrom("group_figure")
    .select(["state", "contributor_set", "numerator_set", "denominator_low"])
    .where("position", "=", 1)
    .executeTakeFirstOrThrow();
  t.match(row, { state: "dominated", denominator_low: null });
  t.ok(row.contributor_set);
  t.ok(row.numerator_set);
});
