import t from "tap";
import {
  decide,
  decodeEntry,
  encodeEntry,
  restoredEntry,
  isReleasedTable,
  memoryHistory,
  placed,
  policyNamed,
  type HistoryEntry,
  type ReleasedTable,
} from "../src/index.js";
import { decideWith } from "../src/decide.js";
import { ALL_GUARDS } from "../src/guards.js";
import type { UndecidedTable } from "../src/table.js";
import { practice, seeded, tableOf } from "./population.js";
import { solver } from "./solver.js";
import { cell, nextQuarter, table, type Span } from "./tables.js";

const policy = policyNamed("k8-r5");
const one = (asked: UndecidedTable, history = memoryHistory()) => {
  const decided = decide([asked], history, policy, { solver });
  history.append(decided.entries);
  const [first] = decided.tables;
  if (!first) throw new Error("refused");
  return first;
};
const pairs = (...cells: [Span, Span][]) =>
  table(cells.map(([d, n], i) => cell(i ? { sex: `${i}` } : {}, [d], [n])));

t.test("G0: what a count says by itself", async (t) => {
  const alone = (d: Span, n: Span, more: Partial<UndecidedTable> = {}) =>
    one({ ...pairs([d, n]), ...more }).reasons[0];
  t.same(alone([0, 7], [0, 7]), { denominator: "g0-small", numerator: "g0-denominator" });
  t.same(alone([0, 8], [0, 8]), { denominator: null, numerator: null });
  t.same(alone([0, 40], [0, 7]), { denominator: null, numerator: "g0-small" });
  t.same(alone([0, 40], [0, 33]), { denominator: null, numerator: "g0-complement" });
  t.same(alone([0, 40], [0, 32]), { denominator: null, numerator: null });
  t.same(alone([0, 0], [0, 0]), { denominator: null, numerator: null }, "zero is a count");
  const both = "g0-zero-or-full";
  t.same(alone([0, 40], [0, 0], { sensitive: true }), { denominator: null, numerator: both });
  t.same(alone([0, 40], [0, 40], { sensitive: true }), { denominator: null, numerator: both });
  t.same(alone([0, 0], [0, 0], { sensitive: true }), { denominator: both, numerator: "g0-denominator" });
});

t.test("G0: sums are about their contributors", async (t) => {
  const sum = (people: Span, issues: number, largest: number) => {
    const exact = { ...cell({}, [people], [[0, 0]]), denominator: issues, largestDenominator: largest };
    return one(table([exact], { unit: "items" })).reasons[0]?.denominator;
  };
  t.equal(sum([0, 7], 70, 10), "g0-few-people");
  t.equal(sum([0, 8], 80, 40), null);
  t.equal(sum([0, 8], 80, 41), "g0-dominated");
  t.throws(() => one(table([{ ...cell({}, [[0, 9]], [[0, 0]]), denominator: 10 }])), {
    code: "table-inconsistent",
  });
});

t.test("a ReleasedTable is made here only, and a copy of one is none", async (t) => {
  const { released } = one(
    pairs([
      [0, 40],
      [0, 20],
    ]),
  );
  const Made = released.constructor as unknown as new (...args: unknown[]) => ReleasedTable;
  t.throws(() => new Made(Symbol("made by the guard"), {}, [], []), TypeError);
  t.ok(isReleasedTable(released));
  t.notOk(isReleasedTable({ ...released, codes: () => released.codes() }));
  t.notOk(isReleasedTable(Object.create(Object.getPrototypeOf(released) as object)));
  t.throws(() => Object.assign(released, { date: "2020-01-01" }), TypeError);
  released.codes().denominator[0] = 8;
  t.same(released.codes(), { denominator: [41], numerator: [21], carried: [] });
  t.same(released.cells[0]?.numerator, { value: 20, low: 18, high: 22 });
});

t.test("G1: within a query and its versions, sets a few people apart conflict", async (t) => {
  const history = memoryHistory();
  t.equal(
    one(
      pairs([
        [0, 100],
        [0, 50],
      ]),
      history,
    ).reasons[0]?.numerator,
    null,
  );
  const tweaked = one(
    {
      ...pairs([
        [0, 100],
        [0, 51],
      ]),
      version: "2",
      digest: "tweaked",
    },
    history,
  );
  t.equal(tweaked.reasons[0]?.numerator, "g1-pair");
  const apart = one(
    {
      ...pairs([
        [0, 100],
        [0, 58],
      ]),
      version: "3",
      digest: "apart",
    },
    history,
  );
  t.equal(apart.reasons[0]?.numerator, null, "eight people apart is no conflict");
});

