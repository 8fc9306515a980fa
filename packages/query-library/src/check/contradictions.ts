/** Finds rules that nobody can meet: two parts that must both hold and never can. */
import { canonicalJson } from "../canonical.js";
import type { Context } from "../parse/context.js";
import type { Draft } from "../draft.js";
import type { Condition, Limit, Reading } from "../query.js";
import { conjuncts, selectionConditions } from "../walk.js";
import type { MapNode } from "../yaml.js";
import { allConditions } from "./names.js";

/** A range of numbers, and which of its ends belong to it. */
interface Range {
  readonly low: number;
  readonly lowIn: boolean;
  readonly high: number;
  readonly highIn: boolean;
}
const EVERYTHING: Range = { low: -Infinity, lowIn: false, high: Infinity, highIn: false };

export function checkContradictions(query: Draft, root: MapNode, at: Context): void {
  for (const condition of allConditions(query)) {
    checkAlone(condition, query, at);
    if (condition.form === "all")
      checkTogether(conjuncts(condition, query.facts), query, at, at.lineOf(condition));
  }
  if (query.unit === "people") checkNumerator(query, root, at);
  if ((query.unit === "items" || query.unit === "quantity") && query.who !== null)
    checkSteps(selectionConditions(query.who), at);
}

/**
 * Checks the numerator: it lies inside the denominator, so a condition that contradicts the start, or is rejected
 * first, can never count.
 */
function checkNumerator(query: Draft & { readonly unit: "people" }, root: MapNode, at: Context): void {
  const { start, steps } = query.denominator;
  checkSteps(selectionConditions(query.denominator), at);
  const line = root.entries.get("numerator")?.line ?? root.line;
  const asked = conjuncts(query.numerator, query.facts);
  const started = conjuncts(start, query.facts);
  const clash = clashOf([...started, ...asked], query);
  if (clash !== null && clashOf(started, query) === null && clashOf(asked, query) === null) {
    at.problems.add(
      line,
      "numerator",
      `Nobody in the denominator can be in the numerator: ${clash}. Widen the one or the other.`,
    );
    return;
  }
  const firstSelect = steps.findIndex((step) => step.do === "select");
  const rejectedFirst = steps.slice(0, firstSelect < 0 ? undefined : firstSelect);
  const askedTexts = new Set([canonicalJson(query.numerator), ...asked.map(canonicalJson)]);
  const rejected = rejectedFirst.find((step) =>
    [step.if, ...conjunctsOfOne(step.if, query)].some((part) => askedTexts.has(canonicalJson(part))),
  );
  if (rejected !== undefined) {
    at.problems.add(
      line,
      "numerator",
      "Everyone in the numerator is rejected by a step of the denominator, so the answer is always none. Remove the step, or put a `select_if` before it.",
    );
  }
}

/** The condition behind a name, where it is only one. */
function conjunctsOfOne(condition: Condition, query: Draft): Condition[] {
  const found = conjuncts(condition, query.facts);
  return found.length === 1 ? found : [];
}

/** Checks the steps: one that repeats an earlier step decides nobody. */
function checkSteps([, ...steps]: readonly Condition[], at: Context): void {
  const seen = new Set<string>();
  for (const step of steps) {
    const text = canonicalJson(step);
    if (seen.has(text)) {
      at.problems.add(
        at.lineOf(step),
        "contradiction",
        "An earlier step already decides everyone whom this one could; remove it.",
      );
    }
    seen.add(text);
  }
}

function checkTogether(all: readonly Condition[], query: Draft, at: Context, line: number): void {
  const clash = clashOf(all, query);
  if (clash !== null)
    at.problems.add(
      line,
      "contradiction",
      `These can never hold together: ${clash}. Write \`any\` if either will do, or correct one of them.`,
    );
}

/** The reason why some of these can never hold together, or null. */
function clashOf(all: readonly Condition[], query: Draft): string | null {
  return ageClash(all) ?? fifthClash(all) ?? sexClash(all) ?? limitClash(all, query) ?? negationClash(all);
}

function ageClash(all: readonly Condition[]): string | null {
  const ages = all.filter((each) => each.form === "age");
  const from = Math.max(...ages.map((age) => age.from ?? 0));
  const to = Math.min(...ages.map((age) => age.to ?? Infinity));
  return from > to ? `an age from ${from} and one up to ${to}` : null;
}

