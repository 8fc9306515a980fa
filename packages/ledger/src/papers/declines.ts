/** What people at a practice declined, as it stands: every version of a question, those to come too, until somebody accepts it again. */
import type { UnreadEntry } from "../codec.js";
import type { PracticeEntry, PracticeEntryOf } from "../practice-log.js";

export type Decline = PracticeEntryOf<"queryDeclined">["body"];

/** A decision for a group itself counts before one for every group; one for every group ends those before it. */
export class Declines {
  /** By question, then group; "" for every group, null where it was accepted. */
  readonly #said = new Map<string, Map<string, Decline | null>>();

  /** @param entries up to the end of the period, in their order */
  constructor(entries: readonly (PracticeEntry | UnreadEntry)[]) {
    for (const entry of entries)
      if (entry.kind === "query-declined") this.#say(entry.body.query, entry.body.group, entry.body);
      else if (entry.kind === "query-accepted") this.#say(entry.body.query, entry.body.group, null);
  }

  /** Whether the question is declined. @param group null for a group that nobody decided about by its name */
  has(query: string, group: string | null): boolean {
    const said = this.#said.get(query);
    const own = group === null ? undefined : said?.get(group);
    return (own === undefined ? said?.get("") : own) != null;
  }

  /** Those that stand, each with the groups for which the question was accepted all the same. */
  standing(): { readonly decline: Decline; readonly except: readonly string[] }[] {
    return [...this.#said.values()].flatMap((said) => {
      const accepted = [...said].flatMap(([group, decline]) => (decline === null ? group : []));
      return [...said.values()].flatMap((decline) =>
        decline === null ? [] : { decline, except: decline.group === null ? accepted : [] },
      );
    });
  }

  #say(query: string, group: string | null, decline: Decline | null): void {
    const said = group === null ? new Map<string, Decline | null>() : this.#said.get(query);
    this.#said.set(query, (said ?? new Map<string, Decline | null>()).set(group ?? "", decline));
  }
}
