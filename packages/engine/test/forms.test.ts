/** Every form on people made to be tricky; the answer beside each is worked out by hand, in words. */
import type { Condition, Fact, PeopleQuery } from "@cairn/query-library";
import t from "tap";
import { EVER, EVERYBODY, events, holds, list, lists, person, span, within } from "./making.js";

const YEAR = within(span(12));
const HALF = within(span(6));

const exists = (name: string, window = YEAR): Condition => ({ form: "exists", list: name, window });
const over = (...names: string[]): Partial<PeopleQuery> => ({ codelists: lists(...names) });

t.test("a window is open at its far end and closed at its near end", (t) => {
  const on = (date: string) => person({ events: events(`a ${date}`) });
  const people = ["2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01"].map(on);
  // (31 December 2023, 31 December 2024]: the day a year before is out, the next in; D is in, the next out.
  t.same(holds(people, exists("a"), ["2024-12-31"], over("a")), ["0", "1", "1", "0"]);
  // [6 months, 3 months] at 31 August is (29 February, 31 May]: months clamp.
  const ring = within(span(6), span(3));
  const edge = ["2024-02-29", "2024-03-01", "2024-05-31", "2024-06-01"].map(on);
  t.same(holds(edge, exists("a", ring), ["2024-08-31"], over("a")), ["0", "1", "1", "0"]);
  // Without a window everything up to D, and nothing after it.
  t.same(holds(people, exists("a", EVER), ["2023-12-30", "2024-06-01"], over("a")), ["01", "01", "00", "00"]);
  t.end();
});

t.test("every date of two words is answered as if it were alone", (t) => {
  const dates = Array.from(
    { length: 60 },
    (_, i) => `${2020 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}-15`,
  );
  const someone = [person({ events: events("a 2020-01-15", "a 2022-06-16", "a 2024-12-15") })];
  const [together] = holds(someone, exists("a", within(span(1))), dates, over("a"));
  const alone = dates
    .map((date) => holds(someone, exists("a", within(span(1))), [date], over("a"))[0])
    .join("");
  t.equal(together, alone);
  t.equal(alone.replace(/0/g, "").length, 3, "one date for each event");
  const backwards = holds(someone, exists("a", within(span(1))), [...dates].reverse(), over("a"))[0]!;
  t.equal([...backwards].reverse().join(""), together, "in whatever order the dates are asked");
  t.end();
});

t.test("a register: the latest event decides, and on one day the rule does", (t) => {
  const register = (sameDay: "resolved_wins" | "diagnosis_wins"): Condition => ({
    form: "unresolved",
    list: "dm",
    resolvedBy: "gone",
    sameDay,
    window: EVER,
  });
  const people = [
    person({ events: events("dm 2020-01-01") }), // diagnosed
    person({ events: events("dm 2020-01-01", "gone 2021-01-01") }), // resolved
    person({ events: events("dm 2020-01-01", "gone 2021-01-01", "dm 2022-01-01") }), // diagnosed again
    person({ events: events("dm 2020-01-01", "gone 2020-01-01") }), // both on one day
    person({ events: events("gone 2020-01-01") }), // never diagnosed
    person({ events: events("dm 2020-01-01", "dm 2020-01-01", "gone 2020-01-01", "gone 2019-01-01") }),
  ];
  const dates = ["2019-12-31", "2020-01-01", "2021-01-01", "2022-01-01"];
  const answers = (rule: "resolved_wins" | "diagnosis_wins") =>
    holds(people, register(rule), dates, over("dm", "gone"));
  t.same(answers("resolved_wins"), ["0111", "0100", "0101", "0000", "0000", "0000"]);
  t.same(answers("diagnosis_wins"), ["0111", "0100", "0101", "0111", "0000", "0111"]);
  t.end();
});

const HBA1C = list("hba1c", { unit: "mmol/mol" });
function value(
  which: "latest" | "highest" | "lowest" | "mean",
  more: Partial<Extract<Fact, { form: "value" }>> = {},
): Partial<PeopleQuery> {
  const reading = { unit: "mmol/mol", plausible: [20, 200] } as const;
  const fact: Fact = {
    form: "value",
    which,
    list: "hba1c",
    window: YEAR,
    reading,
    sameDay: which === "latest" ? "lowest" : null,
    ...more,
  };
  return { codelists: { hba1c: HBA1C, bare: list("bare") }, facts: { h: fact } };
}
type Op = "at_least" | "at_most" | "above" | "below";
const compare = (op: Op, x: number): Condition => ({
  form: "compare_value",
  fact: "h",
  component: null,
  limits: [{ op, x }],
});
const AT = ["2024-12-31"];

