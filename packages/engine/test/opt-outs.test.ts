/** H13: who opted out is in no answer that may leave; both engines are asked, person by person. */
import { LIBRARY_LOCATION } from "@cairn/library";
import { openOptOuts, OPT_OUT_LISTS, type ItemsQuery } from "@cairn/query-library";
import { readFileSync } from "node:fs";
import t from "tap";
import { answer, answerOne, memorySource, optedOut, patientsOf } from "../src/index.js";
import { OPT_OUTS_BY_CHOICE, OPT_OUTS_COUNTED, type OptOutChoice } from "../../tables/src/answerer.js";
import { has } from "../../tables/src/patient-set.js";
import type { PlainEvent, PlainPatient } from "../../tables/src/patients.js";
import { NO_CODES } from "../src/slow/opt-outs.js";
import { EVER, list, peopleQuery, person, sumQuery } from "./making.js";

const D = "2024-12-31";
const files = OPT_OUT_LISTS.flatMap((ref) => [
  `codelists/opt-outs/${ref}.csv`,
  `codelists/opt-outs/${ref}.yaml`,
]);
const codes = openOptOuts(
  Object.fromEntries(files.map((path) => [path, readFileSync(new URL(path, LIBRARY_LOCATION), "utf8")])),
);
const LEFT_OUT: OptOutChoice = { optOuts: "left-out", codes };

const snomed = (date: string, code: string): PlainEvent => ({ date, system: "snomed", code });
const OUT = "827241000000103";
const BACK = "827261000000102";
const mapped = (
  date: string,
  recordedSystem: "read2" | "ctv3",
  recordedCode: string,
  code: string,
): PlainEvent => ({
  ...{ date, system: "snomed", code, recordedSystem, recordedCode, mapped: "mapped" },
});

const ROWS: [words: string, events: PlainEvent[], out: boolean][] = [
  ["nobody who said nothing", [], false],
  ["an opt-out in SNOMED CT", [snomed("2020-01-01", OUT)], true],
  ["in Read v2", [{ date: "2020-01-01", system: "read2", code: "9Nu0." }], true],
  ["in Read v2 with its term code", [{ date: "2020-01-01", system: "read2", code: "9Nu0.00" }], true],
  ["in CTV3", [{ date: "2020-01-01", system: "ctv3", code: "XaZ89" }], true],
  ["the same letters in another system", [{ date: "2020-01-01", system: "local", code: "XaZ89" }], false],
  ["a Read code in other letter case", [{ date: "2020-01-01", system: "read2", code: "9NU0." }], false],
  ["as mapped", [mapped("2020-01-01", "read2", "9Nu0.", OUT)], true],
  ["as recorded, mapped to something else", [mapped("2020-01-01", "ctv3", "XaZ89", "371530004")], true],
  ["something else, mapped to it", [mapped("2020-01-01", "read2", "9Nux.", OUT)], true],
  ["after the reference date", [snomed("2025-06-30", OUT)], true],
  ["without a date", [snomed("", OUT)], false],
  ["taken back a day later", [snomed("2020-01-01", OUT), snomed("2020-01-02", BACK)], false],
  ["taken back on the same day", [snomed("2020-01-01", BACK), snomed("2020-01-01", OUT)], true],
  ["taken back a day before", [snomed("2020-01-02", OUT), snomed("2020-01-01", BACK)], true],
  [
    "taken back in another system",
    [snomed("2020-01-01", OUT), { date: "2021-01-01", system: "ctv3", code: "XaZ8a" }],
    false,
  ],
  [
    "and given again",
    [
      snomed("2020-01-01", OUT),
      snomed("2021-01-01", BACK),
      { date: "2022-01-01", system: "read2", code: "9Nu0." },
    ],
    true,
  ],
  ["only taken back", [snomed("2020-01-01", BACK)], false],
];

/** On the practice's own list, whatever their records say. */
const LISTED: readonly [words: string, events: PlainEvent[], out: boolean][] = [
  ["on the practice's list", [], true],
  ["on the practice's list, and taken back in the records", [snomed("2020-01-01", BACK)], true],
];
ROWS.push(...LISTED);

