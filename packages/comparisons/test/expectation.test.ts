/** What would be expected of a practice by its group's shares in each band: by hand, over ranges, and where it cannot be told. */
import { expectationOf, expectationWords, type ComparisonModel, type MemberCell } from "@cairn/comparisons";
import { cellsOf, labelsOf, type Query } from "@cairn/query-library";
import { byar } from "@cairn/statistics";
import t from "tap";
import { LIBRARY, line, named, USUAL } from "./fixtures/groups.js";

const exact = (value: number) => ({ value, low: value, high: value });
const keysOf = (query: Query, date: string) =>
  cellsOf(query, date).map((cell) => Object.keys(cell).toSorted().join(" "));

/** A group in which each age band has a share of its own, and a practice with so many people in each. */
function story(query: Query, people: (band: number) => number, counted: number, spread = 0) {
  const [model] = line(query, () => USUAL, { of: 0.15, dates: ["2025-03-31"] }) as [ComparisonModel];
  const keys = keysOf(query, model.date);
  const labels = labelsOf(query, cellsOf(query, model.date));
  const split = keys.includes("age_band sex") ? "age_band sex" : "age_band";
  const bands = keys.flatMap((key, i) => (key === split && labels[i] !== null ? [i] : []));
  const at = new Map(bands.map((position, band) => [position, band]));
  const share = (band: number): number => (10 + band) / 100;
  const base = model.cells[0]!;
  const sums = bands.map((position) => ({
    ...base,
    position,
    figure: {
      ...base.figure,
      numerator: { low: 1_000 * share(at.get(position)!), high: 1_000 * share(at.get(position)!) },
      denominator: { low: 1_000, high: 1_000 },
    },
  }));
  const own = keys.map((_, i): MemberCell => {
    const n = i === 0 ? 1_000 : people(at.get(i) ?? 0);
    const wide = (value: number) => ({ value, low: Math.max(0, value - spread), high: value + spread });
    return { numerator: wide(counted), denominator: n === 0 ? exact(0) : wide(n) };
  });
  const byHand = bands.reduce((all, _, band) => all + people(band) * share(band), 0);
  return { model: { ...model, cells: [base, ...sums] } as ComparisonModel, own, bands, byHand };
}

const split = named("bp-control");

t.test("the expected count is the group's share of each band of the practice's people", async (t) => {
  const { model, own, byHand } = story(split, (band) => 20 + band, 48);
  const found = expectationOf(split, model, own);
  if (typeof found === "string") return t.fail(found);
  t.ok(Math.abs(found.expected.low - byHand) < 1e-9 && Math.abs(found.expected.high - byHand) < 1e-9);
  const limits = byar(48, 0.95);
  t.ok(Math.abs(found.limits.low - limits.low / byHand) < 1e-12);
  t.ok(Math.abs(found.limits.high - limits.high / byHand) < 1e-12);
  const words = expectationWords(found) ?? "";
  t.match(words, `${Math.round(byHand)} would be expected of your patients if each `);
  t.match(words, "had the group's share; there are 48. The ratio is ");
  t.match(words, `${found.limits.low.toFixed(2)} to ${found.limits.high.toFixed(2)}: `);
});

t.test("rounded numbers pass through as ranges that hold the exact answer", async (t) => {
  const rough = story(split, (band) => 20 + band, 48, 2);
  const found = expectationOf(split, rough.model, rough.own);
  if (typeof found === "string") return t.fail(found);
  t.same(found.observed, { low: 46, high: 50 });
  t.ok(found.expected.low < rough.byHand && rough.byHand < found.expected.high);
  t.ok(found.limits.low <= byar(46, 0.95).low / found.expected.high + 1e-12);
  t.match(expectationWords(found), "there are 46 to 50. The ratio");
});

t.test("higher, lower and cannot tell are said, and nothing else", async (t) => {
  const said = (counted: number) => {
    const { model, own } = story(split, () => 100, counted);
    return expectationWords(expectationOf(split, model, own));
  };
  const { byHand } = story(split, () => 100, 0);
  t.match(said(Math.round(byHand)), "we cannot tell whether that is higher or lower than expected.");
  t.match(said(Math.round(3 * byHand)), ": higher than expected.");
  t.match(said(Math.round(byHand / 3)), ": lower than expected.");
});

t.test("sums of bands that may be of other practices than everyone's are not used", async (t) => {
  const { model, own, bands } = story(split, () => 100, 48);
  const seven = (cells: readonly number[]): ComparisonModel => ({
    ...model,
    cells: model.cells.map((cell) =>
      cells.includes(cell.position) ? { ...cell, figure: { ...cell.figure, contributors: 7 } } : cell,
    ),
  });
  t.equal(model.cells[0]?.figure.contributors, 8);
  t.equal(expectationOf(split, seven(bands.slice(0, 1)), own), "other-practices");
  t.equal(expectationOf(split, seven(bands), own), "other-practices", "seven of eight, maybe other seven");
  t.type(expectationOf(split, seven([0, ...bands]), own), "object");
});

t.test("where fewer than five may be expected, no ratio is told", async (t) => {
  const people = story(split, () => 1, 0).byHand;
  const expecting = (expected: number) => {
    const { model, own } = story(split, () => expected / people, 3);
    return expectationOf(split, model, own);
  };
  t.equal(expecting(4.9), "too-few-expected");
  t.equal(expecting(0.001), "too-few-expected");
  t.type(expecting(5.1), "object");
});

t.test("what is withheld or not shown makes it cannot tell, and is not nought", async (t) => {
  const { model, own, bands } = story(split, () => 100, 48);
  const [band] = bands as [number];
  const withheld = own.map((cell, i) => (i === band ? { ...cell, denominator: "withheld" as const } : cell));
  t.equal(expectationOf(split, model, withheld), "own-withheld");
  const everyone = own.map((cell, i) => (i === 0 ? { ...cell, numerator: "withheld" as const } : cell));
  t.equal(expectationOf(split, model, everyone), "own-withheld");
  const fewer = { ...model, cells: model.cells.filter(({ position }) => position !== band) };
  t.equal(expectationOf(split, fewer, own), "sums-not-shown");
  const nobody = own.map((cell, i) => (i === band ? { ...cell, denominator: exact(0) } : cell));
  t.type(expectationOf(split, fewer, nobody), "object", "a band without people of the practice needs no sum");
  const none = own.map((cell, i) => (i === 0 ? cell : { ...cell, denominator: exact(0) }));
  t.equal(expectationOf(split, model, none), "too-few-expected");
  for (const found of ["own-withheld", "sums-not-shown", "other-practices", "too-few-expected"] as const)
    t.match(expectationWords(found), /we cannot tell: /);
  const plain = [...LIBRARY.values()].find(
    (query) => !keysOf(query, "2025-03-31").some((key) => key.includes("age_band")),
  );
  if (plain) t.equal(expectationWords(expectationOf(plain, model, own)), null);
});
