/** The account of a log: every kind in words, by month, of one group alone. */
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { join } from "node:path";
import { AuditLog, cosign, type Entry, type EntryBody } from "@cairn/audit-log";
import { openDatabase } from "@cairn/sqlite";
import {
  decodeHub,
  decodePractice,
  hubLines,
  hubLog,
  practiceLines,
  practiceLog,
  reportOf,
  verifyOwnLog,
  type GroupRun,
} from "@cairn/ledger";
import t from "tap";
import { neverSaid } from "../../../tests/house/never-said.js";
import { Filler } from "./fixtures/filler.js";

type Said = readonly [kind: string, body?: EntryBody, time?: string];

const FEBRUARY = "2026-02-10T09:00:00.000Z";
const MARCH = "2026-03-10T09:00:00.000Z";
const DIGEST = "ab".repeat(32);
const OTHER = "ef".repeat(32);
const Q = "cd".repeat(32);

function entries(whose: "hub" | "practice", said: readonly Said[]): Entry[] {
  const filler = new Filler(whose);
  return said.map(([kind, body = {}, time = MARCH], position) => ({
    ...filler.entry(kind, body),
    ...{ position, time, salt: randomUUID() },
  }));
}

const practice = (...said: Said[]) => practiceLines(entries("practice", said).map(decodePractice));
const RUN: GroupRun = {
  ...{ query: "bp-control", version: "1.0.0", digest: Q, date: "2025-12-31" },
  sizes: new Map([[DIGEST, 1234]]),
};
const hub = (group: string, ...said: Said[]) =>
  hubLines(entries("hub", said).map(decodeHub), group, new Map([["r1", RUN]]));

t.test("what left in March, approved by whom, seen by whom", async (t) => {
  const released = { run: "r1", query: "bp-control", version: "1.0.0", query_digest: Q, digest: DIGEST };
  const lines = practice(
    ["query-accepted", { query: "bp-control", by: "Dr Fell" }, FEBRUARY],
    ["released", { ...released, date: "2025-12-31", cells: 40, withheld: 1 }],
    ["released", { ...released, run: "r2", date: "2026-03-31", cells: 40, withheld: 0 }], // held for a look
    ["release-approved", { run: "r1", by: "Dr Moss" }],
    ["use", { ...released, date: "2025-12-31", group: "Glen" }],
    ["worklist-viewed", { query: "bp-control", version: "1.0.0", dates: "2025-12-31", by: "Ann" }],
    ["worklist-viewed", { query: "bp-control", version: "1.0.0", dates: "2025-12-31", by: "Ann" }],
    ["withdrawn", { ...released, date: "2025-12-31", by: "Dr Moss" }],
    ["left-before-declined", { ...released, run: "r3", date: "2025-12-31", digest: OTHER }],
    ["records-changed", { covers_to: "2026-03-01" }],
  );
  const march = reportOf(lines, "2026-03");
  t.same(march.months, ["2026-03", "2026-02"]);
  t.same(
    march.counts,
    { release: 1, withdrawal: 1, look: 2, decision: 1, unlooked: 0 },
    "what is held has not left",
  );
  t.same(march.lookers, ["Ann"]);
  t.match(march.sections.released, [
    {
      words:
        "bp-control 1.0.0 for 31 December 2025 (run r1) was released: a table of 40 cells, 1 cell with something withheld",
      ...{ by: "Dr Moss", digest: DIGEST, position: 1 },
    },
    { words: /\(run r2\) was made and has not left: a table of 40 cells/, by: "Dr Fell" },
    { words: "Glen was given leave to see bp-control 1.0.0 for 31 December 2025 (run r1)" },
    { words: /was withdrawn$/, by: "Dr Moss" },
    { words: "bp-control for 31 December 2025 had left before it was stopped or held", digest: OTHER },
  ]);
  t.match(march.sections.records, [{ words: "records were imported, complete to 1 March 2026" }]);
  t.same(march.queries, [{ query: "bp-control", version: "1.0.0", digest: Q }]);
  t.match(march.sections.decided, [{ words: "let the held release of run r1 go", by: "Dr Moss" }]);
  t.match(reportOf(lines, "2026-02").sections.decided, [
    { words: "accepted bp-control for all groups", by: "Dr Fell" },
  ]);
  t.equal(reportOf(lines, "all").counts.decision, 2);
  t.equal(reportOf(lines, "newest").month, "2026-03");
  t.same(reportOf(lines, "2025-01").sections.released, []);
  t.equal(reportOf([], "newest").month, null);
});

