import type { ExactTable } from "@cairn/tables";

/** The tables of one query, and the masks that they read from when they are looked at. */
export interface Tables {
  readonly tables: readonly ExactTable[];
  readonly keep: readonly Int32Array[];
}
