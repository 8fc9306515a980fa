/** What the guard is handed. */
import { CairnError } from "@cairn/errors";
import type { ExactTable } from "@cairn/tables";

/** An exact table with what its query says of disclosure. A bare table asks for none of it. */
export interface Asked extends Omit<ExactTable, "optOuts" | "waterfall"> {
  /** Zero and full cells are withheld too. */
  readonly sensitive?: boolean;
  readonly temporal?: "rounded" | "strict";
  /** How often its dates come: the unit in which G5 and carrying count. */
  readonly every?: "month" | "quarter" | "year";
}

/** The two counts of a cell. */
export type Side = "denominator" | "numerator";

/** One text per cell of a query, the same in every version and at every date. */
export function labelOf(split: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(split).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** `table-inconsistent`: not what an engine can have counted. `entry-unreadable`: a kept decision that is damaged. */
export class DisclosureError extends CairnError<"table-inconsistent" | "entry-unreadable"> {
  readonly kind = "does-not-hold";
}
