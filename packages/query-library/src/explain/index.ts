/**
 * A query in plain English, as a rule table for sign-off. It is made from the parsed query alone, the same that the
 * engines read, so it cannot differ from what is counted.
 */
import { ageBandLabels } from "../cells.js";
import type { EventChoice, Query, Selection, SplitKey } from "../query.js";
import { factDetail, factLabel, factWords } from "./facts.js";
import { conditionWords, type QueryNames } from "./conditions.js";
import { leftOutWords, peopleWords } from "./people.js";
import { reviewWords } from "../review.js";
import { flat, listWords, plural, systemWords, windowWords, type Phrase } from "./phrases.js";

/** One rule: its name, its condition, and its effect. */
export interface Rule {
  readonly label: string;
  readonly says: Phrase;
  readonly then: string | null;
}

export interface Section {
  readonly title: string;
  readonly rules: readonly Rule[];
}

export interface Explanation {
  readonly title: string;
  readonly name: string; // name, version
  readonly sections: readonly Section[];
}

/** The rule table of a query. D is the reference date: the last day of each period. */
export function explain(query: Query): Explanation {
  const sections = [
    { title: "What is asked", rules: aboutRules(query) },
    { title: countedTitle(query), rules: denominatorRules(query) },
    { title: "Issued to whom", rules: whoRules(query) },
    { title: "Of these, how many", rules: numeratorRules(query) },
    { title: "How measurements are taken", rules: factRules(query) },
    { title: "Shown", rules: splitRules(query) },
    { title: "Registers", rules: registerRules(query) },
    { title: "Codelists", rules: codelistRules(query) },
    { title: "Others have tried", rules: triedRules(query) },
    { title: "Who answers for it", rules: reviewRules(query) },
  ];
  return {
    title: query.title,
    name: `${query.query}, version ${query.version}`,
    sections: sections.filter((section) => section.rules.length > 0),
  };
}

function rule(label: string, says: Phrase, then: string | null = null): Rule {
  return { label, says, then };
}

function aboutRules(query: Query): Rule[] {
  const { every, count } = query.periods;
  return [
    rule("Question", query.question),
    rule("Purpose", query.purpose),
    ...(query.why === null ? [] : [rule("Why", query.why)]),
    ...(query.source === null ? [] : [rule("Source", query.source)]),
    rule(
      "When",
      `D, the reference date, is the last day of each ${every}; the last ${count === 1 ? every : `${count} ${every}s`} are asked`,
    ),
    rule("People", peopleWords(query)),
    rule("Left out", leftOutWords(query.optOuts === undefined ? null : "query")),
    rule("Direction", directionWords(query)),
    ...(query.sensitive ? [rule("Sensitive", "yes")] : []),
    ...(query.worklistFirst ? [rule("Use", "first of all the practice's own list of patients")] : []),
    ...(query.temporal === "strict"
      ? [rule("Over time", "a cell is carried while its change is too small to show")]
      : []),
  ];
}

function directionWords(query: Query): string {
  const words = query.direction === "none" ? "neither higher nor lower is better by itself" : query.direction;
  return `${words}; practices are called alike only where that is known to within ${query.margin} percentage points`;
}

function countedTitle(query: Query): string {
  if (query.unit === "people") return "Who is counted";
  return query.unit === "events" ? "Which entries are counted" : "Which issues are counted";
}

/** The rules of the denominator, apart from those that narrow the people. */
export function denominatorRules(query: Query): Rule[] {
  if (query.unit === "people") return selectionRules(query.denominator, query);
  if (query.unit === "events") return [rule("Count", eventWords(query.denominator, query))];
  const { list, window } = query.denominator;
  const what = query.unit === "items" ? "each issue" : "the quantity of each issue";
  return [
    rule("Add up", `${what} of a medicine of ${listWords(list, query.codelists)} ${windowWords(window)}`),
  ];
}

/** The rules that narrow the people whose issues an items query counts. */
export function whoRules(query: Query): Rule[] {
  return (query.unit === "items" || query.unit === "quantity") && query.who !== null
    ? selectionRules(query.who, query)
    : [];
}

function selectionRules({ start, steps, otherwise }: Selection, known: QueryNames): Rule[] {
  if (steps.length === 0) return [rule("Count", withPerson(conditionWords(start, known)))];
  return [
    rule("Start with", withPerson(conditionWords(start, known))),
    ...steps.map((step, i) =>
      rule(
        `Step ${i + 1}`,
        withPerson(conditionWords(step.if, known)),
        (step.do === "select" ? "counted" : "left out") + (step.why === null ? "" : `: ${step.why}`),
      ),
    ),
    rule("Everyone else", "whom no step decided", otherwise === "select" ? "counted" : "left out"),
  ];
}

