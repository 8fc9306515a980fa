/**
 * A group's history is for whoever joins, with real processes: a practice that is admitted after the schedule gets its
 * past dates answered, and what had been shown by then stays, byte for byte, in figures, log and page.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { comparisonsJson } from "@cairn/hub";
import type { ComparisonJson } from "@cairn/comparisons";
import { Federation, type Practice } from "@cairn/demo";
import { until } from "@cairn/testkit";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";

const GROUP = "cluster";
const QUERY = "hypertension-register";
const DATES = ["2026-03-31", "2026-06-30"];
const NAMES = [
  "Ash Surgery",
  "Birch Surgery",
  "Cedar Surgery",
  "Elm Surgery",
  "Hazel Surgery",
  "Rowan Surgery",
];
const folder = mkdtempSync(join(tmpdir(), "cairn-join-"));
const library = someQueries(join(folder, "library"), [QUERY]);
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600, library });
let practices: Practice[];

t.before(async () => {
  await federation.initHub();
  await federation.startHub();
  practices = NAMES.map((name, i) =>
    federation.addPractice({ name, patients: 150, eventsPerPatient: 50, seed: 21 + i, until: "2026-07-31" }),
  );
  for (const practice of practices) await practice.loadRecords();
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Added {
  readonly schedule: number;
  readonly added: boolean;
  readonly practices: number;
  readonly next_due: string | null;
  readonly words: string[];
}

async function ask(...more: string[]): Promise<Added> {
  const what = ["--group", GROUP, "--query", QUERY, "--periods", "2", "--until", "2026-06-30"];
  return JSON.parse(await federation.mustHub("schedule", "add", ...what, ...more, "--json")) as Added;
}

async function totals(): Promise<ComparisonJson[]> {
  const all = await federation.atHub((hub) => comparisonsJson(hub, GROUP));
  return all.filter(({ split }) => Object.keys(split).length === 0);
}

const waited = (what: string, holds: (totals: readonly ComparisonJson[]) => boolean): Promise<true> =>
  until(
    what,
    async () => holds(await totals()),
    async () => `${JSON.stringify(await totals())}\n${federation.hub?.log}`,
  );

/** Every figure with the log's word for it, and the page without the one line that says who joined. */
async function shown(): Promise<string> {
  const figures = await federation.atHub(async (hub) => [
    await hub.store.db.selectFrom("group_figure").selectAll().execute(),
    [...hub.store.log.entries()].filter(({ kind }) => kind === "collection-closed"),
  ]);
  const pages = await Promise.all(
    DATES.map(async (date) =>
      (await fetch(`${federation.addresses.pages}/groups/${GROUP}/${QUERY}?date=${date}`)).text(),
    ),
  );
  const dots = pages.map((html) => [...html.matchAll(/<circle[^>]*>/g)].map(([circle]) => circle).sort());
  return JSON.stringify([
    figures,
    dots,
    pages.map((html) => /\d+ of \d+ practices have released/.exec(html)?.[0]),
  ]);
}

async function start(practice: Practice): Promise<void> {
  await federation.enrol(practice);
  await practice.start();
}

const released = (name: string) => (all: readonly ComparisonJson[]) =>
  all.length === DATES.length &&
  all.every(({ practices }) => practices.some((one) => one.practice === name && one.state === "released"));
const made = (all: readonly ComparisonJson[]): boolean =>
  all.length === DATES.length && all.every(({ group }) => group.state === "made");

t.test("a schedule is added before anybody is admitted, says so, and asks again by itself", async (t) => {
  await federation.mustHub("hub", "invite", "--practice", NAMES[0] as string, "--group", GROUP);
  const flags = ["--group", GROUP, "--query", QUERY, "--periods", "2", "--until", "2026-06-30"];
  const first = await federation.runHub("schedule", "add", ...flags);
  t.equal(first.code, 0);
  t.match(first.stderr, /no practice of cluster is admitted yet, so nobody is asked now/);
  t.match(first.stdout, /It asks again on 15 .* at 0\d:\d\d \(Europe\/London\), and then after each quarter/);
  const again = await ask();
  t.match(again, { schedule: 1, added: false });
  t.match(again.words[0], /already, by schedule 1: nobody is asked twice/);
  const wrong = await federation.runHub("schedule", "add", ...flags, "--once", "--cron", "0 6 1 * *");
  t.equal(wrong.code, 2);
});

t.test("those that arrive get the dates, and the figures once they are enough", async (t) => {
  await Promise.all(practices.slice(0, 4).map(start));
  await waited("four have released", released(NAMES[3] as string));
  t.notOk(made(await totals()), "four are too few");
  await start(practices[4] as Practice);
  await waited("the figures are made", made);
  t.ok((await totals()).every(({ group }) => group.contributors === 5));
});

t.test("the sixth gets its history, and what had been shown stays byte for byte", async (t) => {
  const before = await shown();
  t.match(before, /<circle/);
  await start(practices[5] as Practice);
  await waited("the sixth has its own line", released(NAMES[5] as string));
  t.equal(await shown(), before);
  const all = await totals();
  t.ok(all.every(({ practices }) => practices.at(-1)?.joinedLater === true));
  const html = await (await fetch(`${federation.addresses.pages}/groups/${GROUP}/${QUERY}`)).text();
  t.match(html, /1 practice joined after the group&#39;s figures were made/);
  const list = await federation.mustHub("schedule", "list");
  t.match(list, /Rowan Surgery joined later, and was asked on .* for 2 dates from 2026-03-31 to 2026-06-30/);
  t.match(list, /had been made and stay as they are, beside its own line/);
});