t.test("who let a held release go is named before who accepted its query", async (t) => {
  const [, , line] = practice(
    ["query-accepted", { query: "bp-control", by: "Dr Fell" }],
    ["release-approved", { run: "r1", by: "Dr Moss" }],
    ["released", { run: "r1", query: "bp-control", date: "2025-12-31" }],
  );
  t.equal(line?.by, "Dr Moss");
});

t.test("where a rule accepted, the person who set the rule is named with it", async (t) => {
  const lines = practice(
    ["rule-set", { group: "any", rule: "accept-signed", by: "Ann" }],
    ["rule-set", { group: "Glen", rule: "ask", by: "Bea" }],
    ["query-accepted", { query: "bp-control", by: "rule accept-signed" }],
    ["released", { run: "r1", query: "bp-control", date: "2025-12-31" }],
  );
  t.same(
    lines.slice(2).map(({ by }) => by),
    ["rule accept-signed, set by Ann", "rule accept-signed, set by Ann"],
  );
});

t.test("a group whose name holds a comma has its own lines, and no other group has them", async (t) => {
  const lines = (group: string): number =>
    hub(
      group,
      ["practice-invited", { practice: "Birch", groups: 'Glenmore, "East, Glen"', by: "Ops" }],
      ["agent-enrolled", { agent: "a1", practice: "p1", fingerprint: "AA-BB" }],
      ["agent-admitted", { agent: "a1", practice: "Birch", fingerprint: "AA-BB", by: "Sam" }],
    ).length;
  t.same([lines("East, Glen") > 1, lines("Glenmore") > 1, lines("Glen"), lines("East")], [true, true, 0, 0]);
});

t.test("a group's account has its own lines, with names, sizes and no other group's", async (t) => {
  const sent = { run: "r1", practice: "p1", digest: DIGEST };
  const lines = hub(
    "Glen",
    ["practice-invited", { practice: "Alder", groups: "South, Glen", by: "Ops" }],
    ["practice-invited", { practice: "Birch", groups: "Glenmore", by: "Ops" }],
    ["agent-enrolled", { agent: "a1", practice: "p1", fingerprint: "AA-BB" }],
    ["agent-admitted", { agent: "a1", practice: "Alder", fingerprint: "AA-BB", by: "Sam" }],
    ["schedule-added", { schedule: 1, group: "Glen", queries: "bp-control", every: "quarter", by: "Ada" }],
    ["schedule-added", { schedule: 2, group: "South", queries: "bp-control", every: "quarter", by: "Ada" }],
    ["schedule-paused", { schedule: 1, by: "Ada" }],
    ["schedule-paused", { schedule: 2, by: "Ada" }],
    [
      "collection-opened",
      {
        collection: 7,
        group: "Glen",
        query: "bp-control",
        version: "1.0.0",
        digest: Q,
        date: "2025-12-31",
        members: 1,
      },
    ],
    ["collection-closed", { collection: 7, released: 1, members: 1 }],
    ["collection-closed", { collection: 8, released: 5, members: 5 }],
    ["release-received", sent],
    ["release-received", { ...sent, run: "r2" }],
    ["use-received", { ...sent, group: "Glen" }],
    ["use-received", { ...sent, group: "South" }],
    [
      "comparison-viewed",
      {
        group: "Glen",
        query: "bp-control",
        date: "2025-12-31",
        purpose: "improvement",
        shown: "dots",
        named: 0,
        by: "Cy",
      },
    ],
    ["comparison-viewed", { group: "South", purpose: "improvement", by: "Cy" }],
    ["comparison-viewed", { group: "Glen", purpose: "improvement", shown: "figures", named: 0 }],
    ["person-added", { person: "Cy", role: "cluster-lead", groups: "Glen", by: "Ops" }],
    ["person-added", { person: "Di", role: "cluster-lead", groups: "South", by: "Ops" }],
    ["signed-in", { person: "Cy" }],
    ["signed-in", { person: "Di" }],
  );
  const { sections, counts } = reportOf(lines, "all");
  const words = (of: readonly { words: string }[]) => of.map((line) => line.words);
  t.same(words(sections.decided), [
    "invited Alder",
    "admitted the agent of Alder, with the fingerprint AA-BB",
    "added schedule 1: bp-control, every quarter",
    "paused schedule 1",
    "added Cy as cluster lead for Glen",
  ]);
  t.same(words(sections.asked), [
    "bp-control 1.0.0 for 31 December 2025 was asked of 1 practice",
    "bp-control for 31 December 2025 was closed: 1 of 1 practice had released",
  ]);
  const what = "bp-control 1.0.0 for 31 December 2025 of Alder (run r1, 1,234 bytes)";
  t.same(words(sections.released), [`${what} came`, `the group was given leave to see ${what}`]);
  t.same(
    sections.released.map(({ by }) => by),
    ["Alder", "Alder"],
    "the practice decided",
  );
  t.match(sections.seen, [
    {
      words: "looked at bp-control for 31 December 2025 (its practices as dots), for: improvement",
      by: "Cy",
    },
    {
      words: "looked at the group's overview (the group's figures), for: improvement",
      by: /before anybody had an account/,
    },
  ]);
  t.same(words(sections.accounts), ["signed in"]);
  t.same(counts, { release: 1, withdrawal: 0, look: 2, decision: 5, unlooked: 0 });
});

