/** Tables worked out by hand, asked of both engines: steps in order, splits, issues, quantities and events. */
import type { Cell, EventsQuery, ItemsQuery, PeopleQuery, Query } from "@cairn/query-library";
import t from "tap";
import { answer, answerOne, answerSlowly, memorySource } from "../src/index.js";
import { OPT_OUTS_COUNTED } from "../../tables/src/answerer.js";
import type { PlainEvent, PlainPatient } from "../../tables/src/patients.js";
import {
  EVER,
  EVERYBODY,
  events,
  list,
  lists,
  peopleQuery,
  person,
  span,
  sumQuery,
  within,
} from "./making.js";

const D = "2024-12-31";
const YEAR = within(span(12));

/** Both engines' cells as [cell, numerator, denominator], without those of nobody. */
function cellsOfBoth(
  people: readonly PlainPatient[],
  query: Query,
  date = D,
): { fast: unknown; slow: unknown } {
  const shown = (cells: readonly { split: Cell; denominator: number; numerator: number }[]) =>
    cells
      .filter(({ denominator }) => denominator > 0)
      .map(({ split, numerator, denominator }) => [Object.values(split).join(" "), numerator, denominator]);
  return {
    fast: shown(answer(memorySource(people), [query], [date], OPT_OUTS_COUNTED)[0]![0]!.cells),
    slow: shown(answerSlowly(people, query, [date], null)[0]!.cells),
  };
}

t.test("the first step that matches decides, and the numerator lies inside the denominator", (t) => {
  const has = (name: string) => ({ form: "exists", list: name, window: EVER }) as const;
  const query = peopleQuery({
    codelists: lists("controlled", "declined", "new"),
    denominator: {
      start: { form: "sex", sex: "female" },
      steps: [
        { do: "select", if: has("controlled"), why: null },
        { do: "reject", if: has("declined"), why: "the patient chose not to" },
        { do: "reject", if: has("new"), why: null },
      ],
      otherwise: "select",
    },
    numerator: { form: "any", of: [has("controlled"), has("declined")] },
  } satisfies Partial<PeopleQuery>);
  const rows: [string, PlainPatient, number | string | null, number, number][] = [
    [
      "controlled and declined: selected before the refusal is asked about",
      person({ events: events("declined 2024-01-01", "controlled 2024-01-01") }),
      0,
      1,
      1,
    ],
    [
      "declined: rejected, and so not in the numerator either",
      person({ events: events("declined 2024-01-01") }),
      1,
      0,
      0,
    ],
    [
      "declined and new: the earlier step is the reason",
      person({ events: events("declined 2024-01-01", "new 2024-01-01") }),
      1,
      0,
      0,
    ],
    ["none of them: the rest is selected", person(), "otherwise", 1, 0],
    ["a man: did not start", person({ sex: "male", events: events("controlled 2024-01-01") }), "start", 0, 0],
    ["a woman who died: not in the base population", person({ died: "2024-01-01" }), null, 0, 0],
  ];
  for (const [words, who, decidedBy, denominator, numerator] of rows) {
    const slow = answerOne(who, query, D, null);
    t.match(slow, { decidedBy, denominator, numerator }, words);
  }
  const people = rows.map(([, who]) => who);
  const table = answer(memorySource(people), [query], [D], OPT_OUTS_COUNTED)[0]![0]!;
  t.match(table.cells[0], { denominator: 2, numerator: 1 }, "the same, added up by the fast engine");
  t.strictSame(
    table.waterfall.map(({ people }) => people),
    [4, 1, 2, 0, 1],
    "four women started; one, two and none were decided by a step, one by none",
  );
  t.end();
});

t.test("everybody is in exactly one cell of each split", (t) => {
  const band = (...bounds: number[]) => ({ key: "age_band", bounds }) as const;
  const query = peopleQuery({
    people: "everyone",
    numerator: EVERYBODY,
    splitBy: [[band(17, 40)], [{ key: "sex" }, { key: "deprivation_fifth" }], [band(18)]],
  });
  const people = [
    person({ born: "2008-02-29", sex: "female", deprivationFifth: 1 }), // 16 on 28 February 2025
    person({ born: "2008-02-28", sex: "male", deprivationFifth: null }), // 17 that day
    person({ born: null, sex: "unknown", deprivationFifth: 5 }),
    person({ born: "2025-03-01", sex: "other", deprivationFifth: 5 }), // not born yet
  ];
  const expected = [
    ["", 4, 4],
    ["0-16", 1, 1],
    ["17-39", 1, 1],
    ["unknown", 2, 2],
    ["female 1", 1, 1],
    ["male unknown", 1, 1],
    ["other 5", 1, 1],
    ["unknown 5", 1, 1],
    ["0-17", 2, 2],
    ["unknown", 2, 2],
  ];
  t.strictSame(cellsOfBoth(people, query, "2025-02-28"), { fast: expected, slow: expected });
  t.end();
});

