/** Where a practice stood at each moment, as its log tells it entry by entry. */
import type { PracticeLine } from "../sides.js";
import type { OwnRelease } from "./releases.js";

/** The decisions that the practice's log holds up to the present entry. */
export class Standing {
  readonly libraries = new Map<string, number>(); // digest: when it expires
  inForceUntil = NaN; // of the newest library
  library: string | null = null; // version of the newest
  readonly accepted = new Map<string, Set<string>>(); // query digest: groups
  readonly declined = new Map<string, Map<string, number>>(); // query: group ("" for all): the entry's number
  readonly offered = new Map<string, number>(); // query digest and group: when
  readonly rules = new Map<string, string>(); // group, or any
  readonly charters = new Map<string, { readonly digest: string; readonly rule: string }>(); // accepted, by group
  readonly members = new Set<string>();
  readonly started = new Map<string, number>(); // run: the entry's number
  readonly released = new Map<string, OwnRelease>(); // by release
  readonly withdrawn = new Set<string>(); // releases
  paused = false;
  /** Number of the first entry of a version that writes down members and uses; Infinity before it. */
  usesSince = Infinity;
}

/** Is it of a version that writes down members and uses? */
export function tellsOfUses({ kind }: PracticeLine): boolean {
  return kind === "use" || kind === "use-ended" || (kind !== null && kind.startsWith("group-"));
}

/** Of one query: by group, "" for all, the entry that declined it. */
export function declines(is: Standing, query: string): Map<string, number> {
  const known = is.declined.get(query) ?? new Map<string, number>();
  is.declined.set(query, known);
  return known;
}

export function isDeclined(declined: ReadonlyMap<string, number>, group: string): boolean {
  if (declined.has(group)) return true;
  const forAll = declined.get("");
  return forAll !== undefined && (declined.get(`+${group}`) ?? -1) < forAll;
}

/** Accepting for one group leaves a decline for all as it is for the others. */
export function lift(declined: Map<string, number>, group: string, position: number): void {
  declined.delete(group);
  if (declined.has("")) declined.set(`+${group}`, position);
}
