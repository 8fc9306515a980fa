import type { ExactTable } from "@cairn/tables";

/** The tables of one query, and the masks that they read from on first access. */
export interface Tables {
  readonly tables: readonly ExactTable[];
  readonly keep: readonly Int32Array[];
}
