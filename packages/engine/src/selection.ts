import type { Condition, Query, Selection } from "@cairn/query-library";
import type { Graph } from "./graph.js";
import { and, blank, or, without, type Mask } from "./masks.js";

/** The people chosen, and the decision of each step in order: the waterfall. */
export interface ChosenPeople {
  readonly mask: Mask;
  readonly stages: readonly { readonly label: string; readonly mask: Mask }[];
}

/** Chooses people: those of the base for whom `start` holds; then the first step that matches decides. */
export function choose(query: Query, selection: Selection, graph: Graph): ChosenPeople {
  const base = graph.basePopulation(query);
  const started = startOf(query, selection.start, base, graph);
  const ask = graph.ask(query, started);
  if (selection.steps.length === 0 && selection.otherwise === "select") {
    return { mask: started, stages: [{ label: "start", mask: started }] };
  }
  const stages = [{ label: "start", mask: started }];
  let undecided = started;
  let selected = blank(base.length);
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

/** Conditions on the person and not on the record: quick, and they leave fewer people to look at. */
const OF_THE_PERSON: ReadonlySet<Condition["form"]> = new Set([
  "age",
  "sex",
  "deprivation_fifth",
  "registered_for",
]);

/**
 * The people of the base for whom the start holds. Of conditions that must all hold, each is asked among those that
 * the ones before it left.
 */
function startOf(query: Query, start: Condition, base: Mask, graph: Graph): Mask {
  if (start.form !== "all") return and(base, graph.ask(query, base).holds(start));
  const quickFirst = [
    ...start.of.filter(({ form }) => OF_THE_PERSON.has(form)),
    ...start.of.filter(({ form }) => !OF_THE_PERSON.has(form)),
  ];
  return quickFirst.reduce((sofar, each) => and(sofar, graph.ask(query, sofar).holds(each)), base);
}
