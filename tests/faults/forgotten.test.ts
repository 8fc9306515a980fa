/** A hub that was put back from a backup which is older than an enrolment: the agent waits, says so, and goes on by itself. */
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import t, { type Test } from "tap";
import { addSchedule } from "@cairn/hub";
import { Federation } from "@cairn/demo";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";
import { LOOK_EVERY_MS, PATIENCE_MS, within } from "./trials.js";

const QUERY = "hypertension-register";
const GROUP = "forgetful";
const folder = mkdtempSync(join(tmpdir(), "cairn-forgotten-"));
const federation = new Federation({
  command,
  folder,
  group: GROUP,
  offlineAfter: 3600,
  library: someQueries(join(folder, "library"), [QUERY]),
});
const practice = federation.addPractice({
  name: "Remembered Surgery",
  patients: 150,
  eventsPerPatient: 50,
  seed: 11,
  until: "2026-06-30",
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Status {
  readonly link: { readonly heard: string | null; readonly problem: string | null };
  readonly runs: readonly { readonly date: string; readonly state: string }[];
}

async function status(): Promise<Status> {
  return JSON.parse(await practice.must("agent", "status", "--json")) as Status;
}

/** Stops the hub, puts a backup in its place, and starts it at the same address. */
async function putBack(backup: string): Promise<void> {
  await federation.stopHub();
  renameSync(federation.hubData, mkdtempSync(join(folder, "aside-")));
  await federation.mustHub("hub", "restore", "--from", backup);
  practice.agent?.forget();
  await federation.startHub();
}

/** Waits until the agent's log says it. */
async function says(t: Test, words: RegExp): Promise<void> {
  const said = await within(PATIENCE_MS, () => words.test(practice.agent?.log ?? ""));
  t.ok(said, `${words} in ${practice.agent?.log}`);
}

async function released(t: Test, date: string): Promise<void> {
  await federation.atHub((hub) =>
    addSchedule(hub, {
      group: GROUP,
      queries: [QUERY],
      every: "quarter",
      periods: 1,
      until: date,
      cron: null,
      timezone: "Europe/London",
      catchUp: "latest",
      catchUpWindow: 0,
      spread: 0,
      collectFor: 3_600_000,
    }),
  );
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    const { runs } = await status();
    if (runs.some((run) => run.date === date && run.state === "acknowledged")) return;
    await wait(LOOK_EVERY_MS); // asking takes a processor from what is asked about
  }
  t.fail(`nothing was released for ${date}: ${practice.agent?.log}`);
}

t.test("a hub that has forgotten an agent is waited for, and the agent goes on by itself", async (t) => {
  const [old, full] = [join(folder, "old"), join(folder, "full")];
  await federation.initHub();
  await federation.startHub();
  await federation.mustHub("hub", "backup", "--out", old);
  await practice.loadRecords();
  await federation.enrol(practice);
  await practice.start({ CAIRN_AGAIN_MS: "1000" });
  await released(t, "2025-03-31");
  t.match((await status()).link, { problem: null, heard: /^20/ });
  await federation.mustHub("hub", "backup", "--out", full);

  await t.test("it says what happened and what to do, and does not end", async (t) => {
    await putBack(old);
    await says(t, /no longer knows this agent.*cairn agent enrol/);
    t.match((await status()).link.problem, /no longer knows this agent/);
    const words = await practice.must("agent", "status");
    t.match(words, /The hub last answered at 20.*no longer knows this agent/);
    t.notMatch(practice.agent?.log, /courier ended/);
  });

  await t.test("where the hub knows it again, from a newer backup, nobody need do anything", async (t) => {
    await putBack(full);
    await released(t, "2025-06-30");
    t.equal((await status()).link.problem, null);
    t.notMatch(practice.agent?.log, /courier ended/);
  });

  await t.test(
    "invited, enrolled in the same folder and admitted, it goes on without a restart",
    async (t) => {
      await putBack(old);
      await says(t, /no longer knows this agent/);
      await federation.enrol(practice);
      await released(t, "2025-09-30");
      t.equal((await status()).link.problem, null);
      t.notMatch(practice.agent?.log, /courier ended/);
    },
  );
});
