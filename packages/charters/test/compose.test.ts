/** A group's wish and a practice's choice compose to the strictest; no order of the two changes it. */
import fc from "fast-check";
import t from "tap";
import {
  asksQuery,
  reviewStanding,
  strictestFloor,
  strictestOptOuts,
  strictestRule,
  strictestSight,
  type Charter,
  type NewQueryRule,
} from "@cairn/charters";
import { policyNamed } from "@cairn/disclosure";

type View = Charter["view"];

/** From the laxest to the strictest. */
const RULES: readonly NewQueryRule[] = [
  { rule: "accept-signed" },
  { rule: "delegate", body: "a" },
  { rule: "accept-after", days: 7 },
  { rule: "accept-after", days: 14 },
  { rule: "ask" },
];
const anyRule = fc.oneof(
  fc.constantFrom(...RULES),
  fc.constant<NewQueryRule>({ rule: "delegate", body: "b" }),
);

t.test("of two rules the stricter holds, whoever asked for it", async (t) => {
  RULES.forEach((a, i) =>
    RULES.forEach((b, j) => t.same(strictestRule(a, b), RULES[Math.max(i, j)], JSON.stringify([a, b]))),
  );
});

t.test("of two bodies neither stands in for the other: a person is asked", async (t) => {
  t.same(strictestRule({ rule: "delegate", body: "a" }, { rule: "delegate", body: "b" }), { rule: "ask" });
});

t.test("the strictest rule is the same in either order, and at least as strict as both", async () => {
  const same = (a: NewQueryRule, b: NewQueryRule): boolean => JSON.stringify(a) === JSON.stringify(b);
  fc.assert(
    fc.property(anyRule, anyRule, (a, b) => {
      const both = strictestRule(a, b);
      const absorbs = [a, b, both].every((one) => same(strictestRule(one, both), both));
      return absorbs && same(both, strictestRule(b, a));
    }),
  );
});

t.test("the floor is the strictest of charter, practice and query", async (t) => {
  t.match(strictestFloor("k8-r5"), { k: 8, base: 5 });
  t.match(strictestFloor("k8-r5", policyNamed("k10-r6")), { k: 10, base: 6 });
  t.match(strictestFloor("k10-r6", policyNamed("k8-r5"), policyNamed("k5-r5")), { k: 10, base: 6 });
  t.throws(() => strictestFloor("k8"), { code: "charter-malformed" });
});

t.test("who opted out is counted only where nobody leaves them out", async (t) => {
  t.equal(strictestOptOuts("counted", "counted"), "counted");
  t.equal(strictestOptOuts("counted", "left-out"), "left-out");
  t.equal(strictestOptOuts("left-out", "counted", "counted"), "left-out");
  t.equal(strictestOptOuts(), "left-out");
});

t.test("of what opens under several charters, that with least of the single practices holds", async (t) => {
  const sees: Charter["sees"] = {
    ...{ "practice-lead": "own", clinician: "own", "cluster-lead": "own", supporter: "group" },
    ...{ analyst: "group", provider: "nothing", commissioner: "group", officer: "decisions" },
  };
  const opens = (...views: readonly [View, ...View[]]): View => {
    const [first, ...others] = views.map((view) => ({ sees, peers: "unidentified", view }) as const);
    return strictestSight(first!, ...others).view;
  };
  t.equal(opens("strip"), "strip");
  t.equal(opens("strip", "deciles"), "deciles");
  t.equal(opens("group-only", "report", "strip"), "group-only");
});

t.test("a charter's queries are names, or beginnings of names", async (t) => {
  const queries = ["bp-control", "records-*"];
  t.ok(asksQuery({ queries }, "bp-control"));
  t.ok(asksQuery({ queries }, "records-bp-usable"));
  t.notOk(asksQuery({ queries }, "bp-control-2"));
  t.notOk(asksQuery({ queries }, "record"));
  t.notOk(asksQuery({ queries }, "my-records-x"));
  t.ok(asksQuery({ queries: ["*"] }, "anything"));
});

t.test("a charter is overdue the day after its review, and begins nothing new a year later", async (t) => {
  const review = "2027-03-31";
  t.equal(reviewStanding({ review }, "2027-03-31"), "current");
  t.equal(reviewStanding({ review }, "2027-04-01"), "overdue");
  t.equal(reviewStanding({ review }, "2028-03-31"), "overdue");
  t.equal(reviewStanding({ review }, "2028-04-01"), "stops-new-queries");
  t.equal(reviewStanding({ review: "2028-02-29" }, "2029-03-01"), "stops-new-queries");
});
