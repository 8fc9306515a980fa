/** Patients made to be tricky: in each row what is so about one, and the answer in words. Both engines have to give it. */
import type { Condition, Fact, Limit, PeopleQuery, Window } from "@cairn/query-library";
import t from "tap";
import { answer, answerOne, memorySource } from "../src/index.js";
import { OPT_OUTS_COUNTED } from "../../tables/src/answerer.js";
import type { PlainPatient } from "../../tables/src/patients.js";
import { EVER, EVERYBODY, events, list, lists, peopleQuery, person, span, within } from "./making.js";

type Row = readonly [words: string, who: PlainPatient, asked: Condition, yes: boolean, D?: string];

const NEW_YEARS_EVE = "2024-12-31";
const YEAR = within(span(12));

/** Each row is asked of both engines; what is asked about is in `over`. */
function both(name: string, over: Partial<PeopleQuery>, rows: readonly Row[]): void {
  t.test(name, (t) => {
    for (const [words, who, numerator, yes, D = NEW_YEARS_EVE] of rows) {
      const query = peopleQuery({ numerator, ...over });
      const fast =
        answer(memorySource([who]), [query], [D], OPT_OUTS_COUNTED)[0]![0]!.cells[0]!.numerator === 1;
      const slow = answerOne(who, query, D, null).numerator === 1;
      t.strictSame({ fast, slow }, { fast: yes, slow: yes }, words);
    }
    t.end();
  });
}

/** Somebody with these events, each as "code day number unit". */
const having = (...lines: string[]): PlainPatient => person({ events: events(...lines) });
const yes = true;
const no = false;

const exists = (window: Window, name = "a"): Condition => ({ form: "exists", list: name, window });

both("windows", { codelists: lists("a") }, [
  ["on the reference date: the near end is closed", having("a 2024-12-31"), exists(YEAR), yes],
  ["the day after the reference date: nothing sees it", having("a 2025-01-01"), exists(EVER), no],
  ["without a date: nothing sees it", having("a "), exists(EVER), no],
  ["12 months before to the day: the far end is open", having("a 2023-12-31"), exists(YEAR), no],
  ["12 months before and a day in", having("a 2024-01-01"), exists(YEAR), yes],
  [
    "31 August less 6 months is 29 February, and open",
    having("a 2024-02-29"),
    exists(within(span(6))),
    no,
    "2024-08-31",
  ],
  ["so 1 March is the first day in", having("a 2024-03-01"), exists(within(span(6))), yes, "2024-08-31"],
  ["in a common year it is 28 February", having("a 2023-03-01"), exists(within(span(6))), yes, "2023-08-31"],
  ["which is out itself", having("a 2023-02-28"), exists(within(span(6))), no, "2023-08-31"],
  [
    "29 February less a year is 28 February: out",
    having("a 2023-02-28"),
    exists(within(span(1, "years"))),
    no,
    "2024-02-29",
  ],
  ["1 March is in", having("a 2023-03-01"), exists(within(span(1, "years"))), yes, "2024-02-29"],
  [
    "two weeks are 14 days: the 14th before is out",
    having("a 2024-12-17"),
    exists(within(span(2, "weeks"))),
    no,
  ],
  ["the 13th before is in", having("a 2024-12-18"), exists(within(span(2, "weeks"))), yes],
  [
    "[6 months, 3 months] ends on 30 September, included",
    having("a 2024-09-30"),
    exists(within(span(6), span(3))),
    yes,
  ],
  ["1 October is too late for it", having("a 2024-10-01"), exists(within(span(6), span(3))), no],
  [
    "30 June is its open end: 31 December less 6 months",
    having("a 2024-06-30"),
    exists(within(span(6), span(3))),
    no,
  ],
  ["[ever, 3 months] has no far end", having("a 1990-01-01"), exists(within(null, span(3))), yes],
]);

const registered = (...registrations: PlainPatient["registrations"][number][]) => person({ registrations });
const from = (start: string, end: string | null = null) => ({ start, end });

