/** The steps of a query about people, from everyone it asks about to those it counts: each keeps some and leaves out others. */
import type { Condition, PeopleQuery } from "../query.js";
import { conditionWords, registerOf } from "./conditions.js";
import { flat } from "./phrases.js";

/** One step, with words for those whom it keeps. */
export type QueryStep = { readonly words: string } & (
  | { readonly keeps: "population" }
  | { readonly keeps: "those-for-whom"; readonly condition: Condition }
  /** Those whom this step of the denominator (an index) does not leave out. */
  | { readonly keeps: "not-rejected-by"; readonly step: number }
  /** Those whom some step of the denominator took in. */
  | { readonly keeps: "selected" }
);

/**
 * The steps in their order: the population; each part of the start; each step that leaves people out; each part of the
 * numerator. No step keeps anyone whom the one before left out, and the last keeps the numerator.
 */
export function stepsOf(query: PeopleQuery): QueryStep[] {
  const { start, steps, otherwise } = query.denominator;
  const holds = (condition: Condition): QueryStep => ({
    keeps: "those-for-whom",
    condition,
    words: wordsOf(condition, query),
  });
  return [
    {
      keeps: "population",
      words:
        query.people === "everyone"
          ? "everyone whose record the practice holds"
          : "registered with the practice and alive",
    },
    ...partsOf(start).map(holds),
    ...steps.flatMap(({ do: what, if: condition, why }, step): QueryStep[] => {
      if (what === "select") return [];
      const words = why ?? wordsOf(condition, query);
      return [{ keeps: "not-rejected-by", step, words: `not left out by step ${step + 1}: ${words}` }];
    }),
    ...(otherwise === "reject"
      ? [{ keeps: "selected", words: "taken in by one of the steps" } as const]
      : []),
    ...partsOf(query.numerator).map(holds),
  ];
}

function partsOf(condition: Condition): readonly Condition[] {
  return condition.form === "all" && condition.of.length > 0 ? condition.of : [condition];
}

/** As the explanation says it, for a reader who does not have it beside them: D is said in full. */
function wordsOf(condition: Condition, query: PeopleQuery): string {
  const fact = condition.form === "fact" ? query.facts[condition.fact] : undefined;
  const itself = fact?.form === "condition" ? fact.condition : condition;
  const register = registerOf(itself, query);
  if (register) return `on the register: ${register.title}`;
  return flat(conditionWords(itself, query)).replaceAll("`", "").replaceAll(/\bD\b/g, "the date");
}
