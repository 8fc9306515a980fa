/** The kinds of condition that a query is made of, and which pairs of them a query brings together. */
import type { Condition, Query } from "@cairn/query-library";

/** Forms that look at the person or at events. */
export const PLAIN_KINDS = [
  "registered_for",
  "age",
  "sex",
  "deprivation_fifth",
  "exists",
  "issued",
  "unresolved",
  "two",
  "two within limits",
  "first_then",
  "issued_together",
  "continuity",
] as const;
/** Comparisons, one for each form of fact. */
export const COMPARISON_KINDS = [
  "value latest",
  "value highest",
  "value lowest",
  "value mean",
  "pair systolic",
  "pair diastolic",
  "date earliest",
  "date latest",
  "count events",
  "count days",
] as const;
/** Forms made of other conditions. */
export const COMBINING_KINDS = ["all", "any", "not", "at_least", "fact"] as const;

export type Combining = (typeof COMBINING_KINDS)[number];
export type Kind = (typeof PLAIN_KINDS)[number] | (typeof COMPARISON_KINDS)[number] | Combining;
export const KINDS: readonly Kind[] = [...PLAIN_KINDS, ...COMPARISON_KINDS, ...COMBINING_KINDS];

/** Two kinds beside each other under one `all`, `any` or `at_least`, or one directly inside the other. */
export type Pair =
  { readonly together: readonly [Kind, Kind] } | { readonly outer: Combining; readonly inner: Kind };

export const PAIRS: readonly Pair[] = [
  ...KINDS.flatMap((one, i) => KINDS.slice(i).map((other): Pair => ({ together: [one, other] }))),
  ...COMBINING_KINDS.flatMap((outer) => KINDS.map((inner): Pair => ({ outer, inner }))),
];

export function nameOf(pair: Pair): string {
  if ("outer" in pair) return `${pair.inner} inside ${pair.outer}`;
  return [...pair.together].sort().join(" beside ");
}

export function kindOf(condition: Condition, query: Query): Kind {
  switch (condition.form) {
    case "two":
      return condition.value === null ? "two" : "two within limits";
    case "compare_value": {
      const fact = query.facts[condition.fact]!;
      return fact.form === "value" ? `value ${fact.which}` : `pair ${condition.component!}`;
    }
    case "compare_date":
    case "compare_count": {
      const fact = query.facts[condition.fact]!;
      if (fact.form === "date") return `date ${fact.which}`;
      return `count ${fact.form === "count" && fact.what === "days" ? "days" : "events"}`;
    }
    default:
      return condition.form;
  }
}

/** The conditions directly inside one, names followed. */
export function inside(condition: Condition, query: Query): readonly Condition[] {
  switch (condition.form) {
    case "all":
    case "any":
    case "at_least":
      return condition.of;
    case "not":
      return [condition.of];
    case "fact": {
      const fact = query.facts[condition.fact]!;
      return fact.form === "condition" ? [fact.condition] : [];
    }
    default:
      return [];
  }
}

/** The conditions that a query asks at the top: start, steps and numerator, or those of `who`. */
function roots(query: Query): Condition[] {
  if (query.unit === "events") return [];
  const selection = query.unit === "people" ? query.denominator : query.who;
  const chosen = selection === null ? [] : [selection.start, ...selection.steps.map((step) => step.if)];
  return query.unit === "people" ? [...chosen, query.numerator] : chosen;
}

/** Every condition of the query, at any depth. */
export function allConditions(query: Query): Condition[] {
  const found: Condition[] = [];
  const visit = (condition: Condition) => {
    found.push(condition);
    inside(condition, query).forEach(visit);
  };
  roots(query).forEach(visit);
  return found;
}

/** Names of the pairs that the query brings together. */
export function pairsOf(query: Query): string[] {
  return allConditions(query).flatMap((condition) => {
    const inner = inside(condition, query).map((each) => kindOf(each, query));
    const nested = inner.map((kind) => nameOf({ outer: condition.form as Combining, inner: kind }));
    const beside = inner.flatMap((one, i) =>
      inner.slice(i + 1).map((other) => nameOf({ together: [one, other] })),
    );
    return [...nested, ...beside];
  });
}

export function hasComparison(condition: Condition, query: Query): boolean {
  return (
    condition.form.startsWith("compare_") ||
    inside(condition, query).some((each) => hasComparison(each, query))
  );
}
