/** A practice's own line: limits and change by the rules of a group's, over numbers known exactly or as ranges. */
import { ownSentences, ownSeriesOf, type OwnFigure, type Sum } from "@cairn/comparisons";
import { periodEnds, type Query } from "@cairn/query-library";
import t from "tap";
import { named } from "./fixtures/groups.js";

const exact = (x: number, n: number): Sum => ({
  numerator: { low: x, high: x },
  denominator: { low: n, high: n },
});
const rounded = (x: number, n: number): Sum => ({
  numerator: { low: x - 2, high: x + 2 },
  denominator: { low: n - 2, high: n + 2 },
});
const lineOf = (numbers: readonly (Sum | string)[]): OwnFigure[] => {
  const dates = periodEnds("quarter", numbers.length, "2025-03-31");
  return numbers.map((number, i) => ({ date: dates[i]!, number }));
};
const said = (query: Query, figures: readonly OwnFigure[]): string[] =>
  ownSentences(query, figures, ownSeriesOf(query, figures).limits).map((words) =>
    words.replaceAll("\u00a0", " "),
  );

const VARIED = [120, 131, 112, 128, 117, 125, 109, 130, 118, 127, 114, 123, 119, 126];

t.test("limits by chance from thirteen independent dates on, in steps of one person", async (t) => {
  const query = named("nsaid-65-no-gastroprotection");
  const varied = lineOf(VARIED.map((x) => exact(x, 800)));
  const { points, limits } = ownSeriesOf(query, varied);
  t.same(points[0]?.share, { low: 0.15, high: 0.15 });
  t.type(limits, "object");
  t.same(said(query, varied), ["The points vary as chance explains."]);
  t.same(said(query, lineOf([...VARIED.slice(0, 13), 240].map((x) => exact(x, 800)))), [
    "More than chance: the newest point lies outside the limits.",
  ]);
  t.match(said(query, varied.slice(2))[0], /^Limits by chance come with the thirteenth date\.$/);
  t.equal(
    said(query, lineOf(VARIED.map((_, i) => exact(i === 13 ? 41 : 40, 800))))[0],
    "There are too few different values for limits by chance.",
    "thirteen equal points and one a step away give no signal",
  );
  const broken = lineOf(VARIED.map((x, i) => (i === 4 ? "withheld" : exact(x, 800))));
  t.equal(ownSeriesOf(query, broken).limits, "too-few-points", "what is withheld is not imputed");
  t.match(
    ownSeriesOf(query, lineOf(VARIED.map((x) => rounded(x, 800)))).limits,
    { signals: [] },
    "ranges give no signal that one completion lacks",
  );
});

t.test("windows that overlap have no limits, and the change is against the last date apart", async (t) => {
  const query = named("bp-control");
  const numbers = [500, 900, 900, 900, 600].map((x) => exact(x, 1_000));
  t.equal(ownSeriesOf(query, lineOf(numbers)).limits, "overlapping");
  t.same(said(query, lineOf(numbers)), ["It is higher than a year before, by 6 to 14 points."]);
  t.same(said(query, lineOf([600, 1, 1, 1, 600].map((x) => exact(x, 1_000)))), [
    "There is no change larger than 10 points against a year before.",
  ]);
  t.same(said(query, lineOf([6, 1, 1, 1, 6].map((x) => exact(x, 10)))), [
    "Whether it changed against a year before we cannot tell.",
  ]);
  t.same(said(query, lineOf(numbers).slice(1)), [], "nine months back overlap");
  t.same(said(query, lineOf(["withheld", ...numbers.slice(1)])), [
    "Whether it changed we cannot tell: this practice has no number for both dates.",
  ]);
  t.match(said(named("hypertension-register"), lineOf(numbers))[0], "reads the same records, however old");
});
