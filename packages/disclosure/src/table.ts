/** The guard's input: an exact table, and what its query asks of disclosure control. */
import { CairnError } from "@cairn/errors";
import type { ExactTable } from "@cairn/tables";

/** An exact table with its query's disclosure settings. Without settings, the policy alone decides. */
export interface UndecidedTable extends Omit<ExactTable, "optOuts" | "waterfall"> {
  /** Whether zero and full cells are withheld too. */
  readonly sensitive?: boolean;
  readonly temporal?: "rounded" | "strict";
  /** The query's period: the unit in which G5 and carrying count. */
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
