import t from "tap";
import fc from "fast-check";
import {
  byar,
  difference,
  directlyStandardisedRate,
  exactPoisson,
  indirectlyStandardisedRatio,
  interval,
  toInterval,
  type Estimate,
  type Interval,
} from "@cairn/statistics";
import { completions, count, seeded } from "./completions.js";

const near = (one: number | undefined, other: number, within = 1e-9): boolean =>
  one !== undefined && Math.abs(one - other) <= within * Math.max(1, Math.abs(other));
/** The limits that hold all of these. */
const around = (all: readonly Interval[]): Interval =>
  interval(Math.min(...all.map(({ low }) => low)), Math.max(...all.map(({ high }) => high)));
const close = (one: Interval, other: Interval): boolean =>
  near(one.low, other.low) && near(one.high, other.high);

t.test("exact Poisson limits are R's", async (t) => {
  // R 4.2.2: qchisq((1 - level) / 2, 2 * x) / 2, qchisq((1 + level) / 2, 2 * x + 2) / 2
  for (const [level, x, low, high] of [
    [0.95, 0, 0, 3.688879454114],
    [0.95, 1, 0.02531780798429, 5.571643390939],
    [0.95, 9, 4.115373097378, 17.08480345142],
    [0.95, 30, 20.24087402142, 42.82686539481],
    [0.998, 0, 0, 6.907755278982],
    [0.998, 1, 0.001000500333584, 9.233413476452],
    [0.998, 10, 2.960520372744, 24.13397114542],
    [0.998, 30, 15.86917079714, 51.08312416592],
  ] as const) {
    t.ok(close(exactPoisson(x, level), interval(low, high)), `${x} at ${level}`);
  }
  t.throws(() => exactPoisson(-1, 0.95), RangeError);
});

t.test("Byar's limits are the exact ones below 10 and Byar's from there", async (t) => {
  for (let x = 0; x < 10; x++) t.same(byar(x, 0.998), exactPoisson(x, 0.998));
  // R 4.2.2: x * (1 - 1 / (9 * x) - z / (3 * sqrt(x)))^3, and x + 1 with + z
  t.ok(close(byar(10, 0.95), interval(4.787449913968, 18.39145860576)));
  t.ok(close(byar(30, 0.95), interval(20.23693909327, 42.828371942)));
  t.same(byar(interval(3, 12), 0.95), interval(byar(3, 0.95).low, byar(12, 0.95).high));
  for (const level of [0.95, 0.998] as const) {
    for (let x = 0; x < 60; x++) {
      const [here, next] = [byar(x, level), byar(x + 1, level)];
      t.ok(next.low > here.low && next.high > here.high, "end points hold only where limits rise");
      t.ok(
        x - here.low < x + 1 - next.low && here.high - x < next.high - x - 1,
        "the outer bound of rates rests on it",
      );
    }
  }
});

t.test("Newcombe's difference is the published one, and its corners hold every completion", async (t) => {
  const published = difference(56, 70, 48, 80, 0.95); // Newcombe 1998, Statistics in Medicine 17:873, table II (a)
  t.equal(published?.low.toFixed(4), "0.0524");
  t.equal(published?.high.toFixed(4), "0.3339");
  t.equal(difference(0, 0, 1, 2, 0.95), null);
  const box = fc.tuple(count(12, 2), count(14, 2, 1), count(12, 2), count(14, 2, 1));
  fc.assert(
    fc.property(box, ([x1, n1, x2, n2]) => {
      fc.pre(x1.low <= n1.high && x2.low <= n2.high);
      const whole = difference(x1, n1, x2, n2, 0.95);
      const each = [...completions([x1, n1, x2, n2])]
        .filter(([a = 0, n = 0, b = 0, m = 0]) => a <= n && b <= m)
        .map(([a = 0, n = 0, b = 0, m = 0]) => difference(a, n, b, m, 0.95) as Interval);
      return whole !== null && close(whole, around(each));
    }),
    seeded(t, 300),
  );
});

