import {
  bandsOverTime,
  standardisedByAge,
  type ComparisonModel,
  type PublishedReference,
  type StandardisedSeries,
} from "@cairn/comparisons";
import { cellsOf } from "@cairn/query-library";
import { directlyStandardisedRate, europeanStandardPopulation } from "@cairn/statistics";
import t from "tap";
import { line, named, USUAL } from "./fixtures/groups.js";

const QUERY = named("atrial-fibrillation-register");
const DATES: readonly [string, string] = ["2024-12-31", "2025-03-31"];
/** Bands of the query, with their weights in the standard. */
const WEIGHTS = { "0-64": 80_500, "65-79": 14_500, "80+": 5_000 };
type Sums = Readonly<Record<keyof typeof WEIGHTS, readonly [x: number, n: number]>>;

/** A date of which the page shows these sums of age bands, each rounded by so much, in so many practices of those of everyone. */
function dateWith(
  sums: Partial<Sums>,
  { by = 0, practices = 8, everyone = 8, date = DATES[0] } = {},
): ComparisonModel {
  const [model] = line(QUERY, () => USUAL, { dates: [date] }) as [ComparisonModel];
  const table = cellsOf(QUERY, date);
  const interval = (value: number) => ({ low: Math.max(0, value - by), high: value + by });
  const shown = (band: string | undefined) => sums[band as keyof Sums];
  return {
    ...model,
    cells: model.cells.map((cell) => {
      const band = table[cell.position]?.["age_band"];
      if (cell.position === 0) return { ...cell, figure: { ...cell.figure, contributors: everyone } };
      if (band === undefined) return cell;
      const sum = shown(band);
      const figure = sum
        ? ({ state: "made", numerator: interval(sum[0]), denominator: interval(sum[1]) } as const)
        : ({ state: "too-close" } as const);
      return { ...cell, figure: { ...figure, contributors: practices } };
    }),
  };
}

function standardised(...dates: ComparisonModel[]): StandardisedSeries["dates"] {
  const found = standardisedByAge(QUERY, dates);
  if (found === null || typeof found === "string") throw new Error(found ?? "no ages");
  return found.dates;
}

function shareOf(date: ComparisonModel): { readonly low: number; readonly high: number } {
  const [found] = standardised(date);
  if (typeof found?.standardised !== "object") throw new Error(found?.standardised);
  return found.standardised.share;
}

const near = (one: number, other: number): boolean => Math.abs(one - other) < 1e-12;

t.test(
  "a share is standardised to the European Standard Population summed into the query's bands",
  async (t) => {
    for (const [band, weight] of Object.entries(WEIGHTS)) {
      const [from = 0, to = Infinity] = band.replace("+", "").split("-").map(Number);
      t.equal(europeanStandardPopulation(from, to), weight, band);
    }
    const share = shareOf(dateWith({ "0-64": [100, 2_000], "65-79": [150, 1_000], "80+": [90, 300] }));
    const expected = 0.805 * 0.05 + 0.145 * 0.15 + 0.05 * 0.3;
    t.ok(near(share.low, expected) && near(share.high, expected), `${share.low} is ${expected}`);
    const older = shareOf(dateWith({ "0-64": [50, 1_000], "65-79": [300, 2_000], "80+": [270, 900] }));
    t.ok(near(older.low, expected), "older patients with the same shares in each band change nothing");
  },
);

t.test("its limits are those of the directly standardised rate, and rounding widens both", async (t) => {
  const sums: Sums = { "0-64": [400, 2_000], "65-79": [350, 1_000], "80+": [190, 300] };
  const [exact] = standardised(dateWith(sums));
  const rate = directlyStandardisedRate({
    strata: Object.entries(sums).map(([band, [x, n]]) => ({ x, n, weight: WEIGHTS[band as keyof Sums] })),
    ...{ per: 1, level: 0.95 },
  });
  t.match(exact?.standardised, { limits: rate?.limits });
  const wide = shareOf(dateWith(sums, { by: 10 }));
  for (const x of [-10, 10])
    for (const n of [-10, 10]) {
      const part = (band: keyof Sums): number =>
        (WEIGHTS[band] / 100_000) * ((sums[band][0] + x) / (sums[band][1] + n));
      const completed = part("0-64") + part("65-79") + part("80+");
      t.ok(completed >= wide.low && completed <= wide.high, `${x} and ${n} lie inside`);
    }
  t.ok(wide.high < 1 && wide.low > 0);
});

t.test("limits that could be anything are none", async (t) => {
  const found = standardised(dateWith({ "0-64": [8, 28], "65-79": [5, 25], "80+": [10, 27] }, { by: 8 }));
  const { standardised: few } = found[0]!;
  if (typeof few === "string") return t.fail(few);
  t.ok(few.share.high < 0.99, "the share says something");
  t.equal(few.limits, null);
});

