/** Releases that a practice's log calls back before the hub had them, or had answered. */
import type { Entry } from "@cairn/audit-log";
import { releaseName, text } from "../findings.js";

/** Releases (by name) that the practice took back. */
export function withdrawals(entries: readonly Entry[]): ReadonlySet<string> {
  const kinds = ["withdrawn", "withdrawal-given-back"];
  return new Set(entries.filter(({ kind }) => kinds.includes(kind)).map(releaseName));
}

/**
 * The entry with which no group was left that had a use of a release: each was left, or the query declined for it or for
 * all, after the release was made. Null where one had it still. Before there were uses, a decline is for all.
 */
export function calledBackBy(entries: readonly Entry[]): (released: Entry) => Entry | null {
  const declines = entries.filter(({ kind }) => kind === "query-declined");
  const left = entries.filter(({ kind }) => kind === "group-left");
  const groups = groupsOf(entries);
  return (released) => {
    const against = (group: string): Entry | undefined =>
      [
        ...declines.filter((entry) => {
          const said = text(entry, "group");
          return text(entry, "query") === text(released, "query") && (said === "" || said === group);
        }),
        ...left.filter((entry) => text(entry, "group") === group),
      ]
        .filter(({ position }) => position > released.position)
        .sort((one, other) => one.position - other.position)[0];
    const each = [...(groups.get(releaseName(released)) ?? [""])].map(against);
    if (each.some((entry) => entry === undefined)) return null;
    const said = each as Entry[];
    return said.reduce((last, entry) => (entry.position > last.position ? entry : last), said[0] as Entry);
  };
}

/** The groups that had a use of each release, by its name. */
function groupsOf(entries: readonly Entry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const entry of entries) {
    if (entry.kind !== "use" && entry.kind !== "use-given-back") continue;
    const known = groups.get(releaseName(entry)) ?? new Set<string>();
    groups.set(releaseName(entry), known.add(text(entry, "group")));
  }
  return groups;
}
