/** Skips rows of a load that later ones of it supersede. */
import type { GivenRows, NewHolders } from "./row-holders.js";
import { DOUBLES, isDeleted, orderOf, type PatientRows } from "./spool.js";

/**
 * Skips rows whose id comes again later in the load, of this patient or (unless ids are each person's `own`) of another,
 * or is removed there: by their order, whatever their days.
 * @returns the number skipped
 */
export function skipSuperseded(
  rows: PatientRows,
  skip: Uint8Array,
  given: GivenRows,
  own: boolean,
  holders: NewHolders | null,
): number {
  let skipped = 0;
  const lastOf = new Map<number, number>();
  const withTombstones = holdsTombstones(rows);
  for (let i = 0; i < rows.count; i++) {
    const row = rows.doubles[i * DOUBLES + 6]!;
    if (row === 0 || (!withTombstones && given.cameOnce(row))) continue;
    const order = orderOf(rows, i);
    if (!own && !isDeleted(rows, i) && given.isOver(row, rows.patient, order)) {
      skip[i] = 1;
      skipped++;
      continue;
    }
    const other = lastOf.get(row);
    const later = other === undefined || order >= orderOf(rows, other);
    if (other !== undefined) {
      skip[later ? other : i] = 1;
      skipped++;
      // Also where only its tombstone is left, if the patient was given the row before that.
      const wasGiven = [other, i].some((each) => !isDeleted(rows, each));
      if (wasGiven) holders?.isNew(row, rows.patient, Math.max(order, orderOf(rows, other)));
    }
    if (later) lastOf.set(row, i);
  }
  return skipped;
}

function holdsTombstones(rows: PatientRows): boolean {
  for (let i = 0; i < rows.count; i++) if (isDeleted(rows, i)) return true;
  return false;
}
