/** G4 for a query that is strict in time: what is carried, what is made anew, and what is neither. */
import t from "tap";
import {
  decide,
  decodeEntry,
  encodeEntry,
  memoryHistory,
  policyNamed,
  type UndecidedTable,
} from "../src/index.js";
import { periodsApart } from "../src/periods.js";
import { solver } from "./solver.js";
import { cell, nextQuarter, table, type Span } from "./tables.js";

const policy = policyNamed("k8-r5");
const strict = { temporal: "strict" } as const;

/** The only cell of a strict query at each date: its codes and marks, and why it was withheld. */
function seen(
  cells: readonly (readonly [d: readonly Span[], n: readonly Span[], more?: Partial<UndecidedTable>])[],
  history = memoryHistory(),
) {
  return cells.map(([d, n, more], nth) => {
    const asked = table([cell({}, d, n)], { ...strict, date: nextQuarter(nth), ...more });
    const decision = decide([asked], history, policy, { solver });
    history.append(decision.entries.map((entry) => decodeEntry(encodeEntry(entry))));
    const [one] = decision.tables;
    if (!one) throw new Error("refused");
    const [shown] = one.released.cells;
    const value = (side: "denominator" | "numerator") =>
      shown?.[side] === "withheld" || !shown ? one.reasons[0]?.[side] : shown[side].value;
    return [value("denominator"), shown?.carried, value("numerator"), shown?.carriedNumerator];
  });
}

t.test(
  "a denominator and its numerator are carried each by itself, for as long as each is near",
  async (t) => {
    t.same(
      seen([
        [[[0, 100]], [[0, 50]]],
        [[[0, 103]], [[0, 70]]],
        [[[0, 106]], [[0, 73]]],
        [[[0, 108]], [[0, 76]]],
        [[[0, 108]], [[0, 76]]],
      ]),
      [
        [100, 0, 50, 0],
        [100, 1, 70, 0],
        [100, 2, 70, 1],
        [110, 0, 70, 2],
        [110, 1, 70, 3],
      ],
    );
  },
);

t.test("the interval of a carried value holds today's truth after any number of periods", async (t) => {
  const history = memoryHistory();
  for (const [n, people] of [100, 107, 100, 93, 96, 107, 100].entries()) {
    const asked = table([cell({}, [[0, people]], [])], { ...strict, date: nextQuarter(n) });
    const decision = decide([asked], history, policy);
    history.append(decision.entries);
    const shown = decision.tables[0]?.released.cells[0];
    if (!shown || shown.denominator === "withheld") return t.fail("withheld");
    t.equal(shown.carried, n);
    t.ok(shown.denominator.low <= people && people <= shown.denominator.high, `${people}`);
  }
});

t.test("none is carried like any other number: until k have come", async (t) => {
  const none: readonly Span[] = [];
  t.same(
    seen([
      [[[0, 100]], none],
      [[[0, 100]], [[0, 7]]],
      [[[0, 100]], none],
      [[[0, 100]], [[0, 8]]],
    ]).map(([, , value, periods]) => [value, periods]),
    [
      [0, 0],
      [0, 1],
      [0, 2],
      [10, 0],
    ],
  );
});

t.test("ten who leave and twelve who join show two: carried", async (t) => {
  t.same(
    seen([
      [[[0, 100]], []],
      [[[10, 112]], []],
    ]).map(([value, periods]) => [value, periods]),
    [
      [100, 0],
      [100, 1],
    ],
  );
});

t.test("the rest of a cell is not shown to have changed by a few", async (t) => {
  // Ten come, all into the numerator, of whom two more from the rest: both counts are anew, and the rest is two fewer.
  t.same(
    seen([
      [[[0, 100]], [[0, 50]]],
      [
        [[0, 110]],
        [
          [0, 52],
          [100, 110],
        ],
      ],
    ])[1],
    [110, 0, "g4-beside-carried", 0],
  );
});

t.test(
  "what G5 holds back is not carried meanwhile, and its change is measured from its last value",
  async (t) => {
    const at = (people: number) => [[[0, 200]], [[0, people]]] as const;
    t.same(
      seen([at(10), at(5), at(195), at(12), at(12), at(12), at(12), at(30)]).map(([, , value, periods]) => [
        value,
        periods,
      ]),
      [
        [10, 0],
        [10, 1], // five: carried, as if it were nine
        ["g0-complement", 0],
        ["g5-sticky", 0],
        ["g5-sticky", 0],
        [10, 5],
        [10, 6],
        [30, 0],
      ],
    );
  },
);

