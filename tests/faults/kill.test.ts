/**
 * H9: hub, keeper and courier are killed (SIGKILL) at each step of a run. Whatever was acknowledged is there
 * afterwards, and exactly one result is counted. Twice each in CI, 30 times with CAIRN_LONG.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openDatabase } from "@cairn/sqlite";
import { addSchedule } from "@cairn/hub";
import { cairn, Federation, type Practice } from "@cairn/testkit";

const REPEATS = process.env["CAIRN_LONG"] ? 30 : 2;
const QUERY = "hypertension-register";
const GROUP = "faults";

const FIRST_BATCH = {
  cron: null,
  timezone: "Europe/London",
  catchUp: "latest",
  catchUpWindow: 0,
  spread: 0,
  collectFor: 3_600_000,
} as const;

/** Where each process may die while one run goes its way, from the offer to the receipt. */
const KEEPER = ["offer", "execute", "answer", "release", "take", "acknowledge"];
const COURIER = ["poll", "offer", "claim", "execute", "take", "submit", "acknowledge", "report"];
const HUB = ["claim", "report", "submit"];

interface Held {
  readonly run: string;
  readonly digest: string;
}

const folder = mkdtempSync(join(tmpdir(), "cairn-kill-"));
const federation = new Federation({ folder, group: GROUP, offlineAfter: 3600 });
let practice: Practice;
let month = 0;

t.before(async () => {
  await federation.found();
  await federation.startHub();
  practice = federation.addPractice({
    name: "Fault Surgery",
    patients: 200,
    eventsPerPatient: 60,
    seed: 7,
    until: "2026-06-30",
  });
  await practice.furnish();
  await federation.enrol(practice);
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The next month's end: dates are decided in order, so each trial asks for a later one. */
function nextDate(): string {
  month += 1;
  return new Date(Date.UTC(1996, month, 0)).toISOString().slice(0, 10);
}

async function ask(date: string): Promise<void> {
  const schedule = { group: GROUP, queries: [QUERY], every: "month", periods: 1, until: date } as const;
  await federation.atHub((hub) => addSchedule(hub, { ...FIRST_BATCH, ...schedule }));
}

/** What a database says now; read beside the process that owns it, because asking by command takes longer than a run. */
function read<Row>(file: string, sql: string, date: string): Row[] {
  const db = openDatabase(file, { readonly: true, check: false });
  try {
    return db.prepare<[string], Row>(sql).all(date);
  } finally {
    db.close();
  }
}

function held(date: string): Held[] {
  const sql =
    "SELECT run, hex(digest) AS digest FROM release JOIN run ON run.id = release.run WHERE reference_date = ?";
  return read<Held>(join(federation.hubData, "hub.db"), sql, date);
}

/** Waits until the practice holds the hub's receipt for this date. */
async function acknowledged(date: string): Promise<boolean> {
  const file = join(practice.data, "keeper", "keeper.db");
  for (let tries = 0; tries < 600; tries++) {
    const states = read<{ state: string }>(file, "SELECT state FROM run WHERE reference_date = ?", date);
    if (states.some(({ state }) => state === "acknowledged")) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Exactly one result for the date, and the practice's and the hub's accounts of it agree. */
async function checkOne(t: Test, date: string, what: string): Promise<void> {
  const done = await acknowledged(date);
  t.ok(
    done,
    `${what}: the run is answered and acknowledged${done ? "" : `\n${practice.agent?.log}\n${federation.hub?.log}`}`,
  );
  const results = held(date);
  t.equal(results.length, 1, `${what}: exactly one result is counted`);
  const sql = "SELECT release.run, hex(digest) AS digest FROM release WHERE reference_date = ?";
  t.same(
    results,
    read(join(practice.data, "keeper", "keeper.db"), sql, date),
    `${what}: the very bytes that were made`,
  );
}

/** Every place of one process, paired with a place of the other, so that one run meets two deaths. */
const DEATHS = [...COURIER.keys()].flatMap((i) =>
  ["before", "after"].map((moment) => [
    `courier:${COURIER[i]}-${moment}`,
    `keeper:${KEEPER[i % KEEPER.length]}-${moment}`,
  ]),
);

t.test(
  "keeper and courier die at each step of a run: what was acknowledged is there, one result counts",
  async (t) => {
    for (const points of DEATHS) {
      for (let i = 0; i < REPEATS; i++) {
        const what = `killed at ${points.join(" and ")}`;
        const date = nextDate();
        await practice.stop();
        await ask(date);
        await practice.start({ CAIRN_CRASH_AT: points.join(",") });
        await checkOne(t, date, what);
        t.equal(await deaths(2), 2, `${what}: both did die`);
      }
    }
  },
);

/** How many of the agent's processes were killed since it started; waits a little for the last to be noticed. */
async function deaths(expected: number): Promise<number> {
  const count = (): number => practice.agent?.log.match(/SIGKILL/g)?.length ?? 0;
  for (let tries = 0; tries < 100 && count() < expected; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return count();
}

t.test(
  "the hub dies at each step of a run: everything acknowledged is there, one result is counted",
  async (t) => {
    for (const step of HUB) {
      for (const moment of ["before", "after"]) {
        for (let i = 0; i < REPEATS; i++) {
          const what = `hub killed ${moment} ${step}`;
          const date = nextDate();
          await federation.hub?.stop();
          await ask(date);
          await federation.startHub({ CAIRN_CRASH_AT: `hub:${step}-${moment}-commit` });
          if (!practice.agent) await practice.start();
          const end = await federation.hub?.ended;
          t.equal(end?.signal, "SIGKILL", `${what}: it did die`);
          await federation.startHub();
          await checkOne(t, date, what);
        }
      }
    }
  },
);

t.test("a command killed before or after its commit can be given again", async (t) => {
  const die = (point: string): { env: Record<string, string> } => ({ env: { CAIRN_CRASH_AT: point } });
  for (const moment of ["before", "after"]) {
    const date = nextDate();
    const schedule = [
      "schedule",
      "add",
      "--group",
      GROUP,
      "--query",
      QUERY,
      "--every",
      "month",
      "--periods",
      "1",
    ];
    const args = [...schedule, "--until", date, "--data", federation.hubData];
    t.equal(
      (await cairn(args, die(`hub:schedule-${moment}-commit`))).signal,
      "SIGKILL",
      `schedule ${moment}`,
    );
    t.equal((await cairn(args)).code, 0);
    await checkOne(t, date, `schedule killed ${moment} its commit and given again`);

    const publish = ["library", "publish", "--data", federation.hubData];
    t.equal(
      (await cairn(publish, die(`hub:publish-${moment}-commit`))).signal,
      "SIGKILL",
      `publish ${moment}`,
    );
    t.equal((await cairn(publish)).code, 0);
    const pause = (word: string): string[] => ["agent", word, "--data", practice.data];
    t.equal(
      (await cairn(pause("pause"), die(`keeper:approve-${moment}`))).signal,
      "SIGKILL",
      `pause ${moment}`,
    );
    t.equal((await cairn(pause("pause"))).code, 0);
    t.equal((await cairn(pause("resume"))).code, 0);
    const after = nextDate();
    await ask(after);
    await checkOne(t, after, `a run after publish and pause were killed ${moment} their commits`);
  }
});