both("registered and alive", {}, [
  ["starts on the reference date", registered(from("2024-12-31")), EVERYBODY, yes],
  ["starts the day after", registered(from("2025-01-01")), EVERYBODY, no],
  [
    "ends on the reference date: still registered",
    registered(from("2020-01-01", "2024-12-31")),
    EVERYBODY,
    yes,
  ],
  ["ended the day before", registered(from("2020-01-01", "2024-12-30")), EVERYBODY, no],
  [
    "between two registrations",
    registered(from("2020-01-01", "2024-12-30"), from("2025-01-01")),
    EVERYBODY,
    no,
  ],
  ["dies on the reference date: not alive at its end", person({ died: "2024-12-31" }), EVERYBODY, no],
  ["dies the day after", person({ died: "2025-01-01" }), EVERYBODY, yes],
]);

const forAYear: Condition = { form: "registered_for", span: span(12) };

both("registered for 12 months", { people: "everyone" }, [
  ["since 12 months before, to the day", registered(from("2023-12-31")), forAYear, yes],
  ["a day short", registered(from("2024-01-01")), forAYear, no],
  [
    "two that touch: the second starts the day after",
    registered(from("2020-01-01", "2024-06-30"), from("2024-07-01")),
    forAYear,
    yes,
  ],
  [
    "two that meet on one day",
    registered(from("2020-01-01", "2024-06-30"), from("2024-06-30")),
    forAYear,
    yes,
  ],
  [
    "a day between them: the second began too late",
    registered(from("2020-01-01", "2024-06-30"), from("2024-07-02")),
    forAYear,
    no,
  ],
  [
    "a short one inside a long one is part of it",
    registered(from("2024-11-01", "2024-11-30"), from("2020-01-01")),
    forAYear,
    yes,
  ],
  [
    "the long one reaches over the short one to the third",
    registered(from("2020-01-01", "2024-08-01"), from("2020-02-01", "2020-03-01"), from("2024-08-02")),
    forAYear,
    yes,
  ],
  ["long ago and ended: none is in force", registered(from("2010-01-01", "2020-01-01")), forAYear, no],
  ["never registered", registered(), forAYear, no],
  [
    "31 August less 6 months is 29 February, included here",
    registered(from("2024-02-29")),
    { form: "registered_for", span: span(6) },
    yes,
    "2024-08-31",
  ],
]);

const aged = (from: number | null, to: number | null): Condition => ({ form: "age", from, to });
const leapling = person({ born: "2008-02-29" });

both("age", {}, [
  ["17 on the reference date", person({ born: "2007-12-31" }), aged(17, null), yes],
  ["17 the day after", person({ born: "2008-01-01" }), aged(17, null), no],
  [
    "still 64 the day before the birthday: `to` includes the whole year",
    person({ born: "1960-01-01" }),
    aged(null, 64),
    yes,
  ],
  ["a 29 February birthday is not yet on 28 February", leapling, aged(17, null), no, "2025-02-28"],
  ["but on 1 March", leapling, aged(17, null), yes, "2025-03-01"],
  ["and on 29 February where there is one", leapling, aged(16, null), yes, "2024-02-29"],
  ["born on the reference date: aged 0", person({ born: "2024-12-31" }), aged(0, 0), yes],
  ["born after it: no age at all", person({ born: "2025-01-01" }), aged(null, 120), no],
  ["birth unknown: no age at all", person({ born: null }), aged(0, null), no],
  [
    "not of an age: an unknown birth is no missing comparison",
    person({ born: null }),
    { form: "not", of: aged(0, null), ifMissing: null },
    yes,
  ],
]);

const register = (sameDay: "resolved_wins" | "diagnosis_wins", window = EVER): Condition => ({
  form: "unresolved",
  list: "dm",
  resolvedBy: "gone",
  sameDay,
  window,
});
const DM = {
  codelists: {
    dm: list("dm", { codes: ["dm", "either"] }),
    gone: list("gone", { codes: ["gone", "either"] }),
  },
};

