/** What does not check, and the words that say what to write instead. */
import t from "tap";
import { FORM_NAMES, parseQuery, type Codelist, type Problem, type ProblemCode } from "@cairn/query-library";

const CLINICAL: Codelist = {
  name: "c",
  version: "1",
  system: "snomed",
  kind: "clinical",
  unit: null,
  codes: ["1", "2"],
  digest: "c".repeat(64),
};
const MEDICINE: Codelist = {
  ...CLINICAL,
  name: "m",
  system: "dmd",
  kind: "medicine",
  digest: "d".repeat(64),
};
const OTHER: Codelist = { ...MEDICINE, name: "o", codes: ["2", "9"], digest: "e".repeat(64) };
const LISTS: Readonly<Record<string, Codelist>> = {
  "c@1": CLINICAL,
  "m@1": MEDICINE,
  "o@1": OTHER,
  "h@1": { ...CLINICAL, unit: "mmol/mol" },
};

const HEAD = `query: q
version: 1.0.0
title: T
question: Q?
purpose: p
periods: {every: quarter, count: 16}
`; // 6 lines

function problems(body: string, head = HEAD): readonly Problem[] {
  const parsed = parseQuery(head + body, { file: "q.yaml", codelists: (ref) => LISTS[ref] });
  return "problems" in parsed ? parsed.problems : [];
}

/** The body as one numerator over everyone of 18 or over; both lists are used. */
function numerator(condition: string, facts = ""): string {
  return `codelists: {c: c@1, m: m@1}
facts:
  used: {any: [{exists: c}, {issued: m}]}
${facts}denominator: {all: [used, {age: {from: 18}}]}
numerator: ${condition}
`;
}

const AGE = "denominator: {age: {from: 18}}\nnumerator: {sex: female}\n";

interface Refusal {
  readonly of: string; // the form or rule
  readonly body: string;
  readonly code: ProblemCode;
  readonly says: RegExp;
  readonly line?: number;
}

const value = (more: string): string => `  v: {latest: c, in: 12 months, ${more}}\n`;
const HBA1C = value("unit: mmol/mol, plausible: [20, 200], same_day: lowest");

