/** Tables: counting, splits, patient sets, the waterfall, sums; and what a batch of queries shares. */
import {
  cellsOf,
  dayNumber,
  isoDate,
  type EventsQuery,
  type ItemsQuery,
  type SplitKey,
} from "@cairn/query-library";
import fc from "fast-check";
import t from "tap";
import { countCells } from "../src/counters.js";
import type { Partition } from "../src/partition.js";
import { OPT_OUTS_COUNTED } from "../../tables/src/answerer.js";
import type { ExactCell, ExactTable } from "../../tables/src/exact-table.js";
import type { PlainPatient } from "../../tables/src/patients.js";
import type { RecordSource } from "../../tables/src/source.js";
import { conversion } from "../src/units.js";
import {
  answer,
  EVER,
  EVERYBODY,
  events,
  list,
  lists,
  memorySource,
  patientsOf,
  peopleQuery,
  person,
  span,
  sumQuery,
  within,
} from "./making.js";

const YEAR = within(span(12));

/** "female 17-39" and so on, with numerator/denominator, of cells that are not empty. */
function counted(table: ExactTable): Record<string, string> {
  const filled = table.cells.filter((cell) => cell.denominator > 0);
  return Object.fromEntries(
    filled.map((cell) => [
      Object.values(cell.split).join(" ") || "all",
      `${cell.numerator}/${cell.denominator}`,
    ]),
  );
}

function keys(set: ExactCell["denominatorSet"]): number[] {
  return Array.from({ length: set.length * 32 }, (_, key) => key).filter(
    (key) => (set[key >>> 5]! >>> (key & 31)) & 1,
  );
}

t.test("bit-sliced counting agrees with counting one by one", (t) => {
  const row = fc.record({ cell: fc.nat(3), word: fc.integer(), bits: fc.integer() });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 300 }), fc.integer({ min: 1, max: 32 }), (rows, dates) => {
      const sorted = [...rows].sort((a, b) => a.cell - b.cell);
      const partition: Partition = {
        cells: 4,
        patient: Int32Array.from(sorted.keys()),
        bits: Int32Array.from(sorted, (each) => each.bits),
        from: Int32Array.from([0, 1, 2, 3, 4], (c) => sorted.filter((each) => each.cell < c).length),
      };
      const within = dates === 32 ? -1 : (1 << dates) - 1;
      const mask = Int32Array.from(sorted, (each) => each.word & within);
      const counts = countCells(mask, partition, dates);
      for (let k = 0; k < dates; k++) {
        for (let c = 0; c < 4; c++) {
          const naive = sorted.filter(
            (each) => each.cell === c && ((each.word & each.bits) >>> k) & 1,
          ).length;
          if (counts[k * 4 + c] !== naive) return false;
        }
      }
      return true;
    }),
  );
  t.pass("for any words");
  t.end();
});

t.test("splits: everybody in exactly one cell of each, by what is true at D", (t) => {
  const people = [
    person({ born: "1984-06-15" }), // 39 until 15 June 2024
    person({
      born: "2010-01-01",
      sex: "male",
      deprivationFifth: 5,
      ethnicGroup: "black",
      events: events("a 2024-05-01"),
    }),
    person({ born: null, sex: "unknown", deprivationFifth: null, ethnicGroup: "unknown" }),
    person({ born: "2024-06-30" }), // not yet born in May
  ];
  const bands: SplitKey = { key: "age_band", bounds: [17, 40] };
  const query = peopleQuery({
    codelists: lists("a"),
    numerator: { form: "exists", list: "a", window: YEAR },
    splitBy: [
      [{ key: "sex" }],
      [bands],
      [{ key: "deprivation_fifth" }, { key: "ethnic_group" }],
      [{ key: "sex" }, bands],
    ],
  });
  const [may, june] = answer(
    memorySource(people),
    [query],
    ["2024-05-31", "2024-06-30"],
    OPT_OUTS_COUNTED,
  )[0]!;
  t.same(
    may!.cells.map((cell) => cell.split),
    cellsOf(query, "2024-05-31"),
    "in the order of the query's cells",
  );
  t.same(counted(may!), {
    all: "1/4",
    female: "0/2",
    male: "1/1",
    unknown: "0/2", // the last split with this label: born nobody knows when, and not yet born
    "0-16": "1/1",
    "17-39": "0/1",
    "1 white": "0/2",
    "5 black": "1/1",
    "unknown unknown": "0/1",
    "female 17-39": "0/1",
    "female unknown": "0/1",
    "male 0-16": "1/1",
  });
  const women = june!.cells.filter((cell) => cell.split.sex === "female" && cell.denominator > 0);
  t.same(
    women.map((cell) => [cell.split.age_band, keys(cell.denominatorSet)]),
    [
      [undefined, [0, 3]],
      ["0-16", [3]],
      ["40+", [0]],
    ],
  );
  t.end();
});

