import t from "tap";
import fc from "fast-check";
import { anhoejLimits, anhoejRuns, interval, xmr, type XmrRule } from "@cairn/statistics";
import { completions, count, seeded } from "./completions.js";

/** The rules of each point, by its place; points without any are left out. */
const met = (
  values: readonly number[],
  how?: Parameters<typeof xmr>[1],
): Record<number, readonly XmrRule[]> =>
  Object.fromEntries(
    xmr(values, how).points.flatMap(({ rules }, i) => (rules.length > 0 ? [[i, rules]] : [])),
  );

const zigzag = (length: number): number[] => Array.from({ length }, (_, i) => (i % 2 === 0 ? 49 : 51));

t.test("XmR limits are 2.66 mean moving ranges from the mean, near limits two thirds of that", async (t) => {
  const chart = xmr(zigzag(14));
  t.same(chart.mean, interval(50, 50));
  t.same(chart.movingRange, interval(2, 2));
  t.same(chart.limits, interval(50 - 5.32, 50 + 5.32));
  t.ok(Math.abs((chart.near?.high ?? 0) - (50 + (5.32 * 2) / 3)) < 1e-12);
  t.same(met(zigzag(14)), {});
});

t.test(
  "each rule is met by its own kind of series, and a point carries every rule that it meets",
  async (t) => {
    const base = { baseline: 14 };
    t.same(met([...zigzag(14), 56], base), { 14: ["outside-limits"] });
    t.same(met([...zigzag(13), 56, 49], { baseline: 13 })[13], ["outside-limits"]);
    const side = met([...zigzag(14), 49, ...Array<number>(7).fill(50.5)], base);
    t.same(Object.keys(side).map(Number), [15, 16, 17, 18, 19, 20, 21]);
    t.ok(Object.values(side).every((rules) => rules.join() === "seven-on-one-side"));
    const rising = met([...zigzag(14), 47, 48, 49, 49.5, 50.2, 51.5, 52], base);
    t.same(rising[14], ["seven-rising"]);
    t.same(met([...zigzag(14), 47, 48, 49, 49, 50.2, 51.5, 52], base), {}, "a tie ends a rise");
    t.same(met([...zigzag(14), 53, 52, 51.5, 50.2, 49.5, 49, 48], base)[20], ["seven-falling"]);
    t.same(met([...zigzag(14), 54, 50.5, 54.5], base), { 14: ["two-of-three"], 16: ["two-of-three"] });
    t.same(met([...zigzag(14), 54, 49.5, 54.5], base), {}, "all three on that side of the mean");
    t.same(met([...zigzag(14), 54, 60, 54.5], base)[15], ["outside-limits"], "outside is not between");
  },
);

t.test("twelve points have no limits, and neither have values too coarse to tell", async (t) => {
  t.equal(xmr(zigzag(12)).limits, null);
  t.equal(xmr(zigzag(12)).without, "too-few-points");
  const stepped = [...Array<number>(13).fill(0.1), 0.15];
  t.equal(xmr(stepped, { step: 0.05 }).without, "too-few-different-values");
  t.same(met(stepped, { step: 0.05 }), {}, "thirteen equal points and one a step away give no signal");
  t.ok(Object.keys(met(stepped)).length > 0, "without the rule they would");
  t.equal(xmr(Array<number>(20).fill(3)).limits, null, "no range, no limits");
});

t.test("the limits for runs are R's for every length", async (t) => {
  // R 4.2.2: round(log2(n)) + 3, qbinom(0.05, n - 1, 0.5)
  for (const [length, longestRun, crossings] of [
    [1, 3, 0],
    [2, 4, 0],
    [3, 5, 0],
    [10, 6, 2],
    [12, 7, 3],
    [20, 7, 6],
    [50, 9, 19],
    [120, 10, 51],
  ] as const) {
    t.same(anhoejLimits(length), { longestRun, crossings });
  }
  t.throws(() => anhoejLimits(0), RangeError);
});

t.test("runs: points on the median are dropped, a long run and few crossings are signals", async (t) => {
  const shifted = [...Array<number>(10).fill(1), ...Array<number>(10).fill(5)];
  t.match(anhoejRuns(shifted), { signal: "yes", longestRun: interval(10, 10), crossings: interval(1, 1) });
  t.match(anhoejRuns(zigzag(20)), { signal: "no", longestRun: interval(1, 1), crossings: interval(19, 19) });
  t.match(anhoejRuns([1, 2, 3, 2, 1, 3, 2]), { useful: interval(4, 4), crossings: interval(3, 3) });
  t.match(anhoejRuns([4, 4, 4]), { useful: interval(0, 0), signal: "no" });
});

/** A series of which a few points are known as intervals, the others exactly. */
const series = fc
  .tuple(
    fc.array(fc.nat(6), { minLength: 13, maxLength: 16 }),
    fc.array(fc.tuple(fc.nat(15), count(6, 2)), { maxLength: 4 }),
  )
  .map(([exact, known]) => {
    const at = new Map(known);
    return exact.map((value, i) => at.get(i) ?? interval(value, value));
  });

/** Blocks of five points, high and low by turns: few crossings, which a point known as 1 to 5 may hide. */
const blocks = fc
  .tuple(fc.array(fc.nat(2), { minLength: 20, maxLength: 20 }), fc.array(fc.nat(19), { maxLength: 3 }))
  .map(([noise, unknown]) =>
    noise.map((value, i) => {
      if (unknown.includes(i)) return interval(1, 5);
      const exact = value + (Math.floor(i / 5) % 2 === 0 ? 0 : 4);
      return interval(exact, exact);
    }),
  );

t.test("values so wide that they may all be alike give no signal, but a possible one", async (t) => {
  const alike = Array.from({ length: 13 }, () => interval(49, 51));
  const last = xmr([...alike, 60], { baseline: 13 }).points.at(-1);
  t.same(last?.rules, [], "all of them 50: no range, no limits");
  t.ok(last?.possible.includes("outside-limits"));
});

t.test(
  "no rule is met, and no signal given, that one completion lacks; what one has is possible",
  async (t) => {
    fc.assert(
      fc.property(fc.oneof(series, blocks), fc.constantFrom(0, 1), (values, step) => {
        const chart = xmr(values, { step });
        const runs = anhoejRuns(values);
        const exact = values.every(({ low, high }) => low === high);
        for (const completion of completions(values)) {
          const one = xmr(completion, { step });
          for (const [i, point] of chart.points.entries()) {
            const has = one.points[i]?.rules ?? [];
            if (!point.rules.every((rule) => has.includes(rule))) return false;
            if (!has.every((rule) => point.rules.includes(rule) || point.possible.includes(rule)))
              return false;
            if (exact && point.possible.length > 0) return false;
          }
          const { signal } = anhoejRuns(completion);
          if (runs.signal === "yes" && signal !== "yes") return false;
          if (runs.signal === "no" && signal !== "no") return false;
          if (exact && signal === "possible") return false;
        }
        return true;
      }),
      seeded(t, 150),
    );
  },
);
