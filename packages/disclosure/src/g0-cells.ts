/**
 * G0, each cell: what a count says by itself.
 *
 * A count of 1 to k-1 people is withheld. A denominator that is small withholds its numerator, because
 * of so few people any share says something of each. A denominator and numerator that are a few people apart say
 * that number, so the numerator goes. Zero is a count, and so is a full cell: they tell of everybody in
 * the denominator alike, which a query marked sensitive does not want told, so it withholds both.
 *
 * Sums (items, events) are about their contributors: at least k of them, and none with more than half of
 * the sum (the dominance rule of statistical offices: Hundepool et al. 2012, 4.2.2), because one who knows
 * his own part would know the other's.
 *
 * A carried count says nothing of today beyond what carrying says (g4-time.ts), so it is not looked at here.
 *
 * A midpoint policy with k = 1 releases 1 to 6 as the class 3: such a count is not withheld for being small.
 */
import { withhold, type Count, type Family, type FamilyCell } from "./family.js";
import { smallBelow, type Policy } from "./policy.js";

export function g0(family: Family, policy: Policy): void {
  const unspoken = family.asked.sensitive === true || policy.zeroAndFull === "withheld";
  for (const cell of family.cells) {
    denominatorAlone(family, cell, policy);
    if (cell.denominator.reason === null) numeratorWithin(family, cell, policy);
    if (unspoken) zeroAndFull(family, cell);
  }
}

function denominatorAlone(family: Family, { denominator, numerator }: FamilyCell, policy: Policy): void {
  if (!denominator.carries) countAlone(family, denominator, policy);
  if (denominator.carries && numerator.carries) return;
  if (isSmall(denominator.people.length, smallBelow(policy))) withhold(family, numerator, "g0-denominator");
}

function numeratorWithin(family: Family, { denominator, numerator }: FamilyCell, policy: Policy): void {
  if (numerator.carries) return;
  const small = smallBelow(policy);
  countAlone(family, numerator, policy);
  const people = denominator.people.length - numerator.people.length;
  const rest = denominator.sum - numerator.sum;
  if (isSmall(people, small) || isSmall(rest, small)) withhold(family, numerator, "g0-complement");
}

function countAlone(family: Family, count: Count, policy: Policy): void {
  const { people, sum, largest } = count;
  if (isSmall(people.length, policy.k)) {
    withhold(family, count, family.asked.unit === "people" ? "g0-small" : "g0-few-people");
  }
  if (family.asked.unit === "people") return;
  if (isSmall(sum, policy.k)) withhold(family, count, "g0-small");
  if (2 * largest > sum && sum > 0) withhold(family, count, "g0-dominated");
}

function zeroAndFull(family: Family, { denominator, numerator }: FamilyCell): void {
  if (denominator.sum === 0 && !denominator.carries) withhold(family, denominator, "g0-zero-or-full");
  if ((numerator.sum === 0 || numerator.sum === denominator.sum) && !numerator.carries)
    withhold(family, numerator, "g0-zero-or-full");
}

function isSmall(count: number, small: number): boolean {
  return count >= 1 && count < small;
}
