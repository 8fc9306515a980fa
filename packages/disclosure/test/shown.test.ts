/** What a carried value says: held against every count that it can stand for. */
import t from "tap";
import {
  carriedIntervalOf,
  cellIntervalsOf,
  intervalOf,
  POLICIES,
  policyNamed,
  policyOf,
} from "../src/index.js";
import { roundCount, smallBelow } from "../src/policy.js";

const policies = [...Object.values(POLICIES), policyOf({ k: 8, base: 0, midpoint: 6 })];

t.test("a carried interval is every count fewer than k away from what the value stood for", async (t) => {
  for (const policy of policies) {
    for (let then = 0; then <= 60; then++) {
      if (then > 0 && then < policy.k) continue; // never released
      const value = roundCount(policy, then);
      const [own, wide] = [intervalOf(policy, value), carriedIntervalOf(policy, value)];
      const most = smallBelow(policy) - 1;
      t.ok(own && wide, `${policy.name} ${value}`);
      t.equal(wide?.high, (own?.high ?? 0) + most);
      t.equal(wide?.low, Math.max(0, (own?.low ?? 0) - most));
      for (let now = Math.max(0, then - most); now <= then + most; now++)
        t.ok((wide?.low ?? 1) <= now && now <= (wide?.high ?? 0), `${policy.name}: ${then} then, ${now} now`);
    }
  }
  t.equal(carriedIntervalOf(policyNamed("k8-r5"), 7), null, "no value of this policy");
});

t.test("the two counts of a cell keep each other within what they allow", async (t) => {
  const k8 = policyNamed("k8-r5");
  const cell = (denominator: [number, number], numerator: [number, number]) => {
    const [d, n] = [denominator, numerator].map(([code, carried]) => ({ code, carried }));
    return cellIntervalsOf(k8, d!, n!);
  };
  t.same(cell([101, 0], [41, 0]), {
    denominator: { value: 100, low: 98, high: 102 },
    numerator: { value: 40, low: 38, high: 42 },
  });
  t.same(cell([101, 2], [41, 0]), {
    denominator: { value: 100, low: 91, high: 109 },
    numerator: { value: 40, low: 38, high: 42 },
  });
  t.same(
    cell([11, 1], [16, 0]),
    { denominator: { value: 10, low: 13, high: 19 }, numerator: { value: 15, low: 13, high: 17 } },
    "a numerator of today says the least of a denominator of long ago",
  );
  t.same(
    cell([101, 0], [101, 3])?.numerator,
    { value: 100, low: 91, high: 102 },
    "a denominator of today says the most of a numerator of long ago",
  );
  t.same(cell([0, 0], [0, 0]), { denominator: "withheld", numerator: "withheld" });
  t.same(cell([1, 1], [1, 1]), {
    denominator: { value: 0, low: 0, high: 7 },
    numerator: { value: 0, low: 0, high: 7 },
  });
  t.equal(cell([11, 0], [16, 0]), null, "15 of 10");
  t.equal(cell([0, 0], [16, 0]), null, "a part of what is withheld");
  t.equal(cell([12, 0], [0, 0]), null, "no value of this policy");
});
