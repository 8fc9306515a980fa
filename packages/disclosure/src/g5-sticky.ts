/**
 * G5, sticky: a count that G0 to G3 withheld stays withheld for the two periods after.
 *
 * A cell that comes and goes around the threshold shows when it crosses it, and beside its neighbours how
 * many people crossed. Two periods are counted from the last withholding by a guard, not from being sticky,
 * or a cell would never come back. Within them it is not carried either. The same cell in another version of the query is the same cell.
 */
import { withhold, type Family } from "./family.js";
import type { History } from "./history.js";
import { periodsApart } from "./periods.js";
import { startsSticky } from "./reason.js";
import { labelOf } from "./table.js";

const STICKY_PERIODS = 2;

export function g5(family: Family, history: History): void {
  const { query, date, every } = family.asked;
  const withheld = new Set<string>();
  let anyMayBe = false;
  for (const entry of history.before(query, date)) {
    if (periodsApart(entry.date, date, every) > STICKY_PERIODS) break;
    anyMayBe ||= entry.cells.length === 0; // given back, of a query version that nobody knows any more
    for (const { split, denominator, numerator } of entry.cells) {
      if (denominator.reason && startsSticky(denominator.reason))
        withheld.add(`denominator ${labelOf(split)}`);
      if (numerator.reason && startsSticky(numerator.reason)) withheld.add(`numerator ${labelOf(split)}`);
    }
  }
  for (const { label, denominator, numerator } of family.cells) {
    for (const count of [denominator, numerator]) {
      if (anyMayBe || withheld.has(`${count.side} ${label}`)) withhold(family, count, "g5-sticky");
    }
  }
}
