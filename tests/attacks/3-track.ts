/** Trackers: bands one patient apart, in one query and in many, and chains that step over a rounding boundary. */
import type { UndecidedTable } from "@cairn/disclosure";
import { cell, table, type Span } from "../../packages/disclosure/test/tables.js";
import { decided, isLong, leftWith, together, type Attack, type Guards } from "./guard.js";
import { pairExposures } from "./groups.js";

export function track(guards: Guards): Attack {
  const steps = isLong ? 60 : 20;
  const nested = Array.from({ length: steps }, (_, n) =>
    one({ query: "nested", version: `${n}` }, [[0, 90 + n]]),
  );
  // The same few people at the edge of many groups of other sizes: each pair gives another range for them.
  const chains = Array.from({ length: steps }, (_, n): UndecidedTable[] => {
    const base: Span = [100 + 500 * n, 200 + 501 * n];
    return [one({ query: `chain-${n}` }, [base]), one({ query: `chain-${n}-and` }, [[0, 3], base])];
  }).flat();
  const attacks = [nested, chains].map((batch) => pairExposures(leftWith(decided(guards, batch))));
  return together("track", "exact counts within a query, released values across queries", attacks);
}

function one(named: Partial<UndecidedTable>, people: readonly Span[]): UndecidedTable {
  return table([cell({}, people, [])], named);
}