t.test(
  "the latest reading: by day, then by the same-day rule; without a number or out of range it is none",
  (t) => {
    const people = [
      person({ events: events("hba1c 2024-06-01 70", "hba1c 2024-11-01 50") }), // 50
      person({ events: events("hba1c 2024-11-01 70", "hba1c 2024-11-01 50", "hba1c 2024-11-01 60") }), // 50 or 70
      person({ events: events("hba1c 2024-06-01 50", "hba1c 2024-11-01") }), // no number: 50 stands
      person({ events: events("hba1c 2024-06-01 50", "hba1c 2024-11-01 500") }), // not plausible: 50 stands
      person({ events: events("hba1c 2024-11-01 7.5 %") }), // 58 mmol/mol
      person({ events: events("hba1c 2024-11-01 50 furlongs") }), // no way to convert
      person({ events: events("hba1c 2023-12-31 50") }), // a day too old
      person(),
    ];
    t.same(holds(people, compare("at_most", 58), AT, value("latest")), [
      "1",
      "1",
      "1",
      "1",
      "1",
      "0",
      "0",
      "0",
    ]);
    t.same(holds(people, compare("below", 58), AT, value("latest", { sameDay: "highest" })), [
      "1",
      "0",
      "1",
      "1",
      "0",
      "0",
      "0",
      "0",
    ]);
    t.end();
  },
);

t.test(
  "a comparator counts where its bound decides; where it does not, no earlier reading takes its place",
  (t) => {
    const people = [
      person({ events: events("hba1c 2024-11-01 <58") }), // below 58 whatever it is
      person({ events: events("hba1c 2024-11-01 <=58") }), // at most 58, perhaps 58
      person({ events: events("hba1c 2024-11-01 >58") }), // more than 58
      person({ events: events("hba1c 2024-11-01 >=58") }),
      person({ events: events("hba1c 2024-11-01 ~58") }), // taken as 58
      person({ events: events("hba1c 2024-06-01 40", "hba1c 2024-11-01 >50") }), // undecided; 40 is not asked
      person(),
    ];
    const not = (of: Condition): Condition => ({ form: "not", of, ifMissing: false });
    t.same(holds(people, compare("below", 58), AT, value("latest")), ["1", "0", "0", "0", "0", "0", "0"]);
    t.same(holds(people, not(compare("below", 58)), AT, value("latest")), [
      "0",
      "0",
      "1",
      "1",
      "1",
      "0",
      "0",
    ]);
    t.same(holds(people, compare("at_most", 58), AT, value("latest")), ["1", "1", "0", "0", "1", "0", "0"]);
    t.same(holds(people, not(compare("at_most", 58)), AT, value("latest")), [
      "0",
      "0",
      "1",
      "0",
      "0",
      "0",
      "0",
    ]);
    t.same(holds(people, compare("above", 58), AT, value("latest")), ["0", "0", "1", "0", "0", "0", "0"]);
    t.same(holds(people, compare("at_least", 58), AT, value("latest")), ["0", "0", "1", "1", "1", "0", "0"]);
    t.same(holds(people, not(compare("at_least", 58)), AT, value("latest")), [
      "1",
      "0",
      "0",
      "0",
      "0",
      "0",
      "0",
    ]);
    const missing: Condition = { form: "not", of: compare("below", 58), ifMissing: true };
    t.same(
      holds(people, missing, AT, value("latest")),
      ["0", "1", "1", "1", "1", "1", "1"],
      "missing is what the query says",
    );
    t.end();
  },
);

t.test("of one number on one day, the comparator says which is lower", (t) => {
  const people = [person({ events: events("hba1c 2024-11-01 58", "hba1c 2024-11-01 <58") })];
  t.same(
    holds(people, compare("below", 58), AT, value("latest", { sameDay: "lowest" })),
    ["1"],
    "<58 is the lowest",
  );
  t.same(
    holds(people, compare("at_least", 58), AT, value("latest", { sameDay: "highest" })),
    ["1"],
    "58 is the highest",
  );
  t.same(holds(people, compare("below", 58), AT, value("lowest")), ["1"]);
  t.same(holds(people, compare("at_least", 58), AT, value("highest")), ["1"]);
  t.end();
});