t.test("it is made of sums that are shown and of nothing else", async (t) => {
  const [hidden] = standardised(dateWith({ "0-64": [100, 2_000], "80+": [90, 300] }));
  t.equal(hidden?.standardised, "the group's sum is not shown for 65-79");
  const full: Sums = { "0-64": [100, 2_000], "65-79": [150, 1_000], "80+": [90, 300] };
  const uneven = dateWith(full);
  const others = {
    ...uneven,
    cells: uneven.cells.map((cell) =>
      cell.figure.denominator?.low === 300 ? { ...cell, figure: { ...cell.figure, contributors: 5 } } : cell,
    ),
  };
  const fewer = "not every practice shows its number of people in every age band";
  t.equal(standardised(others)[0]?.standardised, fewer);
  const seven = standardised(dateWith(full, { practices: 7 }));
  t.equal(seven[0]?.standardised, fewer, "seven of eight may be other seven in each band");
  t.equal(
    standardised(dateWith({ ...full, "80+": [0, 0] }))[0]?.standardised,
    "there may be nobody of 80+",
    "a share of nobody is none",
  );
  const before = { ...dateWith(full), query_digest: "00".repeat(32) };
  t.match(standardised(before, dateWith(full, { date: "2025-03-31" }))[0]?.standardised, /another version/);
  const open = { ...dateWith(full), closed_at: null };
  t.same(standardised(open), [], "nothing is said of a date that is still open");
});

t.test(
  "a question that is not split by age has none, and bands that the standard cannot weigh say so",
  async (t) => {
    const without = named("ace-inhibitor-diuretic-no-kidney-test");
    t.equal(
      standardisedByAge(
        without,
        line(without, () => USUAL),
      ),
      null,
    );
    t.equal(europeanStandardPopulation(0, Infinity), 100_000);
    t.equal(
      europeanStandardPopulation(18, 39),
      2_200 + 6_000 + 6_000 + 6_500 + 7_000,
      "18 and 19 are two fifths",
    );
    for (const [from, to, people] of [
      ...([
        [0, 14, 16_000],
        [15, 64, 64_500],
        [65, 84, 17_000],
        [85, 89, 1_500],
      ] as const),
      ...([
        [90, 94, 800],
        [95, Infinity, 200],
      ] as const),
    ] as const)
      t.equal(europeanStandardPopulation(from, to), people, `${from} to ${to}`);
    t.equal(europeanStandardPopulation(90, 97), null);
    t.equal(europeanStandardPopulation(97, Infinity), null);
  },
);

function published(date: string, p50: number): PublishedReference {
  const at = { date, p50, p10: p50 - 0.1, p90: p50 + 0.1 };
  return { of: "elsewhere", source: `Published ${date}`, practices: 6_000, tau2: 0, ...at };
}

t.test("practices elsewhere are drawn over time where figures of several dates were published", async (t) => {
  const [first, second] = line(QUERY, () => USUAL, { dates: DATES }) as [ComparisonModel, ComparisonModel];
  const [one, other] = [published("2024-03-31", 0.4), published("2025-03-31", 0.45)];
  const both = [
    { ...first, reference: one },
    { ...second, reference: other },
  ];
  const bands = bandsOverTime(both, "dots");
  if (bands === null || typeof bands === "string") throw new Error("two dates are drawn");
  t.equal(bands.of, "elsewhere");
  t.same(
    bands.dates.map(({ deciles, median }) => [...deciles, median]),
    [
      [one.p10, one.p50, one.p90, first.cells[0]?.figure.median],
      [other.p10, other.p50, other.p90, second.cells[0]?.figure.median],
    ],
  );
  t.equal(
    bandsOverTime(
      both.map((model) => ({ ...model, reference: one })),
      "dots",
    ),
    "one-date",
  );
  t.equal(bandsOverTime([first, second], "dots"), null);
});

t.test(
  "a group of 30 practices or more is drawn over time by its own dots, a smaller one never",
  async (t) => {
    const many = (number: number, withheld = 0) =>
      line(
        QUERY,
        () =>
          Array.from({ length: number }, (_, i) => ({
            ...{ people: 2_000, share: 0.3 + i / 100 },
            withheld: i < withheld,
          })),
        { dates: DATES },
      );
    const bands = bandsOverTime(many(31), "dots");
    if (bands === null || typeof bands === "string") throw new Error("31 practices are drawn");
    t.equal(bands.of, "this-group");
    const deciles = bands.dates[0]?.deciles ?? [];
    t.equal(deciles.length, 9);
    t.ok(Math.abs((deciles[4] ?? 0) - 0.45) <= 0.01 && Math.abs((deciles[0] ?? 0) - 0.33) <= 0.01);
    const seen = bandsOverTime(many(31), "group");
    t.equal(
      typeof seen === "object" && seen?.dates[0]?.deciles.length,
      3,
      "who sees no dot sees no more tenths",
    );
    t.equal(bandsOverTime(many(29), "dots"), null);
    t.equal(bandsOverTime(many(29), "group"), null);
    t.equal(
      bandsOverTime(many(40, 8), "dots"),
      null,
      "tenths of those who show their numbers are not those of all",
    );
  },
);
