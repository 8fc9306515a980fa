import t from "tap";
import fc from "fast-check";
import * as library from "lib-r-math.js";
import {
  exactly,
  interval,
  largestPossibleShare,
  median,
  proportion,
  quantile,
  sum,
  wilson,
  z,
} from "@cairn/statistics";

t.test("the normal quantiles are exact, not those of printed tables", async (t) => {
  const { qnorm } = library as unknown as { readonly qnorm: (p: number) => number };
  t.ok(Math.abs(z(0.95) - qnorm(0.975)) < 1e-14 && Math.abs(z(0.998) - qnorm(0.999)) < 1e-14, "R's");
  t.ok(Math.abs(z(0.95) - 1.959963984540054) < 1e-14);
  t.ok(Math.abs(z(0.998) - 3.090232306167813) < 1e-14);
});

t.test("Wilson limits are the published ones", async (t) => {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3 (score without continuity correction).
  for (const [x, n, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    const limits = wilson(x, n, 0.95);
    t.equal(limits?.low.toFixed(4), low.toFixed(4), `${x}/${n} lower`);
    t.equal(limits?.high.toFixed(4), high.toFixed(4), `${x}/${n} upper`);
  }
});

t.test("an interval's proportion and Wilson limits hold every completion, and touch the ends", async (t) => {
  const seed = Date.now() % 1_000_000;
  t.comment(`seed ${seed}`);
  const box = fc
    .tuple(fc.nat(40), fc.nat(40), fc.nat(5), fc.nat(5))
    .map(([a, b, r, s]) => ({ x: interval(a, a + r), n: interval(a + b + 1, a + b + 1 + s) }));
  fc.assert(
    fc.property(box, ({ x, n }) => {
      const whole = wilson(x, n, 0.998);
      const share = proportion(x, n);
      if (!whole || !share) return false;
      const seen: number[] = [];
      for (let i = x.low; i <= x.high; i++)
        for (let j = Math.max(n.low, i); j <= n.high; j++) {
          const one = wilson(i, j, 0.998);
          if (!one || one.low < whole.low - 1e-12 || one.high > whole.high + 1e-12) return false;
          seen.push(i / j);
        }
      return Math.min(...seen) === share.low && Math.max(...seen) === share.high;
    }),
    { seed, numRuns: 200 },
  );
});

t.test("a proportion of what may be nobody is not invented", async (t) => {
  t.equal(proportion(exactly(0), exactly(0)), null);
  t.same(proportion(interval(0, 2), interval(0, 2)), interval(0, 1));
  t.equal(wilson(0, interval(0, 2), 0.95), null);
  t.ok(wilson(1, interval(0, 2), 0.95), "a numerator of one is of somebody");
  t.throws(() => wilson(3, 2, 0.95), RangeError);
});

t.test("quantiles are R's type 7", async (t) => {
  // R: quantile(c(2, 9, 4, 7, 1, 8), c(.1, .25, .5, .75, .9)) gives 1.5 2.5 5.5 7.75 8.5
  const values = [2, 9, 4, 7, 1, 8];
  t.same(
    [0.1, 0.25, 0.5, 0.75, 0.9].map((p) => quantile(values, p)),
    [1.5, 2.5, 5.5, 7.75, 8.5],
  );
  t.throws(() => quantile([], 0.5), RangeError);
  t.throws(() => quantile([1], 1.1), RangeError);
});

t.test("quantiles of intervals run from those of the lower to those of the upper ends", async (t) => {
  const values = [interval(0.1, 0.12), interval(0, 1), interval(0.2, 0.22)];
  t.same(median(values), interval(0.1, 0.22));
  t.same(quantile(values, 0), interval(0, 0.12));
  t.same(quantile([1, interval(2, 3), 3], 0.5), interval(2, 3), "numbers and intervals together");
});

t.test("sums and shares of intervals", async (t) => {
  t.same(sum([interval(8, 12), interval(0, 0), interval(3, 7)]), interval(11, 19));
  t.same(sum([]), exactly(0));
  t.equal(largestPossibleShare([exactly(60), exactly(40)]), 0.6);
  t.equal(largestPossibleShare([interval(0, 10), interval(5, 10)]), 1);
  t.equal(largestPossibleShare([interval(4, 6), interval(4, 6)]), 0.6);
  t.equal(largestPossibleShare([exactly(5)]), 1);
  t.equal(largestPossibleShare([exactly(0), exactly(0)]), 0);
  t.throws(() => interval(2, 1), RangeError);
});
