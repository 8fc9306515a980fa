/** Each form of fact and where it is computed. A new one is a file here and a line below. */
import type { Fact } from "@cairn/query-library";
import type { FormContext } from "../ask.js";
import type { ListColumns } from "@cairn/tables";
import { dateRuns } from "./date.js";
import { pairRuns } from "./pair.js";
import type { AnyFact } from "../runs.js";
import { valueRuns } from "./value.js";

/**
 * Computes a fact for everyone on every date. Conditions and counts have no runs: their comparisons read postings.
 */
export function factOf(fact: Fact, ask: FormContext): AnyFact {
  switch (fact.form) {
    case "date":
      return { form: "date", runs: dateRuns(fact, ask) };
    case "value":
      return { form: "value", runs: valueRuns(fact, ask) };
    case "pair":
      return { form: "pair", ...pairRuns(fact, ask) };
    case "count":
    case "condition":
      throw new TypeError(`a ${fact.form} fact is not a measurement`);
  }
}

/** The lists that a fact reads, with the columns it needs; a condition names its own. */
export function columnsOfFact(fact: Fact): ListColumns[] {
  switch (fact.form) {
    case "condition":
      return [];
    case "date":
    case "count":
      return [[fact.list, {}]];
    case "value":
      return [[fact.list, { value: true }]];
    case "pair":
      return [
        [fact.systolic, { value: true }],
        [fact.diastolic, { value: true }],
      ];
  }
}