t.test("a directly standardised rate is R's, with Dobson's limits", async (t) => {
  const strata = [
    { x: 12, n: 1000, weight: 500 },
    { x: 30, n: 800, weight: 300 },
    { x: 45, n: 400, weight: 200 },
  ];
  const rate = directlyStandardisedRate({ strata, per: 1000, level: 0.95 });
  t.ok(rate && near(rate.value as number, 39.75) && typeof rate.value === "number");
  t.ok(rate && close(rate.limits, interval(31.77056255965, 49.11017488478)));
  t.equal(directlyStandardisedRate({ strata: [{ x: 0, n: 0, weight: 1 }], per: 1, level: 0.95 }), null);
  t.throws(() => directlyStandardisedRate({ strata: [], per: 1, level: 0.95 }), RangeError);
  const nobody = directlyStandardisedRate({ strata: [{ x: 0, n: 10, weight: 1 }], per: 1, level: 0.95 });
  t.ok(
    nobody && near(nobody.limits.high, exactPoisson(0, 0.95).high / 10),
    "no event still has an upper limit",
  );
});

/** The rates of strata with these numbers in the place of their x and n. */
function rateOf(weights: readonly number[], numbers: readonly number[]): Estimate {
  const strata = weights.map((weight, i) => ({
    x: numbers[2 * i] as number,
    n: numbers[2 * i + 1] as number,
    weight,
  }));
  return directlyStandardisedRate({ strata, per: 100, level: 0.95 }) as Estimate;
}

t.test("a standardised rate of intervals has the limits of all its completions", async (t) => {
  const stratum = fc.record({ x: count(8, 2), n: count(60, 2, 5), weight: fc.integer({ min: 1, max: 5 }) });
  fc.assert(
    fc.property(fc.array(stratum, { minLength: 1, maxLength: 2 }), (strata) => {
      const known = directlyStandardisedRate({ strata, per: 100, level: 0.95 });
      const weights = strata.map(({ weight }) => weight);
      const each = [...completions(strata.flatMap(({ x, n }) => [x, n]))].map((one) => rateOf(weights, one));
      return (
        known !== null &&
        close(toInterval(known.value), around(each.map(({ value }) => toInterval(value)))) &&
        close(known.limits, around(each.map(({ limits }) => limits)))
      );
    }),
    seeded(t, 60),
  );
});

t.test("a standardised rate of too many completions is bounded, and not by far too much", async (t) => {
  const stratum = fc.record({
    x: count(8, 0).map(({ low }) => interval(low, low + 18)),
    n: count(400, 0, 100).map(({ low }) => interval(low, low + 18)),
    weight: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.tuple(stratum, stratum), (strata) => {
      const bound = directlyStandardisedRate({ strata, per: 100, level: 0.95 });
      const weights = strata.map(({ weight }) => weight);
      const corners = [...completions(Array<Interval>(4).fill(interval(0, 1)))].map((ends) =>
        strata.flatMap(({ x, n }) => [x, n]).map(({ low, high }, i) => (ends[i] === 0 ? low : high)),
      );
      const held = around(corners.map((one) => rateOf(weights, one).limits));
      return (
        bound !== null &&
        bound.limits.low <= held.low &&
        bound.limits.high >= held.high &&
        bound.limits.high - held.high < 0.6 * held.high
      );
    }),
    seeded(t, 60),
  );
});

t.test("an indirectly standardised ratio is observed over expected, with Byar's limits", async (t) => {
  const ratio = indirectlyStandardisedRatio({ observed: 34, expected: 28.5, level: 0.998 });
  t.ok(near(ratio?.value as number, 1.19298245614));
  t.ok(ratio && close(ratio.limits, interval(0.6579533432394, 1.971639009371)));
  t.same(
    indirectlyStandardisedRatio({ observed: interval(0, 4), expected: interval(2, 4), level: 0.95 })?.value,
    {
      low: 0,
      high: 2,
    },
  );
  t.equal(indirectlyStandardisedRatio({ observed: 1, expected: 0, level: 0.95 }), null);
});
