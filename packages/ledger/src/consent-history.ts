/** What practices had consented to by an entry of the hub's log: who may be named then, and who is named in a paper. */
import type { CharterRole, GroupCharter } from "@cairn/access";
import type { UnreadEntry } from "./codec.js";
import { consentOn, type ConsentBasis, type SignedConsent } from "./consent.js";
import { GroupMembers, KeeperHistory } from "./group-members.js";
import type { HubEntry } from "./hub-log.js";
import type { NamedInLook } from "./named-in-look.js";

/** The consents of practices up to an entry of the hub's log. */
export class ConsentHistory {
  readonly #said = new Map<string, SignedConsent[]>(); // by practice, group and role
  readonly #keepers = new KeeperHistory();
  readonly #members = new GroupMembers();
  readonly #charters = new Map<string, string>(); // in force, by group

  learn(entry: HubEntry | UnreadEntry): void {
    this.#keepers.learn(entry);
    this.#members.learn(entry);
    switch (entry.kind) {
      case "charter-published": {
        const { group, charter } = entry.body;
        if (this.#charters.get(group) !== charter) this.#endAll({ group });
        this.#charters.set(group, charter);
        return;
      }
      case "charter-ended":
        this.#endAll(entry.body);
        this.#charters.delete(entry.body.group);
        return;
      case "group-left":
      case "practice-forgotten": {
        const { practice } = entry.body;
        this.#endAll(entry.kind === "group-left" ? { practice, group: entry.body.group } : { practice });
        return;
      }
      case "consent-received":
      case "consent-ended": {
        if (!("signature" in entry.body)) return;
        const { practice, group, to, charter, until, practice_log_index: logIndex } = entry.body;
        const ended = entry.kind === "consent-ended";
        const keeper = this.#keepers.of(practice) ?? "";
        this.#say(keyOf(practice, group, to), { ended, charter, until, logIndex, keeper });
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
      this.#keepers.canTell(practice) &&
      this.#counts(keyOf(practice, group, to), { charter: charter.digest, day }) === null;
    const unasked = named.practices.filter(without);
    if (unasked.length > 0)
      return `${unasked.length === 1 ? "a practice that it names had" : `${unasked.length} practices that it names had`} not consented to that, or not any more (${unasked.join(", ")})`;
    if (charter.peers === "named-by-consent" && this.#members.of(group, this.#keepers).some(without))
      return "its charter names practices only while every member consents, and not every one did";
    return null;
  }

  /** Who consents to be named in a group on a day (ISO), to which role and until when, under the charter in force. */
  standing(group: string, day: string): { practice: string; to: string; until: string }[] {
    const charter = this.#charters.get(group) ?? "";
    return [...this.#said.keys()].flatMap((key) => {
      const [practice, of, to] = JSON.parse(key) as [string, string, string];
      const counts = of === group ? this.#counts(key, { charter, day }) : null;
      return counts === null ? [] : [{ practice, to, until: counts.until }];
    });
  }

  #counts(key: string, basis: Omit<ConsentBasis, "keeper">): SignedConsent | null {
    const [practice] = JSON.parse(key) as [string];
    return consentOn(this.#said.get(key) ?? [], { ...basis, keeper: this.#keepers.of(practice) });
  }

  /** Ends what was said until now of a group, by a practice, or both: the practice is out of it, or its charter is another. */
  #endAll({ practice, group }: { readonly practice?: string; readonly group?: string }): void {
    for (const key of this.#said.keys()) {
      const [whose, of] = JSON.parse(key) as [string, string];
      if ((practice ?? whose) === whose && (group ?? of) === of) this.#say(key, HUBS_END);
    }
  }

  #say(key: string, said: SignedConsent): void {
    this.#said.set(key, [...(this.#said.get(key) ?? []), said]);
  }
}

const HUBS_END: SignedConsent = { ended: true, charter: "", until: "", logIndex: -1, keeper: "" };

function keyOf(practice: string, group: string, to: string): string {
  return JSON.stringify([practice, group, to]);
}
