/**
 * H5, H6, H9, with real processes: a release is taken back, corrected once, and never made twice, whatever is
 * killed, restarted, restored or enrolled anew. Both logs say so, and `cairn audit verify` holds them against each other.
 * Kills, restores and enrolments with CAIRN_LONG; the keeper's and the hub's own tests hold them in CI.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openDatabase } from "@cairn/sqlite";
import { addSchedule, invite } from "@cairn/hub";
import { Federation, type ProcessResult, type Practice } from "@cairn/demo";
import { until } from "@cairn/testkit";
import { cairn, command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";

const LONG = Boolean(process.env["CAIRN_LONG"]);
const IN_LONG = { skip: LONG ? false : "with CAIRN_LONG" };
const GROUP = "withdraw";
const QUERY = "hypertension-register";
const WHY = "CANARY-WHY the extract of Mrs Example was loaded twice";
const LIBRARY = new URL("../../packages/library/content/", import.meta.url).pathname;

const folder = mkdtempSync(join(tmpdir(), "cairn-withdraw-"));
const deaths = join(folder, "deaths");
const MORTAL = { CAIRN_CRASH_AT: deaths }; // a process with it dies where `arm` says
const library = someQueries(join(folder, "library"), [QUERY]);
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600, library });
let practice: Practice;

t.before(async () => {
  await federation.initHub();
  await federation.startHub();
  practice = federation.addPractice({
    name: "Careful Surgery",
    patients: 150,
    eventsPerPatient: 50,
    seed: 11,
    until: "2026-07-31",
  });
  await practice.loadRecords();
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The next process to reach each of these points dies there, once. @param points `keeper.take-before`, say. */
function arm(...points: string[]): void {
  mkdirSync(deaths, { recursive: true });
  for (const point of points) writeFileSync(join(deaths, point), "");
}

async function ask(...dates: string[]): Promise<void> {
  for (const until of dates) {
    const schedule = { group: GROUP, queries: [QUERY], every: "quarter", periods: 1, until } as const;
    const when = { cron: null, timezone: "Europe/London", catchUp: "latest" } as const;
    const rest = { catchUpWindow: 0, spread: 0, collectFor: 3_600_000 };
    await federation.atHub((hub) => addSchedule(hub, { ...schedule, ...when, ...rest }));
  }
}

/** Read beside the process that owns it: asking by command takes longer than a run. */
function rows<Row>(file: string, sql: string, ...bind: string[]): Row[] {
  const db = openDatabase(file, { readonly: true, check: false });
  try {
    return db.prepare<string[], Row>(sql).all(...bind);
  } finally {
    db.close();
  }
}

interface RunRow {
  readonly run: string;
  readonly state: string;
  readonly correction: number;
}

function atPractice(date: string): RunRow | undefined {
  const sql = "SELECT run, state, correction FROM run WHERE reference_date = ?";
  return rows<RunRow>(join(practice.data, "keeper", "keeper.db"), sql, date)[0];
}

function atHub(date: string): RunRow | undefined {
  const sql = "SELECT id AS run, state, correction FROM run WHERE reference_date = ?";
  return rows<RunRow>(join(federation.hubData, "hub.db"), sql, date)[0];
}

/** Digests that the hub holds for a date, the first release first. */
function digests(date: string): string[] {
  const sql =
    "SELECT hex(digest) AS digest FROM release JOIN run ON run.id = release.run WHERE reference_date = ? ORDER BY release.correction";
  return rows<{ digest: string }>(join(federation.hubData, "hub.db"), sql, date).map(({ digest }) => digest);
}

/** The same of what the practice has made. */
function releasedHere(date: string): string[] {
  const sql = "SELECT hex(digest) AS digest FROM release WHERE reference_date = ? ORDER BY correction";
  const file = join(practice.data, "keeper", "keeper.db");
  return rows<{ digest: string }>(file, sql, date).map(({ digest }) => digest);
}