t.test("highest and lowest look at the whole window, date by date", (t) => {
  const people = [
    person({ events: events("hba1c 2024-01-10 90", "hba1c 2024-06-10 50", "hba1c 2024-11-10 70") }),
  ];
  const dates = ["2024-01-31", "2024-06-30", "2024-12-31", "2025-01-31", "2025-11-09", "2025-11-10"];
  // highest: 90, 90, 90, 70 (90 has left), 70, none (70 left that day); lowest: 90, 50, 50, 50, 70, none
  t.same(holds(people, compare("at_least", 90), dates, value("highest")), ["111000"]);
  t.same(holds(people, compare("at_least", 70), dates, value("highest")), ["111110"]);
  t.same(holds(people, compare("at_most", 50), dates, value("lowest")), ["011100"]);
  t.end();
});

t.test("a mean is compared by its sum, without rounding, and an open end leaves it open", (t) => {
  const people = [
    person({ events: events("hba1c 2024-02-01 57", "hba1c 2024-03-01 58", "hba1c 2024-04-01 59") }), // exactly 58
    person({ events: events("hba1c 2024-02-01 58.1", "hba1c 2024-03-01 58.2", "hba1c 2024-04-01 57.7") }), // exactly 58
    person({ events: events("hba1c 2024-02-01 58", "hba1c 2024-03-01 <58") }), // below 58
    person({ events: events("hba1c 2024-02-01 60", "hba1c 2024-03-01 <58") }), // below 59: undecided
  ];
  t.same(holds(people, compare("at_most", 58), AT, value("mean")), ["1", "1", "1", "0"]);
  t.same(holds(people, compare("below", 58), AT, value("mean")), ["0", "0", "1", "0"]);
  const tenths = [
    person({ events: events("hba1c 2024-02-01 64.6", "hba1c 2024-03-01 64.6", "hba1c 2024-04-01 64.6") }),
  ];
  t.same(
    holds(tenths, compare("below", 64.6), AT, value("mean")),
    ["0"],
    "64.6 has no exact double; three of them still are not below it",
  );
  const not: Condition = { form: "not", of: compare("at_most", 58), ifMissing: true };
  t.same(holds(people, not, AT, value("mean")), ["0", "0", "0", "1"]);
  t.end();
});

t.test("a reading without a unit takes the codelist's; without that either it is none", (t) => {
  const people = [person({ events: events("hba1c 2024-11-01 50", "bare 2024-11-01 50") })];
  t.same(holds(people, compare("at_most", 58), AT, value("latest")), ["1"]);
  t.same(holds(people, compare("at_most", 58), AT, value("latest", { list: "bare" })), ["0"]);
  t.end();
});

t.test("a pair: the latest day that has both, each picked on its own", (t) => {
  const bp: Partial<PeopleQuery> = {
    codelists: { s: list("s", { unit: "mmHg" }), d: list("d", { unit: "mmHg" }) },
    facts: {
      bp: {
        form: "pair",
        systolic: "s",
        diastolic: "d",
        window: YEAR,
        reading: { unit: "mmHg", plausible: null },
        sameDay: "lowest",
      },
    },
  };
  const at = (component: "systolic" | "diastolic", x: number): Condition => ({
    form: "compare_value",
    fact: "bp",
    component,
    limits: [{ op: "at_most", x }],
  });
  const good: Condition = { form: "all", of: [at("systolic", 140), at("diastolic", 90)] };
  const people = [
    person({ events: events("s 2024-05-01 138", "d 2024-05-01 88") }), // kept
    person({ events: events("s 2024-05-01 138", "d 2024-05-02 88") }), // never on one day
    person({ events: events("s 2024-05-01 138", "d 2024-05-01 88", "s 2024-06-01 180") }), // 180 has no partner
    person({ events: events("s 2024-05-01 150", "d 2024-05-01 88", "s 2024-05-01 138", "d 2024-05-01 95") }), // 138 and 88
    person({ events: events("s 2024-05-01 130", "d 2024-05-01 80", "s 2024-06-01 160", "d 2024-06-01 85") }), // 160/85
    person({ events: events("s 2024-05-01 130", "d 2024-05-01 80", "s 2024-06-01 160", "d 2024-06-01") }), // no number
  ];
  t.same(holds(people, good, AT, bp), ["1", "0", "1", "1", "0", "1"]);
  t.end();
});

