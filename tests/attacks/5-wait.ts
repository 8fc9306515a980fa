/** Watches one query over many dates while people join and leave. */
import { memoryHistory, type UndecidedTable } from "@cairn/disclosure";
import { practice, seeded, tableOf } from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { constant, countedWhere, type Choice } from "./choice.js";
import { decided, quarters, sizes, together, type Attack, type Guards } from "./guard.js";

export function wait(guards: Guards, counts: Choice = constant): Attack {
  const tries = sizes(400).map((size) => watch(size, guards, counts));
  return together("wait", "every release of a query over time", tries);
}

function watch(size: number, guards: Guards, counts: Choice): { tried: number; exposures: number } {
  const dates = quarters(10);
  const random = seeded(5);
  const people = practice(size, random);
  const from = people.map(() => Math.floor(random() * dates * 1.6 - dates * 0.5));
  const asked = (n: number, temporal: "rounded" | "strict"): UndecidedTable => ({
    ...tableOf(people, {
      query: temporal,
      date: nextQuarter(n),
      splits: [["sex"], ["age_band"], ["deprivation_fifth"]],
      denominator: (person, key) =>
        (from[key] ?? 0) <= n && n < (from[key] ?? 0) + dates && countedWhere(counts(n))(person),
      numerator: (person) => (person.lot[0] ?? 0) < 0.15,
    }),
    temporal,
  });
  const history = memoryHistory();
  const codes = Array.from({ length: dates }, (_, n) =>
    decided(guards, [asked(n, "rounded")], history)[0]?.released.codes(),
  );
  let tried = 0;
  let exposures = 0;
  for (let n = 0; n < dates; n++) {
    // The records of today for a date of long ago: whatever comes must be what came then.
    const again = decided(
      guards,
      [{ ...asked(dates - 1, "rounded"), date: nextQuarter(n) }],
      history,
    )[0]?.released.codes();
    tried++;
    if (JSON.stringify(again) !== JSON.stringify(codes[n])) exposures++;
  }
  for (const side of ["denominator", "numerator"] as const) {
    codes[0]?.[side].forEach((_, i) => {
      const shown = codes.map((code) => (code?.[side][i] ?? 0) > 0);
      for (let n = 1; n < dates; n++) {
        tried++;
        if (shown[n] && !shown[n - 1] && n >= 2 && shown[n - 2]) exposures++; // gone for one date only
      }
    });
  }
  return { tried, exposures: exposures + strict(guards, dates, asked) };
}

/** Changes of 1 to 7 people between two values of a strict query that were both made anew. */
function strict(
  guards: Guards,
  dates: number,
  asked: (n: number, temporal: "strict") => UndecidedTable,
): number {
  const history = memoryHistory();
  const last = new Map<number, number>();
  let shown = 0;
  for (let n = 0; n < dates; n++) {
    const table = asked(n, "strict");
    const codes = decided(guards, [table], history)[0]?.released.codes();
    table.cells.forEach((cell, i) => {
      if (!codes || codes.denominator[i] === 0 || (codes.carried[i] ?? 0) > 0) return;
      const change = Math.abs(cell.denominator - (last.get(i) ?? cell.denominator));
      if (change >= 1 && change <= 7) shown++;
      last.set(i, cell.denominator);
    });
  }
  return shown;
}
