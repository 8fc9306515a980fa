/**
 * The README's three first days, typed as they stand there: a hub and its group's charter on one machine, practices on
 * others that arrive over days and accept it, and an officer with an account and one practice's log. Followed literally, they
 * end in a comparison of all, and in papers that say whose it is and what it is for. Six practices in CI, where
 * each is some ten processes that take turns at two cores; eight with CAIRN_LONG.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import type { ComparisonJson } from "@cairn/comparisons";
import { type ProcessResult } from "@cairn/demo";
import { CAIRN } from "../../packages/cli/test/fixtures/command.js";
import { PRACTICES, writePractice } from "@cairn/synthetic";
import { Machines, withoutNamespaces, type Machine } from "./machines.js";
import { fencesOf, filledIn, unseen, yamlOf, type Command } from "./readme.js";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const DAY_MS = 86_400_000;
/** Who has an account at the hub. */
const PEOPLE = { OFFICER: "Olive Officer", LEAD: "Lea Lead" };
/** On which day each practice comes, and on which the hub asks. */
const ARRIVALS = process.env["CAIRN_LONG"] ? [0, 1, 1, 3, 3, 6, 6, 6] : [0, 1, 1, 3, 6, 6];
const ASKED_ON = 0;
const DAYS = 9;
const SETTLE_DAYS = 14;
const PATIENCE_MS = 120_000;
/** Goes on until Ctrl-C. */
const GOES_ON = /^cairn (hub serve|agent start) /;
/** Asks for a passphrase at a terminal; here a file has it. */
const ASKS_PASSPHRASE = /^cairn library (key new|sign) /;
/** Ends with 1 where something is not enforced, which depends on the machine. */
const MAY_NOT_HOLD = /^cairn agent doctor /;

