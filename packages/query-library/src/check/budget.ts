/** Bounds the cost of a query (H12), before it can reach an engine. */
import { cellsOf } from "../cells.js";
import type { Context } from "../parse/context.js";
import type { Draft } from "../draft.js";
import type { Condition, Fact, FactName, Query } from "../query.js";
import { parts, statedConditions } from "../walk.js";
import type { MapNode } from "../yaml.js";

export const BUDGET = {
  facts: 40,
  periods: 60, // refused where `count` is read
  cells: 1000, // at one date
  conditions: 400, // with every name written out
} as const;

/** Checks the budget. @returns false, with the problem recorded, where the query is over it */
export function checkBudget(query: Draft, root: MapNode, at: Context): boolean {
  const line = (key: string) => root.entries.get(key)?.line ?? root.line;
  const facts = Object.keys(query.facts).length;
  if (facts > BUDGET.facts) {
    at.problems.add(
      line("facts"),
      "budget",
      `${facts} facts; a query has at most ${BUDGET.facts}. Ask it as two queries.`,
    );
  }
  const conditions = writtenOut(query);
  if (conditions > BUDGET.conditions) {
    const words = `With every name written out there are more than ${BUDGET.conditions} conditions. Ask it as two queries.`;
    at.problems.add(line("denominator"), "budget", words);
  }
  if (query.unit === "events" && query.by.includes("year") && query.denominator.window.from === null) {
    const words = "`by: [year]` needs to know where the years begin: write `in: 5 years` in the denominator.";
    at.problems.add(line("denominator"), "window", words);
    return false;
  }
  const cells = cellsOf(query as Query, "2024-06-30").length;
  if (cells > BUDGET.cells) {
    const words = `${cells} cells at one date; a query has at most ${BUDGET.cells}. Use fewer splits, fewer bands, or do not cross them.`;
    at.problems.add(line(query.splitBy.length > 0 ? "split_by" : "by"), "budget", words);
  }
  return !at.problems.any;
}

/** Number of conditions with every fact written out in place of its name (at most a little over the budget). */
function writtenOut(query: Draft): number {
  const sizes = new Map<FactName, number>();
  const size = (condition: Condition): number => {
    const named = condition.form === "fact" ? sizeOfFact(condition.fact) : 1;
    return Math.min(
      1e6,
      parts(condition).reduce((sum, part) => sum + size(part), named),
    );
  };
  const sizeOfFact = (name: FactName): number => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const fact: Fact | undefined = query.facts[name];
    const found = fact?.form === "condition" ? size(fact.condition) : 1;
    sizes.set(name, found);
    return found;
  };
  return statedConditions(query).reduce((sum, condition) => sum + size(condition), 0);
}