t.test("a release that a practice gave to another group alone is none of this one's", async (t) => {
  const sent = { run: "r1", digest: DIGEST };
  const given = (...groups: string[]): string[] =>
    hub(
      "Glen",
      ["release-received", sent],
      ...groups.map((group): Said => ["use-received", { ...sent, group }]),
      ["release-withdrawn", sent],
    ).map(({ counts }) => counts ?? "");
  t.same(given("South"), [], "Glen asked for the run as well");
  t.same(given("South", "Glen"), ["release", "", "withdrawal"]);
  t.same(given(), ["release", "withdrawal"], "before leave was given for each group");
});

t.test("a practice that was renamed keeps its lines, each under its name of then", async (t) => {
  const lines = hub(
    "Glen",
    ["practice-invited", { practice: "Alder", groups: "Glen" }],
    ["agent-enrolled", { agent: "a1", practice: "p1" }],
    ["agent-admitted", { agent: "a1", practice: "Alder" }],
    ["practice-renamed", { practice: "p1", from: "Alder", to: "Rowan" }],
    ["agent-revoked", { agent: "a1", why: "lost" }],
  );
  t.match(
    lines.map(({ words }) => words),
    [
      /Alder/,
      /agent of Alder asked/,
      /Alder/,
      "renamed Alder to Rowan",
      "locked out an agent of Rowan (lost)",
    ],
  );
});

t.test("every kind of either log has its words, and none is a word that is never said", async (t) => {
  const told = [
    ...Object.values(practiceLog).flatMap(({ kind }) => practice([kind])),
    ...Object.values(hubLog).flatMap(({ kind }) =>
      hub(
        "x",
        ["practice-invited", { practice: "x", groups: "x" }],
        ["schedule-added", { group: "x" }],
        [kind],
      ).slice(2),
    ),
  ];
  t.ok(told.length > Object.keys(practiceLog).length + 25);
  for (const { words } of told) {
    t.ok(words.length > 5);
    t.notMatch(words, /undefined|null|NaN|\[object|\.$/);
    t.same(neverSaid(words), []);
  }
  for (const { kind } of Object.values(practiceLog)) t.equal(practice([kind]).length, 1, kind);
});

t.test("a line that no version reads is told, and a date that is none stands as it is", async (t) => {
  const [line] = practiceLines([
    decodePractice({ position: 0, time: MARCH, kind: "paused", body: { v: 9 }, salt: "" }),
  ]);
  t.match(line, { section: "trust", words: /an entry cannot be read: .*version 9/ });
  t.match(
    practice(["run-refused", { query: "q", date: "99-99", code: "c" }])[0]?.words,
    "q for 99-99 was refused",
  );
});

t.test("a log is checked against its heads, and against what others countersigned", async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const witness = generateKeyPairSync("ed25519").privateKey;
  const folder = t.testdir({});
  const open = (name: string) => {
    const db = openDatabase(join(folder, name));
    t.teardown(() => db.close());
    return AuditLog.open(db, { origin: "hub.test", key: privateKey });
  };
  const log = open("log.db");
  for (const kind of ["one", "two"]) log.append(kind, {});
  const note = cosign(log.checkpoint(), { name: "w", key: witness }, new Date(MARCH));
  log.keepCosigned("w", note, 2);
  log.append("three", {});
  log.continueAs("hub.test/2", () => ({ kind: "four", body: {} }));
  const lines = [...log.exportLines()];
  t.match(verifyOwnLog(lines, publicKey), { holds: true, entries: 4, logs: 2, countersigned: 1 });
  t.same(
    [...log.pastEntries()].map(({ kind }) => kind),
    ["one", "two", "three"],
  );
  const other = open("other.db");
  for (const kind of ["one", "other"]) other.append(kind, {});
  t.match(verifyOwnLog([...other.exportLines(), JSON.stringify({ cosigned: note })], publicKey), {
    holds: false,
    problem: /a checkpoint that another countersigned/,
  });
  t.match(verifyOwnLog(lines.toSpliced(1, 1), publicKey), { holds: false, problem: /of the log hub.test/ });
  t.match(verifyOwnLog(lines, generateKeyPairSync("ed25519").publicKey), { holds: false });
  t.match(verifyOwnLog(["{}"], publicKey), { holds: false });
});
