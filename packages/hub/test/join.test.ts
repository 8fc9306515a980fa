/** A group's history is for whoever joins, and what is shown of it stays as it is. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import t from "tap";
import { openDatabase } from "@cairn/sqlite";
import {
  addSchedule,
  addToGroup,
  closeNow,
  comparisonsJson,
  comparisonText,
  doWhatIsDue,
  invite,
  listedWords,
  listSchedules,
  pauseSchedule,
  removeFromGroup,
  revoke,
} from "@cairn/hub";
import type { Assignment__Output } from "@cairn/wire";
import { cluster, release, say, SCHEDULE } from "./cluster.js";
import type { TestAgent } from "./link/agent.js";
import { GROUP, story, type Story } from "./story.js";

const FIVE = ["Ash", "Birch", "Cedar", "Elm", "Hazel"];
const PATH = `/groups/${encodeURIComponent(GROUP)}/bp-control`;

/** Invited, enrolled, admitted, and asked whatever it is asked. */
async function joiner(it: Story, name: string): Promise<{ agent: TestAgent; runs: Assignment__Output[] }> {
  const agent = await it.member(name);
  await doWhatIsDue(it.serving.hub);
  return { agent, runs: (await agent.poll()).assignments };
}

/** Each releases all that it is asked, a little apart; then what is due is done. */
async function answerAll(
  it: Story,
  members: readonly { agent: TestAgent; runs: Assignment__Output[] }[],
): Promise<void> {
  for (const [i, { agent, runs }] of members.entries())
    for (const run of runs) await release(agent, run, 500 + 40 * i, 0.5);
  it.clock.now += 1000;
  await doWhatIsDue(it.serving.hub);
  it.clock.now += 1000;
}

async function totals(it: Story): Promise<string[]> {
  const all = await comparisonsJson(it.serving.hub, GROUP);
  return all
    .filter(({ split }) => Object.keys(split).length === 0)
    .map(({ date, group }) => `${date} ${group.state} ${group.contributors}`);
}

function stateOf(it: Story, name: string): Promise<(string | undefined)[]> {
  return comparisonsJson(it.serving.hub, GROUP).then((all) =>
    all
      .filter(({ split }) => Object.keys(split).length === 0)
      .map(({ practices }) => practices.find(({ practice }) => practice === name)?.state),
  );
}

/** A practice's dot: points of the line over time are smaller. */
const DOT = /<circle[^>]* r="7"/g;

t.test(
  "who joins after figures were made has its own line; the figures and all of the page stay",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    await answerAll(it, [...(await cluster(it, FIVE, { periods: 3 })).values()]);
    const shown = async (): Promise<string> => {
      const figures = await hub.store.db.selectFrom("group_figure").selectAll().execute();
      const closed = [...hub.store.log.entries()].filter(({ kind }) => kind === "collection-closed");
      return JSON.stringify([figures, closed, (await comparisonsJson(hub, GROUP)).map(({ group }) => group)]);
    };
    const page = async (date: string): Promise<string[]> =>
      (await (await fetch(`${it.serving.pages}${PATH}?date=${date}`)).text()).split(/(?<=<\/li>)/);
    t.same(await totals(it), ["2024-09-30 made 5", "2024-12-31 made 5", "2025-03-31 made 5"]);
    const [figures, before] = [await shown(), await page("2024-12-31")];

    const late = await joiner(it, "Rowan");
    t.same(
      late.runs.map(({ referenceDate }) => referenceDate),
      ["2024-09-30", "2024-12-31", "2025-03-31"],
      "it is asked for the dates of before it came",
    );
    for (const run of late.runs) await release(late.agent, run, 900, 0.9);
    it.clock.now += 1000;
    await doWhatIsDue(hub);
    await closeNow(hub, GROUP);
    t.equal(await shown(), figures, "the same figures, and the same entries of the log");
    const [total] = await comparisonsJson(hub, GROUP);
    t.match(total?.practices.at(-1), { practice: "Rowan", state: "released", joinedLater: true });
    t.match(total?.practices.at(-1)?.denominator, { value: 900 });
    t.match(await comparisonText(hub, GROUP, "names"), /Rowan +90\u00a0% .*, joined later/);
    const after = await page("2024-12-31");
    const news = after.filter((part) => !before.includes(part));
    t.equal(news.length, 1, "peers see one line more, and nothing else");
    t.match(news[0], /1 practice joined after the group&#39;s figures were made: these stay as they are/);
    t.same(
      after.filter((part) => part !== news[0]),
      before,
    );
    t.match(listedWords((await listSchedules(hub))[0]!), [
      /1 {2}Glen cluster/,
      /asked for 3 dates from 2024-09-30 to 2025-03-31, of 6 practices/,
      /Rowan joined later, and was asked on .* for 3 dates .*; the group's figures for 3 dates .* stay as they are/,
    ]);
  },
);