t.test("counts: rows that are alike are distinct events, and not distinct days", (t) => {
  const counting = (what: "events" | "days"): Partial<PeopleQuery> => ({
    ...over("a"),
    facts: { n: { form: "count", what, list: "a", window: YEAR } },
  });
  const limit = (op: Op, x: number): Condition => ({ form: "compare_count", fact: "n", limits: [{ op, x }] });
  const people = [
    person({ events: events("a 2024-05-01", "a 2024-05-01", "a 2024-06-01") }),
    person({ events: events("a 2024-05-01", "a 2024-06-01", "a 2024-07-01") }),
    person({ events: events("a 2023-12-31", "a 2024-06-01", "a 2024-07-01") }), // the first is a day too old
    person(),
  ];
  t.same(holds(people, limit("at_least", 3), AT, counting("events")), ["1", "1", "0", "0"]);
  t.same(holds(people, limit("at_least", 3), AT, counting("days")), ["0", "1", "0", "0"]);
  t.same(holds(people, limit("at_most", 2), AT, counting("events")), ["0", "0", "1", "1"]);
  t.same(holds(people, limit("above", 2), AT, counting("days")), ["0", "1", "0", "0"]);
  t.same(holds(people, limit("below", 1), AT, counting("events")), ["0", "0", "0", "1"]);
  t.same(holds(people, limit("at_least", 0), AT, counting("events")), ["1", "1", "1", "1"]);
  t.end();
});

t.test("two events far enough apart, and with limits only those that surely keep them", (t) => {
  const two = (more: object = {}): Condition => ({
    form: "two",
    list: "a",
    apart: span(90, "days"),
    window: YEAR,
    value: null,
    ...more,
  });
  const people = [
    person({ events: events("a 2024-01-01 50 u", "a 2024-03-31 55 u") }), // 90 days apart in a leap year
    person({ events: events("a 2024-01-02 50 u", "a 2024-03-31 55 u") }), // 89
    person({ events: events("a 2024-01-01 50 u", "a 2024-02-20 70 u", "a 2024-03-31 55 u") }), // the one between does not matter
    person({ events: events("a 2024-01-01 50 u", "a 2024-03-31 <65 u") }), // the second may be 64
    person({ events: events("a 2023-12-31 50 u", "a 2024-06-01 55 u") }), // the first is a day too old
  ];
  const below60 = { value: { reading: { unit: "u", plausible: null }, limits: [{ op: "below", x: 60 }] } };
  t.same(holds(people, two(), AT, over("a")), ["1", "0", "1", "1", "0"]);
  t.same(holds(people, two(below60), AT, over("a")), ["1", "0", "1", "0", "0"]);
  const same = [
    person({ events: events("a 2024-05-01") }),
    person({ events: events("a 2024-05-01", "a 2024-05-01") }),
  ];
  t.same(
    holds(same, two({ apart: span(0, "days") }), AT, over("a")),
    ["0", "1"],
    "two events, not one twice",
  );
  const alone = [person({ events: events("a 2024-01-10", "a 2024-12-10") })];
  const halves = ["2024-06-30", "2024-12-31", "2025-06-30"];
  t.same(holds(alone, two({ apart: span(0, "days") }), halves, over("a")), ["010"], "one twice on no date");
  // 30 November + 3 months is 28 February: months clamp
  const winter = [
    person({ events: events("a 2024-11-30", "a 2025-02-28") }),
    person({ events: events("a 2024-11-30", "a 2025-02-27") }),
  ];
  t.same(holds(winter, two({ apart: span(3) }), ["2025-03-31"], over("a")), ["1", "0"]);
  t.end();
});

