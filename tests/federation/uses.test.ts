/**
 * H3, with real processes: one practice in two groups, of which one has no use; accepted late, it has; declined and left,
 * it gets nothing new. For tests/federation/uses.test.ts, once the hub counts under uses.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { addSchedule, addToGroup, comparisonsJson } from "@cairn/hub";
import { Federation, type Practice } from "@cairn/demo";
import { until } from "@cairn/testkit";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";

const [GROUP, BOARD] = ["cluster", "board"];
const QUERY = "hypertension-register";
const folder = mkdtempSync(join(tmpdir(), "cairn-uses-"));
const library = someQueries(join(folder, "library"), [QUERY]);
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600, library });
let practice: Practice;

t.before(async () => {
  await federation.initHub();
  await federation.startHub();
  const spec = { patients: 150, eventsPerPatient: 50, seed: 11, until: "2026-07-31" };
  practice = federation.addPractice({ name: "Careful Surgery", ...spec });
  await practice.loadRecords();
  await federation.enrol(practice);
  await federation.atHub((hub) => addToGroup(hub, practice.spec.name, BOARD)); // nobody at the practice hears of it
  await practice.start();
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(group: string, until: string): Promise<void> {
  const schedule = { group, queries: [QUERY], every: "quarter", periods: 1, until } as const;
  const when = { cron: null, timezone: "Europe/London", catchUp: "latest" } as const;
  const rest = { catchUpWindow: 0, spread: 0, collectFor: 3_600_000 };
  await federation.atHub((hub) => addSchedule(hub, { ...schedule, ...when, ...rest }));
}

/** What the group sees of the practice for a date. */
async function stateFor(group: string, date: string): Promise<string | undefined> {
  const all = await federation.atHub((hub) => comparisonsJson(hub, group));
  const total = all.find((one) => one.date === date && Object.keys(one.split).length === 0);
  return total?.practices[0]?.state;
}

const waited = (group: string, date: string, state: string): Promise<true> =>
  until(
    `${group} at ${date} is ${state}`,
    async () => (await stateFor(group, date)) === state,
    async () => [await stateFor(group, date), practice.agent?.log, federation.hub?.log].join("\n"),
  );

t.test("a release made for one group is not another's, and is once a person has accepted it", async (t) => {
  const date = "2025-09-30";
  await ask(GROUP, date);
  await ask(BOARD, date);
  await waited(GROUP, date, "released");
  await waited(BOARD, date, "waiting-for-approval");
  await practice.must("agent", "join", BOARD, "--as", "Ann Example");
  await waited(BOARD, date, "released");
  const { runs } = JSON.parse(await practice.must("agent", "status", "--json")) as {
    runs: { run: string }[];
  };
  await practice.must("agent", "withdraw", runs[0]!.run, "--group", BOARD);
  await waited(BOARD, date, "withdrawn");
  t.equal(await stateFor(GROUP, date), "released");
});

t.test("declined for one group, and left: it gets nothing new, and the others do", async (t) => {
  await practice.must("agent", "decline", QUERY, "--group", BOARD);
  await ask(GROUP, "2025-12-31");
  await ask(BOARD, "2025-12-31");
  await waited(GROUP, "2025-12-31", "released");
  await waited(BOARD, "2025-12-31", "declined");
  await practice.must("agent", "leave", BOARD);
  await ask(GROUP, "2026-03-31");
  await ask(BOARD, "2026-03-31");
  await waited(GROUP, "2026-03-31", "released");
  t.ok(await waited(BOARD, "2026-03-31", "declined"), "the board gets nothing new");
});

t.test("declined while the hub is away, a release that waits to be sent does not leave", async (t) => {
  await federation.hub?.stop();
  await practice.must("agent", "decline", QUERY);
  await federation.startHub();
  await ask(GROUP, "2026-06-30");
  t.ok(await waited(GROUP, "2026-06-30", "declined"), "it does not leave");
});
