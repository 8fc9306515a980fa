/** The people with a type 1 opt-out in their record of everything that leaves, for the fast engine. */
import type { OptOutCodes } from "@cairn/query-library";
import {
  addTo,
  emptySet,
  type OptOutChoice,
  type People,
  type RecordSource,
  type PatientSet,
  at,
} from "@cairn/tables";

const NEVER = -0x80000000;

/** The people whom a choice leaves out of every base population; null where it leaves out nobody. */
export function leftOutBy(choice: OptOutChoice, source: RecordSource, people: People): PatientSet | null {
  switch (choice.optOuts) {
    case "left-out":
      return optedOut(source, choice.codes, people);
    case "counted-by-choice":
      return people.leftOut ?? null;
    case "counted":
      return null;
  }
}

/**
 * The people whom the source leaves out, and those whose latest opt-out has not been withdrawn on a later day, in the
 * records as they stand: without a reference date, later events included.
 * @param people of the source, where they have been read
 */
export function optedOut(
  source: RecordSource,
  { optedOut, withdrawn }: OptOutCodes,
  people: People = source.people(),
): PatientSet {
  const { size, leftOut } = people;
  const set = latestWins(size, latestDays(source, size, optedOut), latestDays(source, size, withdrawn));
  return leftOut ? set.map((word, i) => word | at(leftOut, i)) : set;
}

/** The people whose latest opt-out is not before their latest withdrawal: of one day, the opt-out holds. */
function latestWins(size: number, out: Int32Array, back: Int32Array): PatientSet {
  const set = emptySet(size);
  for (let p = 0; p < size; p++) if (out[p] !== NEVER && at(out, p) >= at(back, p)) addTo(set, p);
  return set;
}

function latestDays(source: RecordSource, size: number, lists: OptOutCodes["optedOut"]): Int32Array {
  const latest = new Int32Array(size).fill(NEVER);
  for (const list of lists) {
    const { patient, day } = source.occurrences(list);
    for (let i = 0; i < patient.length; i++) {
      const key = at(patient, i);
      latest[key] = Math.max(at(latest, key), at(day, i));
    }
  }
  return latest;
}