t.test("first then: 0 to n days after the first ever, both seen by D", (t) => {
  const then = (window = EVER): Condition => ({
    form: "first_then",
    first: "dm",
    then: "st",
    within: span(90, "days"),
    window,
  });
  const people = [
    person({ events: events("dm 2024-01-01", "st 2024-01-01") }), // the same day
    person({ events: events("dm 2024-01-01", "st 2024-03-31") }), // day 90
    person({ events: events("dm 2024-01-01", "st 2024-04-01") }), // day 91
    person({ events: events("st 2023-12-31", "dm 2024-01-01") }), // before
    person({ events: events("dm 2023-01-01", "dm 2024-01-01", "st 2024-01-05") }), // a year after the first
  ];
  const dates = ["2024-03-30", "2024-03-31", "2024-12-31"];
  t.same(holds(people, then(), dates, over("dm", "st")), ["111", "011", "000", "000", "000"]);
  t.same(
    holds(people, then(HALF), dates, over("dm", "st")),
    ["110", "010", "000", "000", "000"],
    "a first day in the window",
  );
  t.end();
});

t.test("issued together: at most so far apart, either way round, both in the window", (t) => {
  const together: Condition = {
    form: "issued_together",
    lists: ["a", "b"],
    within: span(28, "days"),
    window: HALF,
  };
  const people = [
    person({ events: events("a 2024-10-01", "b 2024-10-29") }), // 28 days
    person({ events: events("b 2024-10-01", "a 2024-10-29") }), // the other way round
    person({ events: events("a 2024-10-01", "b 2024-10-30") }), // 29 days
    person({ events: events("a 2024-06-30", "b 2024-07-02") }), // a lies before the window
    person({ events: events("a 2024-08-01", "b 2024-10-20", "a 2024-11-01") }), // the nearest counts
  ];
  t.same(holds(people, together, AT, over("a", "b")), ["1", "1", "0", "0", "1"]);
  t.end();
});

t.test(
  "continuity: the share with one clinician, in whole numbers, of contacts whose clinician is known",
  (t) => {
    const seen = (...clinicians: (number | undefined)[]) =>
      person({
        events: clinicians.map((clinician, i) => ({
          ...events(`c 2024-0${i + 1}-01`)[0]!,
          ...(clinician === undefined ? {} : { clinician }),
        })),
      });
    const upc = (p: number, q: number): Condition => ({
      form: "continuity",
      list: "c",
      index: "upc",
      atLeast: { p, q },
      contacts: 3,
      window: YEAR,
    });
    const people = [
      seen(1, 1, 2, 3), // 2 of 4
      seen(1, 1, 2, 3, 4), // 2 of 5
      seen(7, 7), // two contacts only
      seen(1, 1, undefined), // only two are known
      seen(123456, 123456, 99999), // keys that are not small
      seen(1, 2, 2, 2, 3, 3), // 3 of 6
    ];
    t.same(holds(people, upc(1, 2), AT, over("c")), ["1", "0", "0", "0", "1", "1"]);
    t.same(
      holds(people, upc(2, 3), AT, over("c")),
      ["0", "0", "0", "0", "1", "0"],
      "2 of 3 reaches two thirds exactly",
    );
    t.same(holds(people, upc(1, 3), AT, over("c")), ["1", "1", "0", "0", "1", "1"]);
    // as the window moves on: at the end of March (1, 1, 2), of February two contacts
    t.same(holds([seen(1, 1, 2, 3)], upc(2, 3), ["2024-02-28", "2024-03-31", "2024-04-30"], over("c")), [
      "010",
    ]);
    t.end();
  },
);

t.test("a date within a window is closed at both ends, unlike any other", (t) => {
  const first = (window = within(span(9))): [Condition, Partial<PeopleQuery>] => [
    { form: "compare_date", fact: "f", window },
    { ...over("a"), facts: { f: { form: "date", which: "earliest", list: "a", window: EVER } } },
  ];
  const people = ["2024-03-30", "2024-03-31", "2024-12-31", "2025-01-01"].map((date) =>
    person({ events: events(`a ${date}`) }),
  );
  const [condition, query] = first();
  t.same(holds(people, condition, AT, query), ["0", "1", "1", "0"]);
  const not: Condition = { form: "not", of: condition, ifMissing: false };
  t.same(
    holds([...people, person()], not, AT, query),
    ["1", "0", "0", "0", "0"],
    "no date is missing, and a later one not seen",
  );
  t.end();
});