function withPerson(phrase: Phrase): Phrase {
  return typeof phrase === "string" ? `a person ${phrase}` : { ...phrase, lead: `a person ${phrase.lead}` };
}

/** The rules of the numerator. */
export function numeratorRules(query: Query): Rule[] {
  if (query.unit === "people") return [rule("Count", withPerson(conditionWords(query.numerator, query)))];
  if (query.unit === "events") return [rule("Count", eventWords(query.numerator, query))];
  const { list, window } = query.numerator;
  return [
    rule("Add up", `those of a medicine of ${listWords(list, query.codelists)} ${windowWords(window)}`),
  ];
}

function eventWords({ list, window, systems, mapped, coded }: EventChoice, known: QueryNames): string {
  const which = list === null ? "every entry" : `every entry of ${listWords(list, known.codelists)}`;
  const narrowed = [
    ...(systems === null ? [] : [`recorded in ${systems.map(systemWords).join(" or ")}`]),
    ...(mapped === null ? [] : [`whose code is ${mapped.join(" or ")}`]),
    ...(coded === null ? [] : [coded ? "with a code" : "without a code"]),
  ];
  return [`${which} ${windowWords(window)}`, ...narrowed].join(", ");
}

function factRules(query: Query): Rule[] {
  const rules = Object.entries(query.facts).flatMap(([name, fact]) => {
    if (fact.form === "condition") return [];
    const label = factLabel(name);
    return [
      rule(label[0]!.toUpperCase() + label.slice(1), factWords(fact, query.codelists), factDetail(fact)),
    ];
  });
  return [...rules, ...missingRules(query)];
}

/** The rules for missing values in comparisons; empty where none can be missing (a count never is). */
function missingRules(query: Query): Rule[] {
  const forms = Object.values(query.facts).map((fact) => fact.form);
  const values = forms.includes("value") || forms.includes("pair");
  if (!values && !forms.includes("date")) return [];
  const settles =
    'a result such as "<5" counts only where it settles the comparison, and no earlier result takes its place';
  return [
    rule("Missing", `a comparison with something missing does not hold${values ? `; ${settles}` : ""}`),
  ];
}

function splitRules(query: Query): Rule[] {
  const splits = query.splitBy.map((split) =>
    rule("Split by", split.map(splitWords).join(", crossed with ")),
  );
  const by = query.unit === "events" ? query.by.map((key) => rule("Split by", BY_WORDS[key])) : [];
  return [
    rule("Total", query.unit === "people" ? "all who are counted" : "all that is counted"),
    ...splits,
    ...by,
  ];
}

const BY_WORDS = {
  system: "the code system that the entry was recorded in",
  mapped: "how the recorded code was translated",
  coded: "whether the entry has a code",
  year: "the calendar year of the entry",
} as const;

function splitWords(key: SplitKey): string {
  switch (key.key) {
    case "sex":
      return "sex";
    case "age_band":
      return `age at D (${ageBandLabels(key.bounds).join(", ")})`;
    case "deprivation_fifth":
      return "deprivation fifth";
    case "ethnic_group":
      return "ethnic group";
  }
}

function registerRules({ registers }: Query): Rule[] {
  return registers.map(({ name, version, title, meaning, source }) =>
    rule(name, `version ${version}: ${sentence(title)} ${sentence(meaning)} Source: ${sentence(source)}`),
  );
}

function sentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}

function triedRules({ othersTried }: Query): Rule[] {
  return othersTried.map(({ what, source, url }) =>
    rule("Tried", `${sentence(what)} Source: ${url === null ? sentence(source) : `${source}, ${url}`}`),
  );
}

function reviewRules({ review }: Query): Rule[] {
  return [
    ...(review.writtenBy === null ? [] : [rule("Written", `by ${review.writtenBy}`)]),
    rule("Reviewed", reviewWords(review)),
    ...(review.due === null ? [] : [rule("Review due", review.due)]),
  ];
}

function codelistRules(query: Query): Rule[] {
  const lists = [
    ...new Map(Object.values(query.codelists).map((list) => [list.name + list.version, list])).values(),
  ];
  return lists.map((list) =>
    rule(
      list.name,
      `version ${list.version}: ${plural(list.codes.length, `${systemWords(list.system)} code`)}${list.kind === "medicine" ? " of medicines" : ""}`,
    ),
  );
}

/** The denominator and the numerator in one line of plain English each, D being the reference date. */
export function conditionsInWords(
  query: Query,
): { readonly part: "denominator" | "numerator"; readonly words: string }[] {
  const inOneLine = (rules: readonly Rule[]): string =>
    rules.map(({ says, then }) => (then === null ? flat(says) : `${flat(says)} (${then})`)).join("; ");
  return [
    { part: "denominator", words: inOneLine([...denominatorRules(query), ...whoRules(query)]) },
    { part: "numerator", words: inOneLine(numeratorRules(query)) },
  ];
}
