/** Releases that a practice's log calls back before the hub had them, or had answered. */
import type { PracticeEntryOf } from "../../practice-log.js";
import { releaseName } from "../findings.js";
import type { PracticeLine } from "../sides.js";

type CalledBack = PracticeEntryOf<"queryDeclined" | "groupLeft">;

/** Releases (by name) that the practice took back. */
export function withdrawals(entries: readonly PracticeLine[]): ReadonlySet<string> {
  return new Set(
    entries.flatMap((entry) =>
      entry.kind === "withdrawn" || entry.kind === "withdrawal-given-back" ? releaseName(entry) : [],
    ),
  );
}

/**
 * The entry with which no group was left that had a use of a release: each was left, or the query declined for it or for
 * all, after the release was made. Null where one had it still. Before there were uses, a decline is for all.
 */
export function calledBackBy(
  entries: readonly PracticeLine[],
): (released: PracticeEntryOf<"released">) => CalledBack | null {
  const declines = entries.filter((entry) => entry.kind === "query-declined");
  const left = entries.filter((entry) => entry.kind === "group-left");
  const groups = groupsOf(entries);
  return (released) => {
    const against = (group: string): CalledBack | undefined =>
      [
        ...declines.filter(
          ({ body }) => body.query === released.body.query && (body.group === null || body.group === group),
        ),
        ...left.filter(({ body }) => body.group === group),
      ]
        .filter(({ position }) => position > released.position)
        .sort((one, other) => one.position - other.position)[0];
    const each = [...(groups.get(releaseName(released)) ?? [""])].map(against);
    if (each.some((entry) => entry === undefined)) return null;
    const said = each as CalledBack[];
    return said.reduce((last, entry) => (entry.position > last.position ? entry : last));
  };
}

/** The groups that had a use of each release, by its name. */
function groupsOf(entries: readonly PracticeLine[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const entry of entries) {
    if (entry.kind !== "use" && entry.kind !== "use-given-back") continue;
    const known = groups.get(releaseName(entry)) ?? new Set<string>();
    groups.set(releaseName(entry), known.add(entry.body.group));
  }
  return groups;
}
