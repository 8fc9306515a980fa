/** Which charters parse, with what filled in; and what does not, with its line and what to write instead. */
import t from "tap";
import type { Charter } from "@cairn/charters";
import { charterIn, EXAMPLES, OWN, parse, presets } from "./read-charters.js";

const NOTHING: Charter["sees"] = {
  "practice-lead": "nothing",
  clinician: "nothing",
  "cluster-lead": "nothing",
  supporter: "nothing",
  analyst: "nothing",
  provider: "nothing",
  commissioner: "nothing",
  officer: "nothing",
};

t.test("a charter has everything that its preset gives", async (t) => {
  t.same(charterIn(OWN), {
    group: "glen",
    preset: "scottish-cluster",
    lead: null,
    supporter: null,
    provider: null,
    purpose: "To learn.",
    notFor: "Contracts, payment, inspection, or the publication of a practice's figures.",
    controller: "Each practice.",
    lawfulBasis: "Article 6(1)(e).",
    keepFor: 60,
    review: "2027-03-31",
    asks: ["cluster-lead"],
    newQuery: { rule: "accept-after", days: 14 },
    floor: "k8-r5",
    optOuts: "left-out",
    sees: {
      ...NOTHING,
      "practice-lead": "own",
      clinician: "own",
      "cluster-lead": "own",
      supporter: "group",
      analyst: "group",
      commissioner: "group",
      officer: "decisions",
    },
    peers: "unidentified",
    contributors: 5,
    view: "strip",
    witness: "required",
    queries: ["*"],
  });
});

/** The five arrangements, each as far as it differs from the first. */
const FROM_PRESETS: Readonly<Record<string, Partial<Charter>>> = {
  "scottish-cluster": { asks: ["cluster-lead"], newQuery: { rule: "accept-after", days: 14 } },
  facilitated: {
    asks: ["analyst"],
    newQuery: { rule: "ask" },
    sees: {
      ...NOTHING,
      ...{ "practice-lead": "own", clinician: "own", supporter: "named", analyst: "group" },
      officer: "decisions",
    },
  },
  "provider-group": {
    asks: ["provider"],
    newQuery: { rule: "delegate", body: "board" },
    sees: {
      ...NOTHING,
      ...{ "practice-lead": "own", clinician: "own", provider: "named", officer: "decisions" },
    },
    peers: "named-by-consent",
  },
  commissioner: {
    asks: ["analyst"],
    newQuery: { rule: "ask" },
    sees: {
      ...NOTHING,
      ...{ "practice-lead": "own", clinician: "own", commissioner: "group", analyst: "group" },
      officer: "decisions",
    },
    view: "group-only",
    floor: "k10-r6",
    notFor: "Performance management, contract, payment or publication of any practice's figures.",
  },
  benchmark: {
    asks: ["analyst"],
    sees: {
      ...NOTHING,
      ...{ "practice-lead": "own", clinician: "own", analyst: "group", officer: "decisions" },
    },
    peers: "none",
    contributors: 30,
    view: "deciles",
  },
};

t.test("five presets ship, each with its meaning", async (t) => {
  t.same(Object.keys(presets).sort(), Object.keys(FROM_PRESETS).sort());
  const base = charterIn(OWN);
  for (const [preset, differs] of Object.entries(FROM_PRESETS)) {
    const body = preset === "provider-group" ? "new_query: {delegate: board}\n" : "";
    t.same(
      charterIn(OWN.replace("scottish-cluster", preset) + body),
      { ...base, ...differs, preset },
      preset,
    );
  }
});

t.test("the eleven charters parse, each with the preset and what differs of its own", async (t) => {
  t.equal(Object.keys(EXAMPLES).length, 11);
  for (const [name, text] of Object.entries(EXAMPLES)) t.equal(charterIn(text).group, name);
  t.match(charterIn(EXAMPLES["equip-coaching"]!).sees, { supporter: "named", "practice-lead": "own" });
  t.match(charterIn(EXAMPLES["cprd-feedback"]!), { queries: ["records-*"], newQuery: { rule: "ask" } });
});

