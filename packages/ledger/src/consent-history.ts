/** What practices had consented to by an entry of the hub's log: who may be named then, and who is named in a paper. */
import type { CharterRole, GroupCharter } from "@cairn/access";
import type { UnreadEntry } from "./codec.js";
import { consentOn, type SignedConsent } from "./consent.js";
import type { HubEntry } from "./hub-log.js";
import type { NamedInLook } from "./named-in-look.js";

/** The consents of practices up to an entry of the hub's log. */
export class ConsentHistory {
  readonly #said = new Map<string, SignedConsent[]>(); // by practice, group and role
  /** Those whose entries this export holds open: of others it cannot be told. */
  readonly #open = new Set<string>();
  /** The practices that gave a group the use of a release and are in it. */
  readonly #members = new Map<string, Set<string>>();
  readonly #charters = new Map<string, string>(); // in force, by group

  learn(entry: HubEntry | UnreadEntry): void {
    switch (entry.kind) {
      case "agent-enrolled":
        this.#open.add(entry.body.practice);
        return;
      case "charter-published":
        this.#charters.set(entry.body.group, entry.body.charter);
        return;
      case "charter-ended":
        this.#charters.delete(entry.body.group);
        return;
      case "use-received":
        this.#membersOf(entry.body.group).add(entry.body.practice);
        return;
      case "group-left":
        this.#membersOf(entry.body.group).delete(entry.body.practice);
        return;
      case "practice-forgotten":
        for (const members of this.#members.values()) members.delete(entry.body.practice);
        return;
      case "consent-received":
      case "consent-ended": {
        if (!("signature" in entry.body)) return;
        const { practice, group, to, charter, until, practice_log_index: logIndex } = entry.body;
        const key = keyOf(practice, group, to);
        const said = { ended: entry.kind === "consent-ended", charter, until, logIndex };
        this.#said.set(key, [...(this.#said.get(key) ?? []), said]);
        return;
      }
      default: // says nothing of who may be named
    }
  }

  /**
   * Why a look may not name whom it names, in words; null where each had consented.
   * @param named the ids that the look names, null where the log does not say whom; of those that are sealed it cannot be told
   * @param day ISO, of the look
   */
  whyNot(
    { group, charter }: { readonly group: string; readonly charter: GroupCharter },
    to: CharterRole,
    named: NamedInLook | null,
    day: string,
  ): string | null {
    if (named === null || named.practices.length + named.untold === 0)
      return "the log does not say whom it names";
    if (!this.#charters.has(group)) return "no charter of the group was in force, and no consent outlives it";
    const without = (practice: string): boolean =>
      this.#open.has(practice) &&
      consentOn(this.#said.get(keyOf(practice, group, to)) ?? [], charter.digest, day) === null;
    const unasked = named.practices.filter(without);
    if (unasked.length > 0)
      return `${unasked.length === 1 ? "a practice that it names had" : `${unasked.length} practices that it names had`} not consented to that, or not any more (${unasked.join(", ")})`;
    if (charter.peers === "named-by-consent" && [...this.#membersOf(group)].some(without))
      return "its charter names practices only while every member consents, and not every one did";
    return null;
  }

  /** Who consents to be named in a group on a day (ISO), to which role and until when, under the charter in force. */
  standing(group: string, day: string): { practice: string; to: string; until: string }[] {
    const charter = this.#charters.get(group) ?? "";
    return [...this.#said].flatMap(([key, said]) => {
      const [practice, of, to] = JSON.parse(key) as [string, string, string];
      const counts = of === group ? consentOn(said, charter, day) : null;
      return counts === null ? [] : [{ practice, to, until: counts.until }];
    });
  }

  #membersOf(group: string): Set<string> {
    const members = this.#members.get(group) ?? new Set();
    this.#members.set(group, members);
    return members;
  }
}

function keyOf(practice: string, group: string, to: string): string {
  return JSON.stringify([practice, group, to]);
}
