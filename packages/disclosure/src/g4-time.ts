/**
 * G4, time: a release is made once, and a strict query shows no small change.
 *
 * Asking again hands out what was decided, and a date before one that has left is not answered any more: there
 * is one release for a query version and date, so nobody can average over several. Between dates, rounding
 * protects: the policy's rule 2 x base - 1 >= k lets a change of fewer than k people pass for none or for more.
 *
 * `temporal: strict` goes further, for yearly use: a count repeats the value that was last made of it, with the
 * number of periods since, while it is fewer than k away from what it was then. None included: a mark that left
 * out the unchanged would say of each marked count that it changed by one to k - 1. So a mark says 0 to k - 1, no
 * mark says k or more, and two values made of one count at different dates are k or more apart. While fewer than k
 * people have come or left the count is fewer than k away, so it is carried too; where more have and nearly as many
 * left as came, it is carried all the same, since the two values would show the few by which they differ.
 *
 * The change is measured from the date at which the value was made, whatever was released, carried or withheld in
 * between, so that small changes do not add up unseen, and today's count is within k - 1 of the value's interval
 * after any number of periods (shown.ts). Denominator and numerator are carried each by itself: one that has changed
 * by more cannot be repeated beside the other. A cell is the same in every version of its query.
 *
 * A sum is carried by the same rule. Where it has changed by k or more while fewer than k people came or left, it
 * would show what those few contribute, and it cannot be repeated either: it is withheld.
 *
 * What is carried, withheld, or the rest of a cell whose change is small, must not come back by subtraction from
 * what is made anew: those are targets of G2 (secrets.ts), and bounds of a carried count are looked at by
 * g4-marks.ts.
 */
import { labelOf, type Side } from "./table.js";
import { countsOf, withhold, type CarriedValue, type Count, type Family, type FamilyCell } from "./family.js";
import type { CarriedCount, History, HistoryCell, HistoryEntry, HistorySide } from "./history.js";
import { difference, without, type Members } from "./members.js";
import { periodsApart } from "./periods.js";
import { integersOf, smallBelow, type Policy, type PolicyIntegers } from "./policy.js";

/**
 * The decision that stands for this query version and date: the newest, where one was corrected; null where there is
 * none.
 */
export function madeBefore(history: History, digest: string, date: string): HistoryEntry | null {
  return history.made(digest, date);
}

/** @returns why this date can no longer be answered, or null where it can. */
export function tooLate(history: History, digest: string, date: string): "expired" | "history-gone" | null {
  if (history.keptFrom !== null && date < history.keptFrom) return "history-gone";
  const newest = history.newest(digest);
  return newest !== null && date < newest ? "expired" : null;
}

/**
 * For a strict query: marks the counts that repeat their last value.
 * @returns the people of each cell's rest whose number has changed by fewer than k since it could last be computed.
 */
export function carry(family: Family, history: History, policy: Policy): Members[] {
  const small = smallBelow(policy);
  const last = new LastValues(family, history);
  for (const count of countsOf(family)) {
    const values = last.of(count.side, labelOfCount(family, count));
    const [value, ...others] = values;
    if (value) compare(family, count, value, others, policy);
  }
  return family.cells.flatMap((cell) => {
    const people = without(cell.denominator.people, cell.numerator.people);
    const sum = cell.denominator.sum - cell.numerator.sum;
    const values = last.of("rest", cell.label);
    return values.some((value) => changed({ people, sum }, value, small) !== "much") ? [people] : [];
  });
}

function labelOfCount(family: Family, { position }: Count): string {
  return (family.cells[position] as FamilyCell).label;
}

function compare(
  family: Family,
  count: Count,
  value: LastValue,
  others: readonly LastValue[],
  policy: Policy,
): void {
  const small = smallBelow(policy);
  if (value === "nobody knows") return withhold(family, count, "g4-given-back");
  const change = changed(count, value, small);
  const beside = others.some((other) => changed(count, other, small) !== "much");
  if (change === "much" && !beside) return;
  if (change !== "near") return withhold(family, count, "g4-small-change");
  if (!samePolicy(value.policy, policy)) return withhold(family, count, "g4-policy-changed");
  const { date, code, members, count: then } = value;
  const periods = Math.max(1, periodsApart(date, family.asked.date, family.asked.every));
  count.carries = { date, periods, code, members, count: then } satisfies CarriedValue;
}

