/** The words for what a query counts. */
import type { Query } from "@cairn/query-library";

export const COUNTED: Readonly<Record<Query["unit"], string>> = {
  people: "people",
  items: "issues",
  quantity: "units issued",
  events: "entries",
};
