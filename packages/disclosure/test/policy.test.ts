import t from "tap";
import {
  composePolicies,
  integersOf,
  intervalOf,
  POLICIES,
  PolicyError,
  policyNamed,
  policyOf,
} from "../src/index.js";
import { roundCount } from "../src/policy.js";

const named = (name: string) => policyNamed(name);

t.test("released values agree with published rules", async (t) => {
  const k8 = named("k8-r5");
  t.same(
    [8, 9, 12, 13, 17, 18].map((count) => roundCount(k8, count)),
    [10, 10, 10, 15, 15, 20],
  );
  const midpoint = named("midpoint6");
  t.same(
    [0, 1, 6, 7, 12, 13].map((count) => roundCount(midpoint, count)),
    [0, 3, 3, 9, 9, 15],
  );
  t.equal(roundCount(named("k10-r6"), 15), 18, "ties go up");
});

t.test("an interval is every count that the policy maps to the value, and nothing else", async (t) => {
  const policies = [
    ...Object.values(POLICIES),
    policyOf({ k: 12, base: 10, midpoint: 0 }),
    policyOf({ k: 8, base: 0, midpoint: 6 }),
  ];
  for (const policy of policies) {
    for (let value = 0; value <= 60; value++) {
      const counts = Array.from({ length: 80 }, (_, count) => count).filter(
        (count) => (count === 0 || count >= policy.k) && roundCount(policy, count) === value,
      );
      const expected = counts.length === 0 ? null : { value, low: counts[0], high: counts.at(-1) };
      t.same(intervalOf(policy, value), expected, `${policy.name} ${value}`);
    }
  }
  t.equal(intervalOf(named("k8-r5"), -5), null);
  t.equal(intervalOf(named("k8-r5"), 7.5), null);
});

t.test("a policy that shows changes of fewer than k people does not load", async (t) => {
  t.throws(() => policyOf({ k: 10, base: 5, midpoint: 0 }), { code: "policy-too-fine", kind: "refused" });
  t.equal(policyOf({ k: 9, base: 5, midpoint: 0 }).name, "k9-r5");
  for (const bad of [
    { k: 0, base: 5, midpoint: 0 },
    { k: 8, base: 7, midpoint: 0 },
    { k: 8, base: 5, midpoint: 6 },
    { k: 8.5, base: 5, midpoint: 0 },
  ]) {
    t.throws(() => policyOf(bad), { code: "policy-malformed", kind: "wrong-use" });
  }
  t.throws(() => policyNamed("k2-r1"), PolicyError);
});

t.test("composing takes the strictest of all, whoever asks", async (t) => {
  const integers = (...names: string[]) => integersOf(composePolicies(...names.map(named)));
  t.same(integers("k8-r5", "k10-r6"), { k: 10, base: 6, midpoint: 0 });
  t.same(integers("k5-r5", "k8-r5"), { k: 8, base: 5, midpoint: 0 });
  t.same(integers("midpoint6", "k8-r5"), { k: 8, base: 0, midpoint: 6 });
  t.same(
    composePolicies({ ...named("k5-r5"), k: 10 }).base,
    6,
    "threshold 10 with base 5 composes to base 6",
  );
  t.equal(composePolicies(policyOf({ k: 9, base: 10, midpoint: 0 }), named("k10-r6")).base, 10);
  t.equal(composePolicies({ ...named("k8-r5"), temporal: "strict" }, named("k8-r5")).temporal, "strict");
  t.equal(
    composePolicies(named("k8-r5"), { ...named("k8-r5"), zeroAndFull: "withheld" }).zeroAndFull,
    "withheld",
  );
  t.throws(() => composePolicies({ ...named("k8-r5"), k: 30 }), { code: "policy-too-fine" });
  t.throws(() => composePolicies(), { code: "policy-malformed" });
});