t.test("every cell's sets are as large as its counts, and the numerator's lies in the denominator's", (t) => {
  const people = Array.from({ length: 70 }, (_, i) =>
    person({
      born: `${1930 + i}-03-01`,
      sex: i % 3 === 0 ? "male" : "female",
      events: events(...(i % 2 ? ["a 2024-05-01"] : []), ...(i % 5 ? ["b 2024-06-01"] : [])),
    }),
  );
  const exists = (name: string) => ({ form: "exists", list: name, window: YEAR }) as const;
  const query = peopleQuery({
    codelists: lists("a", "b"),
    denominator: { start: exists("a"), steps: [], otherwise: "select" },
    numerator: exists("b"),
    splitBy: [[{ key: "sex" }, { key: "age_band", bounds: [40, 65] }]],
  });
  const dates = ["2024-05-15", "2024-06-01", "2025-05-31"];
  const found = patientsOf(memorySource(people), query, dates, OPT_OUTS_COUNTED);
  answer(memorySource(people), [query], dates, OPT_OUTS_COUNTED)[0]!.forEach((table, i) => {
    for (const cell of table.cells) {
      t.equal(keys(cell.denominatorSet).length, cell.denominator);
      t.equal(keys(cell.numeratorSet).length, cell.numerator);
      t.ok(keys(cell.numeratorSet).every((key) => keys(cell.denominatorSet).includes(key)));
      t.equal(cell.largestDenominator, cell.denominator > 0 ? 1 : 0);
    }
    t.same(table.cells[0]!.numeratorSet, found[i]!.numeratorSet, "the total's set is that of the worklist");
  });
  t.same(
    answer(memorySource(people), [query], dates, OPT_OUTS_COUNTED)[0]!.map(
      (table) => table.cells[0]!.denominator,
    ),
    [35, 35, 0],
  );
  t.end();
});

t.test("a table can be spread and sent to another process, sets and all", (t) => {
  const [table] = answer(
    memorySource([person(), person()]),
    [peopleQuery({ splitBy: [[{ key: "sex" }]] })],
    ["2024-12-31"],
    OPT_OUTS_COUNTED,
  )[0]!;
  for (const copy of [{ ...table! }, structuredClone(table!)]) {
    t.same(keys(copy.cells[0]!.denominatorSet), [0, 1]);
    t.same(copy.waterfall, [{ label: "start", people: 2 }]);
  }
  t.end();
});

t.test("ordered steps: the first that matches decides, and each has its count", (t) => {
  const people = ["", "a", "ab", "b", "c"].map((codes) =>
    person({ events: events(...[...codes].map((code) => `${code} 2024-05-01`)) }),
  );
  const exists = (name: string) => ({ form: "exists", list: name, window: YEAR }) as const;
  const query = peopleQuery({
    codelists: lists("a", "b", "c"),
    denominator: {
      start: { form: "not", of: exists("c"), ifMissing: null },
      steps: [
        { do: "select", if: exists("a"), why: null },
        { do: "reject", if: exists("b"), why: "chose not to" },
      ],
      otherwise: "select",
    },
  });
  const [table] = answer(memorySource(people), [query], ["2024-12-31"], OPT_OUTS_COUNTED)[0]!;
  t.same(keys(table!.cells[0]!.denominatorSet), [0, 1, 2], "a before b: both stay in");
  t.same(table!.waterfall, [
    { label: "start", people: 4 },
    { label: "step 1: select", people: 2 },
    { label: "step 2: reject (chose not to)", people: 1 },
    { label: "otherwise: select", people: 1 },
  ]);
  t.end();
});

const ITEMS = {
  unit: "items",
  denominator: { list: "all", window: YEAR },
  numerator: { list: "some", window: YEAR },
  who: null,
} as const;
const MEDICINES = {
  all: list("all", { codes: ["x", "y"], kind: "medicine" }),
  some: list("some", { codes: ["y"], kind: "medicine" }),
};

