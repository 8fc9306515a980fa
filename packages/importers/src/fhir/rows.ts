/** The rows that a resource makes in the store: one for itself, and one for each component behind it. */
import { type Load, type Removal, rowId } from "@cairn/records";

/** The id of the row of a resource's `part`, from 0; 0 where the resource has no id. */
export function rowOf(type: string, id: string, part: number): number {
  if (id === "") return 0;
  return rowId(part === 0 ? `${type}/${id}` : `${type}/${id}#${part}`);
}

/**
 * Removes rows of a resource from that part on, whoever has them, from the store and the load so far. `patient` is
 * the key of its patient, 0 where unknown: where ids are each person's own, only that patient's rows are removed.
 * @returns whether there was anything
 */
export function removeRows(
  load: Load,
  type: string,
  id: string,
  first: number,
  patient: number,
  why: Removal = "no event",
): boolean {
  if (id === "") return false;
  let part = first;
  for (; load.mayHave(rowOf(type, id, part)); part++) {
    const row = rowOf(type, id, part);
    load.removeRow(row, why);
    if (patient !== 0) load.event(patient, 0, 0, 0, NaN, 0, NaN, 0, row, true);
  }
  return part > first;
}
