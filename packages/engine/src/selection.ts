import type { Selection } from "@cairn/query-library";
import type { Ask } from "./graph.js";
import { and, filled, or, without, type Mask } from "./masks.js";

/** Who is chosen, and what each step decided, in order: the waterfall. */
export interface Chosen {
  readonly mask: Mask;
  readonly stages: readonly { readonly label: string; readonly mask: Mask }[];
}

/** People of the base for whom `start` holds; then the first step that matches decides. */
export function choose(selection: Selection, base: Mask, ask: Ask): Chosen {
  const started = and(base, ask.holds(selection.start));
  if (selection.steps.length === 0 && selection.otherwise === "select") {
    return { mask: started, stages: [{ label: "start", mask: started }] };
  }
  const stages = [{ label: "start", mask: started }];
  let undecided = started;
  let selected = filled(base.length, 0);
  selection.steps.forEach((step, i) => {
    const decided = and(undecided, ask.holds(step.if));
    stages.push({
      label: `step ${i + 1}: ${step.do}${step.why === null ? "" : ` (${step.why})`}`,
      mask: decided,
    });
    if (step.do === "select") selected = or(selected, decided);
    undecided = without(undecided, decided);
  });
  stages.push({ label: `otherwise: ${selection.otherwise}`, mask: undecided });
  return { mask: selection.otherwise === "select" ? or(selected, undecided) : selected, stages };
}
