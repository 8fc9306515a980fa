/** The small words of an explanation: time, limits, lists. D is the reference date throughout. */
import { percent } from "@cairn/text";
import type { Codelist, CodeSystem, Limit, ListName, Ratio, Span, Window } from "../query.js";

/** Text for a person: a sentence, or a lead with parts under it. */
export type Phrase = string | { readonly lead: string; readonly parts: readonly Phrase[] };

/** The codelists of a query, by alias. */
export type Lists = Readonly<Record<ListName, Codelist>>;

export function spanWords({ n, unit }: Span): string {
  return n === 1 ? `1 ${unit.slice(0, -1)}` : `${n} ${unit}`;
}

/** A window in words, open at its far end: `in the 12 months up to D`. */
export function windowWords({ from, to }: Window): string {
  if (from === null) return to === null ? "at any time up to D" : `${spanWords(to)} or more before D`;
  if (to === null) return `in the ${from.n === 1 ? from.unit.slice(0, -1) : spanWords(from)} up to D`;
  return from.unit === to.unit
    ? `between ${from.n} and ${spanWords(to)} before D`
    : `between ${spanWords(from)} and ${spanWords(to)} before D`;
}

/** The window of a compared date in words: both ends belong to it. */
export function withinWords({ from, to }: Window): string {
  if (from === null) return to === null ? "on or before D" : `${spanWords(to)} or more before D`;
  const near = to === null ? "D" : `${spanWords(to)} before D`;
  return `from exactly ${spanWords(from)} before D up to ${near}, both days included`;
}

const LIMIT_WORDS = { at_least: "at least", at_most: "at most", above: "above", below: "below" } as const;

/** Limits in words: `at least 48 and below 58 mmol/mol`. */
export function limitWords(limits: readonly Limit[], unit: string | null): string {
  const words = limits.map(({ op, x }) => `${LIMIT_WORDS[op]} ${x}`).join(" and ");
  return unit === null ? words : `${words} ${unit}`;
}

/** A code of a list in words, by the list's own name: the alias is the author's shorthand. */
export function listWords(list: ListName, lists: Lists): string {
  return `\`${lists[list]?.name ?? list}\``;
}

/** An entry of a list in words: `a code` of a clinical list, `an issue` of a list of medicines. */
export function entryWords(list: ListName, lists: Lists): "a code" | "an issue" {
  return lists[list]?.kind === "medicine" ? "an issue" : "a code";
}

/** The noun of an entry, without its article. */
export function entryNoun(list: ListName, lists: Lists): "code" | "issue" {
  return lists[list]?.kind === "medicine" ? "issue" : "code";
}

const SYSTEMS: Readonly<Record<CodeSystem, string>> = {
  snomed: "SNOMED CT",
  dmd: "dm+d",
  read2: "Read v2",
  ctv3: "CTV3",
  loinc: "LOINC",
  icd10: "ICD-10",
  rxnorm: "RxNorm",
  atc: "ATC",
  cvx: "CVX",
  local: "local",
};

export function systemWords(system: CodeSystem): string {
  return SYSTEMS[system];
}

export function shareWords({ p, q }: Ratio): string {
  return (100 * p) % q === 0 ? percent(p / q) : `${p} in ${q}`;
}

export function plural(n: number, one: string): string {
  return n === 1 ? `1 ${one}` : `${n} ${one}s`;
}

/** A phrase on one line: parts are numbered. */
export function flat(phrase: Phrase): string {
  if (typeof phrase === "string") return phrase;
  const parts = phrase.parts.map((part, i) => `(${i + 1}) ${flat(part)}`);
  return `${phrase.lead} ${parts.join("; ")}`;
}
