import t from "tap";
import fc from "fast-check";
import {
  betaBinomial,
  betaQuantile,
  funnelLimits,
  interval,
  overdispersion,
  position,
  shrink,
} from "@cairn/statistics";
import { completions, count, seeded } from "./completions.js";

const near = (one: number | undefined, other: number, within = 1e-9): boolean =>
  one !== undefined && Math.abs(one - other) <= within * Math.max(1, Math.abs(other));

// R 4.2.2: set.seed(7); n <- sample(50:400, 30, TRUE); x <- rbinom(30, n, rbeta(30, 12, 60))
const x = [
  76, 33, 35, 45, 43, 29, 63, 49, 12, 13, 26, 56, 54, 44, 53, 39, 18, 56, 13, 41, 47, 21, 31, 50, 30, 28, 47,
  56, 12, 40,
];
const n = [
  347, 152, 243, 320, 267, 167, 372, 217, 71, 108, 139, 317, 345, 336, 256, 183, 199, 236, 70, 331, 264, 149,
  215, 297, 220, 173, 341, 298, 52, 230,
];
const total = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

t.test("funnel limits are those of the formulas in R", async (t) => {
  for (const [people, tau2, low, high] of [
    [40, 0, -0.03877901077932, 0.2787790107793],
    [40, 0.004, 0.001670197130165, 0.3823200938948],
    [400, 0, 0.06978966813089, 0.1702103318691],
    [400, 0.004, 0.02047481745448, 0.2856758715163],
  ] as const) {
    const limits = funnelLimits(0.12, people, 0.998, tau2);
    t.ok(near(limits.low, low) && near(limits.high, high), `${people} people, tau2 ${tau2}`);
  }
  t.same(
    funnelLimits(0.12, interval(40, 400), 0.95),
    funnelLimits(0.12, 40, 0.95),
    "the widest of an interval",
  );
  t.equal(funnelLimits(0.001, 20, 0.998, 0.01).low, 0, "an angle below 0 does not fold back");
  t.throws(() => funnelLimits(0.5, 0, 0.95), RangeError);
});

t.test("overdispersion is Spiegelhalter's", async (t) => {
  const { phi, tau2 } = overdispersion({ x, n, target: total(x) / total(n) });
  t.ok(near(phi, 1.246192483521), `phi ${phi}`);
  t.ok(near(tau2, 0.0003152526651194), `tau2 ${tau2}`);
  t.same(overdispersion({ x: [10, 10, 10], n: [100, 100, 100], target: 0.1 }), { phi: 0, tau2: 0 });
  t.throws(() => overdispersion({ x: [1], n: [2, 3], target: 0.5 }), RangeError);
});

t.test("beta quantiles are R's qbeta", async (t) => {
  for (const [p, a, b, value] of [
    [0.025, 3, 40, 0.01497969167071],
    [0.975, 0.5, 0.5, 0.9984586668666],
    [0.001, 120, 900, 0.08865633179268],
    [0.999, 2278.9, 2712.1, 0.4784305027842],
  ] as const) {
    t.ok(near(betaQuantile(p, a, b), value, 4e-12), `${p} of beta(${a}, ${b})`);
  }
  t.same([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)], [0, 1]);
});

t.test("the beta-binomial is the most likely one, and none where chance explains all", async (t) => {
  const prior = betaBinomial(x, n);
  // R: optim over log(a), log(b) of sum(lbeta(x + a, n - x + b) - lbeta(a, b)), reltol 1e-16
  t.ok(prior && near(prior.a, 40.22840556, 1e-5) && near(prior.b, 198.3930478, 1e-5), JSON.stringify(prior));
  t.ok(prior && near(prior.a / (prior.a + prior.b), 0.168586709, 1e-8));
  t.equal(betaBinomial([5, 5, 5, 5], [50, 50, 50, 50]), null);
  t.equal(betaBinomial([0, 0, 0], [50, 50, 50]), null);
  t.same(betaBinomial([...x, 0], [...n, 0]), prior, "a practice of nobody tells nothing");
  t.ok(betaBinomial([0, 50], [50, 50]), "as far apart as can be");
  t.throws(() => betaBinomial([3], [2]), RangeError);
});

t.test("shrinking draws towards the mean of all, and its corners hold every completion", async (t) => {
  const prior = { a: 40, b: 200 };
  const one = shrink(prior, 30, 60, 0.95);
  t.equal(one.mean, 70 / 300);
  t.equal(one.reliability, 60 / 300);
  t.ok(near(one.low, betaQuantile(0.025, 70, 230)) && near(one.high, betaQuantile(0.975, 70, 230)));
  fc.assert(
    fc.property(count(9, 3), count(30, 3, 1), (part, whole) => {
      fc.pre(part.low <= whole.high);
      const known = shrink(prior, part, whole, 0.998);
      const each = [...completions([part, whole])]
        .filter(([a = 0, b = 0]) => a <= b)
        .map(([a = 0, b = 0]) => shrink(prior, a, b, 0.998));
      const means = each.map(({ mean }) => mean as number);
      const { low, high } = typeof known.mean === "number" ? interval(known.mean, known.mean) : known.mean;
      return (
        near(low, Math.min(...means)) &&
        near(high, Math.max(...means)) &&
        near(known.low, Math.min(...each.map((every) => every.low))) &&
        near(known.high, Math.max(...each.map((every) => every.high)))
      );
    }),
    seeded(t, 150),
  );
});

t.test("a place among peers is a band that holds every completion", async (t) => {
  t.same(position(interval(4, 6), [1, interval(3, 5), 9, interval(6, 7)]), {
    lowest: 1,
    highest: 3,
    peers: 4,
  });
});
