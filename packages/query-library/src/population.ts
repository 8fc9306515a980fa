/**
 * The population that a number counts, apart from the query that asks: two queries whose numbers count the same
 * people (or issues, or events) have the same digest, however they name their facts and lists. Only the definition as
 * written is compared, so two definitions that mean the same in other words have two digests.
 */
import { canonicalJson, sha256Hex, type Json } from "./canonical.js";
import type { Condition, Query, Sex } from "./query.js";
import { conjuncts } from "./walk.js";

/**
 * Hex SHA-256 of the population of a query's denominator or numerator: base population, conditions, codes, windows.
 */
export function populationDigest(query: Query, side: "denominator" | "numerator"): string {
  return sha256Hex(canonicalJson({ people: query.people, unit: query.unit, ...counted(query, side) }));
}

/**
 * Whether public list sizes by age, sex and area come near to a query's denominators: people who are chosen by
 * age, sex, deprivation fifth and registration, and at most by what they do not have besides.
 */
export function followsListSizes(query: Query): boolean {
  if (query.unit !== "people") return false;
  return conjuncts(query.denominator.start, query.facts).every(
    ({ form }) => LISTED.includes(form) || form === "not",
  );
}

const LISTED: readonly Condition["form"][] = ["age", "sex", "registered_for", "deprivation_fifth"];

/** A query denominator's limits of age, sex and deprivation: people outside of them are never in it. */
export interface Demographics {
  /** Completed years, ends included; `to` is null without an upper limit. Null without a limit of age. */
  readonly age: { readonly from: number; readonly to: number | null } | null;
  readonly sex: Sex | null;
  readonly deprivationFifth: { readonly from: number; readonly to: number } | null;
}

export function demographicsOf(query: Query): Demographics {
  const start =
    query.unit === "people" ? query.denominator.start : query.unit === "events" ? null : query.who?.start;
  let found: Demographics = { age: null, sex: null, deprivationFifth: null };
  for (const condition of start ? conjuncts(start, query.facts) : []) {
    if (condition.form === "sex") found = { ...found, sex: condition.sex };
    if (condition.form === "age") {
      const before = found.age ?? { from: 0, to: null };
      const ends = [before.to, condition.to].filter((to) => to !== null);
      const to = ends.length > 0 ? Math.min(...ends) : null;
      found = { ...found, age: { from: Math.max(before.from, condition.from ?? 0), to } };
    }
    if (condition.form === "deprivation_fifth") {
      const { from, to } = condition;
      found = { ...found, deprivationFifth: { from, to } };
    }
  }
  return found;
}

function counted(query: Query, side: "denominator" | "numerator"): { readonly [key: string]: Json } {
  const plain = (value: unknown): Json => written(query, value);
  if (query.unit === "people") {
    const { start, steps, otherwise } = query.denominator;
    const both = side === "numerator" ? [start, query.numerator] : [start];
    const decided = steps.length > 0 ? plain({ steps, otherwise }) : null;
    return { all: sorted(both.flatMap((each) => conjuncts(each, query.facts)).map(plain)), decided };
  }
  if (query.unit === "events") return { choice: plain(query[side]) };
  return { choice: plain(query[side]), who: plain(query.who) };
}

/** A part of a query as JSON: lists as digests of their codes, facts in place of their names, and no words. */
function written(query: Query, value: unknown): Json {
  if (Array.isArray(value)) return value.map((each) => written(query, each));
  if (typeof value !== "object" || value === null) return value as Json;
  const entries = Object.entries(value).flatMap(([key, part]): [string, Json][] => {
    if (key === "why") return [];
    if (LISTS.includes(key) && typeof part === "string")
      return [[key, query.codelists[part]?.digest ?? part]];
    if (key === "lists" && Array.isArray(part))
      return [[key, part.map((alias: string) => query.codelists[alias]?.digest ?? alias)]];
    if (key === "fact" && typeof part === "string") return [[key, written(query, query.facts[part])]];
    return [[key, written(query, part)]];
  });
  const form = (value as { form?: unknown }).form;
  return Object.fromEntries(
    entries.map(([key, part]) => [
      key,
      key === "of" && (form === "all" || form === "any") ? sorted(part as Json[]) : part,
    ]),
  );
}

const LISTS: readonly string[] = ["list", "resolvedBy", "first", "then", "systolic", "diastolic"];

/** Conditions in an order that carries no meaning, each once. */
function sorted(parts: readonly Json[]): Json[] {
  const texts = new Map(parts.map((part) => [canonicalJson(part), part]));
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}