t.test("G1: across queries, values that pin a shared difference conflict", async (t) => {
  // Two pairs with and without the same two people: 100 against 102, and 203 against 201 rounds to 205 and 200.
  const history = memoryHistory();
  const ask = (query: string, ...sets: Span[]) =>
    one(table([cell({}, sets, [])], { query }), history).reasons[0];
  t.equal(ask("a", [0, 101])?.denominator, null); // 100: 98-102
  t.equal(ask("b", [0, 101], [500, 502])?.denominator, null); // 103 is 105: 103-107; the two are 1 to 9
  t.equal(ask("c", [1000, 1199])?.denominator, null); // 199 is 200
  t.equal(ask("d", [500, 502], [1000, 1199])?.denominator, "g1-values"); // 201 is 200: -4 to 4; together 1 to 4
});

t.test("G2: a set that is withheld at a date is withheld in every query", async (t) => {
  const history = memoryHistory();
  t.equal(
    one(table([cell({}, [[0, 40]], [[0, 35]])], { query: "a" }), history).reasons[0]?.numerator,
    "g0-complement",
  );
  const other = one(table([cell({}, [[0, 35]], [])], { query: "b" }), history);
  t.equal(other.reasons[0]?.denominator, "g2-withheld-elsewhere");
});

t.test(
  "G3: values of other queries and this one's, together, would pin two people: one more is withheld",
  async (t) => {
    // By other queries: P and P with the two (103 - 101, rounded: 1 to 9), G and H (98 each). Here: the two with G
    // and H, 198 rounded to 200, so that at most 202 - 98 - 98 = 6 are left: 1 to 6 altogether.
    const [two, P, G, H]: Span[] = [
      [0, 2],
      [2, 103],
      [103, 201],
      [201, 299],
    ] as const;
    const others = [[P], [two, P], [G], [H]].map((set, i) =>
      table([cell({}, set, [])], { query: `other-${i}` }),
    );
    const asked = table([
      cell({}, [two, P, G, H], [G]),
      cell({ sex: "female" }, [two, G, H], [G]),
      cell({ sex: "male" }, [P], []),
      cell({ deprivation_fifth: "1" }, [two], []),
      cell({ deprivation_fifth: "2" }, [P], []),
      cell({ deprivation_fifth: "3" }, [G, H], [G]),
    ]);
    const last = (guards = ALL_GUARDS, solvers: { solver?: typeof solver } = { solver }) =>
      decideWith(guards, [...others, asked], memoryHistory(), policy, solvers)
        .tables.at(-1)
        ?.reasons.map((r) => r.denominator);
    t.same(last({ ...ALL_GUARDS, g3: false }), [null, null, null, "g0-small", null, "g1-pair"]);
    t.same(last(), [null, "g3-bounds", null, "g0-small", null, "g1-pair"]);
    t.equal(last(ALL_GUARDS, {})?.[1], "g3-bounds", "without a solver what cannot be cleared is withheld");
  },
);

t.test("G3: past its budget the table becomes coarser, finest split first, and totals stay", async (t) => {
  const splits = [
    ["sex"],
    ["age_band"],
    ["sex", "age_band"],
    ["sex", "age_band", "deprivation_fifth"],
  ] as const;
  const people = practice(1500, seeded(3));
  const asked = tableOf(people, {
    query: "q",
    splits,
    denominator: () => true,
    numerator: (person) => (person.lot[0] ?? 0) < 0.1,
  });
  const kept = (options: { solver?: typeof solver; programs?: number }): number[] => {
    const [decided] = decide([asked], memoryHistory(), policy, options).tables;
    const released = decided?.released.cells.filter((cell) => cell.denominator !== "withheld") ?? [];
    return [0, 1, 2, 3].map(
      (keys) => released.filter(({ split }) => Object.keys(split).length === keys).length,
    );
  };
  const whole = kept({ solver });
  const coarse = kept({ solver, programs: 0 });
  t.ok(whole[3]! > 0);
  t.equal(coarse[3], 0, "the finest split is withheld whole");
  t.equal(coarse[0], 1, "the total is not");
  t.ok(coarse[1]! > 0, "nor every split of one key");
  t.same(kept({}), coarse, "no solver is no budget");
});

