/** Before anything is measured: do the engines give the same answers on patients of the bench? */
import type { Codelist, Query } from "@cairn/query-library";
import { answer, answerSlowly } from "@cairn/engine";
import { OPT_OUTS_COUNTED } from "@cairn/tables";
import { practice } from "./practice.js";

/** Throws where a cell differs. `patients` of the practice of this seed, at some of the dates. */
export function mustAgree(
  queries: readonly Query[],
  codelists: ReadonlyMap<string, Codelist>,
  dates: readonly string[],
  patients: number,
  seed: number,
): void {
  const { source, plain } = practice(patients, seed);
  const people = plain(patients, codelists);
  const tables = answer(source, queries, dates, OPT_OUTS_COUNTED);
  queries.forEach((query, q) => {
    answerSlowly(people, query, dates, null).forEach((slow, k) => {
      const fast = tables[q]![k]!;
      slow.cells.forEach(({ split, denominator, numerator }, c) => {
        const cell = fast.cells[c]!;
        if (cell.denominator === denominator && cell.numerator === numerator) return;
        throw new Error(
          `${query.query} at ${fast.date}, ${JSON.stringify(split)}: ${cell.numerator}/${cell.denominator}, ` +
            `and the slow engine says ${numerator}/${denominator}`,
        );
      });
    });
  });
}