/**
 * Compares a count with a last value: `near` repeats it; `few` cannot, and would show what fewer than k people
 * contribute.
 */
function changed(
  now: Pick<Count, "people" | "sum">,
  then: LastValue,
  small: number,
): "near" | "few" | "much" {
  if (then === "nobody knows") return "much";
  if (Math.abs(now.sum - then.count) < small) return "near";
  return difference(then.members, now.people, small - 1) ? "few" : "much";
}

function samePolicy(a: PolicyIntegers, b: PolicyIntegers): boolean {
  return JSON.stringify(integersOf(a)) === JSON.stringify(integersOf(b));
}

/**
 * The last value of a count; `nobody knows` where the newest release came back after a restore without its people.
 */
type LastValue = Made | "nobody knows";
interface Made {
  readonly date: string;
  readonly code: number;
  readonly policy: PolicyIntegers;
  readonly members: Members;
  readonly count: number;
}

interface Found {
  readonly date: string; // of the release, which may carry the value from an earlier one
  readonly digest: string;
  readonly values: readonly LastValue[];
}

/** The newest value of each count of a family and of each cell's rest, in any version of its query. */
class LastValues {
  readonly #found = new Map<string, Found>();

  constructor(family: Family, history: History) {
    const { query, date, digest } = family.asked;
    const wanted = new Set(family.cells.flatMap(({ label }) => SIDES.map((side) => `${side} ${label}`)));
    let newest: string | null = null;
    for (const entry of history.before(query, date)) {
      newest ??= entry.date;
      const open = [...wanted].some((key) => (this.#found.get(key)?.date ?? entry.date) <= entry.date);
      if (!open) break;
      for (const cell of entry.cells) {
        const label = labelOf(cell.split);
        for (const side of SIDES) {
          const key = `${side} ${label}`;
          const values = wanted.has(key) ? valuesOf(cell, side, entry, entry.date === newest) : null;
          if (values) this.#keep(key, { date: entry.date, digest: entry.digest, values }, digest);
        }
      }
    }
  }

  /**
   * The last values of one count, the one to repeat first. The others were made at the same date by the same query
   * version, which then was withdrawn and corrected. Empty where there is none since people were last lost.
   */
  of(side: Side | "rest", label: string): readonly LastValue[] {
    const { values = [] } = this.#found.get(`${side} ${label}`) ?? {};
    return values;
  }

  #keep(key: string, one: Found, digest: string): void {
    const known = this.#found.get(key);
    if (!known || (known.date === one.date && known.digest !== digest && one.digest === digest)) {
      this.#found.set(key, one);
    } else if (known.date === one.date && known.digest === one.digest) {
      this.#found.set(key, { ...known, values: [...known.values, ...one.values] });
    }
  }
}

const SIDES = ["denominator", "numerator", "rest"] as const;

/**
 * The values of one count in one entry; null where the entry holds none, empty where it holds one whose people are
 * lost.
 */
function valuesOf(
  cell: HistoryCell,
  side: Side | "rest",
  entry: HistoryEntry,
  isNewest: boolean,
): readonly LastValue[] | null {
  const [whole, part] = [cell.denominator, cell.numerator];
  const codes = side === "rest" ? [whole.code, part.code] : [cell[side].code];
  if (codes.includes(0)) return null;
  if (entry.givenBack) return isNewest ? ["nobody knows"] : [];
  const [a, b] = [madeOf(whole, entry.date), madeOf(part, entry.date)];
  if (side !== "rest")
    return [{ code: cell[side].code, policy: entry.policy, ...(side === "denominator" ? a : b) }];
  if (a.date !== b.date) return null;
  const members = without(a.members, b.members);
  return [{ code: 0, policy: entry.policy, date: a.date, members, count: a.count - b.count }];
}

function madeOf({ members, count, carried }: HistorySide, date: string): Omit<CarriedCount, "periods"> {
  return carried ?? { date, members, count };
}
