/** Trackers: bands one patient apart, in one query and in many, and chains that step over a rounding boundary. */
import { memoryHistory, type UndecidedTable } from "@cairn/disclosure";
import { cell, nextQuarter, table, type Span } from "../../packages/disclosure/test/tables.js";
import { constant, type Choice } from "./choice.js";
import { decided, isLong, leftWith, quarters, together, type Attack, type Guards } from "./guard.js";
import { pairExposures } from "./groups.js";

const FEW = 3; // the people that it is after: the first ones. Where the choice changes, they have opted out

export function track(guards: Guards, counts: Choice = constant): Attack {
  const steps = isLong ? 60 : 20;
  const histories = [memoryHistory(), memoryHistory()];
  const attacks = Array.from({ length: quarters(1, counts) }, (_, quarter) => {
    const date = nextQuarter(quarter);
    const few: Span[] = counts(quarter) ? [[0, FEW]] : [];
    const nested = Array.from({ length: steps }, (_, n) =>
      one({ query: "nested", version: `${n}`, date }, [...few, [FEW, 90 + n]]),
    );
    // The few at the edge of many groups of other sizes: each pair gives another range for them.
    const chains = Array.from({ length: steps }, (_, n): UndecidedTable[] => {
      const base: Span = [100 + 500 * n, 200 + 501 * n];
      return [
        one({ query: `chain-${n}`, date }, [base]),
        one({ query: `chain-${n}-and`, date }, [...few, base]),
      ];
    }).flat();
    return [nested, chains].map((batch, i) => pairExposures(leftWith(decided(guards, batch, histories[i]))));
  }).flat();
  return together("track", "exact counts within a query, released values across queries", attacks);
}

function one(named: Partial<UndecidedTable>, people: readonly Span[]): UndecidedTable {
  return table([cell({}, people, [])], named);
}