const PEOPLE: readonly PlainPatient[] = ROWS.map(([id, events, out], i) =>
  person({
    id,
    events: [...events, snomed("2024-06-01", "it")],
    ...(out && i >= ROWS.length - LISTED.length ? { leftOut: true } : {}),
  }),
);
const source = memorySource(PEOPLE);
const everyone = ROWS.map((_, i) => i);
const kept = everyone.filter((i) => !ROWS[i]![2]);
const keysOf = (set: Uint32Array): number[] => everyone.filter((key) => has(set, key));
const queries = (["registered-and-alive", "everyone"] as const).map((people) =>
  peopleQuery({
    people,
    codelists: { it: list("it") },
    numerator: { form: "exists", list: "it", window: EVER },
  }),
);

t.test("both engines know who opted out", (t) => {
  const set = optedOut(source, codes);
  for (const [i, [words, , out]] of ROWS.entries()) {
    t.equal(has(set, i), out, `the fast engine: ${words}`);
    for (const query of queries) {
      t.equal(
        answerOne(PEOPLE[i]!, query, D, codes).base,
        !out,
        `the slow engine, ${query.people}: ${words}`,
      );
      t.equal(answerOne(PEOPLE[i]!, query, D, null).base, true, `counted on the practice's screen: ${words}`);
    }
  }
  t.end();
});

t.test("who is left out is in no count, set or step, and the table says that they are", (t) => {
  for (const query of queries) {
    const [table] = answer(source, [query], [D], LEFT_OUT)[0]!;
    const { denominator, numerator, denominatorSet, numeratorSet } = table!.cells[0]!;
    t.equal(table!.optOuts, "left-out");
    t.same([denominator, numerator], [kept.length, kept.length], query.people);
    t.same([keysOf(denominatorSet), keysOf(numeratorSet)], [kept, kept]);
    t.equal(table!.waterfall[0]!.people, kept.length);
    const [at] = patientsOf(source, query, [D], LEFT_OUT);
    t.same(keysOf(at!.denominatorSet), kept);
  }
  t.end();
});

t.test("the practice's own screen counts them, and the table says so", (t) => {
  const [table] = answer(source, [queries[0]!], [D], OPT_OUTS_COUNTED)[0]!;
  t.equal(table!.optOuts, "counted");
  t.equal(table!.cells[0]!.denominator, ROWS.length);
  t.same(keysOf(table!.cells[0]!.denominatorSet), everyone);
  t.end();
});

t.test("counted by choice are those who opted out in the records; nobody on the practice's list is", (t) => {
  const chosen = everyone.slice(0, -LISTED.length);
  const [table] = answer(source, [queries[0]!], [D], OPT_OUTS_BY_CHOICE)[0]!;
  t.equal(table!.optOuts, "counted-by-choice");
  t.same(keysOf(table!.cells[0]!.denominatorSet), chosen);
  t.equal(table!.waterfall[0]!.people, chosen.length);
  const slow = everyone.filter((i) => answerOne(PEOPLE[i]!, queries[0]!, D, NO_CODES).base);
  t.same(slow, chosen);
  t.end();
});

t.test("their issues are in no sum, either", (t) => {
  const side = { list: "it", window: EVER };
  const query = sumQuery<Pick<ItemsQuery, "unit" | "who" | "denominator" | "numerator" | "codelists">>({
    unit: "items",
    codelists: { it: list("it") },
    who: null,
    denominator: side,
    numerator: side,
  }) as ItemsQuery;
  const [out] = answer(source, [query], [D], LEFT_OUT)[0]!;
  t.equal(out!.optOuts, "left-out");
  t.equal(out!.cells[0]!.denominator, kept.length);
  t.same(keysOf(out!.cells[0]!.denominatorSet), kept);
  const [all] = answer(source, [query], [D], OPT_OUTS_COUNTED)[0]!;
  t.equal(all!.cells[0]!.denominator, ROWS.length);
  t.end();
});

t.test("a list that is missing is an error: nobody is counted by mistake", (t) => {
  t.throws(() => openOptOuts({}), /opted-out-snomed@2025-09/);
  t.end();
});
