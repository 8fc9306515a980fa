/**
 * A body accepts for a practice, with real processes and the commands of docs/signing.md: the query runs with nobody at
 * the practice deciding; then the body's keys change, and the next version waits.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { addSchedule, comparisonsJson } from "@cairn/hub";
import { Federation, type Practice } from "@cairn/demo";
import { until } from "@cairn/testkit";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";

const GROUP = "cluster";
const QUERY = "hypertension-register";
const folder = mkdtempSync(join(tmpdir(), "cairn-delegate-"));
const queries = someQueries(join(folder, "library"), [QUERY]);
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600, library: queries });
const DIR = ["--dir", federation.signers.library];
const keys = join(folder, "keys");
const [ours, theirs] = [join(folder, "ours.txt"), join(folder, "theirs.txt")];
writeFileSync(ours, "invented people only\n"); // of the library's two signers
writeFileSync(theirs, "the people of a body\n");
let practice: Practice;

const library = (...args: string[]): Promise<string> =>
  federation.options.command.must(["library", ...args, ...DIR]);

t.before(async () => {
  await federation.initHub();
  await federation.startHub();
  const spec = { patients: 150, eventsPerPatient: 50, seed: 11, until: "2026-07-31" };
  practice = federation.addPractice({ name: "Careful Surgery", ...spec });
  await practice.loadRecords();
  await federation.enrol(practice);
  await practice.start();
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function newKey(name: string): Promise<void> {
  const how = ["--kind", "body", "--dir", keys, "--passphrase-file", theirs, "--work-factor", "2"];
  await federation.options.command.must(["library", "key", "new", name, ...how]);
}

async function signed(file: string, passphrase: string, ...names: string[]): Promise<void> {
  for (const name of names)
    await library("sign", "--key", join(file, `${name}.key`), "--passphrase-file", passphrase, "--yes");
}

const bySigners = (): Promise<void> =>
  signed(join(folder, "signers", "keys"), ours, "Dr Isla Invented", "Finn Invented");
const byBody = (...names: string[]): Promise<void> => signed(keys, theirs, ...names);
const pub = (name: string): string => join(keys, `${name}.pub`);
const publish = (): Promise<string> => federation.mustHub("library", "publish", ...DIR);

interface Status {
  readonly library: string | null;
  readonly rules: { group: string; rule: string; problem: string | null }[];
  readonly queries: { version: string; said: string; body: string | null }[];
}

const status = async (): Promise<Status> =>
  JSON.parse(await practice.must("agent", "status", "--json")) as Status;

const waited = (what: string, holds: () => Promise<boolean>): Promise<true> =>
  until(what, holds, async () =>
    [JSON.stringify(await status()), practice.agent?.log, federation.hub?.log].join("\n"),
  );

async function ask(date: string): Promise<void> {
  const schedule = { group: GROUP, queries: [QUERY], every: "quarter", periods: 1, until: date } as const;
  const when = { cron: null, timezone: "Europe/London", catchUp: "latest" } as const;
  const rest = { catchUpWindow: 0, spread: 0, collectFor: 3_600_000 };
  await federation.atHub((hub) => addSchedule(hub, { ...schedule, ...when, ...rest }));
}

/** What the group sees of the practice for a date. */
async function isAt(date: string, state: string): Promise<boolean> {
  const all = await federation.atHub((hub) => comparisonsJson(hub, GROUP));
  const total = all.find((one) => one.date === date && Object.keys(one.split).length === 0);
  return total?.practices[0]?.state === state;
}

async function leaveItToTheBody(t: Test): Promise<void> {
  const said = await practice.must(
    ...["agent", "rules", "--group", GROUP, "--delegate", "ceg", "--yes", "--as", "Ann Example"],
  );
  const { bodies } = JSON.parse(await library("status", "--json")) as { bodies: { fingerprint: string }[] };
  t.match(
    said,
    `The fingerprint of their keys: ${bodies[0]!.fingerprint}`,
    "what the body reads to the practice",
  );
  t.match(said, `${GROUP}: delegate: ceg`);
}

t.test("the body is named, and the practice leaves it to it under the keys that it was read", async (t) => {
  for (const name of ["Lin Body", "Lou Body"]) await newKey(name);
  await library("delegate", "ceg", "--key", pub("Lin Body"), pub("Lou Body"));
  await bySigners();
  await byBody("Lin Body", "Lou Body");
  await publish();
  await waited("the library with the body", async () => (await status()).library === "2");
  await leaveItToTheBody(t);
});

t.test("what the body accepts runs, with nobody at the practice deciding", async (t) => {
  const date = "2026-03-31";
  await ask(date);
  await waited("it waits", () => isAt(date, "waiting-for-approval"));
  const said = await library("accept", "ceg", `${QUERY}@1.0.0`);
  t.match(
    said,
    `ceg accepts, for practices that leave it to ceg: ${QUERY}@1.0.0, On the hypertension register`,
  );
  await byBody("Lin Body", "Lou Body");
  await publish();
  await waited("it runs", () => isAt(date, "released"));
  t.match((await status()).queries, [{ version: "1.0.0", said: "accepted", body: "ceg" }]);
  t.match(
    await practice.must("agent", "log"),
    /query accepted: group cluster, .*; by rule delegate: ceg, library 2/,
  );
  t.match(await practice.must("agent", "status"), "accepted by ceg, to which this practice leaves it");
});

t.test("other keys of the body: the next version waits, until somebody pins them", async (t) => {
  const date = "2026-06-30";
  const file = join(queries, `${QUERY}.yaml`);
  writeFileSync(file, readFileSync(file, "utf8").replace("version: 1.0.0", "version: 2.0.0"));
  await newKey("Mia Body");
  await library("add", "--queries", queries);
  await library("delegate", "ceg", "--key", pub("Lin Body"), pub("Mia Body"));
  await library("accept", "ceg", `${QUERY}@2.0.0`);
  await bySigners();
  await byBody("Lin Body", "Mia Body");
  await publish();
  await waited("the library with other keys", async () => (await status()).library === "3");
  await ask(date);
  await waited("it waits", () => isAt(date, "waiting-for-approval"));
  t.match((await status()).rules, [
    { group: "any" },
    { group: GROUP, rule: "ask", problem: /the keys of ceg changed in the library/ },
  ]);
  t.match(
    await practice.must("agent", "status"),
    /cairn agent rules --data \S+ --group cluster --delegate ceg/,
  );
  await leaveItToTheBody(t);
  await waited("it runs", () => isAt(date, "released"));
});
