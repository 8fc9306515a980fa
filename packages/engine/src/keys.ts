/**
 * The identity of a condition or fact: its canonical text, with each codelist named by its digest and each fact
 * written out in place.
 */
import type { Codelist, Condition, Fact, FactName, Query } from "@cairn/query-library";

const KEYS = new WeakMap<Query, Map<object, string>>();

/** The canonical text of a condition or fact. A query never changes, so its texts are kept with it. */
export function keyOf(query: Query, part: Condition | Fact): string {
  let keys = KEYS.get(query);
  if (keys === undefined) KEYS.set(query, (keys = new Map<object, string>()));
  let key = keys.get(part);
  if (key === undefined) keys.set(part, (key = canonicalText(query, part)));
  return key;
}

const LIST_FIELDS = new Set(["list", "resolvedBy", "first", "then", "systolic", "diastolic"]);

function canonicalText(query: Query, part: Condition | Fact): string {
  const digest = (name: string) => listKey(named(query.codelists, name));
  return JSON.stringify(part, (field, value: unknown) => {
    if (LIST_FIELDS.has(field) && typeof value === "string") return digest(value);
    if (field === "lists") return (value as string[]).map(digest);
    if (field === "fact") return named(query.facts, value as FactName);
    return value;
  });
}

/** The identity of a codelist: lists with equal keys hold the same codes. */
export function listKey(list: Codelist): string {
  return `${list.name}@${list.version}:${list.digest}`;
}

/**
 * The entry of that name. A checked query names only what it defines.
 * @throws where a query was made by hand and does not
 */
export function named<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new TypeError(`the query names ${name} and does not define it`);
  return found;
}
