/**
 * G4, time: a release is made once, and a strict query shows no small change.
 *
 * Asking again hands out what was decided, and a date before one that has left is not answered any more: there
 * is one release for a query version and date, so nobody can average over several. Between dates, rounding
 * protects: the policy's rule 2 x base - 1 >= k lets a change of fewer than k people pass for none or for more.
 *
 * `temporal: strict` goes further, for yearly use: a cell repeats the value of its last release, with the
 * number of periods since, until the change is zero or at least k people. Change is measured in people, those
 * who left and those who came, and in the count; of the denominator, the numerator and the rest alike. What is
 * compared is the set at the first release of that value, so that small changes do not add up unseen.
 */
import type { CarriedCell, Family, FamilyCell } from "./family.js";
import type { History, HistoryCell, HistoryEntry } from "./history.js";
import { difference, without, type Members } from "./members.js";
import { periodsApart } from "./periods.js";
import { integersOf, smallBelow, type Policy } from "./policy.js";
import { withhold } from "./family.js";

/** The decision that stands for this query version and date, if there is one: the newest, where one was corrected. */
export function madeBefore(history: History, digest: string, date: string): HistoryEntry | null {
  return history.at(date).findLast((entry) => entry.digest === digest) ?? null;
}

/** Why this date cannot be answered any more, or null. */
export function tooLate(history: History, digest: string, date: string): "expired" | "history-gone" | null {
  if (history.keptFrom !== null && date < history.keptFrom) return "history-gone";
  const newest = history.newest(digest);
  return newest !== null && date < newest ? "expired" : null;
}

/** For a strict query: marks the cells that repeat their last release. */
export function carry(family: Family, history: History, policy: Policy): void {
  const last = lastEntry(family, history);
  if (!last) return;
  const samePolicy = JSON.stringify(integersOf(last.policy)) === JSON.stringify(integersOf(policy));
  family.cells.forEach((cell, i) => {
    const before = last.cells[i];
    if (!before || before.denominator.code === 0) return;
    if (last.givenBack) return withhold(family, cell.denominator, "g4-given-back");
    if (!changedALittle(cell, before, smallBelow(policy))) return;
    if (!samePolicy) return withhold(family, cell.denominator, "g4-policy-changed");
    const from: CarriedCell = { ...before, date: before.carriedFrom ?? last.date };
    cell.carries = { periods: periodsApart(from.date, family.asked.date, family.asked.every), from };
  });
}

function lastEntry(family: Family, history: History): HistoryEntry | null {
  for (const entry of history.before(family.asked.query, family.asked.date)) {
    if (entry.digest === family.asked.digest) return entry;
  }
  return null;
}

function changedALittle(cell: FamilyCell, before: HistoryCell, small: number): boolean {
  const { denominator, numerator } = cell;
  if (isLittle(before.denominator, { members: denominator.people, count: denominator.sum }, small))
    return true;
  if (before.numerator.code === 0) return false;
  const now = { members: numerator.people, count: numerator.sum };
  if (isLittle(before.numerator, now, small)) return true;
  const rest = (whole: Dated, part: Dated): Dated => ({
    members: without(whole.members, part.members),
    count: whole.count - part.count,
  });
  const whole = { members: denominator.people, count: denominator.sum };
  return isLittle(rest(before.denominator, before.numerator), rest(whole, now), small);
}

interface Dated {
  readonly members: Members;
  readonly count: number;
}

function isLittle(before: Dated, now: Dated, small: number): boolean {
  const change = Math.abs(now.count - before.count);
  if (change >= 1 && change < small) return true;
  const differ = difference(before.members, now.members, small - 1);
  return differ !== null && differ.onlyA.length + differ.onlyB.length > 0;
}