t.test("a sum that moves by much while few people come or go is withheld", async (t) => {
  const sum = (people: Span, issues: number, nth: number): UndecidedTable => {
    const exact = { ...cell({}, [people], []), denominator: issues, largestDenominator: 20 };
    return table([exact], { ...strict, unit: "items", date: nextQuarter(nth) });
  };
  const history = memoryHistory();
  const reasons = [
    sum([0, 20], 200, 0),
    sum([0, 21], 205, 1),
    sum([0, 21], 215, 2),
    sum([0, 30], 300, 3),
  ].map((asked) => {
    const decision = decide([asked], history, policy);
    history.append(decision.entries);
    const [one] = decision.tables;
    return one?.reasons[0]?.denominator ?? one?.released.codes();
  });
  t.match(reasons, [
    { denominator: [201], carried: [] },
    { denominator: [201], carried: [1] },
    "g4-small-change",
    { denominator: [301], carried: [] },
  ]);
});

t.test("a later version carries what an earlier one said", async (t) => {
  t.same(
    seen([
      [[[0, 100]], []],
      [[[0, 103]], [], { version: "2" }],
      [[[0, 108]], [], { version: "2" }],
    ]).map(([value, periods]) => [value, periods]),
    [
      [100, 0],
      [100, 1],
      [110, 0],
    ],
  );
});

t.test("a corrected run is held against what was withdrawn, at its date and at later ones", async (t) => {
  const history = memoryHistory();
  const ask = (people: number, nth: number, isCorrected = false) => {
    const asked = table([cell({}, [[0, people]], [])], { ...strict, date: nextQuarter(nth) });
    const corrected = isCorrected ? [{ digest: asked.digest, date: asked.date }] : [];
    const decision = decide([asked], history, policy, { solver, corrected });
    history.append(decision.entries);
    const [one] = decision.tables;
    return one?.reasons[0]?.denominator ?? one?.released.codes();
  };
  t.match(ask(100, 0), { denominator: [101], carried: [] });
  t.match(ask(140, 1), { denominator: [141], carried: [] }, "by mistake");
  t.match(ask(120, 1, true), { denominator: [121], carried: [] });
  t.match(ask(143, 2), "g4-small-change", "three more than what was withdrawn");
  t.match(ask(123, 3), { denominator: [121], carried: [2] });
});

t.test("under another policy a value is withheld until its change can be told", async (t) => {
  const history = memoryHistory();
  const codes = (people: number, nth: number, under = policy) => {
    const asked = table([cell({}, [[0, people]], [])], { ...strict, date: nextQuarter(nth) });
    const decision = decide([asked], history, under);
    history.append(decision.entries);
    return decision.tables[0]?.reasons[0]?.denominator ?? decision.tables[0]?.released.codes().denominator[0];
  };
  const other = policyNamed("k10-r6");
  t.same(
    [codes(100, 0), codes(100, 1, other), codes(103, 2, other), codes(110, 3, other), codes(112, 4, other)],
    [101, "g4-policy-changed", "g4-policy-changed", 109, 109],
  );
});

t.test(
  "marks beside numbers: a total made anew does not say that its two carried parts have changed",
  async (t) => {
    const history = memoryHistory();
    const year = (each: number, nth: number) => {
      const [women, men]: [Span, Span] = [
        [0, each],
        [200, 200 + each],
      ];
      const cells = [
        cell({}, [women, men], []),
        cell({ sex: "female" }, [women], []),
        cell({ sex: "male" }, [men], []),
      ];
      const decision = decide([table(cells, { ...strict, date: nextQuarter(nth) })], history, policy, {
        solver,
      });
      history.append(decision.entries);
      return decision.tables[0];
    };
    year(100, 0);
    const next = year(104, 1);
    t.same(
      next?.reasons.map(({ denominator }) => denominator),
      ["g4-beside-carried", null, null],
    );
    t.same(next?.released.codes().denominator, [0, 101, 101]);
    t.same(next?.released.codes().carried, [0, 1, 1]);
  },
);

t.test("period ends of a cadence are as many periods apart as there are", async (t) => {
  const monthEnd = (n: number): string => new Date(Date.UTC(2019, n + 1, 0)).toISOString().slice(0, 10);
  for (const [every, months] of [
    ["month", 1],
    ["quarter", 3],
    ["year", 12],
  ] as const) {
    for (let from = 0; from < 36; from++) {
      for (let periods = 0; periods <= 20; periods++)
        t.equal(periodsApart(monthEnd(from), monthEnd(from + periods * months), every), periods);
    }
  }
  t.same(
    seen([
      [[[0, 100]], [], { date: "2025-01-31", every: "month" }],
      [[[0, 100]], [], { date: "2025-02-28", every: "year", version: "yearly" }],
    ]).map(([value, periods]) => [value, periods]),
    [
      [100, 0],
      [100, 1],
    ],
    "a mark is never 0, which would say that the value was made today",
  );
});
