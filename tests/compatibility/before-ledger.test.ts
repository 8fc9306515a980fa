/**
 * Stores and logs made by the version before log entries had types open, go on and verify. `before-ledger.tar.br` holds
 * a hub and four agents with invented records as that version left them, and the exports of their logs:
 *
 * - Alder decides each query by hand, for two groups; it withdrew a release, corrected it, and ended a group's use.
 * - Birch held its first releases for a look, left a group, and was put back from a backup that lacked its last ones.
 * - Cedar accepts after a day; one of its runs died twice and was retried, one was declined on its way, and its
 *   record store was lost and made anew.
 * - Elm has a new agent in the place of its first.
 * - A fifth practice, Dale, was locked out and forgotten. The hub came back from a backup and goes on in a second log.
 *
 * Its keys are for this test alone.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import t, { type Test } from "tap";
import {
  addSchedule,
  backupHub,
  comparisonsJson,
  doWhatIsDue,
  exportLines,
  openHub,
  publishLibrary,
  restoreHub,
  withHub,
  type Hub,
} from "@cairn/hub";
import type { ComparisonJson } from "@cairn/comparisons";
import { keeperStatus, KeeperStore, person, practiceExportLines, trustRoot } from "@cairn/keeper/practice";
import { readContent } from "@cairn/query-library";
import { Signers } from "@cairn/testkit";
import { cairn, mustRun } from "../../packages/cli/test/fixtures/command.js";
import { runAgent, type Running } from "./link.js";

const NOW = Date.parse("2026-12-05T12:00:00Z");
const now = (): number => NOW;
const AGENTS = ["alder", "birch", "cedar", "elm"] as const;
const QUERY = "continuity-of-care"; // released at one date already
const CLOCK = fileURLToPath(new URL("../first-days/clock.mjs", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "cairn-before-ledger-"));
const clock = join(folder, "clock"); // of processes: `now` when they are started
writeFileSync(
  join(folder, "all.tar"),
  brotliDecompressSync(readFileSync(new URL("before-ledger.tar.br", import.meta.url))),
);
execFileSync("tar", ["-xf", "all.tar"], { cwd: folder });
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The kinds of entries that the archive's logs hold. Every kind that the version wrote, but for these: of practices
 * `more-refused` (a hundred refusals in a day), of the hub `release-conflict` (a practice that releases other bytes),
 * `schedule-skipped` and `collections-ended`.
 */
const KINDS = {
  practices: `
    checkpoint-countersigned checkpoint-refused correction-allowed correction-given-back enrolled
    group-joined group-left group-offered history-begins history-given-back hub-log-accepted
    left-before-declined library-refused library-verified made paused query-accepted query-declined
    query-offered receipt records-changed records-replaced release-approved release-given-back released
    restored resumed rule-set run-died run-quarantined run-refused run-retried run-started
    setting-changed use use-ended use-given-back use-receipt withdrawal-given-back withdrawal-receipt
    withdrawn worklist-viewed`,
  hub: `
    agent-admitted agent-enrolled agent-renewed agent-revoked collection-closed collection-opened
    correction-allowed group-joined group-left library-published log-continues past-dates-asked
    practice-forgotten practice-invited practice-renamed release-received release-withdrawn
    schedule-added schedule-paused schedule-resumed use-ended use-received`,
};

t.test("the archive's logs hold these kinds of entries", async (t) => {
  const kinds = (...names: string[]): string[] => {
    const text = names.map((name) => readFileSync(join(folder, `${name}.ndjson`), "utf8")).join("\n");
    return [...new Set([...text.matchAll(/"kind":"([a-z-]+)"/g)].map(([, kind]) => kind as string))].sort();
  };
  t.same(kinds(...AGENTS), KINDS.practices.trim().split(/\s+/));
  t.same(kinds("hub"), KINDS.hub.trim().split(/\s+/));
});

/** A command, at this test's time. */
function command(...args: string[]): Promise<string> {
  writeFileSync(clock, String(NOW - Date.now()));
  const env = { NODE_OPTIONS: `--import=${CLOCK}`, CAIRN_TEST_CLOCK: clock };
  return mustRun(args, { env });
}

/** Exports the logs of a hub and of agents, and holds them against each other as an officer does. */
async function verified(t: Test, place: string, agents: readonly string[]): Promise<Account> {
  const files = ["hub", ...agents].map((name) => join(place, `${name}-now.ndjson`));
  const hub: string[] = [];
  await withHub(join(place, "hub"), async (open) => {
    for await (const line of exportLines(open, { bytes: true })) hub.push(line);
  });
  const logs = agents.map((name) => atKeeper(place, name, (store) => [...practiceExportLines(store)]));
  for (const [i, lines] of [hub, ...logs].entries()) writeFileSync(files[i] as string, lines.join("\n"));
  return verify(t, files);
}

function atKeeper<T>(place: string, name: string, work: (store: KeeperStore) => T): T {
  const store = KeeperStore.open(join(place, name, "keeper"), { now });
  try {
    return work(store);
  } finally {
    store.close();
  }
}

interface Account {
  readonly verified: boolean;
  readonly problem: string | null;
  readonly releases: number;
  readonly bytes: number;
}