t.test("what a charter says of a role stands in place of its preset's, role by role", async (t) => {
  const { sees } = charterIn(`${OWN}sees: {supporter: nothing, provider: group}\n`);
  t.match(sees, { supporter: "nothing", provider: "group", "cluster-lead": "own", commissioner: "group" });
});

t.test("the same meaning is the same charter, however it is written", async (t) => {
  const one = charterIn(`${OWN}queries: [b-*, a, b-one]\nasks: [analyst, cluster-lead]\n`);
  const other = charterIn(
    `asks:\n  - cluster-lead\n  - analyst\n${OWN.replace("5 years", "60 months")}queries: [a, b-*]\n`,
  );
  t.same(one, other);
});

/** Lines added to a charter that is whole (so that the first stands on line 8), and the problem that each makes. */
const REFUSALS: readonly (readonly [of: string, added: string, line: number, says: RegExp])[] = [
  ["unknown field", "purpos: x\n", 8, /no `purpos` here\. Did you mean `purpose`\?/],
  ["unknown role", "sees: {analist: group}\n", 8, /no `analist` here\. Did you mean `analyst`\?/],
  ["operator", "sees: {operator: group}\n", 8, /no `operator` here/],
  ["unknown asker", "asks: [commissioner]\n", 8, /Write one of: cluster-lead, analyst, provider/],
  ["nobody asks", "asks: []\n", 8, /at least one/],
  [
    "commissioner by name",
    "sees: {commissioner: named}\n",
    8,
    /For commissioners write one of: nothing, group/,
  ],
  ["commissioner's own", "sees:\n  commissioner: own\n", 9, /For commissioners write one of: nothing, group/],
  [
    "officer with figures",
    "sees: {officer: group}\n",
    8,
    /governance officers write one of: nothing, decisions/,
  ],
  [
    "supporter's own line",
    "sees: {supporter: own}\n",
    8,
    /For supporters write one of: nothing, group, named/,
  ],
  ["sees no map", "sees: everything\n", 8, /Say for each role what it sees/],
  ["rule unknown", "new_query: maybe\n", 8, /Write `new_query: ask`/],
  ["no days", "new_query: {accept-after: 0 days}\n", 8, /1 to 365 days/],
  ["days without unit", "new_query: {accept-after: 14}\n", 8, /1 to 365 days/],
  ["too many days", "new_query: {accept-after: 366 days}\n", 8, /1 to 365 days/],
  ["two rules", "new_query: {accept-after: 14 days, delegate: b}\n", 8, /Write `new_query: ask`/],
  ["no body", "new_query: {delegate: BODY}\n", 8, /Name the body that accepts/],
  ["floor unknown", "floor: k8\n", 8, /`floor: k8-r5`/],
  ["floor too low", "floor: k4-r5\n", 8, /no charter may go below `k5`/],
  ["floor too fine", "floor: k12-r5\n", 8, /shows changes of fewer than 12 people/],
  ["too few contribute", "contributors: 4\n", 8, /whole number from 5/],
  ["peers unknown", "peers: named\n", 8, /Write one of: none, unidentified, named-by-consent/],
  ["view unknown", "view: table\n", 8, /Write one of: group-only, report, deciles, strip/],
  ["opt-outs unknown", "opt_outs: in\n", 8, /Write one of: left-out, counted/],
  ["witness unknown", "witness: maybe\n", 8, /Write one of: required, not-required/],
  ["dots of none", "peers: none\nview: strip\n", 9, /a strip is dots/],
  ["names of none", "peers: none\nview: group-only\nsees: {supporter: named}\n", 10, /write `group` for it/],
  ["deciles of few", "view: deciles\ncontributors: 29\n", 9, /Deciles are of 30 practices or more/],
  ["deciles of the preset's few", "view: deciles\n", 2, /write `contributors: 30`/],
  ["report of few", "view: report\n", 2, /write `contributors: 30`/],
  ["no query", "queries: []\n", 8, /at least one/],
  [
    "too many queries",
    `queries: [${Array.from({ length: 201 }, (_, i) => `q${i}`).join(", ")}]\n`,
    8,
    /at most 200/,
  ],
  ["star inside", "queries: ['a*b']\n", 8, /how they begin with `\*`/],
  ["empty words", "not_for: ''\n", 8, /Write text of 1 to 400/],
  ["control character", 'lead: "Dr \\u001b[31mRed"\n', 8, /does not print/],
  ["turned text", "lead: Dr \u202edeR\n", 8, /does not print/],
  ["control character in a key", '"le\\u001bad": x\n', 8, /does not print/],
  ["two paragraphs", 'lead: "a\\n\\nb"\n', 8, /one paragraph/],
  ["key twice", "keep_for: 1 month\n", 8, /twice/],
];