t.test("the README's first days end in a comparison of all practices", { timeout: 900_000 }, async (t) => {
  t.comment(withoutNamespaces() ?? "hub and practices each have a machine of their own");
  const readme = readFileSync(join(REPOSITORY, "README.md"), "utf8");
  const page = (who: string): Command[][] => fencesOf(readme, `A first day: ${who}`);
  const [found, publish, invite, admit, ask, look, ...moreAtHub] = page("the hub");
  const [enrol, begin, check, decide, rule, ...moreAtPractice] = page("the practice");
  const [atPractice, atHub, verify, onPaper, ...moreOfOfficer] = page("the governance officer");
  t.same(
    [moreAtHub, moreAtPractice, moreOfOfficer],
    [[], [], []],
    "every command of the three pages is typed",
  );

  const folder = mkdtempSync(join(tmpdir(), "first-days-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const clock = join(folder, "clock");
  const firstDay = Date.now() - DAYS * DAY_MS; // the last is today: TLS asks the machine's own clock
  const itIsDay = (day: number): void => writeFileSync(clock, `${(day - DAYS) * DAY_MS}`);
  itIsDay(0);
  const machines = new Machines(folder, environment(folder, clock));
  t.teardown(() => machines.end());

  const follow = async (
    machine: Machine,
    commands: Command[] | undefined,
    words: Words = {},
  ): Promise<string> => {
    let said = "";
    for (const command of commands ?? []) said = await typed(machine, command, words);
    return said;
  };

  const hub = await machines.add("hub");
  await follow(hub, found);
  const review = { "REVIEW-DAY": dayOf(firstDay + 365 * DAY_MS), GDPR: "GDPR" };
  writeFileSync(join(hub.folder, "north.yaml"), filledIn(yamlOf(readme, "A first day: the hub"), review));
  await follow(hub, publish, PEOPLE);

  const names = Object.keys(PRACTICES).slice(0, ARRIVALS.length);
  const practices = new Map<string, Machine>();
  for (const name of names) practices.set(name, await machines.add(name.toLowerCase().replaceAll(" ", "-")));
  const each = (some: readonly string[], does: (machine: Machine, name: string) => Promise<unknown>) =>
    Promise.all(some.map((name) => does(practices.get(name) as Machine, name)));

  for (const day of new Set(ARRIVALS)) {
    itIsDay(day);
    const until = dayOf(firstDay + day * DAY_MS);
    const newcomers = names.filter((_, i) => ARRIVALS[i] === day);
    await each(newcomers, async (machine, name) => {
      const extract = await invented(machine, name, until);
      const code = (await follow(hub, invite, { PRACTICE: name })).trim();
      const said = await follow(machine, enrol, { DAY: until, EXTRACT: extract, "JOIN-CODE": code });
      const fingerprint = /^fingerprint (\S+)$/m.exec(said)?.[1] ?? "";
      await follow(hub, admit, { PRACTICE: name, FINGERPRINT: fingerprint });
      await follow(machine, begin);
      await follow(machine, check);
    });
    if (day === ASKED_ON) await follow(hub, ask, PEOPLE);
    const asked = day === ASKED_ON ? names.filter((_, i) => (ARRIVALS[i] ?? 0) <= day) : newcomers;
    if (day >= ASKED_ON)
      await each(asked, async (machine) => follow(machine, [...(decide ?? []), ...(rule ?? [])]));
  }
  itIsDay(DAYS);

  const dates = await settled(hub, dayOf(firstDay - SETTLE_DAYS * DAY_MS));
  t.ok(dates.length >= 15, `${dates.length} quarters had settled when the first practice came`);
  for (const { date, group } of dates) t.equal(group.state, "made", `the group's figure of ${date} is made`);
  for (const { practice, released } of await releasedAtHub(hub))
    t.ok(released >= dates.length, `${practice} released each date`);
  for (const name of names) await follow(hub, look, { PRACTICE: name, ...PEOPLE });

  const desk = officersDesk(folder);
  const [practice = hub] = practices.values();
  const from = (machine: Machine): Machine => machine.at(desk);
  const days = { "FIRST-DAY": dayOf(firstDay), "LAST-DAY": dayOf(firstDay + DAYS * DAY_MS) };
  await follow(from(practice), atPractice, { "QUARTER-END": dates[0]?.date ?? "", ...days, ...PEOPLE });
  await follow(from(hub), atHub, PEOPLE);
  await follow(from(practice), verify);
  await follow(from(practice), onPaper, days);
  papersAreWhole(t, desk);
  tamper(join(desk, "practice.ndjson"));
  const { code, stdout } = await from(practice).run(verify?.[0]?.line ?? "");
  t.equal(code, 1, "a log in which one entry was changed does not hold");
  t.match(stdout, /^This does not hold: /m);

  await Promise.all([...practices.values()].map((machine) => machine.stop()));
  await hub.stop();
});

type Words = Readonly<Record<string, string>>;

/** The extract of an invented practice. @returns its folder */
async function invented(machine: Machine, practice: string, until: string): Promise<string> {
  const out = join(machine.folder, "extract");
  const size = { patients: 700, eventsPerPatient: 60, progress: () => undefined };
  await writePractice({ ...size, practice, seed: practice, out, format: "journal", until });
  return out;
}

/** `cairn` on the path and the moved clock; nothing else of this test comes into what it starts. */
function environment(folder: string, clock: string): NodeJS.ProcessEnv {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(CAIRN, join(bin, "cairn"));
  return {
    PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(delimiter),
    NODE_OPTIONS: `--import=${new URL("clock.mjs", import.meta.url).href}`,
    CAIRN_TEST_CLOCK: clock,
  };
}

/**
 * Types a command of the README, as a reader does. What one should see of how things stand comes in its own time: it is asked
 * for again until it is there.
 */
async function typed(machine: Machine, command: Command, words: Words): Promise<string> {
  const line = filledIn(command.line, words);
  const sees = command.sees.map((each) => machine.here(filledIn(each, words)));
  if (GOES_ON.test(line)) return machine.begin(line, (said) => unseen(sees, said) === undefined);
  const asksAgain = / (status|doctor) /.test(line);
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const done = await machine.run(ASKS_PASSPHRASE.test(line) ? `${line} ${answered(machine, line)}` : line);
    const missing = unseen(sees, done.stdout);
    if (done.code !== 0 && !(done.code === 1 && MAY_NOT_HOLD.test(line))) throw failure(line, done);
    if (missing === undefined) return done.stdout;
    if (!asksAgain || Date.now() > end) throw failure(`${line} does not say "${missing}"`, done);
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
}

/** Options in the place of what the reader types when asked. */
function answered(machine: Machine, line: string): string {
  writeFileSync(join(machine.folder, "passphrase"), "four words of mine\n");
  return `--passphrase-file passphrase${/ sign /.test(line) ? " --yes" : ""}`;
}

function failure(what: string, { code, stdout, stderr }: ProcessResult): Error {
  return new Error(`${what}\nended with ${code}\n${stdout}${stderr}`);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

type Shown = Pick<ComparisonJson, "date" | "split" | "group">;

/** What the lead is shown of everyone at dates up to `last`, once every practice has released all of them. */
async function settled(hub: Machine, last: string): Promise<Shown[]> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const look = `cairn hub comparison --data /var/lib/cairn-hub --group north --as "${PEOPLE.LEAD}" --json`;
    const { comparisons } = JSON.parse((await hub.run(look)).stdout) as { comparisons: Shown[] };
    const totals = comparisons.filter(({ split, date }) => Object.keys(split).length === 0 && date <= last);
    const lacks = (await releasedAtHub(hub)).some(({ released }) => released < totals.length);
    const isUnderWay = lacks || totals.some(({ group }) => group.state === "collecting");
    if (!isUnderWay || Date.now() > end) return totals;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** How many dates each practice has released, as the operator reads it. */
async function releasedAtHub(hub: Machine): Promise<{ practice: string; released: number }[]> {
  const { stdout } = await hub.run("cairn hub status --data /var/lib/cairn-hub --json");
  const { practices } = JSON.parse(stdout) as {
    practices: { practice: string; groups: { runs: { released?: number } }[] }[];
  };
  return practices.map(({ practice, groups }) => ({ practice, released: groups[0]?.runs.released ?? 0 }));
}

/**
 * The officer's three papers say that the logs hold, what the group is for and on what basis, what left, who signed, accepted
 * and looked, and what a person has to write.
 */
function papersAreWhole(t: Test, desk: string): void {
  const holds = (paper: string, words: readonly RegExp[]): void => {
    const text = readFileSync(join(desk, paper), "utf8");
    for (const each of words) t.match(text, each, paper);
  };
  const purpose = /The practices of the north learn from one another\./;
  holds("account.html", [
    ...[purpose, /The logs hold, and agree with each other on \d+ releases/],
    ...[/<h3>[^<]+ \(hypertension-register 1\.\d+\.\d+\)<\/h3>/, /Of registered people aged 18 or over/],
    ...[/signed by ann, ben/, /accepted the charter of north/, /accepted hypertension-register/],
    ...[/Lea Lead<\/td><td[^>]*>looked at [^<]*as dots/, /Olive Officer<\/td><td[^>]*>took the practice/],
  ]);
  holds("register.csv", [
    /^"north","hypertension-register",.*"they hold; \d+ of \d+ releases? compared, and agree[^"]*"\r$/m,
    ...[
      purpose,
      /"Each practice for its own records; /,
      /"UK GDPR article 6\(1\)\(e\), /,
      /"60 months","\d{4}-/,
    ],
  ]);
  holds("papers.html", [
    purpose,
    /Lawful basis: UK GDPR/,
    /accepted charter [0-9a-f]{16}/,
    /A person writes here:/,
  ]);
}

/** A folder with a checkout's files, to which both logs are brought. */
function officersDesk(folder: string): string {
  const desk = join(folder, "desk");
  mkdirSync(desk);
  symlinkSync(join(REPOSITORY, "packages"), join(desk, "packages"));
  return desk;
}

/** Another person approves, in an entry in the middle of the log. */
function tamper(file: string): void {
  const text = readFileSync(file, "utf8");
  const changed = text.replace(/("kind":"query-accepted".*?"by":")[^"]*/, "$1somebody else");
  if (changed === text) throw new Error("no entry of the log is a person's acceptance");
  writeFileSync(file, changed);
}
