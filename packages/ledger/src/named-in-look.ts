/** Whom a look at practices by name named: the entries after it in the hub's log, of which an export may seal some. */
import type { UnreadEntry } from "./codec.js";
import { hubLog, type HubEntry } from "./hub-log.js";

export interface NamedInLook {
  readonly practices: readonly string[]; // ids, of those that this export tells
  readonly untold: number; // that are sealed, or cannot be read
}

/**
 * Finds the practices that the look at a place names.
 * @param entries of one hub, in their order
 * @returns null where it is no look, or where not as many entries follow it as it says that were named
 */
export function namedInLook(entries: readonly (HubEntry | UnreadEntry)[], at: number): NamedInLook | null {
  const look = entries[at];
  if (look?.kind !== hubLog.comparisonViewed.kind) return null;
  const after = entries.slice(at + 1, at + 1 + look.body.named).filter(isNaming);
  if (after.length !== look.body.named) return null;
  const practices = after.flatMap((entry) =>
    entry.kind === hubLog.practiceNamed.kind && entry.body.group === look.body.group
      ? entry.body.practice
      : [],
  );
  const untold = after.filter(({ kind }) => kind === null).length;
  return practices.length + untold === after.length ? { practices, untold } : null;
}

/** Whether an entry says that a practice was named, sealed or not. */
export function isNaming(entry: HubEntry | UnreadEntry): boolean {
  return (entry.kind ?? entry.written) === hubLog.practiceNamed.kind;
}