const FORMS: readonly Refusal[] = [
  {
    of: "exists",
    body: numerator("{exists: m}"),
    code: "wrong-codelist",
    says: /`m` is a list of medicines.*\{issued: m, in: \.\.\.\}/,
    line: 11,
  },
  {
    of: "exists",
    body: numerator("{exists: cc}"),
    code: "unknown-codelist",
    says: /no codelist `cc`. Did you mean `c`\?/,
  },
  {
    of: "exists",
    body: numerator("{exists: c, within: 3 months}"),
    code: "unknown-key",
    says: /`exists` has no `within` here.*exists, in/,
  },
  {
    of: "unresolved",
    body: numerator("{unresolved: c, resolved_by: c}"),
    code: "same-day",
    says: /`same_day: resolved_wins` or `same_day: diagnosis_wins`/,
  },
  {
    of: "unresolved",
    body: numerator("{unresolved: c, same_day: resolved_wins}"),
    code: "missing-key",
    says: /resolved_by: list/,
  },
  {
    of: "register",
    body: numerator("{register: diabetes@2025-09}"),
    code: "unknown-register",
    says: /no register `diabetes`.*registers\//,
    line: 11,
  },
  { of: "two", body: numerator("{two: c}"), code: "missing-key", says: /apart: 90 days/ },
  { of: "two", body: numerator("{two: c, apart: 90 days, below: 60}"), code: "unit", says: /unit/ },
  {
    of: "two",
    body: numerator("{two: c, apart: 90 days, unit: mmol/mol}"),
    code: "missing-key",
    says: /at_least.*below/,
  },
  {
    of: "two",
    body: numerator("{two: m, apart: 90 days, below: 60, unit: mmol/mol}"),
    code: "wrong-codelist",
    says: /medicines/,
  },
  { of: "first_then", body: numerator("{first_then: [c, m]}"), code: "missing-key", says: /within: 90 days/ },
  {
    of: "first_then",
    body: numerator("{first_then: [c], within: 90 days}"),
    code: "wrong-value",
    says: /\[first, second\]/,
  },
  {
    of: "issued",
    body: numerator("{issued: c}"),
    code: "wrong-codelist",
    says: /clinical codes.*\{exists: c, in: \.\.\.\}/,
  },
  {
    of: "issued_together",
    body: numerator("{issued_together: [m, c], within: 28 days}"),
    code: "wrong-codelist",
    says: /clinical codes/,
  },
  {
    of: "issued_together",
    body: numerator("{issued_together: [m, m]}"),
    code: "missing-key",
    says: /within: 28 days/,
  },
  {
    of: "continuity",
    body: numerator("{continuity: c, at_least: 0.5, contacts: 3}"),
    code: "missing-key",
    says: /index: upc/,
  },
  {
    of: "continuity",
    body: numerator("{continuity: c, index: upc, at_least: 50, contacts: 3}"),
    code: "wrong-value",
    says: /0\.5/,
  },
  {
    of: "continuity",
    body: numerator("{continuity: c, index: upc, at_least: 0.5}"),
    code: "missing-key",
    says: /contacts: 3/,
  },
  {
    of: "age",
    body: numerator("{age: {from: 65, to: 40}}"),
    code: "contradiction",
    says: /\{from: 40, to: 65\}/,
    line: 11,
  },
  { of: "age", body: numerator("{age: 65}"), code: "wrong-value", says: /\{from: 0, to: 130\}/ },
  { of: "age", body: numerator("{age: {}}"), code: "missing-key", says: /`from`, `to` or both/ },
  { of: "sex", body: numerator("{sex: woman}"), code: "wrong-value", says: /female, male, other, unknown/ },
  { of: "registered_for", body: numerator("{registered_for: 12}"), code: "window", says: /`12 months`/ },
  {
    of: "deprivation_fifth",
    body: numerator("{deprivation_fifth: {from: 5, to: 1}}"),
    code: "contradiction",
    says: /\{from: 1, to: 5\}/,
  },
  { of: "value", body: numerator("{value: v}", HBA1C), code: "missing-key", says: /at_least/ },
  {
    of: "value",
    body: numerator("{value: w, at_most: 58}", HBA1C),
    code: "unknown-fact",
    says: /no fact `w`/,
  },
  {
    of: "value",
    body: numerator("{value: v, at_most: 58}", "  v: {latest: c, in: 12 months}\n"),
    code: "wrong-fact",
    says: /is a date.*`unit` and `same_day`/s,
  },
  {
    of: "value",
    body: numerator("{value: v.systolic, at_most: 58}", HBA1C),
    code: "wrong-fact",
    says: /a pair is needed/,
  },
  {
    of: "date",
    body: numerator("{date: v, within: 9 months}", HBA1C),
    code: "wrong-fact",
    says: /is a value.*\{latest: list, in: \.\.\.\}/s,
  },
  {
    of: "date",
    body: numerator("{date: v}", "  v: {earliest: c}\n"),
    code: "missing-key",
    says: /within: 12 months/,
  },
  {
    of: "count",
    body: numerator("{count: v, at_least: 2.5}", "  v: {count: c}\n"),
    code: "wrong-value",
    says: /whole number/,
  },
  {
    of: "count",
    body: numerator("{count: c, in: 12 months}"),
    code: "wrong-fact",
    says: /Name it under `facts`/,
  },
  {
    of: "count",
    body: numerator("{count: v, at_least: 0}", "  v: {count: c}\n"),
    code: "contradiction",
    says: /asks nothing/,
  },
  { of: "all", body: numerator("{all: []}"), code: "wrong-value", says: /\[first, second\]/ },
  {
    of: "all",
    body: numerator("[used]"),
    code: "wrong-value",
    says: /`all: \[\.\.\.\]` or `any: \[\.\.\.\]`/,
  },
  { of: "any", body: numerator("{any: used}"), code: "wrong-value", says: /list of one or more/ },
  {
    of: "not",
    body: numerator("{not: {value: v, at_most: 58}}", HBA1C),
    code: "if-missing",
    says: /if_missing: true/,
    line: 12,
  },
  {
    of: "not",
    body: numerator("{not: {all: [used, named]}}", `${HBA1C}  named: {value: v, at_most: 58}\n`),
    code: "if-missing",
    says: /missing/,
  },
  {
    of: "not",
    body: numerator("{not: {count: v, at_least: 2}}", "  v: {count: c}\n"),
    code: "if-missing",
    says: /missing/,
  },
  {
    of: "not",
    body: numerator("{not: {exists: c, in: 3 months}, if_missing: true}"),
    code: "if-missing",
    says: /without `if_missing`/,
  },
  {
    of: "of",
    body: numerator("{at_least: 3, of: [used, {sex: female}]}"),
    code: "contradiction",
    says: /3 of 2 can never hold/,
  },
  { of: "of", body: numerator("{of: [used, {sex: female}]}"), code: "missing-key", says: /at_least: 3/ },
  { of: "earliest", body: numerator("{earliest: c}"), code: "wrong-fact", says: /Name it under `facts`/ },
  {
    of: "earliest",
    body: numerator("v", "  v: {earliest: c}\n"),
    code: "wrong-fact",
    says: /\{date: v, within: 12 months\}/,
  },
  {
    of: "latest",
    body: numerator("{value: v, at_most: 58}", value("same_day: lowest")),
    code: "unit",
    says: /unit: mmol\/mol/,
  },
  {
    of: "latest",
    body: numerator("{value: v, at_most: 58}", value("unit: mmol/mol")),
    code: "same-day",
    says: /`same_day: lowest` or `same_day: highest`/,
    line: 10,
  },
  {
    of: "latest",
    body: numerator("{value: v, at_most: 58}", "  v: {latest: m, in: 1 year, unit: g, same_day: lowest}\n"),
    code: "wrong-codelist",
    says: /medicines/,
  },
  {
    of: "highest",
    body: numerator("{value: v, above: 5}", "  v: {highest: c}\n"),
    code: "unit",
    says: /unit/,
  },
  {
    of: "lowest",
    body: numerator("{value: v, above: 5}", "  v: {lowest: c, unit: g, same_day: lowest}\n"),
    code: "unknown-key",
    says: /`lowest` has no `same_day`/,
  },
  {
    of: "mean",
    body: numerator("{value: v, above: 5}", "  v: {mean: c, unit: g, plausible: [9, 3]}\n"),
    code: "contradiction",
    says: /smaller first/,
  },
  {
    of: "pair",
    body: numerator(
      "{value: v.systolic, above: 5}",
      "  v: {pair: {systolic: c, diastolic: c}, unit: mmHg}\n",
    ),
    code: "same-day",
    says: /same_day: lowest/,
  },
  {
    of: "pair",
    body: numerator(
      "{value: v, above: 5}",
      "  v: {pair: {systolic: c, diastolic: c}, unit: mmHg, same_day: lowest}\n",
    ),
    code: "wrong-fact",
    says: /`value: v\.systolic`/,
  },
  {
    of: "pair",
    body: numerator(
      "{value: v.systolic, above: 5}",
      "  v: {pair: {systolic: c}, unit: mmHg, same_day: lowest}\n",
    ),
    code: "missing-key",
    says: /diastolic: list/,
  },
  {
    of: "count_days",
    body: numerator("{value: v, above: 5}", "  v: {count_days: c}\n"),
    code: "wrong-fact",
    says: /is a count/,
  },
];

