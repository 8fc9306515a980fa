/**
 * The ways back of docs/ways-back.md and docs/signing.md, each followed as its page has the commands: one hub and one practice,
 * as processes, lose one key or machine after the other. What the practice released stays the same bytes until its own
 * key is lost. The signers' commands run in this process. A body's key is in delegate.test.ts.
 */
import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import t, { type Test } from "tap";
import { CairnError } from "@cairn/errors";
import { Federation, type Practice } from "@cairn/demo";
import { addSchedule, admit, witnessStates } from "@cairn/hub";
import { signingKey, signOnline } from "@cairn/signed-library";
import { openDatabase } from "@cairn/sqlite";
import { until } from "@cairn/testkit";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";
import { fencesOf, filledIn } from "../first-days/readme.js";

const COMMANDS = new URL("../../packages/cli/dist/commands/", import.meta.url).href;

const GROUP = "cluster";
const QUERY = "hypertension-register";
const NAME = "Careful Surgery";
const PAST = "2025-03-31";
const folder = mkdtempSync(join(tmpdir(), "cairn-ways-back-"));
const library = someQueries(join(folder, "queries"), [QUERY]);
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600, library });
const began = process.cwd();
const AGAIN = { CAIRN_AGAIN_MS: "1000" }; // milliseconds until the link is tried again
let practice: Practice;
let released: string; // digest of what the practice released for the past date

/** What somebody who follows a page puts in for its words in capitals. */
const words: Record<string, string> = {
  ...{ ANN: "ann", BEN: "ben", CAT: "cat", FOLDER: "queries", HOST: "127.0.0.1", BACKUP: "backup" },
  ...{ PRACTICE: `"${NAME}"`, GROUP, NEW: "witness-1", NAME: "officer.invented/glen", POLICY: "policy" },
};

t.before(() => {
  process.chdir(folder);
  writeFileSync("passphrase", "invented people only\n");
});

t.teardown(async () => {
  process.chdir(began);
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a line of a page in this process. @returns what it printed as its result @throws CairnError where it is refused */
async function run(line: string): Promise<string> {
  const [text = "", into] = line.split(" > ");
  const [program, ...args] = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, word]) => quoted ?? word!,
  );
  if (program === "openssl") return execFileSync(program, args, { encoding: "utf8" });
  if (/^library (key new|sign)/.test(args.join(" "))) args.push("--passphrase-file", "passphrase");
  if (args[1] === "sign") args.push("--yes");
  if (args[1] === "key") args.push("--work-factor", "2");
  if (args[0] === "agent") args.push("--data", practice.data);
  const cairn = new Command(program).exitOverride();
  for (const name of { library: ["library", "library-publish"] }[args[0]!] ?? [args[0]!]) {
    const module = (await import(`${COMMANDS}${name}.js`)) as {
      register(program: Command): void;
    };
    module.register(cairn);
  }
  const streams = [process.stdout, process.stderr];
  const before = streams.map((stream) => stream.write.bind(stream));
  let printed = "";
  process.stdout.write = (more: string) => ((printed += more), true);
  process.stderr.write = () => true;
  try {
    await cairn.parseAsync(["node", "cairn", ...args]);
  } finally {
    for (const [i, stream] of streams.entries()) stream.write = before[i]!;
  }
  if (into) writeFileSync(into, printed);
  return printed;
}