both("a register", DM, [
  [
    "resolved on the day of the diagnosis, and resolved wins",
    having("dm 2024-01-01", "gone 2024-01-01"),
    register("resolved_wins"),
    no,
  ],
  [
    "the same, and the diagnosis wins",
    having("dm 2024-01-01", "gone 2024-01-01"),
    register("diagnosis_wins"),
    yes,
  ],
  ["one code of both lists ties with itself", having("either 2024-01-01"), register("resolved_wins"), no],
  [
    "diagnosed again after it was resolved",
    having("dm 2020-01-01", "gone 2021-01-01", "dm 2022-01-01"),
    register("resolved_wins"),
    yes,
  ],
  [
    "resolved the day after the reference date: not yet",
    having("dm 2020-01-01", "gone 2025-01-01"),
    register("resolved_wins"),
    yes,
  ],
  [
    "resolved on the reference date",
    having("dm 2020-01-01", "gone 2024-12-31"),
    register("resolved_wins"),
    no,
  ],
  [
    "the window sees neither the old resolution nor the diagnosis",
    having("dm 2020-01-01", "gone 2021-01-01"),
    register("resolved_wins", YEAR),
    no,
  ],
  [
    "the window sees the diagnosis and not the resolution before it",
    having("gone 2021-01-01", "dm 2024-06-01"),
    register("resolved_wins", YEAR),
    yes,
  ],
]);

const low: Limit = { op: "below", x: 60 };
const two = (n: number, unit: "days" | "months", limits: Limit[] | null): Condition => ({
  form: "two",
  list: "egfr",
  apart: span(n, unit),
  window: EVER,
  value: limits && { reading: { unit: "ml/min", plausible: null }, limits },
});
const EGFR = { codelists: { egfr: list("egfr", { unit: "ml/min" }) } };

both("two events apart", EGFR, [
  [
    "90 days apart to the day: 1 January and 31 March in a leap year",
    having("egfr 2024-01-01", "egfr 2024-03-31"),
    two(90, "days", null),
    yes,
  ],
  ["89 days", having("egfr 2024-01-01", "egfr 2024-03-30"), two(90, "days", null), no],
  [
    "no days apart: two rows of one day are two events",
    having("egfr 2024-01-01", "egfr 2024-01-01"),
    two(0, "days", null),
    yes,
  ],
  ["no days apart: one event is not two", having("egfr 2024-01-01"), two(0, "days", null), no],
  [
    "31 January and a month is 29 February",
    having("egfr 2024-01-31", "egfr 2024-02-29"),
    two(1, "months", null),
    yes,
  ],
  [
    "the second is after the reference date",
    having("egfr 2024-10-01", "egfr 2025-01-01"),
    two(90, "days", null),
    no,
  ],
  [
    "both below 60; a good one between them changes nothing",
    having("egfr 2024-01-01 59", "egfr 2024-02-01 80", "egfr 2024-04-01 58"),
    two(90, "days", [low]),
    yes,
  ],
  ["60 is not below 60", having("egfr 2024-01-01 59", "egfr 2024-04-01 60"), two(90, "days", [low]), no],
  [
    "<60 is surely below 60",
    having("egfr 2024-01-01 <60", "egfr 2024-04-01 59"),
    two(90, "days", [low]),
    yes,
  ],
  ["<=60 may be 60", having("egfr 2024-01-01 <=60", "egfr 2024-04-01 59"), two(90, "days", [low]), no],
  [
    ">50 may be anything above",
    having("egfr 2024-01-01 >50", "egfr 2024-04-01 59"),
    two(90, "days", [low]),
    no,
  ],
  [
    "a row without a number is no reading",
    having("egfr 2024-01-01", "egfr 2024-04-01 59"),
    two(90, "days", [low]),
    no,
  ],
]);

const statin = (window = EVER): Condition => ({
  form: "first_then",
  first: "dm",
  then: "statin",
  within: span(90, "days"),
  window,
});

