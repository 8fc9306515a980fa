/** Whether people with a type 1 opt-out in their record are in a comparison's numbers: stated beside each (H13). */
import type { MadeCounts } from "./document.js";

/** The statement as one sentence, naming no practice; null where nobody contributes. */
export function optOutWords({ left_out: without, counted }: MadeCounts["opt_outs"]): string | null {
  if (without + counted === 0) return null;
  if (counted === 0) return "People with a type 1 opt-out in their record are left out of these numbers.";
  if (without === 0) return "People with a type 1 opt-out in their record are counted in these numbers.";
  return `People with a type 1 opt-out in their record are left out of the numbers of ${practices(without)} and counted in those of ${practices(counted)}.`;
}

function practices(count: number): string {
  return count === 1 ? "1 practice" : `${count} practices`;
}