t.test("G4: a release is made once, and a passed date expires", async (t) => {
  const history = memoryHistory();
  const first = one(
    pairs([
      [0, 100],
      [0, 50],
    ]),
    history,
  );
  const again = decide(
    [
      pairs([
        [0, 300],
        [0, 90],
      ]),
    ],
    history,
    policy,
    { solver },
  );
  t.same(again.tables[0]?.released.codes(), first.released.codes(), "asked again, with other records");
  t.ok(again.tables[0]?.again);
  t.same(again.entries, []);
  const earlier = decide(
    [
      {
        ...pairs([
          [0, 100],
          [0, 50],
        ]),
        date: "2024-12-31",
      },
    ],
    history,
    policy,
    { solver },
  );
  t.equal(earlier.refused[0]?.code, "expired");
  history.prune("2025-01-01");
  const old = table([cell({}, [[0, 90]], [])], { query: "other", date: "2024-12-31" });
  t.equal(decide([old], history, policy).refused[0]?.code, "history-gone");
  const corrected = [{ digest: "q@1", date: "2025-03-31" }];
  const anew = decide(
    [
      pairs([
        [0, 101],
        [0, 70],
      ]),
    ],
    history,
    policy,
    { solver, corrected },
  );
  t.same(
    anew.tables[0]?.reasons[0],
    { denominator: "g1-pair", numerator: "g0-denominator" },
    "beside what was withdrawn",
  );
});

t.test("G4: a strict query carries a count while it is fewer than k away, none included", async (t) => {
  const history = memoryHistory();
  const ends = [100, 103, 106, 108, 108];
  const seen = ends.map((end, n) => {
    const asked = {
      ...pairs([
        [0, end],
        [0, 40],
      ]),
      temporal: "strict" as const,
      date: nextQuarter(n),
    };
    const { released } = one(asked, history);
    return [released.codes().denominator[0], released.codes().carried[0] ?? 0];
  });
  t.same(seen, [
    [101, 0],
    [101, 1],
    [101, 2],
    [111, 0],
    [111, 1],
  ]);
});

t.test("G5: what a guard withheld stays withheld for two periods", async (t) => {
  const history = memoryHistory();
  const ends = [7, 9, 9, 9, 7, 0, 9, 9];
  const seen = ends.map(
    (end, n) =>
      one(
        {
          ...pairs([
            [0, 90],
            [0, end],
          ]),
          date: nextQuarter(n),
        },
        history,
      ).reasons[0]?.numerator,
  );
  const s = "g5-sticky";
  t.same(seen, ["g0-small", s, s, null, "g0-small", s, s, null]);
});

/** A release of two cells, as it comes back after a restore: the total, and a part that was withheld. */
const givenBack = (date: string) =>
  restoredEntry(
    { query: "q", version: "1", digest: "q@1", date, policy: { k: 8, base: 5, midpoint: 0 } },
    { denominator: [101, 91], numerator: [41, 0] },
  );
const SPLITS: Record<string, string>[] = [{}, { sex: "female" }];

t.test(
  "G5: of a release given back after a restore, what was withheld stays so for two periods",
  async (t) => {
    const seen = (n: number, entry: HistoryEntry) => {
      const part = cell({ sex: "female" }, [[0, 102]], [[0, 40]]);
      const cells = [cell({}, [[0, 302]], [[0, 140]]), part];
      const { reasons } = one(table(cells, { date: nextQuarter(n) }), memoryHistory([entry]));
      return reasons.map(({ denominator, numerator }) => denominator ?? numerator);
    };
    const s = "g5-sticky";
    const back = decodeEntry(encodeEntry(givenBack(nextQuarter(0))));
    const known = placed(back, SPLITS);
    t.same(
      [1, 2, 3].map((n) => seen(n, known)),
      [
        [null, s],
        [null, s],
        [null, null],
      ],
    );
    const unknown = placed(back, null);
    t.same(
      [1, 2, 3].map((n) => seen(n, unknown)),
      [
        [s, s],
        [s, s],
        [null, null],
      ],
      "nobody knows its cells: any",
    );
  },
);

t.test("G4: no cell of a strict query is shown beside a value given back after a restore", async (t) => {
  const asked = {
    ...pairs([
      [0, 103],
      [0, 40],
    ]),
    temporal: "strict" as const,
  };
  const history = memoryHistory([placed(givenBack(nextQuarter(0)), SPLITS)]);
  const next = one({ ...asked, date: nextQuarter(1) }, history);
  t.match(next.reasons, [{ denominator: "g4-given-back" }]);
  t.same(next.released.codes().denominator, [0]);
  t.same(one({ ...asked, date: nextQuarter(2) }, history).released.codes().denominator, [106]);
});