t.test("items: issues to people of the base population, with the most that one person adds", (t) => {
  const people = [
    person({ events: events("x 2024-05-01", "y 2024-06-01", "y 2024-06-01", "x 2023-12-31") }),
    person({ sex: "male", events: events("x 2024-05-01") }),
    person({ died: "2024-12-01", events: events("y 2024-05-01") }), // not in the base population
    person(),
  ];
  const query: ItemsQuery = sumQuery({
    ...ITEMS,
    codelists: MEDICINES,
    splitBy: [[{ key: "sex" }]] as const,
  });
  const source = memorySource(people);
  const [table] = answer(source, [query], ["2024-12-31"], OPT_OUTS_COUNTED)[0]!;
  t.same(counted(table!), { all: "2/4", female: "2/3", male: "0/1" });
  const total = table!.cells[0]!;
  t.same([total.largestDenominator, total.largestNumerator], [3, 2]);
  t.same([keys(total.denominatorSet), keys(total.numeratorSet)], [[0, 1], [0]]);
  const [at] = patientsOf(source, query, ["2024-12-31"], OPT_OUTS_COUNTED);
  t.same(
    [...at!.sums!],
    [
      [0, { denominator: 3, numerator: 2 }],
      [1, { denominator: 1, numerator: 0 }],
    ],
  );
  const women: ItemsQuery = {
    ...query,
    who: { start: { form: "sex", sex: "male" }, steps: [], otherwise: "select" },
  };
  t.same(counted(answer(source, [women], ["2024-12-31"], OPT_OUTS_COUNTED)[0]![0]!), {
    all: "0/1",
    male: "0/1",
  });
  t.end();
});

t.test("quantities add up in thousandths and are rounded once; an issue without one adds nothing", (t) => {
  const issue = (code: string, quantity?: number) => ({
    ...events(`${code} 2024-05-01`)[0]!,
    ...(quantity === undefined ? {} : { quantity }),
  });
  const people = [
    person({ events: [issue("x", 0.1), issue("x", 0.2), issue("y", 0.2)] }),
    person({ events: [issue("y", 28), issue("y")] }),
  ];
  const query: ItemsQuery = sumQuery({ ...ITEMS, unit: "quantity" as const, codelists: MEDICINES });
  const source = memorySource(people);
  t.same(
    counted(answer(source, [query], ["2024-12-31"], OPT_OUTS_COUNTED)[0]![0]!),
    { all: "28/29" },
    "28.2 and 28.5",
  );
  const half = memorySource([person({ events: [issue("x", 1.001), issue("x", 0.499)] })]);
  t.same(
    counted(answer(half, [query], ["2024-12-31"], OPT_OUTS_COUNTED)[0]![0]!),
    { all: "0/2" },
    "1.5 exactly, halves up",
  );
  t.end();
});

t.test("events: by system as recorded, by how they were mapped, by year, coded or not", (t) => {
  const people: PlainPatient[] = [
    person({
      events: [
        ...events("a 2024-05-01", "b 2023-06-01"),
        { date: "2024-02-01", system: "snomed", code: "a", recordedSystem: "read2", mapped: "mapped" },
        { date: "2024-03-01", system: "local", code: "" },
      ],
    }),
    person({ registrations: [], events: events("a 2024-05-01") }),
  ];
  const choice = { list: null, window: within(span(24)), systems: null, mapped: null, coded: null } as const;
  const query: EventsQuery = sumQuery({
    unit: "events" as const,
    by: ["system", "mapped", "coded", "year"] as const,
    denominator: choice,
    numerator: { ...choice, systems: ["read2"] as const },
    codelists: {},
  });
  const source = memorySource(people);
  t.same(counted(answer(source, [query], ["2024-12-31"], OPT_OUTS_COUNTED)[0]![0]!), {
    all: "1/4",
    snomed: "0/2",
    read2: "1/1",
    local: "0/1",
    "as-recorded": "0/3",
    mapped: "1/1",
    coded: "1/3",
    uncoded: "0/1",
    "2023": "0/1",
    "2024": "1/3",
  });
  const ofList: EventsQuery = {
    ...query,
    codelists: lists("a"),
    denominator: { ...choice, list: "a" },
    numerator: { ...choice, list: "a", systems: ["read2"] },
  };
  t.equal(counted(answer(source, [ofList], ["2024-12-31"], OPT_OUTS_COUNTED)[0]![0]!).all, "1/2");
  const uncoded: EventsQuery = { ...query, denominator: { ...choice, coded: false }, numerator: choice };
  t.same(
    counted(answer(source, [uncoded], ["2024-12-31"], OPT_OUTS_COUNTED)[0]![0]!).all,
    "1/1",
    "the numerator stays in the denominator",
  );
  t.end();
});

t.test("everyone is whoever the store holds: a key that nobody holds is not counted", (t) => {
  const source = memorySource([person(), person({ registrations: [] }), person()]);
  const held: RecordSource = {
    ...source,
    people: () => ({ ...source.people(), held: Uint8Array.of(1, 1, 0) }),
  };
  const query = peopleQuery({
    people: "everyone",
    denominator: { start: EVERYBODY, steps: [], otherwise: "select" },
  });
  t.same(counted(answer(held, [query], ["2024-12-31"], OPT_OUTS_COUNTED)[0]![0]!), { all: "0/2" });
  t.end();
});

