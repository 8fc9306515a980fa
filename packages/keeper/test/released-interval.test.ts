import t from "tap";
import { policyNamed } from "@cairn/disclosure";
import { releasedInterval } from "../src/releases/policy.js";

t.test("a carried number says that it is, and every count that it can stand for today", async (t) => {
  const k8 = policyNamed("k8-r5");
  t.equal(releasedInterval(100, k8), "100 (98 to 102)");
  t.equal(releasedInterval(0, k8), "0");
  t.equal(releasedInterval(100, k8, 1), "100 (91 to 109), carried from 1 period before");
  t.equal(releasedInterval(0, k8, 3), "0 (0 to 7), carried from 3 periods before");
  t.equal(releasedInterval(100, null, 2), "100, carried from 2 periods before");
});
