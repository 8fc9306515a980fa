import type { Query } from "@cairn/query-library";
import { blank, type Mask } from "./masks.js";
import { has, NO_END, type People, type PatientSet } from "@cairn/tables";
import { bitsOn, onOrBefore, type DayTable, type ReferenceDates } from "./reference-dates.js";

/**
 * The patients and dates of the base population. All queries of a batch share it, and none reads anyone outside it.
 */
export function basePopulation(
  { people, leftOut }: { readonly people: People; readonly leftOut: PatientSet | null },
  which: Query["people"],
  dates: ReferenceDates,
): Mask {
  const mask = which === "everyone" ? everyone(people, dates) : registeredAndAlive(people, dates);
  if (leftOut !== null) for (let p = 0; p < mask.length; p++) if (has(leftOut, p)) mask[p] = 0;
  return mask;
}

function everyone(people: People, dates: ReferenceDates): Mask {
  const mask = new Int32Array(people.size).fill(dates.all);
  for (let p = 0; people.held !== undefined && p < people.size; p++) if (people.held[p] === 0) mask[p] = 0;
  return mask;
}

/**
 * The dates on which a registration is in force (started on or before D, ends on or after D or never) and death is
 * after D or never.
 */
function registeredAndAlive(people: People, dates: ReferenceDates): Mask {
  const { registrationOffset, registrationStart, registrationEnd, deathDay } = people;
  const reached = onOrBefore(dates, null);
  const mask = new Int32Array(people.size);
  for (let p = 0; p < mask.length; p++) {
    let registered = 0;
    for (let r = registrationOffset[p]! | 0; r < registrationOffset[p + 1]!; r++) {
      registered |= bitsOn(reached, registrationStart[r]!) & notPast(reached, registrationEnd[r]!);
    }
    mask[p] = registered & ~bitsOn(reached, deathDay[p]!);
  }
  return mask;
}

/** The bits of dates on or before `end`. */
function notPast(reached: DayTable, end: number): number {
  return end === NO_END ? -1 : ~bitsOn(reached, end + 1);
}

/**
 * The dates on which a registration has lasted at least a span. Registrations that overlap, or of which one starts on
 * the day the other ends or the day after, count as one.
 */
export function registeredFor(people: People, longAgo: DayTable, reached: DayTable): Mask {
  const { registrationOffset, registrationStart, registrationEnd } = people;
  const mask = blank(people.size);
  for (let p = 0; p < people.size; p++) {
    let held = 0;
    let start = 0;
    let end = 0;
    const first = registrationOffset[p]!;
    for (let r = first; r < registrationOffset[p + 1]!; r++) {
      if (r === first || registrationStart[r]! > end + 1) {
        start = registrationStart[r]!;
        end = registrationEnd[r]!;
      } else {
        end = Math.max(end, registrationEnd[r]!);
      }
      held |= bitsOn(longAgo, start) & bitsOn(reached, start) & notPast(reached, end);
    }
    mask[p] = held;
  }
  return mask;
}