function fifthClash(all: readonly Condition[]): string | null {
  const fifths = all.filter((each) => each.form === "deprivation_fifth");
  const from = Math.max(...fifths.map((fifth) => fifth.from));
  const to = Math.min(...fifths.map((fifth) => fifth.to));
  return from > to ? `a deprivation fifth from ${from} and one up to ${to}` : null;
}

function sexClash(all: readonly Condition[]): string | null {
  const sexes = [...new Set(all.flatMap((each) => (each.form === "sex" ? [each.sex] : [])))];
  return sexes.length > 1 ? `sex ${sexes.join(" and sex ")}` : null;
}

function limitClash(all: readonly Condition[], query: Draft): string | null {
  const ranges = new Map<string, Range>();
  for (const each of all) {
    if (each.form !== "compare_value" && each.form !== "compare_count") continue;
    const name =
      each.form === "compare_value" && each.component !== null ? `${each.fact}.${each.component}` : each.fact;
    const before = ranges.get(name) ?? possible(each, query);
    if (isEmpty(before) || isEmpty(narrow(EVERYTHING, each.limits))) continue; // reported by itself
    const now = narrow(before, each.limits);
    if (isEmpty(now)) return `the limits of \`${name}\``;
    ranges.set(name, now);
  }
  return null;
}

function negationClash(all: readonly Condition[]): string | null {
  const texts = new Set(all.map(canonicalJson));
  const clash = all.find((each) => each.form === "not" && texts.has(canonicalJson(each.of)));
  return clash === undefined ? null : "a condition and its `not`";
}

/**
 * Checks one comparison alone: that some number meets it, and that some plausible numbers meet it and others break
 * it.
 */
function checkAlone(condition: Condition, query: Draft, at: Context): void {
  const limits = limitsOf(condition);
  if (limits === null) return;
  const line = at.lineOf(condition);
  const asked = narrow(EVERYTHING, limits);
  if (isEmpty(asked)) {
    at.problems.add(
      line,
      "contradiction",
      "No number keeps these limits; the lower one must be below the upper one.",
    );
    return;
  }
  const could = possible(condition, query);
  if (isEmpty(narrow(could, limits))) {
    at.problems.add(
      line,
      "contradiction",
      `No number that can occur (${rangeWords(could)}) keeps this limit; correct the limit or \`plausible\`.`,
    );
  } else if (covers(asked, could)) {
    at.problems.add(
      line,
      "contradiction",
      `Every number that can occur (${rangeWords(could)}) keeps this limit, so it asks nothing; correct the limit or \`plausible\`.`,
    );
  }
}

function limitsOf(condition: Condition): readonly Limit[] | null {
  if (condition.form === "compare_value" || condition.form === "compare_count") return condition.limits;
  return condition.form === "two" && condition.value !== null ? condition.value.limits : null;
}

/** The range of numbers that can occur at all. */
function possible(condition: Condition, query: Draft): Range {
  if (condition.form === "compare_count") return { low: 0, lowIn: true, high: Infinity, highIn: false };
  const reading = readingOf(condition, query);
  if (reading === null || reading.plausible === null) return EVERYTHING;
  return { low: reading.plausible[0], lowIn: true, high: reading.plausible[1], highIn: true };
}

function readingOf(condition: Condition, query: Draft): Reading | null {
  if (condition.form === "two") return condition.value?.reading ?? null;
  const fact = condition.form === "compare_value" ? query.facts[condition.fact] : undefined;
  return fact?.form === "value" || fact?.form === "pair" ? fact.reading : null;
}

function narrow(range: Range, limits: readonly Limit[]): Range {
  let { low, lowIn, high, highIn } = range;
  for (const { op, x } of limits) {
    if (op === "at_least" && x > low) [low, lowIn] = [x, true];
    if (op === "above" && x >= low) [low, lowIn] = [x, false];
    if (op === "at_most" && x < high) [high, highIn] = [x, true];
    if (op === "below" && x <= high) [high, highIn] = [x, false];
  }
  return { low, lowIn, high, highIn };
}

function isEmpty({ low, lowIn, high, highIn }: Range): boolean {
  return low > high || (low === high && !(lowIn && highIn) && Number.isFinite(low));
}

function covers(outer: Range, inner: Range): boolean {
  const below = outer.low < inner.low || (outer.low === inner.low && (outer.lowIn || !inner.lowIn));
  const above = outer.high > inner.high || (outer.high === inner.high && (outer.highIn || !inner.highIn));
  return inner !== EVERYTHING && below && above;
}

function rangeWords({ low, high }: Range): string {
  return high === Infinity ? `${low} or more` : `${low} to ${high}`;
}
