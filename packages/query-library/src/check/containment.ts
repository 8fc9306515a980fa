/** Checks that a numerator of issues or events lies inside its denominator: every code and every day of it. */
import type { Context } from "../parse/context.js";
import type { Draft } from "../draft.js";
import { liesWithin } from "../parse/windows.js";
import type { EventChoice, ListName } from "../query.js";
import type { MapNode } from "../yaml.js";

export function checkContainment(query: Draft, root: MapNode, at: Context): void {
  if (query.unit === "people") return; // the two are AND-ed
  const line = root.entries.get("numerator")?.line ?? root.line;
  const { denominator, numerator } = query;
  if (!liesWithin(numerator.window, denominator.window)) {
    at.problems.add(
      line,
      "numerator",
      "The numerator's window reaches outside the denominator's; give both the same `in`.",
    );
  }
  checkLists(query, numerator.list, denominator.list, line, at);
  if (query.unit === "events") checkChoice(query.numerator, query.denominator, line, at);
}

function checkLists(
  query: Draft,
  inner: ListName | null,
  outer: ListName | null,
  line: number,
  at: Context,
): void {
  if (outer === null || inner === outer) return;
  if (inner === null) {
    at.problems.add(
      line,
      "numerator",
      `The denominator holds only \`${outer}\`; write \`events: ${outer}\` in the numerator too.`,
    );
    return;
  }
  const codes = new Set(query.codelists[outer]?.codes);
  const outside = query.codelists[inner]?.codes.filter((code) => !codes.has(code)) ?? [];
  if (outside.length === 0) return;
  const some = outside.slice(0, 3).join(", ");
  const words = `${outside.length} codes of \`${inner}\` are not in \`${outer}\` (${some}${outside.length > 3 ? ", ..." : ""}), so the numerator would not lie inside the denominator. Use lists of which one holds the other.`;
  at.problems.add(line, "numerator", words);
}

function checkChoice(inner: EventChoice, outer: EventChoice, line: number, at: Context): void {
  const narrower = (key: string) =>
    at.problems.add(
      line,
      "numerator",
      `The numerator reaches outside the denominator's \`${key}\`; say the same or less.`,
    );
  if (!subset(inner.systems, outer.systems)) narrower("system");
  if (!subset(inner.mapped, outer.mapped)) narrower("mapped");
  if (outer.coded !== null && inner.coded !== outer.coded) narrower("coded");
}

function subset<T>(inner: readonly T[] | null, outer: readonly T[] | null): boolean {
  return outer === null || (inner !== null && inner.every((each) => outer.includes(each)));
}
