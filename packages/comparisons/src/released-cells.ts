/** A release's numbers as the intervals that they stand for. */
import { cellIntervalsOf, policyOf, type PolicyIntegers } from "@cairn/disclosure";
import { carriedAt, decodeRelease } from "@cairn/wire";
import type { MemberCell, Value } from "./collected.js";

/**
 * Reads a release's bytes under the policy that they were made under.
 * @returns by position
 * @throws WireRefusal release-malformed; Error where it holds numbers that its policy cannot give
 */
export function releasedCells(bytes: Buffer, policy: PolicyIntegers, cells: number): MemberCell[] {
  const rounding = policyOf(policy);
  const codes = decodeRelease(bytes, cells);
  const { denominator, numerator } = codes;
  return denominator.map((code, i) => {
    const carried = {
      denominator: carriedAt(codes, i, "denominator"),
      numerator: carriedAt(codes, i, "numerator"),
    };
    const found = cellIntervalsOf(
      rounding,
      { code, carried: carried.denominator },
      { code: numerator[i] as number, carried: carried.numerator },
    );
    if (!found) throw new Error("a kept release holds numbers that its policy cannot give");
    const value = (side: "denominator" | "numerator"): Value => {
      const known = found[side];
      if (known === "withheld" || carried[side] === 0) return known;
      return { ...known, carried: carried[side] };
    };
    return { denominator: value("denominator"), numerator: value("numerator") };
  });
}
