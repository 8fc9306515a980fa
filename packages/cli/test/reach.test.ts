/** How far the records reach, as a person at the practice reads it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initKeeper, keeperFolder } from "@cairn/keeper";
import { CAIRN } from "./fixtures/command.js";
import t from "tap";
import { layoutOf } from "@cairn/agent/layout";
import { statusOf } from "@cairn/agent/status";
import { statusWords } from "../src/agent/status.js";

t.setTimeout(600_000); // each command is a process or two
const dir = mkdtempSync(join(tmpdir(), "cairn-reach-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

function cairn(...args: string[]): { out: string; said: string; exit: number | null } {
  const done = spawnSync(process.execPath, [CAIRN, ...args], { encoding: "utf8" });
  return { out: done.stdout, said: done.stderr, exit: done.status };
}

/** Two years of 40 events a month, up to March 2021. */
const extract = join(dir, "extract");
mkdirSync(extract);
const people = Array.from({ length: 40 }, (_, i) => `p${i}`);
const patients = people.map((id) => `${id},female,1960-01-01\n`).join("");
writeFileSync(join(extract, "patients.csv"), `patient_id,sex,date_of_birth\n${patients}`);
const rows = Array.from({ length: 24 }, (_, i) => {
  const month = new Date(Date.UTC(2019, 3 + i)).toISOString().slice(0, 7);
  return people.map((id, n) => `${id},${month}-${10 + (n % 19)},${n % 2 ? 111 : 333}\n`).join("");
}).join("");
writeFileSync(join(extract, "events.csv"), `patient_id,date,code\n${rows}`);

const QUERY = join(dir, "queries/two-lists.yaml");
mkdirSync(join(dir, "queries/codelists"), { recursive: true });
for (const [name, code] of [
  ["it", "111"],
  ["nothing", "222"],
] as const) {
  writeFileSync(join(dir, `queries/codelists/${name}@1.csv`), `code,term\n${code},${name}\n`);
  writeFileSync(
    join(dir, `queries/codelists/${name}@1.yaml`),
    "system: snomed\nkind: clinical\nsource: made up\nlicence: CC0-1.0\n",
  );
}
writeFileSync(
  QUERY,
  `query: two-lists
version: 1.0.0
title: Two lists
question: How many have an event of either list?
purpose: quality improvement
direction: none
periods: {every: quarter, count: 4}
codelists: {it: it@1, nothing: nothing@1}
denominator: {age: {from: 1}}
numerator: {any: [{exists: it, in: 6 months}, {exists: nothing}]}
`,
);
const data = ["--data", join(dir, "agent")];
const load = ["agent", "import", "--format", "journal", "--registered-from", "birth", ...data, extract];

t.test("a day that the events do not reach is refused, and taken when it is said twice", (t) => {
  const refused = cairn(...load, "--complete-to", "2026-09-30");
  t.match(refused, {
    exit: 3,
    out: "",
    said: /2026-09-30 is 2012 days after 2021-03-28.*newest event is of 2021-03-28.*--quiet-days 2012/,
  });
  t.equal(cairn("query", "run", QUERY, "--exact", "--at", "2021-03-31", ...data).exit, 4, "nothing was kept");
  t.equal(cairn(...load, "--complete-to", "2026-09-30", "--quiet-days", "some").exit, 2);
  const taken = cairn(...load, "--complete-to", "2026-09-30", "--quiet-days", "2012");
  t.equal(taken.exit, 0, taken.said);
  t.match(taken.out, /Newest +28 March 2021: other entries 28 March 2021/);
  t.match(taken.out, /Usual +40 events a month; the newest such month ends 28 March 2021/);
  const next = cairn(...load, "--complete-to", "2026-10-01", "--quiet-days", "2012");
  t.equal(next.exit, 3, "the same flags another night");
  t.end();
});

t.test("empty codelists and thin months stand beside the answer, in words and in JSON", (t) => {
  const thin = [{ date: "2021-06-30", months: ["2021-04", "2021-05", "2021-06"] }];
  for (const args of [
    ["query", "run", QUERY, "--exact"],
    ["query", "preview", QUERY],
    ["worklist", QUERY, "--rest"],
  ]) {
    const both = cairn(...args, "--json", "--at", "2021-03-31,2021-06-30", ...data);
    t.equal(both.exit, 0, both.said);
    t.match(JSON.parse(both.out), { empty_codelists: ["nothing@1"], thin_months: thin }, args.join(" "));
    t.match(both.said, /no event of nothing@1, so nobody has one in this answer/);
    t.match(both.said, /2021-06-30: .*less than a third .* in 2021-04 to 2021-06\. Its release waits/);
    t.notMatch(both.said, "2021-03-31: of the months");
  }
  t.end();
});

t.test("status names the newest events, empty codelists, and why a release is held", (t) => {
  initKeeper(keeperFolder(join(dir, "agent"))).close();
  const layout = layoutOf({ data: join(dir, "agent") });
  const status = statusOf(layout);
  t.match(status.quality?.reach?.all, { newest: "2021-03-28", usual_month: 40 });
  const about = { query: "two-lists", version: "1.0.0" };
  const words = statusWords(
    {
      ...status,
      queries: [
        {
          ...about,
          group: "g",
          said: "accepted",
          byTimeOn: null,
          body: null,
          command: null,
          emptyCodelists: ["nothing@1"],
        },
      ],
      runs: [
        {
          ...about,
          run: "r1",
          date: "2021-06-30",
          state: "on-hold",
          refusal: null,
          correction: 0,
          thinMonths: ["2021-04", "2021-06"],
          groups: [],
          withdraw: null,
        },
      ],
    },
    layout,
  );
  t.match(words, /the newest of 28 March 2021;/);
  t.match(
    words,
    "Of what leaves, counts of 1 to 7 are withheld, the others rounded to the nearest 5 (k8-r5)",
  );
  t.match(words, "these records have no event of nothing@1");
  t.match(
    words,
    /run r1 is held for a look: .*in 2021-04, 2021-06; see whether the extract is whole, then cairn agent approve r1/,
  );
  t.end();
});

t.test("status says where runs stand in the words of the practice's page", (t) => {
  const layout = layoutOf({ data: join(dir, "agent") });
  const about = { query: "two-lists", version: "1.0.0" };
  const group = { group: "g", state: "ready", refusal: null } as const;
  const rest = { refusal: null, correction: 0, thinMonths: [], withdraw: null };
  const runs = [
    ["2021-09-30", "waiting-for-records"],
    ["2021-06-30", "waiting-for-records"],
    ["2021-03-31", "outbox"],
    ["2020-12-31", "acknowledged"],
    ["2020-09-30", "acknowledged"],
  ] as const;
  const words = statusWords(
    {
      ...statusOf(layout),
      queries: [
        {
          ...about,
          group: "g",
          said: "accepted",
          byTimeOn: null,
          body: null,
          command: null,
          emptyCodelists: [],
        },
      ],
      runs: runs.map(([date, state], i) => {
        const use = state === "waiting-for-records" ? null : "given";
        return { ...about, ...rest, groups: [{ ...group, use }], run: `r${i}`, date, state };
      }),
    },
    layout,
  );
  t.match(
    words,
    `two-lists 1.0.0, asked by g: accepted
  waiting for records to be complete to 2021-07-14: 2021-06-30, and 1 later date (cairn agent import takes a newer extract in)
  decided, on its way to the hub: 2021-03-31
  released, and the hub has confirmed it: 2020-09-30, 2020-12-31
`,
  );
  t.notMatch(words, /outbox|acknowledged|waiting-for/);
  t.end();
});
