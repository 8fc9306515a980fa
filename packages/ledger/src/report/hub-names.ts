/** Names that a hub's log gives to what later entries call by an id. */
import type { UnreadEntry } from "../codec.js";
import { splitNames } from "../names.js";
import { hubLog, type HubEntry } from "../hub-log.js";

interface NamedCollection {
  readonly group: string;
  readonly query: string;
  readonly date: string;
}

export class HubNames {
  readonly #practices = new Map<string, string>(); // name by id
  readonly #agents = new Map<string, string>(); // practice (id) by agent
  readonly #groups = new Map<string, string[]>(); // by practice (name)
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
    const { kind, body } = entry;
    if (kind === hubLog.practiceInvited.kind) this.#into(body.practice, splitNames(body.groups));
    else if (kind === hubLog.groupJoined.kind) {
      this.#practices.set(body.practice, body.name);
      this.#into(body.name, [body.group]);
    } else if (kind === hubLog.agentEnrolled.kind) this.#agents.set(body.agent, body.practice);
    else if (kind === hubLog.agentAdmitted.kind)
      this.#practices.set(this.#agents.get(body.agent) ?? body.agent, body.practice);
    else if (kind === hubLog.practiceRenamed.kind) {
      this.#practices.set(body.practice, body.to);
      this.#into(body.to, this.#groups.get(body.from) ?? []);
    } else if (kind === hubLog.scheduleAdded.kind) this.#schedules.set(body.schedule, body.group);
    else if (kind === hubLog.collectionOpened.kind) this.#collections.set(body.collection, body);
    else if (kind === hubLog.personAdded.kind) this.#people.set(body.person, body.groups);
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
    return this.#groups.get(practice)?.includes(group) ?? false;
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

  #into(practice: string, groups: readonly string[]): void {
    this.#groups.set(practice, [...(this.#groups.get(practice) ?? []), ...groups]);
  }
}
