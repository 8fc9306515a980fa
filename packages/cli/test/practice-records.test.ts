/** Records in and questions asked of them, as a person types it. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { initKeeper, keeperFolder, KeeperStore } from "@cairn/keeper";
import { openRecords, type Quality } from "@cairn/records";
import t from "tap";
import { CAIRN } from "./fixtures/command.js";
import { qualityWords } from "../src/agent/quality-words.js";

t.setTimeout(240_000); // each command is a process or two
const dir = mkdtempSync(join(tmpdir(), "cairn-cli-records-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

function cairn(...args: string[]): { out: string; said: string; exit: number | null } {
  return cairnFed("", ...args);
}

function cairnFed(
  input: string | Buffer,
  ...args: string[]
): { out: string; said: string; exit: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [CAIRN, ...args], {
    encoding: "utf8",
    input,
  });
  return { out: stdout, said: stderr, exit: status };
}

const extract = join(dir, "extract");
mkdirSync(join(dir, "queries/codelists"), { recursive: true });
mkdirSync(extract);
const people = Array.from({ length: 40 }, (_, i) => `p${i},${i % 2 ? "female" : "male"},1960-01-01\n`).join(
  "",
);
writeFileSync(join(extract, "patients.csv"), `patient_id,sex,date_of_birth\n${people}`);
const events = Array.from(
  { length: 40 },
  (_, i) => `p${i},2024-01-0${1 + (i % 9)},${i < 20 ? 111 : 222}\n`,
).join("");
writeFileSync(join(extract, "events.csv"), `patient_id,date,code\n${events}p1,2024-02-31,111\n`);
const QUERY = join(dir, "queries/one-list.yaml");
writeFileSync(
  QUERY,
  `query: one-list
version: 1.0.0
title: On the list
question: How many have an event of the list?
purpose: quality improvement
direction: none
people: registered-and-alive
periods: {every: year, count: 1}
codelists:
  it: it@1
denominator: {age: {from: 1}}
numerator: {exists: it}
split_by: [sex]
`,
);
writeFileSync(join(dir, "queries/codelists/it@1.csv"), "code,term\n111,it\n");
writeFileSync(
  join(dir, "queries/codelists/it@1.yaml"),
  "system: snomed\nkind: clinical\nsource: made up\nlicence: CC0-1.0\n",
);
const data = ["--data", join(dir, "agent")];
const at = ["--at", "2024-12-31", ...data];

t.test(
  "without records there is one line and exit 4; without registrations one line and exit 2",
  async (t) => {
    t.match(cairn("query", "run", QUERY, "--exact", ...at), {
      exit: 4,
      out: "",
      said: /^cairn: .*agent import[^\n]*\n$/,
    });
    const bare = cairn("agent", "import", "--format", "journal", ...data, extract);
    t.equal(bare.exit, 2);
    t.match(bare.said, /--registered-from birth/);
    t.equal(cairn("agent", "import", "--format", "journal", ...data, join(dir, "nowhere")).exit, 4);
  },
);

t.test("an import prints the JSON that others script against", async (t) => {
  const map = join(dir, "map.csv");
  writeFileSync(map, "from_system,from_code,to_code,assured\nread2,G30..,22298006,1\n");
  const done = cairn(
    "agent",
    "import",
    "--format",
    "JOURNAL",
    "--registered-from",
    "first-record",
    "--complete-to",
    "2025-01-31",
    "--code-map",
    map,
    "--json",
    ...data,
    extract,
  );
  t.equal(done.exit, 0, done.said);
  const { quality, ...face } = JSON.parse(done.out) as { quality: Quality };
  t.match(quality, { load: { added: 40 }, people: { patients: 40 }, codelists: Array });
  t.ok(quality.codelists.length > 5, "those of the library that comes with Cairn");
  t.same(face, {
    format: "journal",
    rows: { patients: { taken: 40, skipped: 0 }, events: { taken: 40, skipped: 1 } },
    reasons: [
      {
        reason: "events: date is not a date from 1800 to 2199 written YYYY-MM-DD",
        count: 1,
        example: { file: "events.csv", line: 42 },
      },
    ],
    patients: 40,
    events: 40,
    registrations: 0,
    changes: {
      people: { joined: 40, left: 0, died: 0 },
      events: { added: 40, corrected: 0, deleted: 0 },
    },
    covers_to: "2025-01-31",
    missing: null,
  });
  t.match(done.said, /^There is no agent in .*agent: the records were put there for trying queries/m);
});

t.test("a day that has not come is no day to which an extract is complete", async (t) => {
  const done = cairn(
    "agent",
    "import",
    "--format",
    "journal",
    "--complete-to",
    "2999-01-01",
    ...data,
    extract,
  );
  t.equal(done.exit, 2);
  t.match(done.said, /2999-01-01 has not come yet; say the last day for which the extract is complete/);
});

t.test(
  "run shows exact counts and who they are; the basis is said; without --exact it is refused",
  async (t) => {
    t.equal(cairn("query", "run", QUERY, ...at).exit, 2);
    const ran = cairn("query", "run", QUERY, "--exact", "--by-patient", "--json", ...at);
    t.equal(ran.exit, 0, ran.said);
    t.match(ran.said, /registered from their first record/);
    const said = JSON.parse(ran.out) as { query: string; cells: object[]; patients: { numerator: number }[] };
    t.same(said.cells.slice(0, 2), [
      { date: "2024-12-31", split: {}, numerator: 20, denominator: 40 },
      { date: "2024-12-31", split: { sex: "female" }, numerator: 10, denominator: 20 },
    ]);
    t.equal(said.patients.length, 40);
    t.equal(said.patients.filter((each) => each.numerator === 1).length, 20);
    t.match(said.patients[0], { date: "2024-12-31", patient: "p0", denominator: 1 });
  },
);

t.test(
  "a date that the records do not reach is answered with a word about it; one they reach, without",
  (t) => {
    const later = ["--at", "2024-12-31,2025-03-31", ...data];
    for (const args of [
      ["query", "run", QUERY, "--exact"],
      ["query", "preview", QUERY],
      ["worklist", QUERY, "--rest"],
    ]) {
      t.match(cairn(...args, ...later), {
        exit: 0,
        said: /complete to 2025-01-31: what came later is missing at 2025-03-31,/,
      });
      t.notMatch(cairn(...args, ...at).said, /complete to/, args.join(" "));
    }
    t.end();
  },
);

t.test("preview shows what would leave, as intervals", async (t) => {
  const shown = cairn("query", "preview", QUERY, "--json", ...at);
  t.equal(shown.exit, 0, shown.said);
  const { cells, beside } = JSON.parse(shown.out) as {
    cells: { numerator: unknown; denominator: unknown }[];
    beside: string;
  };
  t.equal(beside, "nothing", "no practice's history is in this folder");
  t.match(shown.said, /as a first release/);
  t.notMatch(shown.said, /ends no/);
  const between = cairn("query", "preview", QUERY, "--at", "2024-11-11", ...data);
  t.match(
    between.said,
    /^2024-11-11 ends no (month|quarter|year), so a hub's question at it would be refused: /m,
  );
  t.match(cells[0], {
    denominator: { value: 40, low: 38, high: 42 },
    numerator: { value: 20, low: 18, high: 22 },
  });
});

t.test("a worklist names the practice's own patients", async (t) => {
  const list = cairn("worklist", QUERY, "--rest", "--json", ...at);
  t.equal(list.exit, 0, list.said);
  const { patients } = JSON.parse(list.out) as { patients: { patient: string }[] };
  t.same(
    patients.map((each) => each.patient),
    Array.from({ length: 20 }, (_, i) => `p${i + 20}`),
  );
});

t.test("a journal's events come in by standard input, packed too; what needs a folder says so", (t) => {
  const packed = gzipSync("patient_id,date,code\np1,2024-03-03,333\n");
  const fed = cairnFed(packed, "agent", "import", "--format", "journal", "--json", ...data, "-");
  t.equal(fed.exit, 0, fed.said);
  t.match(JSON.parse(fed.out), { rows: { events: { taken: 1, skipped: 0 } }, events: 41 });
  const refused = cairnFed("", "agent", "import", "--format", "omop", ...data, "-");
  t.match(refused, { exit: 2, said: /^cairn: -: omop is many tables[^\n]*\n$/m });
  t.end();
});

/** Whether a process has started this command again, which runs by now. */
function hasStartedAgain(pid: number): boolean {
  try {
    const [child = ""] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    return readFileSync(`/proc/${child}/cmdline`, "utf8").startsWith(process.execPath);
  } catch {
    return false;
  }
}