t.test("a batch reads each codelist once, with every column that any query wants", (t) => {
  const asked: string[] = [];
  const source = memorySource([person({ events: events("a 2024-05-01 50 u") })]);
  const watched: RecordSource = {
    ...source,
    postings: (codelist, columns) => {
      asked.push(`${codelist.name} ${Object.keys(columns).join()}`);
      return source.postings(codelist, columns);
    },
  };
  const exists = peopleQuery({
    codelists: lists("a"),
    numerator: { form: "exists", list: "a", window: YEAR },
  });
  const value = peopleQuery({
    codelists: { other_name: list("a") },
    facts: {
      v: {
        form: "value",
        which: "latest",
        list: "other_name",
        window: EVER,
        reading: { unit: "u", plausible: null },
        sameDay: "lowest",
      },
    },
    numerator: { form: "compare_value", fact: "v", component: null, limits: [{ op: "at_least", x: 50 }] },
  });
  const weeks = Array.from({ length: 40 }, (_, i) => isoDate(dayNumber("2024-03-01") + 7 * i));
  const [one, two] = answer(watched, [exists, value], ["2024-12-31", ...weeks], OPT_OUTS_COUNTED);
  t.same(asked, ["a value"], "under whatever alias, and for all dates");
  t.same([one![0]!.cells[0]!.numerator, two![0]!.cells[0]!.numerator], [1, 1]);
  answer(watched, [value, exists], ["2024-12-31"], OPT_OUTS_COUNTED);
  t.same(asked.slice(1), ["a value"], "in whatever order");
  t.end();
});

t.test("what two queries call by one name is shared only where it is the same", (t) => {
  const source = memorySource([person({ events: events("a 2024-05-01", "b 2022-05-01") })]);
  const named = (name: string, window = YEAR) =>
    peopleQuery({
      codelists: { x: list(name) },
      facts: { f: { form: "condition", condition: { form: "exists", list: "x", window } } },
      numerator: { form: "fact", fact: "f" },
    });
  const tables = answer(source, [named("a"), named("b"), named("b", EVER)], ["2024-12-31"], OPT_OUTS_COUNTED);
  t.same(
    tables.map(([table]) => table!.cells[0]!.numerator),
    [1, 0, 1],
  );
  t.end();
});

t.test("what is shared is worked out for everyone who asks", (t) => {
  const left = person({ registrations: [], sex: "male", events: events("a 2024-05-01", "b 2024-05-01") });
  const source = memorySource([
    person({ events: events("a 2024-05-01", "b 2024-05-01") }),
    left,
    person({ sex: "male", events: events("b 2024-05-01") }),
  ]);
  const exists = (name: string) => ({ form: "exists", list: name, window: YEAR }) as const;
  const sex = (of: "female" | "male") => ({ form: "sex", sex: of }) as const;
  const asking = (people: "registered-and-alive" | "everyone", of: "female" | "male") =>
    peopleQuery({
      codelists: lists("a", "b"),
      people,
      denominator: { start: { form: "all", of: [exists("b"), sex(of)] }, steps: [], otherwise: "select" },
      numerator: exists("a"),
    });
  const queries = [
    asking("registered-and-alive", "female"),
    asking("registered-and-alive", "male"),
    asking("everyone", "male"),
  ];
  const together = answer(source, queries, ["2024-12-31"], OPT_OUTS_COUNTED).map(
    ([table]) => counted(table!).all,
  );
  t.same(together, ["1/1", "0/1", "1/2"]);
  t.same(
    together,
    queries.map((query) => counted(answer(source, [query], ["2024-12-31"], OPT_OUTS_COUNTED)[0]![0]!).all),
  );
  t.end();
});

t.test("units: spellings, conversions both ways, and what has no way", (t) => {
  const convert = (x: number, from: string, to: string, name = "hba1c") => {
    const way = conversion(from, to, name);
    return typeof way === "function" ? way(x) : way;
  };
  t.equal(convert(7.5, "%", "mmol/mol"), 58);
  t.equal(convert(58, "mmol/mol", " % "), 7.5);
  t.equal(convert(200, "mg/dL", "mmol/L", "cholesterol-total"), 5.2);
  t.equal(convert(5.2, "mmol/L", "mg/dL", "ldl"), 201);
  t.equal(convert(126, "mg/dl", "mmol/l", "fasting-glucose"), 7);
  t.equal(convert(1.2, "mg/dl", "µmol/L", "serum-creatinine"), 106);
  t.equal(convert(106, "μmol/L", "mg/dl", "serum-creatinine"), 1.2);
  t.equal(convert(11, "[lb_av]", "kg"), 5);
  t.equal(convert(70, "inches", "cm"), 178);
  t.equal(convert(178, "cm", "m"), 1.78);
  t.equal(convert(5, "mm[Hg]", "mmHg"), "same");
  t.equal(convert(5, "mg/dL", "mmol/L", "urate"), null, "which substance, nobody says");
  t.equal(convert(5, "", "mmol/L"), null);
  t.end();
});
