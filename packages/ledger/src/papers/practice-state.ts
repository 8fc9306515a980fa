/** What a practice had decided by the end of a period, as its log tells it. */
import type { UnreadEntry } from "../codec.js";
import type { PracticeEntry } from "../practice-log.js";
import { ruleInForce } from "../rules.js";

interface Decided {
  readonly by: string | null;
  readonly time: string;
}

export interface GroupState {
  readonly joined: Decided | null; // null where its log tells of a charter alone
  /** The charter that was accepted, with its rule for new queries; null where none was. */
  readonly charter: (Decided & { readonly digest: string; readonly rule: string }) | null;
}

export interface PracticeState {
  readonly groups: ReadonlyMap<string, GroupState>; // those it is in
  readonly settings: ReadonlyMap<string, Decided & { readonly value: string | boolean }>;
  readonly leftOutList: Decided | null;
  /** The newest choice on people with a type 1 opt-out in their record; null where none was made, and they are left out. */
  readonly optOuts: (Decided & { readonly choice: string; readonly after: string }) | null;
  readonly paused: Decided | null;
  /** The rule in force for a group, and who set the practice's own; by null where the charter alone has one. */
  rule(group: string): { readonly rule: string; readonly own: Decided | null };
}

/** @param entries up to the end of the period, in their order */
export function practiceState(entries: readonly (PracticeEntry | UnreadEntry)[]): PracticeState {
  const groups = new Map<string, GroupState>();
  const settings = new Map<string, Decided & { value: string | boolean }>();
  const rules = new Map<string, Decided & { rule: string }>();
  let [paused, leftOutList]: (Decided | null)[] = [null, null];
  let optOuts: PracticeState["optOuts"] = null;
  const inGroup = (group: string): GroupState => groups.get(group) ?? { joined: null, charter: null };
  for (const entry of entries) {
    const { time } = entry;
    if (entry.kind === "group-joined") {
      const { group, by } = entry.body;
      groups.set(group, { ...inGroup(group), joined: { by, time } });
    } else if (entry.kind === "charter-accepted") {
      const { group, charter: digest, rule, by } = entry.body;
      groups.set(group, { ...inGroup(group), charter: { digest, rule, by, time } });
    } else if (entry.kind === "group-left") groups.delete(entry.body.group);
    else if (entry.kind === "rule-set")
      rules.set(entry.body.group, { rule: entry.body.rule, by: entry.body.by, time });
    else if (entry.kind === "setting-changed")
      settings.set(entry.body.setting, { value: entry.body.value, by: entry.body.by, time });
    else if (entry.kind === "left-out-list-set") leftOutList = { by: entry.body.by, time };
    else if (entry.kind === "opt-outs-chosen") {
      const { choice, after, by } = entry.body;
      optOuts = { choice, after, by, time };
    } else if (entry.kind === "restored")
      optOuts = null; // a keeper from a backup forgets it
    else if (entry.kind === "paused") paused = { by: entry.body.by, time };
    else if (entry.kind === "resumed") paused = null;
  }
  return {
    ...{ groups, settings, leftOutList: leftOutList ?? null, optOuts, paused: paused ?? null },
    rule(group) {
      const own = rules.get(group) ?? rules.get("any") ?? null;
      return { rule: ruleInForce(own?.rule, groups.get(group)?.charter?.rule), own };
    },
  };
}