const issue = (code: string, date: string, quantity?: number): PlainEvent => ({
  date,
  system: "dmd",
  code,
  ...(quantity === undefined ? {} : { quantity }),
});
const CODELISTS = {
  antibiotics: list("antibiotics", { system: "dmd", kind: "medicine", codes: ["narrow", "broad"] }),
  broad: list("broad", { system: "dmd", kind: "medicine", codes: ["broad"] }),
};
const TAKERS = [
  // Three issues in the year, two of them broad; the fourth is on the window's open end.
  person({
    sex: "female",
    events: [
      issue("narrow", "2024-01-01", 0.4),
      issue("broad", "2024-02-01", 0.4),
      issue("broad", "2024-12-31"),
      issue("broad", "2023-12-31", 28),
    ],
  }),
  person({ sex: "male", events: [issue("broad", "2024-05-05", 0.7), issue("broad", "2024-05-05", 1000)] }),
  person({ sex: "male", died: "2024-12-31", events: [issue("broad", "2024-05-05", 28)] }), // not in the base population
];
const items = (over: Partial<ItemsQuery>): ItemsQuery =>
  sumQuery({
    unit: "items" as const,
    codelists: CODELISTS,
    denominator: { list: "antibiotics", window: YEAR },
    numerator: { list: "broad", window: YEAR },
    who: null,
    splitBy: [[{ key: "sex" } as const]],
    ...over,
  });

t.test("issues are counted one by one, quantities are added before they are rounded", (t) => {
  const counted = [
    ["", 4, 5],
    ["female", 2, 3],
    ["male", 2, 2],
  ];
  t.strictSame(cellsOfBoth(TAKERS, items({})), { fast: counted, slow: counted });
  const summed = [
    ["", 1001, 1002], // 0.4 + 0 + 1000.7 = 1001.1; with the narrow one 1001.5, halves up
    ["female", 0, 1], // 0.4; 0.8
    ["male", 1001, 1001],
  ];
  t.strictSame(cellsOfBoth(TAKERS, items({ unit: "quantity" })), { fast: summed, slow: summed });
  const men = [
    ["", 2, 2],
    ["male", 2, 2],
  ];
  const who = { start: { form: "sex", sex: "male" }, steps: [], otherwise: "select" } as const;
  t.strictSame(cellsOfBoth(TAKERS, items({ who })), { fast: men, slow: men }, "of the men");
  t.end();
});

t.test("events are split by what they are, not by whose they are", (t) => {
  const on = (date: string, over: Partial<PlainEvent>): PlainEvent => ({
    date,
    system: "snomed",
    code: "a",
    ...over,
  });
  const who = person({
    events: [
      on("2024-01-01", { recordedSystem: "read2", mapped: "mapped" }),
      on("2024-12-31", {}),
      on("2023-06-30", { system: "read2", mapped: "unmapped" }),
      on("2024-06-01", { system: "local", code: "" }), // no code
      on("2022-12-31", {}), // the open end of two years
      on("", {}), // no date
    ],
  });
  const all = { list: null, window: within(span(2, "years")), systems: null, mapped: null, coded: null };
  const query: EventsQuery = sumQuery({
    unit: "events" as const,
    by: ["system", "mapped", "coded", "year"] as const,
    denominator: all,
    numerator: { ...all, systems: ["read2", "ctv3"] as const },
  });
  const expected = [
    ["", 2, 4],
    ["snomed", 0, 1],
    ["read2", 2, 2],
    ["local", 0, 1],
    ["as-recorded", 0, 2],
    ["mapped", 1, 1],
    ["unmapped", 1, 1],
    ["coded", 2, 3],
    ["uncoded", 0, 1],
    ["2023", 1, 1],
    ["2024", 1, 3],
  ];
  t.strictSame(cellsOfBoth([who], query), { fast: expected, slow: expected });
  t.end();
});