t.test("an entry survives being stored, and broken bytes are named", async (t) => {
  const { entries } = decide(
    [
      pairs(
        [
          [0, 100],
          [0, 50],
        ],
        [
          [0, 5],
          [0, 0],
        ],
        [
          [5, 100],
          [5, 12],
        ],
      ),
    ],
    memoryHistory(),
    policy,
  );
  const [entry] = entries;
  if (!entry) return t.fail("no entry");
  const bytes = encodeEntry(entry);
  t.same(decodeEntry(bytes), entry);
  for (const broken of [
    bytes.slice(0, -1),
    Uint8Array.of(...bytes, 0),
    Uint8Array.of(9),
    new Uint8Array(0),
  ]) {
    t.throws(() => decodeEntry(broken), { code: "entry-unreadable" });
  }
});

/** An entry in format 1, as keepers stored it: a cell was carried as a whole, with the people of then. */
function inFirstFormat(
  head: object,
  sides: readonly (readonly [code: number, reason: number, end: number])[],
) {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varint(n >> 7)]);
  const text = [...new TextEncoder().encode(JSON.stringify(head))];
  const sets = sides.flatMap(([code, reason, end]) => {
    const keys = Array.from({ length: end }, () => 0); // rising by one from 0
    return [...varint(code), reason, ...varint(end), ...varint(end), 0, ...keys];
  });
  return Uint8Array.from([1, ...varint(text.length), ...text, ...sets]);
}

t.test("an entry that an earlier version of Cairn stored is read, and carried on from", async (t) => {
  const policyThen = { k: 8, base: 5, midpoint: 0 };
  const named = { query: "q", version: "1", digest: "q@1", policy: policyThen };
  const carriedOn = decodeEntry(
    inFirstFormat(
      {
        ...named,
        date: nextQuarter(1),
        places: [{ split: {}, carried: 1, carriedFrom: nextQuarter(0) }],
      },
      [
        [101, 0, 100],
        [0, 1, 5],
      ],
    ),
  );
  const [only] = carriedOn.cells;
  t.same(
    [...(only?.denominator.carried?.members ?? [])],
    Array.from({ length: 100 }, (_, key) => key),
  );
  t.match(only?.denominator.carried, { date: nextQuarter(0), periods: 1, count: 100 });
  t.match(only?.numerator, { code: 0, reason: "g0-small", count: 0 });
  const history = memoryHistory([carriedOn]);
  const asked = { ...pairs([[0, 104], [0, 40]]), temporal: "strict" as const, date: nextQuarter(2) }; // prettier-ignore
  const { released, reasons } = one(asked, history);
  t.same(released.codes(), { denominator: [101], numerator: [0], carried: [2] });
  t.same(reasons[0], { denominator: null, numerator: "g5-sticky" });
  const fresh = decodeEntry(
    inFirstFormat(
      { ...named, date: nextQuarter(1), places: [{ split: {}, carried: 0, carriedFrom: null }] },
      [
        [101, 0, 100],
        [41, 0, 40],
      ],
    ),
  );
  t.match(fresh.cells[0], { split: {}, denominator: { code: 101, count: 100 }, numerator: { code: 41 } });
  t.equal(fresh.cells[0]?.denominator.carried, undefined);
});

t.test("the same history and tables give the same decision, at once or one by one", async (t) => {
  const tables = Array.from({ length: 6 }, (_, n) => ({
    ...pairs(
      [
        [0, 100 + n],
        [0, 40 + (n % 3)],
      ],
      [
        [0, 60],
        [0, 10],
      ],
      [
        [60, 100 + n],
        [60, 70],
      ],
    ),
    date: nextQuarter(n),
  }));
  const batch = decide(tables, memoryHistory(), policy, { solver }).entries;
  const history = memoryHistory();
  for (const asked of tables) one(asked, history);
  t.same(
    batch.map(encodeEntry),
    tables.map(({ date }) => encodeEntry(history.at(date)[0]!)),
  );
});

t.test("a certificate says what was tested and holds no count of people", async (t) => {
  const certificate = one(
    pairs(
      [
        [0, 1000],
        [0, 500],
      ],
      [
        [0, 600],
        [0, 300],
      ],
      [
        [600, 997],
        [600, 700],
      ],
    ),
  ).certificate;
  t.same(Object.keys(certificate ?? {}).sort(), [
    "date",
    "historyDigest",
    "libraryDigest",
    "pairs",
    "policy",
    "query",
    "queryDigest",
    "ranks",
    "targets",
    "targetsBounded",
    "version",
  ]);
  t.same(
    certificate?.ranks.map(({ prime }) => prime),
    [67108859, 67108837],
  );
});