const RULES: readonly Refusal[] = [
  {
    of: "a unit that is none",
    body: numerator("{value: v, at_most: 58}", value("unit: mmol/mo, same_day: lowest")),
    code: "unit",
    says: /`mmol\/mo` is not a unit.*Did you mean `mmol\/mol`/,
    line: 10,
  },
  {
    of: "a unit that the list's readings never have",
    body: numerator("{value: v, at_most: 58}", value("unit: kg, same_day: lowest")).replace("c@1", "h@1"),
    code: "unit",
    says: /in mmol\/mol, which is never converted to kg; write `unit: mmol\/mol`/,
    line: 10,
  },
  {
    of: "a unit of two that the list's readings never have",
    body: numerator("{two: c, apart: 90 days, below: 60, unit: kg}").replace("c@1", "h@1"),
    code: "unit",
    says: /never converted to kg/,
  },
  {
    of: "a swapped window",
    body: numerator("{exists: c, in: [3 months, 6 months]}"),
    code: "window",
    says: /turned round.*`\[6 months, 3 months\]`/,
  },
  {
    of: "a window that is empty on some dates only",
    body: numerator("{exists: c, in: [1 month, 30 days]}"),
    code: "window",
    says: /turned round/,
  },
  {
    of: "a window with a negative length",
    body: numerator("{exists: c, in: -3 months}"),
    code: "window",
    says: /`12 months`/,
  },
  {
    of: "a window of nothing",
    body: numerator("{exists: c, in: 0 days}"),
    code: "window",
    says: /at least 1/,
  },
  {
    of: "an endless window",
    body: numerator("{exists: c, in: 200 years}"),
    code: "window",
    says: /150 years/,
  },
  {
    of: "an unknown form",
    body: numerator("{exits: c}"),
    code: "unknown-form",
    says: /`exits` is not a form. Did you mean `exists`\?/,
  },
  {
    of: "two forms in one",
    body: numerator("{exists: c, sex: female}"),
    code: "unknown-form",
    says: /all: \[\{exists: \.\.\.\}, \{sex: \.\.\.\}\]/,
  },
  {
    of: "a rule that contradicts itself",
    body: numerator("{all: [{age: {from: 65}}, {age: {to: 40}}]}"),
    code: "contradiction",
    says: /from 65 and one up to 40/,
  },
  {
    of: "two sexes at once",
    body: numerator("{all: [{sex: female}, {sex: male}]}"),
    code: "contradiction",
    says: /`any`/,
  },
  {
    of: "a condition and its opposite",
    body: numerator("{all: [{exists: c, in: 1 year}, {not: {exists: c, in: 1 year}}]}"),
    code: "contradiction",
    says: /and its `not`/,
  },
  {
    of: "limits that exclude each other",
    body: numerator("{all: [{value: v, at_most: 48}, {value: v, above: 58}]}", HBA1C),
    code: "contradiction",
    says: /limits of `v`/,
  },
  {
    of: "limits the wrong way round",
    body: numerator("{value: v, at_least: 58, below: 48}", HBA1C),
    code: "contradiction",
    says: /lower one must be below/,
  },
  {
    of: "a limit nothing plausible keeps",
    body: numerator("{value: v, at_most: 6.5}", HBA1C),
    code: "contradiction",
    says: /20 to 200/,
  },
  {
    of: "a limit everything plausible keeps",
    body: numerator("{value: v, above: 6.5}", HBA1C),
    code: "contradiction",
    says: /asks nothing/,
  },
  {
    of: "a fact nobody uses",
    body: numerator("{sex: female}", HBA1C),
    code: "unused-fact",
    says: /uses the fact `v`/,
    line: 10,
  },
  {
    of: "a codelist nobody uses",
    body: `codelists: {c: c@1}\n${AGE}`,
    code: "unused-codelist",
    says: /codelist `c`/,
    line: 7,
  },
  {
    of: "a codelist that is not at that version",
    body: `codelists: {c: c@2}\n${AGE}`,
    code: "unknown-codelist",
    says: /no codelist `c@2`.*`c@2\.csv`/,
  },
  {
    of: "a codelist without a version",
    body: `codelists: {c: asthma}\n${AGE}`,
    code: "wrong-value",
    says: /`c: name@version`/,
  },
  {
    of: "facts that define each other",
    body: numerator("a", "  a: {any: [b, {sex: male}]}\n  b: {all: [a]}\n"),
    code: "circular-fact",
    says: /defined by itself: a, which names b, which names a/,
  },
  {
    of: "an unknown key of the head",
    body: `${AGE}titel: T\n`,
    code: "unknown-key",
    says: /`titel`.*`title`/,
    line: 9,
  },
  {
    of: "no denominator",
    body: "numerator: {sex: female}\n",
    code: "missing-key",
    says: /`denominator: \.\.\.`/,
  },
  {
    of: "a numerator nobody in the denominator can meet",
    body: "denominator: {age: {from: 65}}\nnumerator: {age: {to: 17}}\n",
    code: "numerator",
    says: /Nobody in the denominator/,
    line: 8,
  },
  {
    of: "a numerator that a step rejects",
    body: "denominator:\n  start: {age: {from: 65}}\n  steps: [{reject_if: {sex: female}}]\n  otherwise: select\nnumerator: {sex: female}\n",
    code: "numerator",
    says: /rejected by a step/,
  },
  {
    of: "a step that an earlier one decides",
    body: "denominator:\n  start: {age: {from: 65}}\n  steps: [{reject_if: {sex: male}}, {select_if: {sex: male}}]\n  otherwise: select\nnumerator: {sex: female}\n",
    code: "contradiction",
    says: /An earlier step/,
  },
  {
    of: "steps without an otherwise",
    body: "denominator: {start: {age: {from: 65}}, steps: [{reject_if: {sex: male}}]}\nnumerator: {sex: female}\n",
    code: "missing-key",
    says: /otherwise: select/,
  },
  {
    of: "a step that is neither",
    body: "denominator: {start: {age: {from: 65}}, steps: [{sex: male}], otherwise: select}\nnumerator: {sex: female}\n",
    code: "unknown-form",
    says: /select_if/,
  },
  { of: "61 periods", body: AGE, code: "wrong-value", says: /1 to 60/, line: 6 },
  {
    of: "too many cells",
    body: `${AGE}split_by: [[sex, deprivation_fifth, ethnic_group, {age_bands: [10, 20, 30, 40, 50, 60, 70]}]]\n`,
    code: "budget",
    says: /1297 cells.*1000/,
  },
  {
    of: "too many facts",
    body: `facts:\n${Array.from({ length: 41 }, (_, i) => `  f${i}: {age: {from: ${i}}}`).join("\n")}\ndenominator: {all: [${Array.from({ length: 41 }, (_, i) => `f${i}`).join(", ")}]}\nnumerator: {sex: female}\n`,
    code: "budget",
    says: /41 facts/,
  },
  {
    of: "names that multiply",
    body: `facts:\n  f0: {age: {from: 1}}\n${Array.from({ length: 30 }, (_, i) => `  f${i + 1}: {any: [f${i}, f${i}]}`).join("\n")}\ndenominator: f30\nnumerator: {sex: female}\n`,
    code: "budget",
    says: /400 conditions/,
  },
  {
    of: "age bands that fall",
    body: `${AGE}split_by: [{age_bands: [40, 17]}]\n`,
    code: "contradiction",
    says: /rising/,
  },
  {
    of: "age bands without ages",
    body: `${AGE}split_by: [age_band]\n`,
    code: "wrong-value",
    says: /age_bands: \[17, 40, 65, 80\]/,
  },
  { of: "a split twice", body: `${AGE}split_by: [sex, sex]\n`, code: "contradiction", says: /twice/ },
  {
    of: "a split crossed with itself",
    body: `${AGE}split_by: [[sex, sex]]\n`,
    code: "contradiction",
    says: /once/,
  },
  { of: "by without events", body: `${AGE}by: [year]\n`, code: "unknown-key", says: /`unit: events`/ },
  { of: "who without items", body: `${AGE}who: {sex: female}\n`, code: "unknown-key", says: /`unit: items`/ },
  {
    of: "items of a clinical list",
    body: "unit: items\ncodelists: {c: c@1}\ndenominator: {issued: c}\nnumerator: {issued: c}\n",
    code: "wrong-codelist",
    says: /clinical codes/,
  },
  {
    of: "items of people",
    body: "unit: items\ncodelists: {m: m@1}\ndenominator: {issued: m}\nnumerator: {sex: female}\n",
    code: "wrong-fact",
    says: /`who`/,
  },
  {
    of: "items outside the denominator's list",
    body: "unit: items\ncodelists: {m: m@1, o: o@1}\ndenominator: {issued: m, in: 1 year}\nnumerator: {issued: o, in: 1 year}\n",
    code: "numerator",
    says: /1 codes of `o` are not in `m` \(9\)/,
  },
  {
    of: "items outside the denominator's window",
    body: "unit: items\ncodelists: {m: m@1}\ndenominator: {issued: m, in: 12 months}\nnumerator: {issued: m, in: 13 months}\n",
    code: "numerator",
    says: /same `in`/,
  },
  {
    of: "items outside the window by a day in some years",
    body: "unit: items\ncodelists: {m: m@1}\ndenominator: {issued: m, in: 365 days}\nnumerator: {issued: m, in: 1 year}\n",
    code: "numerator",
    says: /same `in`/,
  },
  {
    of: "events by year without a beginning",
    body: "unit: events\nby: [year]\ndenominator: {events: all}\nnumerator: {events: all}\n",
    code: "window",
    says: /in: 5 years/,
  },
  {
    of: "events outside the denominator",
    body: "unit: events\ndenominator: {events: all, in: 1 year, system: [snomed]}\nnumerator: {events: all, in: 1 year, system: read2}\n",
    code: "numerator",
    says: /`system`/,
  },
  {
    of: "events by a condition",
    body: "unit: events\ndenominator: {events: all, in: 1 year}\nnumerator: {sex: female}\n",
    code: "unknown-form",
    says: /\{events: all, in: 5 years\}/,
  },
  {
    of: "a fact with a capital",
    body: "facts: {Old: {age: {from: 65}}}\ndenominator: Old\nnumerator: {sex: female}\n",
    code: "wrong-value",
    says: /lower-case/,
  },
  {
    of: "an anchor",
    body: "denominator: &a {age: {from: 65}}\nnumerator: {sex: female}\n",
    code: "yaml",
    says: /Anchors/,
    line: 7,
  },
  {
    of: "an alias",
    body: "denominator: &a {age: {from: 65}}\nnumerator: *a\n",
    code: "yaml",
    says: /Aliases/,
  },
  {
    of: "a tag",
    body: "denominator: !!map {age: {from: 65}}\nnumerator: {sex: female}\n",
    code: "yaml",
    says: /Tags/,
  },
  { of: "a key twice", body: `${AGE}numerator: {sex: male}\n`, code: "yaml", says: /twice/, line: 9 },
  { of: "two documents", body: `${AGE}---\n${AGE}`, code: "yaml", says: /file of its own/ },
  {
    of: "broken brackets",
    body: "denominator: {age: {from: 65}\nnumerator: {sex: female}\n",
    code: "yaml",
    says: /not readable as YAML/,
  },
  {
    of: "infinity",
    body: "denominator: {age: {from: .inf}}\nnumerator: {sex: female}\n",
    code: "yaml",
    says: /not a number/,
  },
];