/** Follows the fences under a heading. @param fences which of them @returns what each command printed or was refused with */
async function follow(page: string, heading: string, ...fences: number[]): Promise<string[]> {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}.md`, import.meta.url)), "utf8");
  const said: string[] = [];
  const all = fencesOf(text, heading).filter((_, i) => fences.length === 0 || fences.includes(i));
  for (const { line } of all.flat()) {
    try {
      said.push(await run(filledIn(line, words)));
    } catch (error) {
      if (!(error instanceof CairnError)) throw error;
      const fingerprint = /--new-root (\S+)/.exec(error.message)?.[1]?.replace(/,$/, "");
      if (fingerprint === undefined) throw error; // the one that a page says is refused
      words["FINGERPRINT"] = fingerprint;
      said.push(error.message);
    }
  }
  return said;
}

/** Puts the keys that were made in `new` in the place of those of before. */
function keepNewKeys(): void {
  for (const file of readdirSync("new")) renameSync(join("new", file), file);
  rmSync("new", { recursive: true });
}

function rows<Row>(file: string, sql: string, ...bind: string[]): Row[] {
  const db = openDatabase(file, { readonly: true, check: false });
  try {
    return db.prepare<string[], Row>(sql).all(...bind);
  } finally {
    db.close();
  }
}

const atPractice = <Row>(sql: string, ...bind: string[]): Row[] =>
  rows(join(practice.data, "keeper", "keeper.db"), sql, ...bind);
const atHub = <Row>(sql: string, ...bind: string[]): Row[] =>
  rows(join(federation.hubData, "hub.db"), sql, ...bind);

/** The version of metadata that the practice trusts. */
function trusted(role: string): number {
  const [row] = atPractice<{ bytes: Buffer }>("SELECT bytes FROM library_trust WHERE role = ?", role);
  return row ? (JSON.parse(row.bytes.toString()) as { signed: { version: number } }).signed.version : 0;
}

const stateOf = (date: string): { state: string; reason: string } | undefined =>
  atHub<{ state: string; reason: string }>("SELECT state, reason FROM run WHERE reference_date = ?", date)[0];
const told = (kind: string): number => atPractice("SELECT 1 FROM log_entry WHERE kind = ?", kind).length;

const waited = (what: string, holds: () => boolean): Promise<true> =>
  until(what, holds, () => `${practice.agent?.log}\n${federation.hub?.log}`);

async function ask(date: string): Promise<void> {
  const schedule = { group: GROUP, queries: [QUERY], every: "quarter", periods: 1, until: date } as const;
  const when = { cron: null, timezone: "Europe/London", catchUp: "latest" } as const;
  const rest = { catchUpWindow: 0, spread: 0, collectFor: 3_600_000 };
  await federation.atHub((hub) => addSchedule(hub, { ...schedule, ...when, ...rest }));
}

/** Asks for a date, and waits until the hub has its release. */
async function answered(date: string): Promise<void> {
  await ask(date);
  await waited(`${date} is released`, () => stateOf(date)?.state === "released");
}

/** Digests of what a side holds for the past date. */
function held(side: "hub" | "practice"): string[] {
  const sql = "SELECT lower(hex(digest)) AS digest FROM release";
  const all =
    side === "hub"
      ? atHub<{ digest: string }>(`${sql} JOIN run ON run.id = release.run WHERE reference_date = ?`, PAST)
      : atPractice<{ digest: string }>(`${sql} WHERE reference_date = ?`, PAST);
  return all.map(({ digest }) => digest);
}

/** Both sides hold the one release of the past date, as it was made. */
function historyKept(t: Test): void {
  t.same(held("hub"), [released], "at the hub");
  t.same(held("practice"), [released], "at the practice");
}

t.test("a first library, a practice, a release", async (t) => {
  await federation.mustHub("hub", "init", "--host", "127.0.0.1");
  await follow("signing", "The first library");
  await federation.startHub();
  const spec = { patients: 150, eventsPerPatient: 50, seed: 11, until: "2026-07-31" };
  practice = federation.addPractice({ name: NAME, ...spec });
  await practice.loadRecords();
  await federation.enrol(practice);
  await practice.start(AGAIN);
  await answered(PAST);
  [released = ""] = held("hub");
  t.match(released, /^[0-9a-f]{64}$/);
  historyKept(t);
});

t.test("one signing key, then one root key: practices follow by themselves", async (t) => {
  await follow("signing", "One key lost or stolen");
  keepNewKeys();
  await waited("the practice follows", () => trusted("root") === 2 && trusted("targets") === 2);
  await follow("signing", "One root key lost or stolen");
  keepNewKeys();
  await waited("the practice follows again", () => trusted("root") === 3);
  t.equal(trusted("targets"), 2, "the library is not signed anew");
  await answered("2025-06-30");
  historyKept(t);
});

t.test("the hub's key stolen, and its version numbers run up as far as they go", async (t) => {
  const most = Number.MAX_SAFE_INTEGER;
  const pem = readFileSync(join("hub", "keys", "library.key"));
  const thief = signingKey("hub", "online", createPrivateKey(pem));
  const [targets] = atHub<{ bytes: Buffer }>("SELECT bytes FROM library_file WHERE name = '2.targets.json'");
  const signed = new Map([["targets", targets!.bytes]]);
  const db = openDatabase(join("hub", "hub.db"));
  db.exec("DELETE FROM library_file WHERE name LIKE '%.snapshot.json' OR name = 'timestamp.json'");
  for (const [name, bytes] of signOnline({ snapshot: most, timestamp: most }, signed, thief, Date.now()))
    db.prepare("INSERT INTO library_file (name, role, bytes) VALUES (?, 'metadata', ?)").run(name, bytes);
  db.close();
  await waited("the practice took them", () => trusted("timestamp") === most);

  await federation.stopHub();
  await follow("signing", "The hub's key stolen");
  await federation.startHub();
  await waited("the practice follows", () => trusted("root") === 4 && trusted("timestamp") < most);
  await answered("2025-09-30");
  historyKept(t);
});

t.test("two root keys lost: a person at the practice trusts the new root", async (t) => {
  for (const file of readdirSync(".")) if (/^(ann|ben|cat)\./.test(file)) rmSync(file);
  await follow("signing", "The first library", 0);
  const said = await follow("signing", "Two root keys lost");
  t.match(said.join("\n"), `--new-root ${words["FINGERPRINT"]}`, "the first publish refuses, and says it");
  await waited("the practice refuses it", () => told("library-refused") > 0);
  await run("cairn agent trust root.json");
  t.equal(told("root-trusted"), 0, "shown alone, nothing is changed");
  await run(`cairn agent trust root.json --fingerprint ${words["FINGERPRINT"]}`);
  renameSync("cairn-library", "lost-library");
  renameSync("new", "cairn-library");
  await waited("the library under the new root", () => trusted("root") === 5 && trusted("targets") > 0);
  t.equal(told("root-trusted"), 1);
  t.match(await run("cairn hub export --data hub"), /"kind":"library-root-replaced"/);
  await answered("2025-12-31");
  historyKept(t);
});

/** What `cairn audit verify` says of both sides. */
async function verified(): Promise<{ verified: boolean; problem: string | null; notes: string[] }> {
  writeFileSync("hub.log", await run("cairn hub export --data hub --bytes"));
  writeFileSync("practice.log", await practice.must("agent", "log", "--json"));
  const done = await command.run([
    "audit",
    "verify",
    "--hub",
    join(folder, "hub.log"),
    "--practice",
    join(folder, "practice.log"),
    "--json",
  ]);
  return JSON.parse(done.stdout) as { verified: boolean; problem: string | null; notes: string[] };
}

/** The practice is shown the hub's new log, and a person there accepts it: it is countersigned as it grows. */
async function acceptTheNewLog(grow: () => Promise<void>): Promise<void> {
  await waited("the new log is shown", () => waits() !== "");
  await run("cairn agent accept-hub-log");
  const before = told("checkpoint-countersigned");
  await grow();
  await waited("it is countersigned", () => told("checkpoint-countersigned") > before);
}

const waits = (): string =>
  atPractice<{ value: string }>("SELECT value FROM setting WHERE name = 'not-witnessed'")[0]?.value ?? "";

t.test("the hub restored from an old backup: it is given the same bytes again, in a new log", async (t) => {
  await run("cairn hub backup --data hub --out backup");
  await answered("2026-03-31");
  const after = atHub<{ digest: string }>("SELECT hex(digest) AS digest FROM release ORDER BY digest");
  await federation.stopHub();
  renameSync("hub", "lost-hub");
  await follow("ways-back", "The hub, from an old backup", 0);
  t.equal(stateOf("2026-03-31"), undefined, "the backup knows nothing of it");
  await federation.startHub();
  await acceptTheNewLog(() => answered("2026-03-31"));
  t.same(atHub("SELECT hex(digest) AS digest FROM release ORDER BY digest"), after);
  t.match(await verified(), { verified: true, problem: null, notes: [/went on in a new log/] });
  historyKept(t);
});

t.test("the hub lost with all its copies: a new one asks again, and is given the same bytes", async (t) => {
  await federation.stopHub();
  renameSync("hub", "hub-lost-too");
  await follow("ways-back", "The hub, without a backup", 0);
  await federation.startHub();
  const [code = ""] = await follow("ways-back", "The hub, without a backup", 1);
  words["CODE"] = /cairn-\S+/.exec(code)?.[0] ?? "";
  words["ADDRESS"] = federation.addresses.grpc;
  await practice.stop();
  const line = `cairn agent enrol --hub ${words["ADDRESS"]} --join ${words["CODE"]}`;
  await t.rejects(run(line), { message: /remove the folder courier.*keeper.*--new-hub/ });
  rmSync(join(practice.data, "courier"), { recursive: true });
  await t.rejects(run(line), { code: "pinned-otherwise", message: /--new-hub/ });
  const [enrolled = ""] = await follow("ways-back", "The hub, without a backup", 2);
  const fingerprint = /fingerprint (\S+)/.exec(enrolled)?.[1] ?? "";
  await federation.atHub((hub) => admit(hub, NAME, fingerprint));
  await practice.start(AGAIN);
  await acceptTheNewLog(() => answered(PAST));
  historyKept(t);
  t.equal(trusted("root"), 6, "the new hub's key is named by the signers");
  let account = await verified(); // what is released between the two exports is in one of them alone
  for (const end = Date.now() + 20_000; account.problem !== null && Date.now() < end;)
    account = await verified();
  const { problem, notes } = account;
  t.equal(problem, null);
  t.match(
    notes.join("\n"),
    /another hub until .*[1-9]\d* receipts, [1-9]\d* countersigned checkpoints .* were not checked/,
    "what was lost is said",
  );
});

t.test("a witness's key lost: another signs in its place, and the hub's log goes on", async (t) => {
  words["PAGES"] = federation.addresses.pages;
  const [key = ""] = (await run("cairn hub witnesses --data hub")).split("\n");
  words["KEY"] = key;
  const signedAt = (): Promise<(Date | null)[] | undefined> =>
    federation.atHub(async (hub) => (await witnessStates(hub))?.map((witness) => witness.signedAt));
  const size = await federation.atHub((hub) => Promise.resolve(hub.store.log.size));
  for (const name of ["witness-1", "witness-2"]) {
    words["NEW"] = name;
    const [made = ""] = await follow("ways-back", "A witness's key", 0);
    writeFileSync("policy", `log ${key}\nwitness officer ${made.trim()}\nquorum officer\n`);
    await follow("ways-back", "A witness's key", 1);
    t.same(await signedAt(), [null], "no other witness counts any more");
    await follow("ways-back", "A witness's key", 2);
    t.match(await signedAt(), [Date], `${name} counts`);
    rmSync(name, { recursive: true });
  }
  const { origin, size: now } = await federation.atHub((hub) => Promise.resolve(hub.store.log));
  t.equal(origin, key.split("+")[0], "the log is the same");
  t.ok(now > size, "and goes on");
  historyKept(t);
});

t.test(
  "a body's key lost: its queries wait for a person, until the practice pins the new keys",
  async (t) => {
    Object.assign(words, { BODY: "ceg", LIN: "lin", LOU: "lou", MIA: "mia", NAME: QUERY, VERSION: "2.0.0" });
    const file = join("queries", `${QUERY}.yaml`);
    writeFileSync(file, readFileSync(file, "utf8").replace("version: 1.0.0", "version: 2.0.0"));
    await follow("signing", "Bodies", 0);
    for (const name of ["lou", "mia"]) await run(`cairn library key new ${name} --kind body --dir .`);
    await run("cairn library add --queries queries");
    await follow("signing", "Bodies", 1);
    await waited("the library names the body", () => atPractice("SELECT 1 FROM body").length === 1);
    const pin = `cairn agent rules --group ${GROUP} --delegate ceg --yes`;
    await run(pin);
    await follow("signing", "Bodies", 2);
    await ask("2025-12-31");
    const accepted = () =>
      atPractice<{ body: string }>("SELECT body FROM log_entry WHERE kind = 'query-accepted'").filter(
        ({ body }) => body.includes('"2.0.0"') && body.includes("rule delegate: ceg"),
      ).length;
    await waited("what the body accepts is accepted", () => accepted() === 1);
    const rule = async (): Promise<string> => {
      const { rules } = JSON.parse(await practice.must("agent", "status", "--json")) as {
        rules: { group: string; rule: string }[];
      };
      return rules.find(({ group }) => group === GROUP)!.rule;
    };
    t.equal(await rule(), "delegate: ceg");
    const rulesSet = told("rule-set");
    await follow("signing", "A body's key lost or stolen", 0);
    await waited("the practice hears of the other keys", () => told("rule-set") > rulesSet);
    t.equal(await rule(), "ask", "new queries wait for somebody there");
    t.equal(accepted(), 1, "what is accepted goes on");
    await run(pin);
    t.equal(await rule(), "delegate: ceg", "under the keys that count from now on");
    historyKept(t);
  },
);

t.test("a practice's key lost: it starts a new history, and answers no past date again", async (t) => {
  await practice.stop();
  renameSync(practice.data, `${practice.data}-lost`);
  await practice.must("agent", "init", "--invented");
  await practice.join();
  const [code = ""] = await follow("ways-back", "A practice's key", 0);
  const join = /cairn-\S+/.exec(code)?.[0] ?? "";
  const enrolled = await run(`cairn agent enrol --hub ${federation.addresses.grpc} --join ${join}`);
  await federation.atHub((hub) => admit(hub, NAME, /fingerprint (\S+)/.exec(enrolled)?.[1] ?? ""));
  await practice.start(AGAIN);
  await ask("2026-06-30");
  await waited("it is refused", () => stateOf("2026-06-30")?.state === "refused");
  t.equal(stateOf("2026-06-30")?.reason, "history-lost");
  t.same(held("practice"), [], "the new keeper knows no release");
  t.same(held("hub"), [released], "and the hub goes on counting it");
  t.equal(stateOf(PAST)?.state, "released");

  await practice.stop();
  renameSync(practice.data, `${practice.data}-new`);
  renameSync(`${practice.data}-lost`, practice.data); // whoever found or stole it
  await practice.start(AGAIN).catch(() => undefined); // it may end before it says that it runs
  await waited("the lost key is let in no more", () => /revoked this agent/.test(practice.agent?.log ?? ""));
});
