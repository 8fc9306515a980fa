/** Walks through conditions: their parts, and everything in a query. */
import type { Draft } from "./draft.js";
import type { Condition, Fact, FactName, ListName, Selection } from "./query.js";

/** The conditions directly inside one. */
export function parts(condition: Condition): readonly Condition[] {
  switch (condition.form) {
    case "all":
    case "any":
    case "at_least":
      return condition.of;
    case "not":
      return [condition.of];
    default:
      return [];
  }
}

/** The same condition with every codelist under another alias. */
export function withLists(condition: Condition, name: (alias: ListName) => ListName): Condition {
  switch (condition.form) {
    case "exists":
    case "issued":
    case "two":
    case "continuity":
      return { ...condition, list: name(condition.list) };
    case "unresolved":
      return { ...condition, list: name(condition.list), resolvedBy: name(condition.resolvedBy) };
    case "first_then":
      return { ...condition, first: name(condition.first), then: name(condition.then) };
    case "issued_together":
      return { ...condition, lists: [name(condition.lists[0]), name(condition.lists[1])] };
    case "all":
    case "any":
    case "at_least":
      return { ...condition, of: condition.of.map((part) => withLists(part, name)) };
    case "not":
      return { ...condition, of: withLists(condition.of, name) };
    default:
      return condition;
  }
}

/** The condition and everything inside it, without following facts by name. */
export function* within(condition: Condition): Generator<Condition> {
  yield condition;
  for (const part of parts(condition)) yield* within(part);
}

/** The name of the fact that a condition reads, if it reads one. */
export function factRead(condition: Condition): FactName | null {
  switch (condition.form) {
    case "fact":
    case "compare_value":
    case "compare_date":
    case "compare_count":
      return condition.fact;
    default:
      return null;
  }
}

/** The conditions of a selection: start, then steps. */
export function selectionConditions(selection: Selection): Condition[] {
  return [selection.start, ...selection.steps.map((step) => step.if)];
}

/** The conditions that a query states outside its facts. */
export function statedConditions(query: Draft): Condition[] {
  if (query.unit === "people") return [...selectionConditions(query.denominator), query.numerator];
  if (query.unit === "events" || query.who === null) return [];
  return selectionConditions(query.who);
}

/** Every condition of a query, in its facts too, and every part of one. */
export function allConditions(query: Draft): Condition[] {
  const named = Object.values(query.facts).flatMap((fact) =>
    fact.form === "condition" ? [fact.condition] : [],
  );
  return [...statedConditions(query), ...named].flatMap((condition) => [...within(condition)]);
}

/** The condition that a name stands for, or undefined where the fact is a measurement. */
function namedCondition(facts: Readonly<Record<FactName, Fact>>, name: FactName): Condition | undefined {
  const fact = facts[name];
  return fact?.form === "condition" ? fact.condition : undefined;
}

/** The conditions that must all hold for the condition to hold: `all` taken apart, names followed. */
export function conjuncts(condition: Condition, facts: Readonly<Record<FactName, Fact>>): Condition[] {
  if (condition.form === "all") return condition.of.flatMap((part) => conjuncts(part, facts));
  if (condition.form === "fact") {
    const named = namedCondition(facts, condition.fact);
    return named === undefined ? [] : conjuncts(named, facts);
  }
  return [condition];
}

/** Whether a comparison lies anywhere inside, names followed: such a condition can be missing. */
export function canBeMissing(condition: Condition, facts: Readonly<Record<FactName, Fact>>): boolean {
  for (const part of within(condition)) {
    if (part.form === "compare_value" || part.form === "compare_date" || part.form === "compare_count")
      return true;
    const named = part.form === "fact" ? namedCondition(facts, part.fact) : undefined;
    if (named !== undefined && canBeMissing(named, facts)) return true;
  }
  return false;
}