const waited = (what: string, holds: () => boolean): Promise<true> =>
  until(what, holds, () => `${practice.agent?.log}\n${federation.hub?.log}`);

function settled(date: string, state: string, hubState = state): Promise<true> {
  const holds = (): boolean => atPractice(date)?.state === state && atHub(date)?.state === hubState;
  return waited(`${date} is ${state} at the practice and ${hubState} at the hub`, holds);
}

const answered = (date: string): Promise<true> => settled(date, "acknowledged", "released");

/** The practice holds the hub's receipt for a withdrawal. */
function hubsWord(date: string): Promise<true> {
  const sql = "SELECT 1 FROM receipt WHERE run = ? AND withdrawn = 1";
  const held = (): boolean => rows(join(practice.data, "keeper", "keeper.db"), sql, run(date)).length === 1;
  return waited("the practice holds the hub's word", held);
}

function run(date: string): string {
  return atPractice(date)?.run ?? "";
}

/** One line on standard error, and the exit code that scripts rely on. */
function told(t: Test, done: ProcessResult, code: number, words: RegExp): void {
  t.equal(done.code, code, `${done.stdout}${done.stderr}`);
  t.equal(done.stderr.trim().split("\n").length, 1, done.stderr);
  t.match(done.stderr, words);
}

async function verified(t: Test, releases: number, withdrawn: number): Promise<void> {
  const [hub, own] = [join(folder, "hub.log"), join(folder, "practice.log")];
  writeFileSync(hub, await federation.mustHub("hub", "export", "--bytes"));
  writeFileSync(own, await practice.must("agent", "log", "--json"));
  const done = await cairn(["audit", "verify", "--hub", hub, "--practice", own, "--json"]);
  const account = JSON.parse(done.stdout) as { problem: string | null; practices: object[] };
  t.equal(account.problem, null);
  t.match(account, { verified: true, releases, bytes: releases, practices: [{ withdrawn }] });
  for (const file of [hub, own]) t.notMatch(readFileSync(file, "utf8"), /CANARY-WHY|Mrs Example/);
}

t.test("H3: any query runs before enrolment, and then only what the signed library holds", async (t) => {
  const signed = join(LIBRARY, `${QUERY}.yaml`);
  const text = readFileSync(signed, "utf8").replace(/^title: .*$/m, "title: Another question");
  const altered = join(folder, "altered.yaml");
  writeFileSync(altered, text);
  const at = ["--at", "2026-03-31", "--library", LIBRARY];
  const early = await practice.run("query", "run", altered, "--exact", ...at);
  t.equal(early.code, 0, early.stderr);
  t.match(early.stderr, /not enrolled yet/);
  await federation.enrol(practice);
  await practice.start();
  await ask("2025-03-31");
  await answered("2025-03-31");
  const commands = [
    ["worklist", altered],
    ["query", "preview", altered],
    ["query", "run", altered, "--exact"],
  ];
  for (const command of LONG ? commands : commands.slice(0, 1))
    told(t, await practice.run(...command, ...at), 3, /only signed queries run.*--author-mode/);
  t.equal((await practice.run("query", "run", signed, "--exact", ...at)).code, 0);
});

t.test("wrong use of withdraw and correct is one line, and the hub hears nothing", IN_LONG, async (t) => {
  const known = run("2025-03-31");
  told(t, await practice.run("agent", "withdraw", "no-such-run", "--why", WHY), 2, /no run no-such-run/);
  told(t, await practice.run("agent", "withdraw", known), 2, /--why/);
  told(t, await practice.run("agent", "withdraw", known, "--why", " "), 2, /--why/);
  told(t, await practice.run("agent", "correct", known), 2, /acknowledged.*withdraw/);
  t.equal(atHub("2025-03-31")?.state, "released");
});