both("first one, then another", { codelists: lists("dm", "statin") }, [
  ["on the same day", having("dm 2024-01-01", "statin 2024-01-01"), statin(), yes],
  ["the day before: too early", having("dm 2024-01-01", "statin 2023-12-31"), statin(), no],
  ["90 days after", having("dm 2024-01-01", "statin 2024-03-31"), statin(), yes],
  ["91 days after", having("dm 2024-01-01", "statin 2024-04-01"), statin(), no],
  [
    "soon after the second diagnosis, but the first is what counts",
    having("dm 2020-01-01", "dm 2024-01-01", "statin 2024-01-10"),
    statin(),
    no,
  ],
  [
    "the first ever lies before the window, so a later one does not count",
    having("dm 2020-01-01", "dm 2024-03-01", "statin 2024-03-02"),
    statin(YEAR),
    no,
  ],
  [
    "within 90 days, but after the reference date",
    having("dm 2024-12-01", "statin 2025-01-01"),
    statin(),
    no,
  ],
]);

const together = (window: Window): Condition => ({
  form: "issued_together",
  lists: ["nsaid", "ace"],
  within: span(28, "days"),
  window,
});
const PILLS = {
  codelists: {
    nsaid: list("nsaid", { kind: "medicine", codes: ["nsaid", "combined"] }),
    ace: list("ace", { kind: "medicine", codes: ["ace", "combined"] }),
  },
};

both("issued together", PILLS, [
  ["28 days apart", having("nsaid 2024-06-01", "ace 2024-06-29"), together(YEAR), yes],
  ["the other way round", having("ace 2024-06-01", "nsaid 2024-06-29"), together(YEAR), yes],
  ["29 days apart", having("nsaid 2024-06-01", "ace 2024-06-30"), together(YEAR), no],
  ["one of them on the window's open end", having("nsaid 2023-12-31", "ace 2024-01-10"), together(YEAR), no],
  ["one preparation that is on both lists", having("combined 2024-06-01"), together(YEAR), yes],
]);

const seen = (...clinicians: (number | undefined)[]): PlainPatient =>
  person({
    events: clinicians.map((clinician) => ({
      ...events("seen 2024-06-01")[0]!,
      ...(clinician === undefined ? {} : { clinician }),
    })),
  });
const upc = (p: number, q: number): Condition => ({
  form: "continuity",
  list: "seen",
  index: "upc",
  atLeast: { p, q },
  contacts: 3,
  window: YEAR,
});

both("continuity", { codelists: lists("seen") }, [
  ["two of three with one clinician reach two thirds, without rounding", seen(1, 1, 2), upc(2, 3), yes],
  ["one of three does not reach a half", seen(1, 2, 3), upc(1, 2), no],
  ["two of four are exactly a half", seen(1, 2, 1, 3), upc(1, 2), yes],
  ["clinician 0 is a clinician", seen(0, 0, 0), upc(1, 1), yes],
  ["two known and one unknown are two contacts, which is too few", seen(1, 1, undefined), upc(1, 2), no],
]);

const HBA1C = list("hba1c", { unit: "mmol/mol" });
const value = (over: Partial<Extract<Fact, { form: "value" }>>): Fact => ({
  form: "value",
  which: "latest",
  list: "hba1c",
  window: YEAR,
  reading: { unit: "mmol/mol", plausible: [20, 200] },
  sameDay: "lowest",
  ...over,
});
const is = (fact: string, op: Limit["op"], x: number): Condition => ({
  form: "compare_value",
  fact,
  component: null,
  limits: [{ op, x }],
});
const not = (of: Condition, ifMissing: boolean): Condition => ({ form: "not", of, ifMissing });
const LATEST = {
  codelists: {
    hba1c: HBA1C,
    bare: list("bare", { codes: ["hba1c"] }),
    ldl: list("ldl-cholesterol", { codes: ["ldl"] }),
  },
  facts: {
    last: value({}),
    worst: value({ sameDay: "highest" }),
    percent: value({ reading: { unit: "%", plausible: null } }),
    bare: value({ list: "bare" }),
    ldl: value({ list: "ldl", reading: { unit: "mmol/l", plausible: null } }),
    highest: value({ which: "highest", sameDay: null }),
    lowest: value({ which: "lowest", sameDay: null }),
  },
};