t.test("who joins while numbers are still coming in is in the figures", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = await cluster(it, FIVE, { periods: 2 });
  it.clock.now += 120_000;
  const late = await joiner(it, "Rowan");
  t.equal(late.runs.length, 2);
  await answerAll(it, [...members.values()]);
  t.same(await totals(it), ["2024-12-31 collecting 5", "2025-03-31 collecting 5"], "it is waited for");
  await answerAll(it, [late]);
  t.same(await totals(it), ["2024-12-31 made 6", "2025-03-31 made 6"]);
});

t.test("figures of which too few had come are made when enough have, once", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await answerAll(it, [...(await cluster(it, FIVE.slice(0, 3), { periods: 2 })).values()]);
  t.same(await totals(it), ["2024-12-31 too-few 3", "2025-03-31 too-few 3"]);
  await answerAll(it, [await joiner(it, "Elm")]);
  t.same(await totals(it), ["2024-12-31 too-few 4", "2025-03-31 too-few 4"], "four are too few");
  await answerAll(it, [await joiner(it, "Hazel")]);
  t.same(await totals(it), ["2024-12-31 made 5", "2025-03-31 made 5"]);
  const html = await (await fetch(it.serving.pages + PATH)).text();
  t.equal(html.match(DOT)?.length, 5, "with the dots of those that came later");
  t.match(html, "5 of 5 practices have released");
  const closed = (): number =>
    [...hub.store.log.entries()].filter(({ kind }) => kind === "collection-closed").length;
  t.equal(closed(), 4);
  await answerAll(it, [await joiner(it, "Rowan")]);
  t.same(await totals(it), ["2024-12-31 made 5", "2025-03-31 made 5"]);
  t.equal(closed(), 4, "what is shown is not made again");
});

t.test("a release that came after its time can be the one that makes enough", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const members = [...(await cluster(it, FIVE)).values()];
  await answerAll(it, members.slice(0, 4));
  await closeNow(hub, GROUP);
  t.same(await totals(it), ["2025-03-31 too-few 4"]);
  it.clock.now += 3 * 86_400_000;
  await answerAll(it, members.slice(4));
  t.same(await totals(it), ["2025-03-31 made 5"]);
});

t.test("a practice that is still asked is waited for, until the hub's operator closes", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await answerAll(it, [...(await cluster(it, FIVE.slice(0, 4))).values()]);
  const two = [await joiner(it, "Hazel"), await joiner(it, "Rowan")];
  await answerAll(it, two.slice(0, 1));
  t.same(await totals(it), ["2025-03-31 collecting 5"], "Rowan was asked and has time");
  await closeNow(it.serving.hub, GROUP);
  t.same(await totals(it), ["2025-03-31 made 5"]);
});

t.test("dates that no practice would answer are not asked of a joiner, and say so", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  it.clock.now = Date.parse("2026-02-01T00:00:00Z");
  await it.member("Ash");
  await addSchedule(hub, { ...SCHEDULE, periods: 16, until: null });
  await doWhatIsDue(hub);
  it.clock.now = Date.parse("2026-07-20T00:00:00Z");
  await it.member("Rowan");
  await doWhatIsDue(hub);
  const states = await stateOf(it, "Rowan");
  t.equal(states.length, 16);
  t.same(states.slice(0, 3), ["not-asked", "not-asked", "offline"]);
  t.match((await listSchedules(hub))[0]?.joined, [
    {
      practice: "Rowan",
      at: "2026-07-20T00:00:00.000Z",
      asked: { dates: 14, from: "2022-09-30", to: "2025-12-31" },
      notAsked: { dates: 2, from: "2022-03-31", to: "2022-06-30" },
    },
  ]);
  t.match(listedWords((await listSchedules(hub))[0]!).at(-1), /not asked for 2 dates from 2022-03-31/);
});

t.test("later firings do not end what a joiner is asked of the past", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  it.clock.now = Date.parse("2026-02-01T00:00:00Z");
  await it.member("Ash");
  await addSchedule(hub, { ...SCHEDULE, periods: 2, until: null, cron: "0 6 15 1,4,7,10 *" });
  await doWhatIsDue(hub);
  it.clock.now = Date.parse("2026-04-15T05:30:00Z");
  await doWhatIsDue(hub);
  await it.member("Rowan");
  await doWhatIsDue(hub);
  t.same(await stateOf(it, "Rowan"), ["offline", "offline", "offline"]);
  it.clock.now = Date.parse("2026-07-15T05:30:00Z");
  await doWhatIsDue(hub);
  const rows = await hub.store.db.selectFrom("run").select(["practice", "state"]).execute();
  t.equal(
    rows.filter(({ state }) => state === "expired").length,
    1,
    "Ash's of April, which it did not answer",
  );
  t.equal(rows.length, 8);
});

t.test("a practice is asked when it is added to the group, and when it comes back to the hub", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await cluster(it, ["Ash"]);
  const known = await it.member("Birch", "Other");
  await doWhatIsDue(hub);
  t.same((await known.poll()).assignments, []);
  await addToGroup(hub, "Birch", GROUP);
  await doWhatIsDue(hub);
  t.equal((await known.poll()).assignments.length, 1);
  await revoke(hub, "Birch");
  await addSchedule(hub, { ...SCHEDULE, until: "2025-06-30" });
  await doWhatIsDue(hub);
  t.same(await stateOf(it, "Birch"), ["offline", undefined], "locked out, it is not asked for what opens");
  await joiner(it, "Birch");
  t.same(await stateOf(it, "Birch"), ["pending", "pending"]);
});