t.test("what is wrong has its line, and what to write instead", async (t) => {
  for (const [of, added, line, says] of REFUSALS) {
    const parsed = parse(OWN + added);
    const problems = "problems" in parsed ? parsed.problems : [];
    t.equal(problems.length, 1, `${of}: one problem`);
    t.match(problems[0], { file: "c.yaml", line, words: says }, of);
  }
});

const CHANGES: readonly (readonly [of: string, from: string, to: string, line: number, says: RegExp])[] = [
  ["group's name", "charter: glen", "charter: Glen", 1, /lower-case/],
  ["preset unknown", "scottish-cluster", "scotish-cluster", 2, /Did you mean `scottish-cluster`/],
  ["preset of the prototype", "scottish-cluster", "constructor", 2, /no preset `constructor`/],
  ["day of no calendar", "2027-03-31", "2027-02-30", 7, /a date of the calendar/],
  ["no length", "5 years", "for ever", 6, /1 month to 50 years/],
  ["length of nothing", "5 years", "0 months", 6, /1 month to 50 years/],
  ["too long", "5 years", "51 years", 6, /1 month to 50 years/],
];

t.test("a wrong name, preset, date or length is said on its line", async (t) => {
  for (const [of, from, to, line, says] of CHANGES) {
    const parsed = parse(OWN.replace(from, to));
    t.ok(
      "problems" in parsed && parsed.problems.some((one) => one.line === line && says.test(one.words)),
      of,
    );
  }
});

t.test("each field that no preset gives must be there", async (t) => {
  for (const row of OWN.trim().split("\n")) {
    const [key] = row.split(":") as [string];
    const parsed = parse(OWN.replace(`${row}\n`, ""));
    t.ok("problems" in parsed && parsed.problems.some(({ words }) => words.includes(`\`${key}: `)), key);
  }
});

t.test("a body that the preset leaves open is asked for where the preset is named", async (t) => {
  const parsed = parse(OWN.replace("scottish-cluster", "provider-group"));
  t.match(parsed, { problems: [{ line: 2, words: /Name the body that accepts/ }] });
});

t.test("every problem is found in one pass, in the order of lines", async (t) => {
  const parsed = parse(`${OWN.replace("5 years", "ever")}contributors: 2\nfloor: k1-r5\nwho: me\n`);
  t.same("problems" in parsed && parsed.problems.map(({ line }) => line), [6, 8, 9, 10]);
});

t.test("without a preset, what is wrong is said and what it may give is not asked for", async (t) => {
  const parsed = parse(`${OWN.replace("scottish-cluster", "cluster")}contributors: 2\n`);
  t.same("problems" in parsed && parsed.problems.map(({ line }) => line), [2, 8]);
});

t.test("what is no map, empty, or no YAML is a problem and no error", async (t) => {
  for (const text of ["", "- a", "charter: [", "just words"])
    t.match(parse(text), { problems: [{ file: "c.yaml" }] }, JSON.stringify(text));
});