both("the latest value", LATEST, [
  ["58 is at most 58", having("hba1c 2024-06-01 58"), is("last", "at_most", 58), yes],
  ["but not below it", having("hba1c 2024-06-01 58"), is("last", "below", 58), no],
  [
    "58.4 as recorded is not rounded to 58",
    having("hba1c 2024-06-01 58.4 mmol/mol"),
    is("last", "at_most", 58),
    no,
  ],
  [
    "7.5 % is 58.47 mmol/mol, reported as 58",
    having("hba1c 2024-06-01 7.5 %"),
    is("last", "at_most", 58),
    yes,
  ],
  ["and not less", having("hba1c 2024-06-01 7.5 %"), is("last", "below", 58), no],
  ["7.6 % is 60", having("hba1c 2024-06-01 7.6 %"), is("last", "at_least", 60), yes],
  [
    "58 mmol/mol is 7.46 %, reported as 7.5",
    having("hba1c 2024-06-01 58"),
    is("percent", "at_least", 7.5),
    yes,
  ],
  [
    "mmol/molHb is a spelling of mmol/mol",
    having("hba1c 2024-06-01 58 mmol/molHb"),
    is("last", "at_least", 58),
    yes,
  ],
  [
    "LDL of 200 mg/dL is 5.17 mmol/l, reported as 5.2",
    having("ldl 2024-06-01 200 mg/dL"),
    is("ldl", "at_least", 5.2),
    yes,
  ],
  [
    "no unit recorded and none of the list: ignored",
    having("hba1c 2024-06-01 50"),
    is("bare", "at_most", 58),
    no,
  ],
  [
    "a unit of something else is ignored, and the reading before it is the latest",
    having("hba1c 2024-05-01 50", "hba1c 2024-06-01 90 kg"),
    is("last", "at_most", 58),
    yes,
  ],
  [
    "a row without a number is skipped",
    having("hba1c 2024-05-01 50", "hba1c 2024-06-01"),
    is("last", "at_most", 58),
    yes,
  ],
  [
    "201 is not plausible and is skipped",
    having("hba1c 2024-05-01 50", "hba1c 2024-06-01 201"),
    is("last", "at_most", 58),
    yes,
  ],
  [
    "200 is still plausible",
    having("hba1c 2024-05-01 50", "hba1c 2024-06-01 200"),
    is("last", "at_most", 58),
    no,
  ],
  [
    "the plausible range is of the converted number: 7.5 % is 58",
    having("hba1c 2024-06-01 7.5 %"),
    is("last", "at_least", 20),
    yes,
  ],
  [
    "two of one day: the rule takes the lowest",
    having("hba1c 2024-06-01 70", "hba1c 2024-06-01 50"),
    is("last", "at_most", 58),
    yes,
  ],
  ["or the highest", having("hba1c 2024-06-01 70", "hba1c 2024-06-01 50"), is("worst", "at_most", 58), no],
  [
    "50 mmol/mol and 6.5 % of one day: 6.5 % is 48, the lower",
    having("hba1c 2024-06-01 50", "hba1c 2024-06-01 6.5 %"),
    is("last", "at_most", 48),
    yes,
  ],
]);

