/** Conditions in words; one case a form. */
import { canonicalJson } from "../canonical.js";
import type { Condition, Fact, FactName, Limit, NamedRegister } from "../query.js";
import {
  entryNoun,
  entryWords,
  limitWords,
  listWords,
  plural,
  shareWords,
  spanWords,
  windowWords,
  withinWords,
  type Lists,
  type Phrase,
} from "./phrases.js";

/** The names in a query that its words use. */
export interface QueryNames {
  readonly facts: Readonly<Record<FactName, Fact>>;
  readonly codelists: Lists;
  readonly registers: readonly NamedRegister[];
}

/** A clause that follows "a person": `who is aged 17 or over`, `whose latest reading is ...`. */
export function conditionWords(condition: Condition, known: QueryNames): Phrase {
  const register = registerOf(condition, known);
  if (register === undefined) return formWords(condition, known);
  const words = formWords(condition, known);
  if (typeof words === "string") return `who is on the register \`${register.name}\`, that is, ${words}`;
  return { ...words, lead: `who is on the register \`${register.name}\`, that is, ${words.lead}` };
}

/** The register whose condition this is, of those that the query names. */
export function registerOf(condition: Condition, { registers }: QueryNames): NamedRegister | undefined {
  return registers.find(
    (each) =>
      each.condition.form === condition.form && canonicalJson(each.condition) === canonicalJson(condition),
  );
}

function formWords(condition: Condition, known: QueryNames): Phrase {
  const list = (name: string) => listWords(name, known.codelists);
  switch (condition.form) {
    case "exists":
      return `who has a code of ${list(condition.list)} ${windowWords(condition.window)}`;
    case "issued":
      return `who was issued a medicine of ${list(condition.list)} ${windowWords(condition.window)}`;
    case "unresolved":
      return `who has a code of ${list(condition.list)} ${windowWords(condition.window)} that no later code of ${list(condition.resolvedBy)} resolves (both on one day: ${condition.sameDay === "resolved_wins" ? "resolved" : "not resolved"})`;
    case "two":
      return twoWords(condition, known);
    case "first_then":
      return `who has ${entryWords(condition.then, known.codelists)} of ${list(condition.then)} on the day of the first ${entryNoun(condition.first, known.codelists)} of ${list(condition.first)} ever or up to ${spanWords(condition.within)} after it${condition.window.from === null && condition.window.to === null ? "" : `, that first one being ${windowWords(condition.window)}`}`;
    case "issued_together":
      return `who was issued a medicine of ${list(condition.lists[0])} and one of ${list(condition.lists[1])} at most ${spanWords(condition.within)} apart, both ${windowWords(condition.window)}`;
    case "continuity":
      return `who had ${plural(condition.contacts, "contact")} or more of ${list(condition.list)} with a known clinician ${windowWords(condition.window)}, and at least ${shareWords(condition.atLeast)} of them with the same one`;
    case "age":
      return ageWords(condition.from, condition.to);
    case "sex":
      return condition.sex === "unknown"
        ? "who has no recorded sex"
        : `whose recorded sex is ${condition.sex}`;
    case "registered_for":
      return `who has been registered without a gap for ${spanWords(condition.span)} or more at D`;
    case "deprivation_fifth":
      return condition.from === condition.to
        ? `who lives in deprivation fifth ${condition.from}`
        : `who lives in a deprivation fifth from ${condition.from} to ${condition.to}`;
    case "compare_value":
    case "compare_date":
    case "compare_count":
      return comparisonWords(condition, known);
    case "all":
    case "any":
    case "at_least":
      return combinationWords(condition, known);
    case "not":
      return notWords(condition, known);
    case "fact":
      return namedWords(condition.fact, known);
  }
}

function namedWords(name: FactName, known: QueryNames): Phrase {
  const fact = known.facts[name];
  return fact?.form === "condition" ? conditionWords(fact.condition, known) : `(${name})`;
}

function ageWords(from: number | null, to: number | null): string {
  if (from === 0 && to === null) return "of any age at D, where the date of birth is known";
  if (from !== null && from === to) return `who is aged ${from} at D`;
  if (from === null) return `who is aged ${to} or under at D`;
  return to === null ? `who is aged ${from} or over at D` : `who is aged ${from} to ${to} at D`;
}