t.test("age: completed years; a birthday of 29 February falls on 1 March in common years", (t) => {
  const of = (born: string | null) => person({ born });
  const dates = ["2022-02-28", "2022-03-01", "2024-02-28", "2024-02-29"];
  const adult: Condition = { form: "age", from: 18, to: null };
  const child: Condition = { form: "age", from: null, to: 17 };
  const people = [of("2004-02-29"), of("2006-02-28"), of("2006-03-01"), of(null), of("2024-02-29")];
  // Born 29 February 2004: 18 on 1 March 2022. Born 1 March 2006: not yet 18 on 29 February 2024.
  t.same(holds(people, adult, dates), ["0111", "0011", "0000", "0000", "0000"]);
  t.same(
    holds(people, child, dates),
    ["1000", "1100", "1111", "0000", "0001"],
    "unborn and unknown are no age",
  );
  t.end();
});

t.test("registrations that touch are one; death is not alive from the day itself", (t) => {
  const registered = (...spans: [string, string | null][]) =>
    person({ registrations: spans.map(([start, end]) => ({ start, end })) });
  const people = [
    registered(["2023-01-01", "2024-03-31"], ["2024-04-01", null]), // starts the day after
    registered(["2023-01-01", "2024-03-31"], ["2024-04-02", null]), // a day's gap
    registered(["2023-01-01", "2024-03-31"], ["2024-03-31", null]), // on the day itself
    registered(["2023-01-01", "2024-12-30"]), // left the day before
    registered(["2023-01-01", "2024-12-31"]), // leaves on D
    registered(["2024-01-01", null]), // began a day too late
    registered(["2023-12-31", null]), // began just in time
    registered(["2020-01-01", null], ["2024-06-01", "2024-07-01"]), // one inside another
  ];
  const year: Condition = { form: "registered_for", span: span(12) };
  t.same(holds(people, year, AT), ["1", "0", "1", "0", "1", "0", "1", "1"]);
  t.same(holds(people, EVERYBODY, AT), ["1", "1", "1", "0", "1", "1", "1", "1"]);
  const dead = ["2024-12-30", "2024-12-31", "2025-01-01"].map((died) => person({ died }));
  t.same(holds(dead, EVERYBODY, AT), ["0", "0", "1"]);
  t.same(holds([...dead, registered()], EVERYBODY, AT, { people: "everyone" }), ["1", "1", "1", "1"]);
  t.end();
});

t.test("the person: sex and deprivation; unknown is in no range", (t) => {
  const people = [
    person(),
    person({ sex: "male", deprivationFifth: 5 }),
    person({ sex: "unknown", deprivationFifth: null }),
  ];
  t.same(holds(people, { form: "sex", sex: "male" }, AT), ["0", "1", "0"]);
  t.same(holds(people, { form: "deprivation_fifth", from: 1, to: 5 }, AT), ["1", "1", "0"]);
  t.same(holds(people, { form: "deprivation_fifth", from: 4, to: 5 }, AT), ["0", "1", "0"]);
  t.end();
});

t.test("combinations, and names for conditions", (t) => {
  const people = ["", "a", "ab", "abc"].map((codes) =>
    person({ events: events(...[...codes].map((code) => `${code} 2024-05-01`)) }),
  );
  const of = ["a", "b", "c"].map((name) => exists(name));
  const query = {
    ...over("a", "b", "c"),
    facts: { named: { form: "condition", condition: of[0]! } },
  } as const;
  t.same(holds(people, { form: "all", of }, AT, query), ["0", "0", "0", "1"]);
  t.same(holds(people, { form: "any", of }, AT, query), ["0", "1", "1", "1"]);
  t.same(holds(people, { form: "at_least", n: 2, of }, AT, query), ["0", "0", "1", "1"]);
  t.same(holds(people, { form: "not", of: { form: "fact", fact: "named" }, ifMissing: null }, AT, query), [
    "1",
    "0",
    "0",
    "0",
  ]);
  t.end();
});

t.test("dm+d codes match a SNOMED CT list and the other way round; other systems keep apart", (t) => {
  const recorded = (system: "snomed" | "dmd" | "read2") =>
    person({ events: [{ date: "2024-05-01", system, code: "a" }] });
  const people = [recorded("snomed"), recorded("dmd"), recorded("read2")];
  t.same(holds(people, exists("a"), AT, { codelists: { a: list("a", { system: "dmd" }) } }), ["1", "1", "0"]);
  t.same(holds(people, exists("a"), AT, { codelists: { a: list("a", { system: "read2" }) } }), [
    "0",
    "0",
    "1",
  ]);
  t.end();
});