t.test("withdrawn while the hub is down, it is withdrawn at both ends once the hub is back", async (t) => {
  if (LONG) return t.pass("told with kills below");
  const date = "2025-03-31";
  await federation.hub?.stop();
  await practice.must("agent", "withdraw", run(date), "--why", WHY);
  t.equal(atPractice(date)?.state, "withdrawn");
  t.equal(atHub(date)?.state, "released");
  await federation.startHub();
  await settled(date, "withdrawn");
  await hubsWord(date);
  t.notMatch(`${practice.agent?.log}${federation.hub?.log}`, /CANARY-WHY|Mrs Example/);
});

t.test(
  "withdrawn while the hub is down and killed at each step, it is withdrawn once, at both ends",
  IN_LONG,
  async (t) => {
    const date = "2025-03-31";
    const args = ["agent", "withdraw", run(date), "--why", WHY, "--data", practice.data];
    await federation.hub?.stop();
    arm("keeper.withdrawn-before");
    const before = await cairn(args, { env: MORTAL });
    t.equal(before.signal, "SIGKILL");
    t.equal(atPractice(date)?.state, "acknowledged", "killed before its commit, nothing has happened");
    arm("keeper.withdrawn-after");
    const after = await cairn(args, { env: MORTAL });
    t.equal(after.signal, "SIGKILL");
    told(t, await cairn(args), 2, /withdrawn already/);

    await practice.stop();
    arm("courier.report-after", "keeper.withdrawal-receipt-before");
    await practice.start(MORTAL);
    for (const moment of ["before", "after"]) {
      arm(`hub.release-withdrawn-${moment}`);
      await federation.startHub(MORTAL);
      t.equal((await federation.hub?.ended)?.signal, "SIGKILL", `the hub died ${moment} its commit`);
    }
    await federation.startHub();
    await settled(date, "withdrawn");
    await hubsWord(date);
    t.equal(practice.agent?.log.match(/SIGKILL/g)?.length, 2, "courier and keeper did die");
    t.equal(digests(date).length, 1, "the bytes are kept");
    await verified(t, 1, 1);
    const shown = await federation.mustHub("hub", "comparison", "--group", GROUP, "--json");
    const { comparisons } = JSON.parse(shown) as { comparisons: { practices: object[] }[] };
    t.same(comparisons[0]?.practices, [{ practice: "Careful Surgery", state: "withdrawn" }]);
    t.notMatch(`${practice.agent?.log}${federation.hub?.log}${shown}`, /CANARY-WHY|Mrs Example/);
  },
);

t.test("one correction is allowed: both logs say so, one result counts, and there is no third", async (t) => {
  const date = "2025-03-31";
  if (LONG) await ask("2025-06-30"); // a later date has left meanwhile
  if (LONG) await answered("2025-06-30");
  await practice.must("agent", "correct", run(date));
  await answered(date);
  t.equal(atHub(date)?.correction, 1);
  t.equal(digests(date).length, 2, "the withdrawn bytes and the corrected ones");
  await verified(t, LONG ? 3 : 2, 1);
  told(
    t,
    await practice.run("agent", "correct", run(date)),
    3,
    /allowed a correction before, and only one is possible/,
  );
});

t.test("asked again and restarted, the bytes for a date are the same", IN_LONG, async (t) => {
  const first = digests("2025-06-30");
  await practice.stop();
  await practice.start();
  await ask("2025-06-30", "2025-09-30");
  await answered("2025-09-30");
  t.same(digests("2025-06-30"), first);
});