async function verify(t: Test, [hub, ...practices]: readonly string[]): Promise<Account> {
  const done = await cairn(["audit", "verify", "--json", "--hub", hub as string, "--practice", ...practices]);
  t.equal(done.code, 0, done.stdout + done.stderr);
  return JSON.parse(done.stdout) as Account;
}

t.test("both sides' exports of before verify as they are", async (t) => {
  const files = ["hub", ...AGENTS].map((name) => join(folder, `${name}.ndjson`));
  t.match(await verify(t, files), { verified: true, problem: null, releases: 15, bytes: 29 });
});

/** Of a comparison's cell, what no version may change: every number, and whose it is. */
function numbers({ query, date, split, practices, group }: ComparisonJson): object {
  return {
    query,
    date,
    split,
    practices: practices.map(({ practice, numerator, denominator }) => ({
      practice,
      numerator,
      denominator,
    })),
    group: {
      state: group.state,
      numerator: group.numerator,
      denominator: group.denominator,
      median: group.median,
    },
  };
}

t.test("a hub shows the numbers and figures that it showed before", async (t) => {
  const hub = openHub(join(folder, "hub"), { now });
  t.teardown(() => hub.store.close());
  const { comparisons } = JSON.parse(readFileSync(join(folder, "comparison.json"), "utf8")) as {
    comparisons: ComparisonJson[];
  };
  t.ok(comparisons.length > 50);
  t.strictSame((await comparisonsJson(hub, "north")).map(numbers), comparisons.map(numbers));
});

/** Practices of the group with where each stands for a query and date, from the hub's own comparison. */
async function states(hub: Hub, date: string): Promise<Record<string, string>> {
  const all = await comparisonsJson(hub, "north");
  const total = all.find(
    (one) => one.query === QUERY && one.date === date && Object.keys(one.split).length === 0,
  );
  return Object.fromEntries((total?.practices ?? []).map(({ practice, state }) => [practice, state]));
}

/** Signs the library of before as people do now, and has every practice trust them. */
async function signAnew(hub: Hub): Promise<void> {
  const { content } = await hub.store.db
    .selectFrom("library")
    .select("content")
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
  const signers = new Signers(hub.files.libraryKey);
  await publishLibrary(hub, signers.publication(readContent(content).files, { now: NOW }));
  const root = signers.root(1, NOW);
  for (const name of ["alder", "birch", "cedar"])
    atKeeper(folder, name, (store) => trustRoot(store, root, person("Ann Example")));
}

t.test(
  "records are brought up to date, and a date that is asked now is answered, sent and counted",
  async (t) => {
    const extract = join(folder, "extract");
    const size = [
      "--patients",
      "110",
      "--events-per-patient",
      "50",
      "--seed",
      "40",
      "--practice",
      "Alder Practice",
    ];
    await command("synth", ...size, "--until", "2026-11-15", "--format", "journal", "--out", extract);
    const complete = ["--format", "journal", "--complete-to", "2026-11-15", extract];
    await command("agent", "import", "--data", join(folder, "alder"), ...complete);

    const hub = openHub(join(folder, "hub"), { now });
    t.teardown(() => hub.store.close());
    await signAnew(hub);
    const date = "2026-09-30";
    await addSchedule(hub, {
      group: "north",
      queries: [QUERY],
      every: "quarter",
      periods: 1,
      until: date,
      cron: null,
      timezone: "Europe/London",
      catchUp: "latest",
      catchUpWindow: 0,
      spread: 0,
      collectFor: 86_400_000,
    });
    await doWhatIsDue(hub);
    const running: Running[] = [];
    for (const name of ["alder", "birch", "cedar"])
      running.push(await runAgent(join(folder, name), hub, now));
    const wanted: Record<string, string> = {
      "Alder Practice": "released",
      "Birch Practice": "refused", // it may have answered this date before it was put back
      "Cedar Practice": "refused", // before its records were replaced
      "Elm Surgery": "pending", // its agent does not run
    };
    const stand = async (): Promise<string> => JSON.stringify(await states(hub, date));
    for (let tries = 0; tries < 120 && (await stand()) !== JSON.stringify(wanted); tries++)
      await new Promise((resolve) => setTimeout(resolve, 500));
    t.same(await states(hub, date), wanted, running.flatMap(({ said }) => said).join("\n"));
    for (const one of running) await one.stop();
  },
);

t.test("the logs of both sides hold and agree once each has been written on", async (t) => {
  const account = await verified(t, folder, AGENTS);
  t.match(account, { verified: true, problem: null, releases: 16, bytes: 30 });
});

t.test("a backup of each is put back, and is the same hub and the same practice", async (t) => {
  const back = join(folder, "back");
  const copy = (name: string): string => join(folder, `${name}-copy`);
  await command("agent", "backup", "--data", join(folder, "alder"), "--out", copy("alder"));
  await command("agent", "restore", "--from", copy("alder"), "--data", join(back, "alder"));
  const [was, is] = [folder, back].map((place) => atKeeper(place, "alder", runsOf));
  t.ok(is!.length >= 5);
  t.same(is, was);
  await backupHub(join(folder, "hub"), copy("hub"));
  await restoreHub(copy("hub"), join(back, "hub"));
  t.match(await verified(t, back, ["alder"]), { verified: true, problem: null, releases: 6, bytes: 30 });
});

function runsOf(store: KeeperStore): object[] {
  return keeperStatus(store).runs.map(({ run, date, state }) => ({ run, date, state }));
}
