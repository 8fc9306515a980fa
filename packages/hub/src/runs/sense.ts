/**
 * Checks numbers that no practice can have counted, whoever signed them. Pure; called when a release arrives and when
 * it is read.
 */
import { cellIntervalsOf, intervalOf, type PolicyIntegers } from "@cairn/disclosure";
import { carriedAt, type ReleaseCodes } from "@cairn/wire";

/** Most periods that a carried mark may reach back: a hundred years of months. */
const MOST_PERIODS_AGO = 1200;

/**
 * Words for the first impossible number in a release, or null: every number comes from its policy, some count that a
 * numerator stands for is no more than one that its denominator stands for, and a carried mark names a period that
 * can have been.
 */
export function nonsenseIn(codes: ReleaseCodes, policy: PolicyIntegers): string | null {
  if (codes.carried.some((ago) => ago > MOST_PERIODS_AGO))
    return "it carries a number from before there were any";
  const { denominator, numerator } = codes;
  if ([...denominator, ...numerator].some((code) => code > 0 && !intervalOf(policy, code - 1)))
    return "a number in it cannot come from its policy";
  const side = (code: number, position: number, of: "denominator" | "numerator") => ({
    code,
    carried: carriedAt(codes, position, of),
  });
  const isSound = denominator.every((code, i) =>
    cellIntervalsOf(policy, side(code, i, "denominator"), side(numerator[i] ?? 0, i, "numerator")),
  );
  return isSound ? null : "a numerator in it is more than its denominator, or stands where that is withheld";
}