t.test("killed alone, an import takes with it what it started: nothing is kept", async (t) => {
  const load = spawn(process.execPath, [CAIRN, "agent", "import", "--format", "journal", ...data, "-"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  load.stdin.on("error", () => undefined); // nobody reads it any more
  for (const stream of [load.stdout, load.stderr]) stream.resume();
  const [exits, closes] = [once(load, "exit"), once(load, "close")]; // the second once what it started has ended, too
  load.stdin.write("patient_id,date,code\np1,2024-03-04,444\n");
  for (let i = 0; i < 200 && !hasStartedAgain(load.pid!); i++) await wait(20);
  const again = hasStartedAgain(load.pid!);
  load.kill("SIGKILL");
  await exits;
  load.stdin.end(); // all that it was given: a load that goes on keeps it now
  await closes;
  const records = openRecords(keeperFolder(join(dir, "agent")));
  t.teardown(() => records.close());
  t.equal(records.totals().events, 41);
  if (!again) t.comment("it ran by itself here: this system gives no empty network namespace");
});

t.test(
  "a query that asks what these records do not say is refused with exit 3, not answered with noughts",
  (t) => {
    const text = readFileSync(QUERY, "utf8");
    const deprived = join(dir, "queries/deprived.yaml");
    writeFileSync(
      deprived,
      text.replace(
        "numerator: {exists: it}",
        "numerator: {all: [{exists: it}, {deprivation_fifth: {from: 1, to: 2}}]}",
      ),
    );
    const ran = cairn("query", "run", deprived, "--exact", "--json", ...at);
    t.match(ran, {
      exit: 3,
      out: "",
      said: /one-list asks what these records do not say \(.*deprivation fifth/,
    });
    const split = join(dir, "queries/split.yaml");
    writeFileSync(split, text.replace("split_by: [sex]", "split_by: [deprivation_fifth]"));
    const shown = cairn("query", "run", split, "--exact", "--json", ...at);
    t.match(shown, { exit: 0, said: /do not say in which deprivation fifth/ });
    t.same(
      (JSON.parse(shown.out) as { cells: { split: object }[] }).cells.map((cell) => cell.split),
      [{}, { deprivation_fifth: "unknown" }],
      "no cell that could only be nought",
    );
    t.end();
  },
);

t.test("run shows how many each ordered step decided, in words that fit the screen", async (t) => {
  const file = join(dir, "queries/stepped.yaml");
  const why = "a reason that is so long that it would not fit beside its count on a screen of eighty columns";
  writeFileSync(
    file,
    readFileSync(QUERY, "utf8")
      .replace("query: one-list", "query: stepped")
      .replace(
        "denominator: {age: {from: 1}}",
        `denominator:
  start: {age: {from: 1}}
  steps:
    - {select_if: {exists: it}}
    - {reject_if: {sex: female}, why: ${why}}
  otherwise: select`,
      ),
  );
  const ran = cairn("query", "run", file, "--exact", ...at);
  t.equal(ran.exit, 0, ran.said);
  const lines = ran.out.split("\n");
  const from = lines.indexOf("How the denominator came about, 2024-12-31:");
  t.same(lines.slice(from + 1, from + 6), [
    "  40  people the query starts with",
    "  20  taken in by step 1",
    `  10  left out by step 2: ${why.slice(0, 74 - "left out by step 2: ".length - 3)}...`,
    "  10  decided by no step, and so taken in",
    "  30  in the denominator",
  ]);
  t.same(
    lines.filter((line) => line.length > 80),
    [],
  );
  t.notMatch(cairn("query", "run", QUERY, "--exact", ...at).out, /How the denominator/, "none without steps");
});

t.test("the practice's log tells who looked at names, and nothing of whom", async (t) => {
  const folder = keeperFolder(join(dir, "agent"));
  initKeeper(folder).close();
  cairn("worklist", QUERY, "--rest", ...at);
  cairn("query", "run", QUERY, "--exact", "--by-patient", "--as", "Dr Shah", ...at);
  cairn("query", "run", QUERY, "--exact", ...at);
  const store = KeeperStore.open(folder);
  const looks = [...store.log.entries()].filter(({ kind }) => kind === "worklist-viewed");
  store.close();
  t.equal(looks.length, 2, "a worklist and a list by patient; exact counts name nobody");
  t.match(looks[1]?.body, { by: "Dr Shah" });
  for (const { body } of looks) {
    t.match(body, { query: "one-list", version: "1.0.0", dates: "2024-12-31" });
    t.notMatch(JSON.stringify(body), /p\d/);
  }
});

t.test("commands that read records run without a network, or say that they cannot", async (t) => {
  const script = join(dir, "isolated.mjs");
  writeFileSync(
    script,
    `import net from "node:net";
     import { isolated } from "${new URL("../dist/isolated.js", import.meta.url).href}";
     await isolated(async () => {
       const socket = net.connect(9, "192.0.2.1");
       socket.setTimeout(500, () => (console.log("REACHABLE"), socket.destroy()));
       socket.on("error", (error) => console.log(error.code));
       process.exitCode = 3;
     });`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  t.equal(status, 3, "the exit code comes through");
  if (stderr.includes("cannot give an empty network namespace"))
    return t.pass("said, where it cannot be had");
  t.equal(stdout.trim(), "ENETUNREACH");
});

const RICH: Quality = {
  day: "2026-10-31",
  load: {
    added: 14_800_123,
    corrected: 1_204,
    deleted: 37,
    repeated: 802_114,
    superseded: 3,
    duplicates: 9_120,
  },
  people: {
    patients: 10_412,
    without_registration: 12,
    without_event: 231,
    birth: { day: 10_000, month: 400, year: 10, unknown: 2 },
    sex_unknown: 1,
    ethnic_group_unknown: 2_207,
    deprivation_unknown: 311,
  },
  events: {
    events: 14_800_000,
    without_code: 90_210,
    in_future: 14,
    before_birth: 3,
    years: Array.from({ length: 30 }, (_, i) => ({ year: 1997 + i, events: 400_000 })),
    codes: [
      { system: "read2", year: 2017, mapped: 300_000, unmapped: 20_000, ambiguous: 1_000 },
      { system: "ctv3", year: 2018, mapped: 100_000, unmapped: 0, ambiguous: 0 },
    ],
  },
  units: [],
  codelists: [
    { codelist: "asthma@2025-09", patients: 0, readings: null },
    {
      codelist: "systolic-bp@2025-09",
      patients: 6_000,
      readings: {
        unit: "mmHg",
        events: 90_000,
        without_number: 12,
        without_unit: 800,
        ignored: [{ unit: "kPa", events: 420 }],
      },
    },
  ],
};

t.test(
  "the quality report is short, fits 80 columns, and says nothing of what there is none of",
  async (t) => {
    const words = qualityWords(RICH);
    const lines = words.split("\n");
    t.ok(lines.length <= 24, `${lines.length} lines fit a screen`);
    t.same(
      lines.filter((line) => line.length > 80),
      [],
    );
    const plain = words.replaceAll("\u00a0", " ").replaceAll(/\n +/g, " ");
    for (const said of [
      "12 without a registration",
      "400 to the month",
      "ethnic group of 2,207 (21 %)",
      "14 dated in the future, 3 dated before birth",
      "421,000 events (3 %) in read2, ctv3: 95 % mapped, 5 % unmapped, <1 % ambiguous",
      "2017 80 %, 2018 25 %, 2019 0 %",
      "420 systolic-bp@2025-09 in kPa",
      "1 of the 2 that queries ask for have events; none of: asthma@2025-09",
    ])
      t.ok(plain.includes(said), said);
    const bare = qualityWords({
      ...RICH,
      codelists: [],
      events: { ...RICH.events, codes: [], in_future: 0 },
    });
    t.notMatch(bare, /Old codes|Codelists|Units|future/);
  },
);
