import { difference, funnelLimits } from "@cairn/statistics/intervals";
import t from "tap";
import type { PublishedReference } from "../src/document.js";
import { changeOf } from "../src/question/change.js";
import { verdictOf, type Verdict } from "../src/question/verdict.js";

const reference = (p50: number, tau2 = 0): PublishedReference => ({
  ...{ of: "elsewhere" as const, source: "QOF 2025", date: "2025-03-31", practices: 6_200 },
  ...{ p10: p50 / 2, p50, p90: Math.min(1, p50 * 1.5), tau2 },
});
const sum = (x: [number, number], n: [number, number]) => ({
  numerator: { low: x[0], high: x[1] },
  denominator: { low: n[0], high: n[1] },
});
const exact = (x: number, n: number) => sum([x, x], [n, n]);

t.test(
  "a share differs beyond 99.8 % limits, does not inside narrow 95 % ones, and else cannot be told",
  async (t) => {
    const at = (x: number, n: number, margin = 10): Verdict => verdictOf(exact(x, n), reference(0.6), margin);
    // 0.6 +- 3.0902 sqrt(0.24/1000) = 0.5521 to 0.6479; at 95 %: 0.5696 to 0.6304
    t.equal(at(648, 1000), "higher");
    t.equal(at(647, 1000), "cannot-tell");
    t.equal(at(552, 1000), "lower");
    t.equal(at(630, 1000), "does-not-differ");
    t.equal(at(631, 1000), "cannot-tell");
    t.equal(at(600, 1000, 6), "cannot-tell", "limits six points wide are wider than the margin");
    t.equal(at(60, 100), "cannot-tell", "so are those around 100 people");
  },
);

t.test("variation beyond chance elsewhere widens the limits", async (t) => {
  t.equal(verdictOf(exact(700, 1000), reference(0.6), 10), "higher");
  t.equal(verdictOf(exact(700, 1000), reference(0.6, 0.01), 10), "cannot-tell");
});

t.test("nothing is said where limits mean nothing", async (t) => {
  t.equal(verdictOf(exact(5, 1000), reference(0), 10), "cannot-tell", "a middle of nobody has no limits");
  t.equal(
    verdictOf(exact(5, 1000), reference(0, 0.002), 10),
    "does-not-differ",
    "unless practices vary there",
  );
  t.equal(verdictOf(sum([0, 2], [0, 4]), reference(0.5), 10), "cannot-tell");
});

t.test("a verdict holds for every completion, and is given where it does", async (t) => {
  const seen = new Map<Verdict, number>();
  for (const p50 of [0.02, 0.3, 0.6])
    for (const tau2 of [0, 0.002])
      for (const n of [60, 400, 2_000])
        for (const width of [0, 4, 12])
          for (let share = 0; share <= 1; share += 0.05) {
            const low = Math.round(share * n);
            const box = sum([low, Math.min(n + width, low + width)], [Math.max(low, n - width), n + width]);
            const verdict = verdictOf(box, reference(p50, tau2), 10);
            const all = new Set(
              completions(box).map(([x, m]) => verdictOf(exact(x, m), reference(p50, tau2), 10)),
            );
            const alike = all.size === 1 ? ([...all][0] as Verdict) : "cannot-tell";
            // Of one completion each: limits around the fewest people must be narrow enough, too.
            t.equal(verdict, alike, JSON.stringify({ p50, tau2, box }));
            seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
          }
  t.equal(seen.size, 4, JSON.stringify([...seen]));
  const limits = funnelLimits(0.6, 1000, 0.998);
  t.ok(limits.high < 0.648 && limits.low > 0.552);
});

function completions({ numerator: x, denominator: n }: ReturnType<typeof sum>): [number, number][] {
  const all: [number, number][] = [];
  for (let m = n.low; m <= n.high; m++) for (let k = x.low; k <= Math.min(m, x.high); k++) all.push([k, m]);
  return all;
}

t.test(
  "a change is said by how much at least and at most, none larger than the margin, or not at all",
  async (t) => {
    const limits = difference(700, 1000, 640, 1000, 0.95);
    t.same(changeOf(exact(640, 1000), exact(700, 1000), 10), { change: "higher", by: limits });
    const { low, high } = limits as { low: number; high: number };
    t.match(changeOf(exact(700, 1000), exact(640, 1000), 10), { change: "lower" });
    t.ok(Math.abs(low - 0.0187) < 0.001 && Math.abs(high - 0.101) < 0.001, `${low} to ${high}`);
    t.same(changeOf(exact(640, 1000), exact(660, 1000), 10), { change: "none" });
    t.same(changeOf(exact(640, 1000), exact(660, 1000), 5), { change: "cannot-tell" });
    t.same(changeOf(exact(30, 50), exact(34, 50), 10), { change: "cannot-tell" });
    t.same(changeOf(sum([0, 3], [0, 6]), exact(34, 50), 10), { change: "cannot-tell" });
    t.same(changeOf(sum([600, 680], [998, 1002]), sum([660, 740], [998, 1002]), 10), {
      change: "cannot-tell",
    });
  },
);
