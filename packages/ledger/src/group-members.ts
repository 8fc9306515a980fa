/** Whose keeper answers for each practice, and who is in a group, by an entry of the hub's log. */
import type { UnreadEntry } from "./codec.js";
import type { HubEntry } from "./hub-log.js";

/** The keeper (its key, hex) of each practice's agent that is admitted. */
export class KeeperHistory {
  readonly #agents = new Map<string, { readonly practice: string; readonly key: string }>();
  readonly #admitted = new Map<string, string>(); // agent, by practice
  readonly #enrolled = new Set<string>();
  #someSealed = false;

  learn(entry: HubEntry | UnreadEntry): void {
    switch (entry.kind) {
      case null:
        this.#someSealed ||= entry.fault === "sealed";
        return;
      case "agent-enrolled": {
        const { agent, practice, keeper_key: key } = entry.body;
        this.#agents.set(agent, { practice, key });
        this.#enrolled.add(practice);
        return;
      }
      case "agent-admitted": {
        const practice = this.#agents.get(entry.body.agent)?.practice;
        if (practice !== undefined) this.#admitted.set(practice, entry.body.agent);
        return;
      }
      case "agent-revoked": {
        const practice = this.#agents.get(entry.body.agent)?.practice;
        if (practice !== undefined && this.#admitted.get(practice) === entry.body.agent)
          this.#admitted.delete(practice);
        return;
      }
      default: // says nothing of an agent's being let in
    }
  }

  /** A practice's keeper; null where no agent of it is admitted. */
  of(practice: string): string | null {
    return this.#agents.get(this.#admitted.get(practice) ?? "")?.key ?? null;
  }

  /** Whether what a practice said stands open in this export. One that never enrolled said nothing, unless it is sealed. */
  canTell(practice: string): boolean {
    return this.#enrolled.has(practice) || !this.#someSealed;
  }
}

/** The practices of each group: added to it while their agent is admitted, or with a release that it may use. */
export class GroupMembers {
  readonly #added = new Map<string, Set<string>>();
  readonly #given = new Map<string, Set<string>>();

  learn(entry: HubEntry | UnreadEntry): void {
    switch (entry.kind) {
      case "group-joined":
        ofGroup(this.#added, entry.body.group).add(entry.body.practice);
        return;
      case "use-received":
        ofGroup(this.#given, entry.body.group).add(entry.body.practice);
        return;
      case "group-left":
        for (const all of [this.#added, this.#given])
          ofGroup(all, entry.body.group).delete(entry.body.practice);
        return;
      case "practice-forgotten":
        for (const members of [...this.#added.values(), ...this.#given.values()])
          members.delete(entry.body.practice);
        return;
      default: // says nothing of who is in a group
    }
  }

  of(group: string, keepers: KeeperHistory): string[] {
    const added = [...ofGroup(this.#added, group)].filter((practice) => keepers.of(practice) !== null);
    return [...new Set([...added, ...ofGroup(this.#given, group)])];
  }
}

function ofGroup(all: Map<string, Set<string>>, group: string): Set<string> {
  const members = all.get(group) ?? new Set();
  all.set(group, members);
  return members;
}
