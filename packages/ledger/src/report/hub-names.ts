/** Names that a hub's log gives to what later entries call by an id. */
import type { UnreadEntry } from "../codec.js";
import { hubLog, type HubEntry } from "../hub-log.js";

interface NamedCollection {
  readonly group: string;
  readonly query: string;
  readonly date: string;
}

export class HubNames {
  readonly #practices = new Map<string, string>(); // name by id
  readonly #agents = new Map<string, string>(); // practice (id) by agent
  readonly #groups = new Map<string, string[]>(); // lists of groups, by practice (name)
  readonly #schedules = new Map<number, string>();
  readonly #collections = new Map<number, NamedCollection>();
  readonly #people = new Map<string, string>(); // groups by person

  /** @param entries of the whole log: a practice asks before the log says what it is called. */
  constructor(entries: readonly (HubEntry | UnreadEntry)[]) {
    const practices = new Map<string, string>(); // by agent
    for (const { kind, body } of entries.filter((entry) => entry.kind !== null)) {
      if (kind === hubLog.agentEnrolled.kind) practices.set(body.agent, body.practice);
      const [id, name] =
        kind === hubLog.agentAdmitted.kind
          ? [practices.get(body.agent), body.practice]
          : kind === hubLog.groupJoined.kind
            ? [body.practice, body.name]
            : kind === hubLog.practiceRenamed.kind
              ? [body.practice, body.from]
              : [];
      if (id !== undefined && name !== undefined && !this.#practices.has(id)) this.#practices.set(id, name);
    }
  }

  /** Takes in an entry, each in the log's order. */
  learn(entry: HubEntry): void {
    switch (entry.kind) {
      case hubLog.practiceInvited.kind:
        this.#into(entry.body.practice, entry.body.groups);
        return;
      case hubLog.groupJoined.kind:
        this.#practices.set(entry.body.practice, entry.body.name);
        this.#into(entry.body.name, entry.body.group);
        return;
      case hubLog.agentEnrolled.kind:
        this.#agents.set(entry.body.agent, entry.body.practice);
        return;
      case hubLog.agentAdmitted.kind:
        this.#practices.set(this.#agents.get(entry.body.agent) ?? entry.body.agent, entry.body.practice);
        return;
      case hubLog.practiceRenamed.kind: {
        const { practice, from, to } = entry.body;
        this.#practices.set(practice, to);
        this.#groups.set(to, [...(this.#groups.get(to) ?? []), ...(this.#groups.get(from) ?? [])]);
        return;
      }
      case hubLog.scheduleAdded.kind:
        this.#schedules.set(entry.body.schedule, entry.body.group);
        return;
      case hubLog.collectionOpened.kind:
        this.#collections.set(entry.body.collection, entry.body);
        return;
      case hubLog.personAdded.kind:
        this.#people.set(entry.body.person, entry.body.groups);
        return;
    }
  }

  /** What a practice was called by then, or first; its id where the log never names it. */
  practice(id: string): string {
    return this.#practices.get(id) ?? id;
  }

  ofAgent(agent: string): string {
    return this.practice(this.#agents.get(agent) ?? agent);
  }

  /** Was a practice, by its name, ever invited to or in a group? */
  wasIn(practice: string, group: string): boolean {
    return (this.#groups.get(practice) ?? []).some((groups) => `, ${groups}, `.includes(`, ${group}, `));
  }

  schedule(id: number): string | null {
    return this.#schedules.get(id) ?? null;
  }

  collection(id: number): NamedCollection | null {
    return this.#collections.get(id) ?? null;
  }

  /** The groups of a person as the log lists them; "" for every group, and for whom it does not know. */
  groupsOf(person: string): string {
    return this.#people.get(person) ?? "";
  }

  #into(practice: string, groups: string): void {
    this.#groups.set(practice, [...(this.#groups.get(practice) ?? []), groups]);
  }
}
