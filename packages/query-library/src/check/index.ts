/** Checks a query as a whole, once every part of it has been read. */
import type { Context } from "../parse/context.js";
import type { Draft } from "../draft.js";
import { canBeMissing } from "../walk.js";
import type { MapNode } from "../yaml.js";
import { checkBudget } from "./budget.js";
import { checkContainment } from "./containment.js";
import { checkContradictions } from "./contradictions.js";
import { checkUnits } from "./units.js";
import { allConditions, checkCircles, checkUnused } from "./names.js";

/** Records every problem of the whole query. */
export function check(query: Draft, root: MapNode, at: Context): void {
  if (!checkCircles(query, root, at)) return;
  if (!checkBudget(query, root, at)) return;
  checkUnused(query, root, at);
  checkMissing(query, at);
  checkUnits(query, at);
  checkContradictions(query, root, at);
  checkContainment(query, root, at);
}

/**
 * Checks that `not` over a comparison states what holds where the comparison is missing, and that no other `not`
 * does.
 */
function checkMissing(query: Draft, at: Context): void {
  for (const condition of allConditions(query)) {
    if (condition.form !== "not") continue;
    const line = at.lineOf(condition);
    const missing = canBeMissing(condition.of, query.facts);
    if (missing && condition.ifMissing === null) {
      const words =
        "Say what holds for someone in whom the comparison is missing: `{not: ..., if_missing: true}` counts them as not, `if_missing: false` does not.";
      at.problems.add(line, "if-missing", words);
    }
    if (!missing && condition.ifMissing !== null) {
      at.problems.add(
        line,
        "if-missing",
        "Nothing inside can be missing; write `{not: ...}` without `if_missing`.",
      );
    }
  }
}