both("comparators", LATEST, [
  ["<58 is at most 58", having("hba1c 2024-06-01 <58"), is("last", "at_most", 58), yes],
  ["<59 may be 58.5", having("hba1c 2024-06-01 <59"), is("last", "at_most", 58), no],
  [
    "and that is missing, not broken: `not` says what was agreed",
    having("hba1c 2024-06-01 <59"),
    not(is("last", "at_most", 58), false),
    no,
  ],
  [
    "no earlier reading takes its place",
    having("hba1c 2024-05-01 50", "hba1c 2024-06-01 <59"),
    is("last", "at_most", 58),
    no,
  ],
  [">58 is above 58", having("hba1c 2024-06-01 >58"), is("last", "above", 58), yes],
  [">=58 may be 58", having("hba1c 2024-06-01 >=58"), is("last", "above", 58), no],
  [">=58 is at least 58", having("hba1c 2024-06-01 >=58"), is("last", "at_least", 58), yes],
  [
    ">58 breaks at most 58 for certain, so that not at most 58 is yes",
    having("hba1c 2024-06-01 >58"),
    not(is("last", "at_most", 58), false),
    yes,
  ],
  ["~58 is taken as 58", having("hba1c 2024-06-01 ~58"), is("last", "at_most", 58), yes],
  ["<7.5 % is <58 mmol/mol", having("hba1c 2024-06-01 <7.5 %"), is("last", "below", 58), yes],
  [">200: the number itself is plausible", having("hba1c 2024-06-01 >200"), is("last", "above", 200), yes],
  [
    "58 and <58 of one day: <58 is the lower",
    having("hba1c 2024-06-01 58", "hba1c 2024-06-01 <58"),
    is("last", "below", 58),
    yes,
  ],
  [
    "58 and >58 of one day: >58 is the higher",
    having("hba1c 2024-06-01 >58", "hba1c 2024-06-01 58"),
    is("worst", "above", 58),
    yes,
  ],
  [
    "<58 is lower than <=58",
    having("hba1c 2024-06-01 <=58", "hba1c 2024-06-01 <58"),
    is("last", "below", 58),
    yes,
  ],
  [
    "the highest of 59 and <60 is <60, which may be less than 59",
    having("hba1c 2024-05-01 59", "hba1c 2024-06-01 <60"),
    is("highest", "at_least", 59),
    no,
  ],
  [
    "the lowest of 59 and >50 is >50",
    having("hba1c 2024-05-01 59", "hba1c 2024-06-01 >50"),
    is("lowest", "above", 50),
    yes,
  ],
]);

const MEAN = {
  ...LATEST,
  facts: { mean: value({ which: "mean", sameDay: null, reading: { unit: "mmol/mol", plausible: null } }) },
};

both("the mean", MEAN, [
  [
    "57, 58 and 59 are 58",
    having("hba1c 2024-04-01 57", "hba1c 2024-05-01 58", "hba1c 2024-06-01 59"),
    is("mean", "at_most", 58),
    yes,
  ],
  [
    "0.1, 0.2 and 0.3 are 0.2, whatever binary fractions say",
    having("hba1c 2024-04-01 0.1", "hba1c 2024-05-01 0.2", "hba1c 2024-06-01 0.3"),
    is("mean", "at_most", 0.2),
    yes,
  ],
  [
    "50, 50 and 51 are more than 50.33",
    having("hba1c 2024-04-01 50", "hba1c 2024-05-01 50", "hba1c 2024-06-01 51"),
    is("mean", "above", 50.33),
    yes,
  ],
  [
    "<60 and 50 are together below 110, so below 55 on average",
    having("hba1c 2024-05-01 <60", "hba1c 2024-06-01 50"),
    is("mean", "below", 55),
    yes,
  ],
  [
    "and surely not 55",
    having("hba1c 2024-05-01 <60", "hba1c 2024-06-01 50"),
    not(is("mean", "at_least", 55), false),
    yes,
  ],
  [
    "but perhaps 54",
    having("hba1c 2024-05-01 <60", "hba1c 2024-06-01 50"),
    not(is("mean", "at_least", 54), true),
    yes,
  ],
  [
    "<60 and >40 can be anything",
    having("hba1c 2024-05-01 <60", "hba1c 2024-06-01 >40"),
    not(is("mean", "at_most", 1000), true),
    yes,
  ],
]);

const bp = (component: "systolic" | "diastolic", x: number): Condition => ({
  form: "compare_value",
  fact: "bp",
  component,
  limits: [{ op: "at_most", x }],
});
const controlled: Condition = { form: "all", of: [bp("systolic", 140), bp("diastolic", 90)] };
const BP = {
  codelists: { sys: list("sys", { unit: "mmHg" }), dia: list("dia", { unit: "mmHg" }) },
  facts: {
    bp: {
      form: "pair",
      systolic: "sys",
      diastolic: "dia",
      window: YEAR,
      reading: { unit: "mmHg", plausible: null },
      sameDay: "lowest",
    } as Fact,
  },
};

