/** What no practice can have counted, whoever signed it: pure, and asked when a release comes and when it is read. */
import { intervalOf, type PolicyIntegers } from "@cairn/disclosure";
import type { ReleaseCodes } from "@cairn/wire";

/** A hundred years of months: no mark can reach further back. */
const MOST_PERIODS_AGO = 1200;

/**
 * Words for the first thing in a release that cannot be, or null: every number comes from its policy, some count
 * that a numerator stands for is no more than one that its denominator stands for, and a carried mark names a
 * period that can have been.
 */
export function nonsenseIn(codes: ReleaseCodes, policy: PolicyIntegers): string | null {
  for (const [position, denominator] of codes.denominator.entries()) {
    const numerator = codes.numerator[position] ?? 0;
    const [of, part] = [known(denominator, policy), known(numerator, policy)];
    if (of === "none" || part === "none") return "a number in it cannot come from its policy";
    if (of && part && part.low > of.high) return "a numerator in it is more than its denominator";
    if ((codes.carried[position] ?? 0) > MOST_PERIODS_AGO)
      return "it carries a number from before there were any";
  }
  return null;
}

/** Null for a withheld number, "none" where the policy maps no count to it. */
function known(code: number, policy: PolicyIntegers): { low: number; high: number } | "none" | null {
  return code === 0 ? null : (intervalOf(policy, code - 1) ?? "none");
}
