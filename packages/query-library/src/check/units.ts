/** Checks that readings can have a number in the unit that is asked for. */
import type { Context } from "../parse/context.js";
import type { Draft } from "../draft.js";
import type { ListName } from "../query.js";
import { isConvertible } from "../units.js";
import { allConditions } from "./names.js";

interface Asked {
  readonly lists: readonly ListName[];
  readonly unit: string;
  readonly line: number;
}

/** Refuses a unit that the codelist's own unit cannot be converted to: every reading would be ignored. */
export function checkUnits(query: Draft, at: Context): void {
  for (const { lists, unit, line } of [...factUnits(query, at), ...conditionUnits(query, at)]) {
    for (const list of new Set(lists)) {
      const own = query.codelists[list]?.unit ?? null;
      if (own === null || isConvertible(own, unit)) continue;
      at.problems.add(
        line,
        "unit",
        `Readings of \`${list}\` are in ${own}, which is never converted to ${unit}; write \`unit: ${own}\`.`,
      );
    }
  }
}

function factUnits(query: Draft, at: Context): Asked[] {
  return Object.values(query.facts).flatMap((fact) => {
    if (fact.form !== "value" && fact.form !== "pair") return [];
    const lists = fact.form === "value" ? [fact.list] : [fact.systolic, fact.diastolic];
    return [{ lists, unit: fact.reading.unit, line: at.lineOf(fact) }];
  });
}

function conditionUnits(query: Draft, at: Context): Asked[] {
  return allConditions(query).flatMap((condition) => {
    if (condition.form !== "two" || condition.value === null) return [];
    return [{ lists: [condition.list], unit: condition.value.reading.unit, line: at.lineOf(condition) }];
  });
}