both("blood pressure", BP, [
  ["140/90 is at most 140/90", having("sys 2024-06-01 140", "dia 2024-06-01 90"), controlled, yes],
  [
    "a later systolic alone is no pair, so the earlier day counts",
    having("sys 2024-06-01 130", "dia 2024-06-01 80", "sys 2024-07-01 180"),
    controlled,
    yes,
  ],
  [
    "systolic and diastolic of different days are no pair",
    having("sys 2024-06-01 130", "dia 2024-06-02 80"),
    controlled,
    no,
  ],
  [
    "150/80 and 138/95 of one day: the lowest of each on its own is 138/80",
    having("sys 2024-06-01 150", "dia 2024-06-01 80", "sys 2024-06-01 138", "dia 2024-06-01 95"),
    controlled,
    yes,
  ],
  [
    "a diastolic in kPa is no reading, so there is no pair that day",
    having("sys 2024-05-01 130", "dia 2024-05-01 80", "sys 2024-06-01 180", "dia 2024-06-01 13 kPa"),
    controlled,
    yes,
  ],
]);

const COUNTED = {
  codelists: lists("seen"),
  facts: {
    visits: { form: "count", what: "events", list: "seen", window: YEAR },
    days: { form: "count", what: "days", list: "seen", window: YEAR },
    first: { form: "date", which: "earliest", list: "seen", window: EVER },
    last: { form: "date", which: "latest", list: "seen", window: EVER },
  } satisfies Record<string, Fact>,
};
const count = (fact: string, x: number): Condition => ({
  form: "compare_count",
  fact,
  limits: [{ op: "at_least", x }],
});
const dated = (fact: string, window: Window): Condition => ({ form: "compare_date", fact, window });

both("counts and dates", COUNTED, [
  ["two rows alike are two events", having("seen 2024-06-01", "seen 2024-06-01"), count("visits", 2), yes],
  ["and one day", having("seen 2024-06-01", "seen 2024-06-01"), count("days", 2), no],
  ["none is a count too: it is never missing", having(), not(count("visits", 1), false), yes],
  [
    "a date 9 months ago to the day: both ends are included",
    having("seen 2024-03-31"),
    dated("first", within(span(9))),
    yes,
  ],
  ["a day earlier", having("seen 2024-03-30"), dated("first", within(span(9))), no],
  [
    "[9 months, 3 months] ends on 30 September, included",
    having("seen 2024-09-30"),
    dated("first", within(span(9), span(3))),
    yes,
  ],
  [
    "the earliest is long ago, whatever came later",
    having("seen 2010-01-01", "seen 2024-12-01"),
    dated("first", within(span(9))),
    no,
  ],
  [
    "the latest is recent, whatever came before",
    having("seen 2010-01-01", "seen 2024-12-01"),
    dated("last", within(span(9))),
    yes,
  ],
  ["no date at all: missing", having(), not(dated("first", within(span(9))), false), no],
]);

const MIXED = { codelists: { ...LATEST.codelists, a: list("a"), b: list("b") }, facts: LATEST.facts };
const any = (...of: Condition[]): Condition => ({ form: "any", of });
const of3 = (n: number): Condition => ({
  form: "at_least",
  n,
  of: [exists(YEAR), exists(YEAR, "b"), is("last", "at_most", 58)],
});

both("combinations", MIXED, [
  ["never measured: not at most 58, if missing yes", having(), not(is("last", "at_most", 58), true), yes],
  ["never measured: not at most 58, if missing no", having(), not(is("last", "at_most", 58), false), no],
  [
    "`any` holds by its other half, but something in it is missing: what was agreed decides",
    having("a 2024-06-01"),
    not(any(exists(YEAR), is("last", "at_most", 58)), true),
    yes,
  ],
  [
    "a missing inside a `not` is still inside the `not` around it",
    having(),
    not(not(is("last", "at_most", 58), false), false),
    no,
  ],
  ["two of three", having("a 2024-06-01", "b 2024-06-01"), of3(2), yes],
  ["two of three are not three", having("a 2024-06-01", "b 2024-06-01"), of3(3), no],
  ["`all` of nothing holds", having(), { form: "all", of: [] }, yes],
  ["`any` of nothing does not", having(), { form: "any", of: [] }, no],
]);