function twoWords(condition: Extract<Condition, { readonly form: "two" }>, known: QueryNames): string {
  const what =
    condition.value === null
      ? `entries of ${listWords(condition.list, known.codelists)}`
      : `readings of ${listWords(condition.list, known.codelists)} that are ${limitWords(condition.value.limits, condition.value.reading.unit)}`;
  const plausible = condition.value?.reading.plausible ?? null;
  const range =
    plausible === null ? "" : ` (ignoring what is below ${plausible[0]} or above ${plausible[1]})`;
  const apart =
    condition.apart.n === 0 ? ", on one day or two" : ` at least ${spanWords(condition.apart)} apart`;
  return `who has two ${what}${range}${apart}, both ${windowWords(condition.window)}`;
}

type Comparison = Extract<Condition, { readonly form: "compare_value" | "compare_date" | "compare_count" }>;

function comparisonWords(condition: Comparison, known: QueryNames): string {
  const fact = known.facts[condition.fact];
  if (condition.form === "compare_date" && fact?.form === "date") {
    const list = listWords(fact.list, known.codelists);
    return `whose ${fact.which} ${entryNoun(fact.list, known.codelists)} of ${list} ${windowWords(fact.window)} is dated ${withinWords(condition.window)}`;
  }
  if (condition.form === "compare_count" && fact?.form === "count")
    return countWords(fact, condition.limits, known);
  if (condition.form !== "compare_value") return `(${condition.fact})`;
  return valueWords(condition, known);
}

function valueWords(
  condition: Extract<Comparison, { readonly form: "compare_value" }>,
  known: QueryNames,
): string {
  const fact = known.facts[condition.fact];
  if (fact?.form !== "value" && fact?.form !== "pair") return `(${condition.fact})`;
  const limits = limitWords(condition.limits, fact.reading.unit);
  if (fact.form === "value") {
    return `whose ${fact.which} reading of ${listWords(fact.list, known.codelists)} ${windowWords(fact.window)} is ${limits}`;
  }
  const both = `${listWords(fact.systolic, known.codelists)} and ${listWords(fact.diastolic, known.codelists)}`;
  return `whose ${condition.component} reading, on the latest day ${windowWords(fact.window)} that has both ${both}, is ${limits}`;
}

function countWords(
  fact: Extract<Fact, { readonly form: "count" }>,
  limits: readonly Limit[],
  known: QueryNames,
): string {
  const [list, many, when] = [
    listWords(fact.list, known.codelists),
    limitWords(limits, null),
    windowWords(fact.window),
  ];
  return fact.what === "events"
    ? `who has ${many} entries of ${list} ${when}`
    : `who has entries of ${list} on ${many} different days ${when}`;
}

function combinationWords(
  condition: Extract<Condition, { readonly form: "all" | "any" | "at_least" }>,
  known: QueryNames,
): Phrase {
  const parts = condition.of.map((part) => conditionWords(part, known));
  if (parts.length === 1) return parts[0]!;
  const many = condition.of.length;
  if (condition.form === "all") return { lead: "who meets all of these:", parts };
  if (condition.form === "any") return { lead: "who meets at least one of these:", parts };
  return { lead: `who meets at least ${condition.n} of these ${many}:`, parts };
}

function notWords(condition: Extract<Condition, { readonly form: "not" }>, known: QueryNames): Phrase {
  const inside = condition.of.form === "fact" ? known.facts[condition.of.fact] : undefined;
  const of = inside?.form === "condition" ? inside.condition : condition.of;
  const plain = registerOf(of, known) === undefined;
  if (plain && of.form === "exists")
    return `who has no code of ${listWords(of.list, known.codelists)} ${windowWords(of.window)}`;
  if (of.form === "issued")
    return `who was not issued a medicine of ${listWords(of.list, known.codelists)} ${windowWords(of.window)}`;
  if (plain && of.form === "any" && condition.ifMissing === null)
    return { lead: "who meets none of these:", parts: of.of.map((part) => conditionWords(part, known)) };
  return {
    lead: `who does not meet this${MISSING[String(condition.ifMissing) as keyof typeof MISSING]}:`,
    parts: [conditionWords(of, known)],
  };
}

const MISSING = {
  null: "",
  true: ", or in whom something that is compared is missing",
  false: ", and in whom nothing that is compared is missing",
} as const;