t.test("a practice that cannot be asked does not keep the others from their past dates", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await cluster(it, ["Ash"]);
  await sql`CREATE TRIGGER not_birch BEFORE INSERT ON collection_member
    WHEN new.practice = (SELECT id FROM practice WHERE name = 'Birch')
    BEGIN SELECT RAISE(ABORT, 'not Birch'); END`.execute(hub.store.db);
  await it.member("Birch");
  it.clock.now += 1000; // who joined first is asked first
  const cedar = await it.member("Cedar");
  await t.rejects(doWhatIsDue(hub), "it is said");
  t.equal((await cedar.poll()).assignments.length, 1);
  t.same(await stateOf(it, "Birch"), ["not-asked"]);
  await sql`DROP TRIGGER not_birch`.execute(hub.store.db);
  await doWhatIsDue(hub);
  t.same(await stateOf(it, "Birch"), ["offline"], "asked at the next round; its agent was never heard of");
});

t.test("a date that waited for its first practice closes when that one has settled it already", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const ash = await it.member("Ash");
  await it.member("Elm", "Other");
  await removeFromGroup(hub, "Elm", "Other");
  await addSchedule(hub, SCHEDULE);
  await addSchedule(hub, { ...SCHEDULE, group: "Other" });
  await doWhatIsDue(hub);
  const [run] = (await ash.poll()).assignments;
  await say(ash, run!.run, "QUARANTINED");
  await doWhatIsDue(hub);
  await doWhatIsDue(hub);
  await addToGroup(hub, "Ash", "Other");
  await doWhatIsDue(hub);
  await doWhatIsDue(hub);
  const rows = await hub.store.db.selectFrom("collection").select("closed_at").execute();
  t.notOk(rows.some(({ closed_at }) => closed_at === null));
});

t.test("a paused schedule asks nobody who joins, until it goes on", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await cluster(it, ["Ash"]);
  await pauseSchedule(hub, 1, true);
  t.same((await joiner(it, "Rowan")).runs, []);
  t.same(await stateOf(it, "Rowan"), ["not-asked"]);
  await pauseSchedule(hub, 1, false);
  await doWhatIsDue(hub);
  t.not((await stateOf(it, "Rowan"))[0], "not-asked");
});

t.test("a schedule of a group where nobody is admitted yet waits for its practices", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await invite(hub, "Ash", [GROUP]);
  t.match(await addSchedule(hub, { ...SCHEDULE, periods: 2 }), { practices: 0, added: true });
  await doWhatIsDue(hub);
  await doWhatIsDue(hub);
  t.same(await totals(it), ["2024-12-31 collecting 0", "2025-03-31 collecting 0"]);
  const members = [];
  for (const name of FIVE) members.push(await joiner(it, name));
  t.ok(members.every(({ runs }) => runs.length === 2));
  await answerAll(it, members);
  t.same(await totals(it), ["2024-12-31 made 5", "2025-03-31 made 5"]);
});

t.test("a hub of before: what asks once does so still, and what is shown of its dates stays", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-older-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const all = new URL("../migrations/", import.meta.url);
  const before = join(folder, "migrations");
  mkdirSync(before);
  for (const name of readdirSync(all).filter((name) => name < "009"))
    copyFileSync(new URL(name, all), join(before, name));
  const path = join(folder, "hub.db");
  const older = openDatabase(path, { migrations: pathToFileURL(`${before}/`), madeBefore: false });
  older.exec(`INSERT INTO practice_group VALUES ('g', 8, 5, 0);
    INSERT INTO schedule (id, group_name, queries, every, periods, timezone, catch_up, catch_up_window, spread,
      collect_for, created_at) VALUES (1, 'g', '["q"]', 'quarter', 16, 'UTC', 'latest', 0, 0, 0, 0);`);
  for (const [id, state, median] of [
    [1, "made", "NULL"],
    [2, "too-few", "NULL"],
    [3, "too-few", "0.5"],
  ] as const)
    older.exec(`INSERT INTO collection (id, group_name, query, query_version, query_digest, reference_date, opened_at,
      closes_at, closed_at) VALUES (${id}, 'g', 'q', '1', 'd', '2025-0${id}-28', 0, 0, 1);
      INSERT INTO group_figure (collection, query, reference_date, cell, position, state, contributors, median_low)
      VALUES (${id}, 'q', '2025-0${id}-28', '{}', 0, '${state}', 5, ${median});`);
  older.close();
  const newer = openDatabase(path, { migrations: all });
  t.same(newer.prepare("SELECT cron, next_due FROM schedule").all(), [{ cron: null, next_due: null }]);
  t.same(newer.prepare("SELECT shown FROM collection ORDER BY id").pluck().all(), [1, 0, 1]);
  newer.close();
});
