/** The charters under which a group's numbers are, as far as the exports tell: which, from when, and to when. */
import type { Charter } from "@cairn/charters";
import type { GivenFiles } from "./given.js";

/** A charter of a group as a log names it. */
export interface GroupCharter {
  readonly group: string;
  readonly digest: string;
  readonly charter: Charter | null; // null where its text is in no export that was given
  readonly from: string; // when a log first has it, ISO 8601
  /** Which log and entry that is. */
  readonly source: string;
  readonly to: string | null; // when another came into its place, or it ended; null while it is in force
}

/** Of each group all charters, the oldest first: by the hub's log, or without it by the practices' that accepted them. */
export function groupCharters({ hub, practices, beside }: GivenFiles): Map<string, GroupCharter[]> {
  const charters = new Map<string, GroupCharter[]>();
  const end = (group: string, to: string): void => {
    const all = charters.get(group) ?? [];
    const newest = all.pop();
    if (newest) all.push({ ...newest, to: newest.to ?? to });
  };
  const begin = (group: string, digest: string, from: string, source: string): void => {
    const all = charters.get(group) ?? [];
    const newest = all.at(-1);
    if (newest?.digest === digest && newest.to === null) return; // in force again with the next publication
    if (newest?.to === null) end(group, from);
    all.push({ group, digest, charter: beside.charters.get(digest) ?? null, from, source, to: null });
    charters.set(group, all);
  };
  for (const entry of hub?.entries ?? []) {
    const source = `the hub's log, entry ${entry.position}`;
    if (entry.kind === "charter-published") begin(entry.body.group, entry.body.charter, entry.time, source);
    if (entry.kind === "charter-ended") end(entry.body.group, entry.time);
  }
  if (hub) return charters;
  const accepted = practices
    .flatMap(({ name, entries }) => entries.map((entry) => ({ name, entry })))
    .toSorted((a, b) => a.entry.at - b.entry.at);
  const within = new Map<string, Set<string>>(); // practices that accepted a group's charter and have not left, by group
  for (const { name, entry } of accepted) {
    if (entry.kind === "charter-accepted") {
      const { group, charter } = entry.body;
      const others = within.get(group) ?? new Set();
      // A practice that accepts late what others had before begins nothing.
      const isKnown = others.size > 0 && (charters.get(group) ?? []).some(({ digest }) => digest === charter);
      within.set(group, new Set([...others, name]));
      if (!isKnown) begin(group, charter, entry.time, `the log of ${name}, entry ${entry.position}`);
    }
    if (entry.kind === "group-left") {
      const left = within.get(entry.body.group);
      if (left?.delete(name) && left.size === 0) end(entry.body.group, entry.time);
    }
  }
  return charters;
}