t.test(
  "enrolled anew with another courier key, the same keeper sends what it had made",
  IN_LONG,
  async (t) => {
    const before = digests("2025-09-30");
    await federation.hub?.stop();
    arm("hub.release-received-before");
    await federation.startHub(MORTAL);
    await ask("2025-12-31");
    t.equal((await federation.hub?.ended)?.signal, "SIGKILL", "the hub died before it had the release");
    t.equal(atPractice("2025-12-31")?.state, "outbox");
    const made = releasedHere("2025-12-31");
    await practice.stop();
    await federation.startHub();

    const code = await federation.atHub((hub) => invite(hub, practice.spec.name, [GROUP], undefined, true));
    const enrol = ["agent", "enrol", "--join", code, "--hub", federation.addresses.grpc];
    told(t, await practice.run(...enrol), 3, /remove the folder courier.*leave its folder keeper/);
    rmSync(join(practice.data, "courier"), { recursive: true });
    await federation.enrol(practice);
    await practice.start();
    await ask("2025-09-30");
    await answered("2025-12-31");
    t.same(digests("2025-12-31"), made);
    t.same(digests("2025-09-30"), before);
    await verified(t, 5, 1);
  },
);

t.test(
  "the keeper restored from an older backup is given its own bytes back, and makes no others",
  IN_LONG,
  async (t) => {
    const copy = join(folder, "agent-backup");
    await practice.must("agent", "backup", "--out", copy);
    await ask("2026-03-31");
    await answered("2026-03-31");
    const before = digests("2026-03-31");
    await practice.stop();
    rmSync(practice.data, { recursive: true });
    const restore = ["agent", "restore", "--data", practice.data, "--from"];
    told(t, await cairn([...restore, join(folder, "nowhere")]), 1, /not a whole backup/);
    t.match((await cairn([...restore, copy])).stdout, /answered only with what this practice/);
    told(t, await cairn([...restore, copy]), 2, /already/);
    t.equal(atPractice("2026-03-31"), undefined, "it does not know what it released since");
    await practice.start();
    await answered("2026-03-31");
    t.same(digests("2026-03-31"), before);
    await ask("2026-06-30");
    await settled("2026-06-30", "refused");
    const why = "SELECT reason AS state FROM run WHERE reference_date = ?";
    t.match(rows(join(federation.hubData, "hub.db"), why, "2026-06-30"), [{ state: "history-lost" }]);
    await verified(t, 6, 1);
  },
);

t.test(
  "a hub restored from an old backup is told again what it lost, withdrawals too",
  IN_LONG,
  async (t) => {
    const copy = join(folder, "hub-backup");
    await federation.mustHub("hub", "backup", "--out", copy);
    await practice.must("agent", "withdraw", run("2025-09-30"), "--why", WHY);
    await settled("2025-09-30", "withdrawn");
    federation.hub?.kill(); // no parked poll tells the courier how long the log had become
    await federation.hub?.ended;
    renameSync(federation.hubData, `${federation.hubData}-lost`);
    await federation.mustHub("hub", "restore", "--from", copy);
    t.equal(atHub("2025-09-30")?.state, "released");
    for (const name of ["Second", "Third"])
      // its log has grown past what was lost when the courier sees it
      await federation.mustHub("hub", "invite", "--practice", name, "--group", GROUP);
    await federation.startHub();
    await settled("2025-09-30", "withdrawn");
    await answered("2026-03-31");
    t.equal(digests("2026-03-31").length, 1);
    await verified(t, 6, 2);
    t.ok(existsSync(`${federation.hubData}-lost`));

    const told = (kind: string): number =>
      rows(join(practice.data, "keeper", "keeper.db"), "SELECT 1 FROM log_entry WHERE kind = ?", kind).length;
    await waited("the practice was shown the new log", () => told("checkpoint-refused") === 1);
    t.match(await practice.must("agent", "status"), /goes on in a new log.*cairn agent accept-hub-log/);
    t.match((await practice.run("agent", "doctor")).stdout, /does not {2}the hub's log: .*accept-hub-log/);
    const before = told("checkpoint-countersigned");
    await practice.must("agent", "accept-hub-log", "--as", "Dr Fell");
    await waited("it is countersigned again", () => told("checkpoint-countersigned") > before);
    t.notMatch(await practice.must("agent", "status"), /accept-hub-log/);
    await verified(t, 6, 2);
  },
);