t.test("every misuse is refused with its code, its line and what to write", async (t) => {
  for (const { of, body, code, says, line } of [...FORMS, ...RULES]) {
    const head = of === "61 periods" ? HEAD.replace("count: 16", "count: 61") : HEAD;
    const found = problems(body, head).filter((problem) => problem.code === code && says.test(problem.words));
    const shown = problems(body, head).map(({ line, code, words }) => `${line} ${code}: ${words}`);
    t.ok(found.length > 0, `${of}: ${code}`, { shown });
    if (line !== undefined) t.equal(found[0]?.line, line, `${of}: on line ${line}`, { shown });
    t.ok(found.every((problem) => problem.file === "q.yaml"));
  }
});

t.test("there is a misuse of every form", async (t) => {
  const covered = new Set(FORMS.map(({ of }) => of));
  t.same(
    [...new Set(FORM_NAMES)].filter((name) => !covered.has(name)),
    [],
  );
});

t.test("several mistakes are all named, in the order of their lines", async (t) => {
  const found = problems(numerator("{exits: c}", "  a: {exists: m}\n  b: {unresolved: c, resolved_by: c}\n"));
  t.same(
    found.map(({ line }) => line),
    [10, 11, 13],
  );
});

t.test("the file that is empty, a list, or too long", async (t) => {
  t.match(problems("", ""), [{ code: "yaml", words: /empty/ }]);
  t.match(problems("- a\n", ""), [{ code: "wrong-value", words: /query: its-name/ }]);
  t.match(problems(`# ${"x".repeat(300_000)}\n`), [{ code: "budget" }]);
  t.match(problems(`denominator: ${"{not: ".repeat(60)}x${"}".repeat(60)}\n`), [
    { code: "budget", words: /deep/ },
  ]);
});

t.test("what is close to a misuse but is right does check", async (t) => {
  for (const good of [
    numerator("{not: {value: v, at_most: 58}, if_missing: false}", HBA1C),
    numerator("{exists: c, in: [ever, 3 months]}"),
    numerator("{value: v, at_most: 6.5}", value('unit: "%", same_day: lowest')).replace("c@1", "h@1"),
    numerator("{exists: c, in: [1 month, 27 days]}"),
    numerator("{value: v, at_most: 20}", HBA1C),
    numerator("{first_then: [c, m], within: 0 days}"),
    numerator("{any: [{age: {from: 65}}, {age: {to: 40}}]}"),
    "unit: items\ncodelists: {m: m@1}\ndenominator: {issued: m, in: 366 days}\nnumerator: {issued: m, in: 1 year}\n",
  ]) {
    t.same(problems(good), [], good.split("\n").at(-2)!);
  }
});
